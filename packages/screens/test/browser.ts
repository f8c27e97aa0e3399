/**
 * Real Chromium for tests: a module of `test/pages/` (or of an example) is bundled as a user would, and opened as a page
 * of a server on 127.0.0.1, so that the history, modules and workers behave as they do for users.
 */
import { createServer, type Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { findTool } from '../../../scripts/tools.ts'

export const chromiumPath = findTool('chromium')

export interface OpenedPage extends AsyncDisposable {
  readonly page: Page
  readonly url: string
  /** Errors and warnings on the page's console, and uncaught ones. */
  readonly complaints: string[]
}

let browser: Promise<Browser> | undefined

/** Closes the browser that the tests of a file share. */
export async function closeBrowser(): Promise<void> {
  const open = browser
  browser = undefined
  await (await open)?.close()
}

/** Bundles a module as production code, or as Vite's server gives it while one develops; files by name. */
export async function bundle(
  entry: string,
  name = 'page',
  mode: 'production' | 'development' = 'production',
): Promise<ReadonlyMap<string, string>> {
  const environment = process.env.NODE_ENV
  // Vitest's own is another.
  process.env.NODE_ENV = mode
  const result = await build({
    root: fileURLToPath(new URL('.', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    mode,
    build: {
      write: false,
      modulePreload: false,
      rollupOptions: {
        input: { [name]: entry },
        output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
      },
    },
  }).finally(() => {
    process.env.NODE_ENV = environment
  })
  const outputs = Array.isArray(result) ? result : [result]
  return new Map(
    outputs
      .flatMap((one) => ('output' in one ? one.output : []))
      .map((file) => [
        file.fileName,
        file.type === 'chunk' ? file.code : new TextDecoder().decode(bytes(file.source)),
      ]),
  )
}

function bytes(source: string | Uint8Array): Uint8Array {
  return typeof source === 'string' ? new TextEncoder().encode(source) : source
}

/** Opens a module of `test/pages/` in a page with an element `#root`. */
export async function open(
  module: string,
  options: BrowserContextOptions & {
    readonly path?: string
    readonly mode?: 'production' | 'development'
    /** A Content-Security-Policy. */
    readonly policy?: string
  } = {},
): Promise<OpenedPage> {
  const { path = '/', mode, policy, ...context } = options
  const entry = fileURLToPath(new URL(`./pages/${module}`, import.meta.url))
  const files = await bundle(entry, 'page', mode)
  const server = await serve(files, policy)
  browser ??= chromium.launch({
    executablePath: chromiumPath ?? '',
    args: ['--no-sandbox', '--js-flags=--expose-gc'],
  })
  const opened = await (await browser).newContext(context)
  const page = await opened.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const url = `http://127.0.0.1:${port}`
  await page.goto(url + path)
  try {
    await page.waitForFunction('window.ready !== undefined', undefined, { timeout: 10_000 })
  } catch (cause) {
    throw new Error(`${module} did not start: ${complaints.join('; ')}`, { cause })
  }
  await page.evaluate('window.ready')
  return {
    page,
    url,
    complaints,
    async [Symbol.asyncDispose]() {
      await opened.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const types: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css' }

const shell = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>test</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head>
<body><div id="root"></div><script type="module" src="/page.js"></script></body></html>`

function serve(files: ReadonlyMap<string, string>, policy?: string): Promise<Server> {
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1).split('?')[0] ?? ''
    const file = files.get(name)
    const type = file === undefined ? 'text/html' : types[name.split('.').at(-1) ?? '']
    response.setHeader('content-type', `${type ?? 'text/plain'}; charset=utf-8`)
    if (policy !== undefined) response.setHeader('content-security-policy', policy)
    response.end(file ?? shell)
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}
