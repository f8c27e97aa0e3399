/**
 * Serves built pages: files by name, `index.html` where a browser navigates to a path that is no file. Names with a hash
 * in them (`/assets/…`) are kept by browsers for ever, everything else is asked for again and answered with 304.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { recordName } from './build-record.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
}

/** Nothing from elsewhere, no script in the text of a page. */
export const pagePolicy = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

interface PageFile {
  readonly file: string
  readonly type: string
  readonly etag: string
  readonly brotli: boolean
}

export class PageFiles {
  readonly #files: ReadonlyMap<string, PageFile>
  readonly #policy: string

  /** @param folder what `builtPages` gives */
  constructor(folder: string, policy: string = pagePolicy) {
    this.#files = filesIn(folder)
    this.#policy = policy
  }

  /** `undefined` for what is no page. */
  async answer(request: Request, path: string): Promise<Response | undefined> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined
    const asked = this.#files.get(path)
    const found = asked ?? (isNavigation(request) ? this.#files.get('/index.html') : undefined)
    if (found === undefined) return undefined
    const headers = new Headers({
      'content-type': found.type,
      etag: found.etag,
      vary: 'accept-encoding',
      'cache-control': path.startsWith('/assets/')
        ? 'public, max-age=31536000, immutable'
        : 'no-cache',
    })
    if (found.type.startsWith('text/html')) headers.set('content-security-policy', this.#policy)
    if (request.headers.get('if-none-match')?.includes(found.etag)) {
      return new Response(null, { status: 304, headers })
    }
    const small = found.brotli && /\bbr\b/.test(request.headers.get('accept-encoding') ?? '')
    if (small) headers.set('content-encoding', 'br')
    const content = await readFile(small ? `${found.file}.br` : found.file)
    headers.set('content-length', String(content.length))
    return new Response(request.method === 'HEAD' ? null : new Uint8Array(content), { headers })
  }
}

/** Programs that ask for JSON or for a file get a 404 for what is not there. */
function isNavigation({ headers, url }: Request): boolean {
  return (
    headers.get('accept')?.includes('text/html') === true && extname(new URL(url).pathname) === ''
  )
}

function filesIn(folder: string): ReadonlyMap<string, PageFile> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
  const all = new Set(names)
  const files = new Map<string, PageFile>()
  for (const name of names) {
    const type = types[extname(name)]
    if (type === undefined || name === recordName) continue
    const file = join(folder, name)
    const etag = `"${createHash('sha256').update(readFileSync(file)).digest('base64url').slice(0, 22)}"`
    const path = `/${name.split(sep).join('/')}`
    files.set(path, { file, type, etag, brotli: all.has(`${name}.br`) })
  }
  const index = files.get('/index.html')
  if (index) files.set('/', index)
  return files
}
