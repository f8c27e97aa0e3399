import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningApp, run, startApp } from './command.ts'
import { type TinyApp, tinyApp } from './tiny-app.ts'

const index =
  '<!doctype html><html lang="en"><title>Site</title><script type="module" src="/main.ts"></script></html>'

let app: TinyApp
let running: RunningApp
beforeAll(async () => {
  app = tinyApp()
  mkdirSync(join(app.folder, 'site/public'), { recursive: true })
  app.write('site/index.html', index)
  app.write('site/main.ts', `document.title = 'one' as string\n`)
  app.write('site/public/robots.txt', 'User-agent: *\n')
  app.edit('typestead.config.ts', `name: 'Tiny',`, `name: 'Tiny', pages: './site',`)
  running = await startApp(app.folder)
})
afterAll(async () => {
  await running?.[Symbol.asyncDispose]()
  app?.[Symbol.dispose]()
})

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${running.application}${path}`, { headers })
const navigate = (path: string) => get(path, { accept: 'text/html,*/*' })
const script = async () => /src="(\/assets\/[^"]+\.js)"/.exec(await (await get('/')).text())?.[1]

it('a path that a browser goes to is the page, under a policy that lets nothing else in', async () => {
  for (const path of ['/', '/books/7', '/books/7?tab=reviews']) {
    const response = await navigate(path)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(await response.text()).toContain('<title>Site</title>')
  }
})

it.each(['/nothing.js', '/assets/nothing.js', '/build.json', '/..%2fmodel.ts', '/main.ts'])(
  '%s is no page',
  async (path) => {
    expect((await navigate(path)).status).toBe(404)
  },
)

it('programs that ask for no page get none', async () => {
  const response = await get('/books/7', { accept: 'application/json' })
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ error: { code: 'NOT_FOUND' } })
})

it('files are kept for ever where their name has a hash, else asked for again', async () => {
  const asset = await get((await script()) ?? '')
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(await asset.text()).toContain('one')
  const robots = await get('/robots.txt')
  expect(robots.headers.get('cache-control')).toBe('no-cache')
  const again = await get('/robots.txt', { 'if-none-match': robots.headers.get('etag') ?? '' })
  expect([again.status, await again.text()]).toEqual([304, ''])
})

it('what else is served stays where it was', async () => {
  expect((await navigate('/healthz')).status).toBe(200)
  expect(await (await running.ask('{ posts(first: 1) { nodes { id } } }')).json()).toHaveProperty(
    'data',
  )
  expect(await (await navigate('/sign-in')).text()).toContain('<form')
})

it('a changed file is built at the next start, a broken one is told with its place', async () => {
  const before = await script()
  await running.stop()
  app.write('site/main.ts', `document.title = 'two' as string\n`)
  running = await startApp(app.folder)
  const after = await script()
  expect(after).not.toBe(before)
  expect(await (await get(after ?? '')).text()).toContain('two')
  await running.stop()
  app.write('site/main.ts', 'document.title = = 3\n')
  const { code, stderr } = await run(['start'], { cwd: app.folder })
  expect(code).toBe(1)
  expect(stderr).toMatch(/the pages in .*site cannot be built/)
  expect(stderr).toContain('main.ts')
  app.write('site/main.ts', `document.title = 'two' as string\n`)
})
