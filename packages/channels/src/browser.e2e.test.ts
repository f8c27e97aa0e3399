/** The one-thread part in Chromium, bundled by Vite as a user's page is, from the package's own name. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import { expect, it } from 'vitest'
import { findTool } from '../../../scripts/tools.ts'

const chromiumPath = findTool('chromium')

it('needs nothing of Node: bundlers take the core, which imports no module', async () => {
  const { imports, modules } = await bundle()
  expect(imports).toEqual([])
  expect(modules.filter((id) => id.includes('browser-external') || id.startsWith('node:'))).toEqual(
    [],
  )
  expect(modules.some((id) => id.endsWith('/src/channel.ts'))).toBe(true)
  expect(modules.filter((id) => id.includes('/src/threads/'))).toEqual([])
})

it.skipIf(chromiumPath === null)('runs in Chromium by the same rules', async () => {
  const { code } = await bundle()
  const server = createServer((request, response) => {
    const script = request.url === '/page.js'
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html')
    response.end(
      script ? code : '<!doctype html><body><script type="module" src="/page.js"></script>',
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const browser = await chromium.launch({
    executablePath: chromiumPath as string, // skipped without it
    args: ['--no-sandbox'],
  })
  try {
    const page = await browser.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(String(error)))
    const { port } = server.address() as AddressInfo // it listens on a port
    await page.goto(`http://127.0.0.1:${port}/`)
    const text = await page.locator('#result').textContent()
    expect(errors).toEqual([])
    expect(JSON.parse(text ?? '')).toEqual({
      values: [0, 1, 2],
      closed: { value: 0, ok: false },
      squares: [1, 4, 9, 16],
      otherwise: 1,
      fair: true,
      panic: 'Panic: send on closed channel',
      counter: 20,
      deadline: true,
      parked: ['chan int', 7],
      traced: true,
      breathes: true,
      left: 1,
    })
  } finally {
    await browser.close()
    server.close()
  }
})

async function bundle(): Promise<{ code: string; imports: string[]; modules: string[] }> {
  const entry = fileURLToPath(new URL('../test/programs/in-browser.ts', import.meta.url))
  const result = await build({
    root: fileURLToPath(new URL('..', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'esnext',
      modulePreload: false,
      rollupOptions: { input: entry, output: { entryFileNames: 'page.js' } },
    },
  })
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) =>
    'output' in one ? one.output : [],
  )
  const chunks = outputs.filter((file) => file.type === 'chunk')
  return {
    code: chunks.map((chunk) => chunk.code).join('\n'),
    imports: chunks.flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports]),
    modules: chunks.flatMap((chunk) => chunk.moduleIds),
  }
}
