import { existsSync, readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { expect, test } from 'vitest'
import { graphiqlHandler } from './graphiql.ts'

const get = (path: string, options: Parameters<typeof graphiqlHandler>[0] = true) =>
  graphiqlHandler(options)(new Request(`http://127.0.0.1${path}`))

test('the page links its files beside itself and allows no other host', async () => {
  for (const [path, base] of [
    ['/api/graphiql', 'graphiql/assets'],
    ['/api/graphiql/', 'assets'],
  ] as const) {
    const response = await get(path)
    expect(await response.text()).toContain(`src="${base}/page.js"`)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(response.headers.get('content-security-policy')).not.toMatch(/https?:|unsafe-eval|\*/)
  }
})

test('what is told about the page is escaped', async () => {
  const response = await get('/x', { title: '<script>', query: '"><script>', endpoint: '/"x' })
  expect(await response.text()).not.toMatch(/<script>|"x"/)
})

test('only files of the bundle are served', async () => {
  expect((await get('/api/graphiql/assets/page.js')).headers.get('content-type')).toMatch(
    'javascript',
  )
  for (const path of ['versions.json', '..%2f..%2fpackage.json', 'nothing.js', 'page.js.gz']) {
    expect((await get(`/api/graphiql/assets/${path}`)).headers.get('content-type')).not.toMatch(
      /json|javascript/,
    )
  }
})

test('below the page there are assets, and nothing else', async () => {
  for (const path of ['x', 'assets', 'assets/', 'assets/x/y', 'index.html']) {
    expect((await get(`/mounted/graphiql/${path}`)).status, path).toBe(404)
  }
})

test('it is off when it is said so, and in production unless asked', async () => {
  expect((await get('/api/graphiql', false)).status).toBe(404)
  const before = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  try {
    expect((await graphiqlHandler(undefined)(new Request('http://x/'))).status).toBe(404)
    expect((await get('/api/graphiql', true)).status).toBe(200)
  } finally {
    process.env.NODE_ENV = before
  }
})

test('the bundle was made of the installed versions (else: npm run build:graphiql -w @typestead/graphql)', () => {
  const file = new URL('../assets/graphiql/versions.json', import.meta.url)
  const versions = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  for (const [name, version] of Object.entries(versions)) {
    const manifest = findPackageJSON(name, import.meta.url)
    if (manifest === undefined || !existsSync(manifest)) continue
    expect(`${name} ${JSON.parse(readFileSync(manifest, 'utf8')).version}`).toBe(
      `${name} ${version}`,
    )
  }
})
