/**
 * `GET /sign-in`, `POST /sessions`, `DELETE /sessions`, `POST /sign-out`: a form for people that works without
 * JavaScript, and the same in JSON.
 */
import { HttpError } from '../server/error-response.ts'
import { Attempts } from './attempts.ts'
import { endedCookie, sessionCookie, tokenOf } from './cookie.ts'
import type { Opened, Sessions } from './sessions.ts'
import { type SignInPage, signInPage } from './sign-in-page.ts'

export interface SignInRequest {
  readonly request: Request
  /** The other side's address, for the rate limit. */
  readonly address: string
  /** Whether the browser came by https. */
  readonly secure: boolean
}

export interface SignInRoutesOptions {
  readonly sessions: Sessions
  readonly appName: string
  readonly attempts?: Attempts
  /** Shown under the form; where demo passwords lie. */
  readonly hint?: string
}

export class SignInRoutes {
  readonly #sessions: Sessions
  readonly #attempts: Attempts
  readonly #page: Pick<SignInPage, 'appName' | 'hint'>

  constructor({ sessions, appName, attempts = new Attempts(), hint }: SignInRoutesOptions) {
    this.#sessions = sessions
    this.#attempts = attempts
    this.#page = { appName, ...(hint === undefined ? {} : { hint }) }
  }

  form(request: Request): Response {
    return signInPage({
      ...this.#page,
      next: localPath(new URL(request.url).searchParams.get('next')),
    })
  }

  /** Signs in; an earlier session of the same browser ends, so no token outlives a change of who it stands for. */
  async create({ request, address, secure }: SignInRequest): Promise<Response> {
    const { login, password, next, json } = await readCredentials(request)
    const key = `${address} ${login.trim().toLowerCase().slice(0, 256)}`
    const wait = this.#attempts.take(key)
    if (wait !== undefined) {
      const message = `Too many attempts. Try again in ${minutes(wait)}.`
      const headers = { 'retry-after': String(wait) }
      if (json) throw new HttpError(429, 'TOO_MANY_ATTEMPTS', message, headers)
      return withHeaders(
        signInPage({ ...this.#page, next, login, error: message, status: 429 }),
        headers,
      )
    }
    const opened = await this.#sessions.signIn(login, password)
    if (opened === undefined) {
      const message = 'Login or password is wrong.'
      if (json) throw new HttpError(401, 'SIGN_IN_FAILED', message)
      return signInPage({ ...this.#page, next, login, error: message, status: 401 })
    }
    this.#attempts.forget(key)
    const earlier = tokenOf(request)
    if (earlier !== undefined) await this.#sessions.signOut(earlier)
    return signedIn(opened, { json, next, secure })
  }

  /** Signs out, also who is not signed in. */
  async remove({ request, secure }: SignInRequest): Promise<Response> {
    const token = tokenOf(request)
    if (token !== undefined) await this.#sessions.signOut(token)
    const headers = { 'set-cookie': endedCookie(secure), 'cache-control': 'no-store' }
    if (request.method === 'DELETE' || wantsJson(request))
      return new Response(null, { status: 204, headers })
    return new Response(null, { status: 303, headers: { ...headers, location: '/' } })
  }
}

function signedIn(
  { token, current }: Opened,
  { json, next, secure }: { json: boolean; next: string; secure: boolean },
): Response {
  const headers = { 'set-cookie': sessionCookie(token, secure), 'cache-control': 'no-store' }
  return json
    ? Response.json(current, { status: 201, headers })
    : new Response(null, { status: 303, headers: { ...headers, location: next } })
}

interface Credentials {
  readonly login: string
  readonly password: string
  readonly next: string
  /** Whether the answer is JSON. */
  readonly json: boolean
}

async function readCredentials(request: Request): Promise<Credentials> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
  if (type === 'application/json') return credentials(await readJson(request), true)
  if (type === 'application/x-www-form-urlencoded' || type === 'multipart/form-data') {
    return credentials(await readForm(request), wantsJson(request))
  }
  throw new HttpError(
    415,
    'UNSUPPORTED_MEDIA_TYPE',
    'send login and password as application/json or application/x-www-form-urlencoded',
  )
}

async function readForm(request: Request): Promise<Record<string, unknown>> {
  try {
    return Object.fromEntries(await request.formData())
  } catch (cause) {
    if (cause instanceof HttpError) throw cause
    throw new HttpError(400, 'BAD_INPUT', 'the body is no form', {}, { cause })
  }
}

async function readJson(request: Request): Promise<unknown> {
  try {
    return await request.json()
  } catch (cause) {
    if (cause instanceof HttpError) throw cause
    throw new HttpError(400, 'BAD_INPUT', 'the body is not JSON', {}, { cause })
  }
}

function credentials(body: unknown, json: boolean): Credentials {
  const field = (name: string) =>
    typeof body === 'object' && body !== null && Object.hasOwn(body, name)
      ? (body as Record<string, unknown>)[name]
      : undefined
  const login = field('login')
  const password = field('password')
  if (typeof login !== 'string' || typeof password !== 'string') {
    throw new HttpError(400, 'BAD_INPUT', 'login and password must be there, as texts')
  }
  const next = field('next')
  return { login, password, json, next: localPath(typeof next === 'string' ? next : null) }
}

function wantsJson(request: Request): boolean {
  const accept = request.headers.get('accept') ?? ''
  return accept.includes('application/json') && !accept.includes('text/html')
}

/** Where to go after signing in: a path of this origin only. */
function localPath(path: string | null): string {
  return path !== null && /^\/(?![/\\])[\x21-\x7e]*$/.test(path) && !path.includes('\\')
    ? path
    : '/'
}

function minutes(seconds: number): string {
  const count = Math.ceil(seconds / 60)
  return count === 1 ? 'a minute' : `${count} minutes`
}

function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}
