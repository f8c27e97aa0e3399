/**
 * The page of GraphiQL, from files of this package: nothing is loaded from another host, and the page's policy would
 * refuse it. The bundle is made by `npm run build:graphiql` and kept gzipped in `assets/graphiql/`.
 */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

export interface GraphiqlOptions {
  /** The path of the endpoint; by default the one above the page: `/api` for `/api/graphiql`. */
  readonly endpoint?: string
  /** What the editor shows at first. */
  readonly query?: string
  readonly title?: string
}

const assets = new URL('../assets/graphiql/', import.meta.url)

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  ttf: 'font/ttf',
}

// The editor sets styles from script, and its fonts and icons are data URLs in its own style sheet.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Answers at `<mount>` with the page and below `<mount>/assets/` with its files. */
export function graphiqlHandler(
  options: boolean | GraphiqlOptions | undefined,
): (request: Request) => Promise<Response> {
  const on = options === undefined ? process.env.NODE_ENV !== 'production' : options !== false
  const page = typeof options === 'object' ? options : {}
  return async (request) => {
    if (!on) return plain(404, 'GraphiQL is off')
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return plain(405, 'use GET', { allow: 'GET, HEAD' })
    }
    const { pathname } = new URL(request.url)
    const asset = /\/assets\/([\w.-]+)$/.exec(pathname)?.[1]
    if (asset !== undefined) return serveAsset(asset, request)
    if (!isPage(pathname)) return plain(404, 'no such page')
    return html(pageText(pathname, page))
  }
}

/** The page is where it was mounted, with or without a slash behind; below a mount called graphiql are assets alone. */
function isPage(pathname: string): boolean {
  return !/\/graphiql\/./.test(pathname)
}

async function serveAsset(name: string, request: Request): Promise<Response> {
  const type = types[name.split('.').at(-1) ?? '']
  // Names of assets have no path in them, so nothing outside of the folder can be named.
  if (type === undefined || name.includes('..')) return plain(404, 'no such file')
  let packed: Buffer
  try {
    packed = await readFile(fileURLToPath(new URL(`${name}.gz`, assets)))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return plain(404, 'no such file')
    throw error
  }
  const zipped = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')
  return new Response(new Uint8Array(zipped ? packed : gunzipSync(packed)), {
    headers: {
      ...(zipped ? { 'content-encoding': 'gzip' } : {}),
      'content-type': type,
      vary: 'accept-encoding',
      'x-content-type-options': 'nosniff',
      // All files but the entry carry a hash of their content in their names.
      'cache-control': name.startsWith('page.')
        ? 'no-cache'
        : 'public, max-age=31536000, immutable',
    },
  })
}

/** Links are relative to the page's own path, so it works at any mount and behind any prefix. */
function pageText(
  pathname: string,
  { endpoint, query, title = 'GraphiQL' }: GraphiqlOptions,
): string {
  const last = pathname.split('/').at(-1) ?? ''
  const base = last === '' ? 'assets' : `${last}/assets`
  const data = [
    ...(endpoint === undefined ? [] : [`data-endpoint="${escaped(endpoint)}"`]),
    ...(query === undefined ? [] : [`data-query="${escaped(query)}"`]),
  ]
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${escaped(title)}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${escaped(base)}/page.css">
    <script type="module" src="${escaped(base)}/page.js"></script>
  </head>
  <body>
    <div id="graphiql" ${data.join(' ')}></div>
    <noscript>GraphiQL needs JavaScript.</noscript>
  </body>
</html>
`
}

function html(text: string): Response {
  return new Response(text, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    },
  })
}

function plain(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  })
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
