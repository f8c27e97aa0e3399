/** The session's cookie: HttpOnly, SameSite=Lax, Path=/, 30 days, Secure where the request came by https. */
import { sessionDays } from './sessions.ts'

export const cookieName = 'typestead_session'

/** The token that a request carries; undefined when it carries none. */
export function tokenOf(request: Request): string | undefined {
  const header = request.headers.get('cookie')
  if (header === null) return undefined
  for (const part of header.split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === cookieName) return part.slice(at + 1).trim()
  }
  return undefined
}

export function sessionCookie(token: string, secure: boolean): string {
  return cookie(token, sessionDays * 24 * 3600, secure)
}

/** Makes the browser forget it. */
export function endedCookie(secure: boolean): string {
  return cookie('', 0, secure)
}

function cookie(value: string, maxAge: number, secure: boolean): string {
  const attributes = `Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax`
  return `${cookieName}=${value}; ${attributes}${secure ? '; Secure' : ''}`
}
