/**
 * Which Host and Origin headers are answered. A browser that was led to this server by another name (DNS rebinding) or
 * by another page (cross-site request forgery) shows it in these two headers.
 */
import { isIP } from 'node:net'
import { HttpError } from './error-response.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * An address needs no check, since only names can be led elsewhere. Names: `localhost`, the host listened on, and those
 * allowed; `.example.com` allows all names under it, `*` any.
 */
export function isAllowedHost(
  host: string | null,
  own: string,
  allowed: readonly string[],
): boolean {
  const name = hostName(host)
  if (name === undefined) return false
  if (name === 'localhost' || name.endsWith('.localhost') || isIP(name) !== 0) return true
  if (name === own.toLowerCase()) return true
  return allowed.some(
    (one) => one === '*' || one === name || (one.startsWith('.') && name.endsWith(one)),
  )
}

/** `example.com:4000` → `example.com`, `[::1]:4000` → `::1`; undefined for what is no host. */
function hostName(host: string | null): string | undefined {
  const match = host?.toLowerCase().match(/^(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+))(?::\d{1,5})?$/)
  return match?.[1] ?? match?.[2]?.replace(/\.$/, '')
}

/**
 * A request that changes something must come from a page of ours, where it comes from a page; with a session it must
 * say so.
 * @throws {HttpError} 403
 */
export function checkOrigin(request: Request, host: string | null, hasSession: boolean): void {
  if (safeMethods.has(request.method)) return
  const origin = request.headers.get('origin')
  if (origin === null && !hasSession) return
  if (origin !== null && isOwnOrigin(origin, host)) return
  throw new HttpError(
    403,
    'FOREIGN_ORIGIN',
    origin === null
      ? 'a signed-in request that changes something needs the Origin header of this server'
      : 'this request comes from a page of another origin',
  )
}

/** The Host header was checked before, so it names us, with the port. */
function isOwnOrigin(origin: string, host: string | null): boolean {
  if (host === null || !URL.canParse(origin)) return false
  const { protocol, host: from } = new URL(origin)
  if (protocol !== 'http:' && protocol !== 'https:') return false
  return from === new URL(`${protocol}//${host}`).host
}
