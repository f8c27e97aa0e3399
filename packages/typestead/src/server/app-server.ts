/**
 * The application's origin: sign-in, the API, what the app answers itself. Before the store is open everything but
 * `/healthz` says 503, and so does a part whose database is down, until it is back.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { Hono } from 'hono'
import type { AppBots } from '../bots/app-bots.ts'
import type { Api, Handler, SignedIn } from '../config/define-config.ts'
import type { NluService } from '../nlu/nlu-service.ts'
import type { PageFiles } from '../pages/page-files.ts'
import { tokenOf } from '../sign-in/cookie.ts'
import type { SignInRoutes } from '../sign-in/routes.ts'
import { SessionStreams } from '../sign-in/session-streams.ts'
import { anonymous, type Sessions } from '../sign-in/sessions.ts'
import { limitBody } from './body-limit.ts'
import { HttpError } from './error-response.ts'
import { type Health, livenessResponse, readinessResponse } from './health.ts'
import { checkOrigin, isAllowedHost } from './host-check.ts'
import { indexPage } from './index-page.ts'
import type { Exchange } from './listen.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'
import { observe, pathOf } from './observe.ts'
import { requestOf, upgrade } from './upgrade.ts'

/** What an app serves once its store is open. */
export interface Services {
  readonly api?: Api
  readonly graphiql: boolean
  readonly signIn?: { readonly sessions: Sessions; readonly routes: SignInRoutes }
  readonly routes?: Handler
  readonly pages?: PageFiles
  readonly nlu?: NluService
  readonly bots?: AppBots
}

export interface AppServerOptions {
  readonly name: string
  readonly host: string
  readonly allowedHosts: readonly string[]
  readonly bodyBytes: number
  readonly production: boolean
  readonly log: Logger
  readonly metrics: Metrics
  readonly health: Health
}

interface Env {
  Bindings: Exchange
}

export class AppServer {
  readonly #options: AppServerOptions
  readonly #router: Hono<Env>
  /** Who sent a request; absent for requests that did not come through here, which are anonymous. */
  readonly #current = new WeakMap<Request, SignedIn>()
  readonly #streams = new SessionStreams()
  #services: Services | undefined

  constructor(options: AppServerOptions) {
    this.#options = options
    this.#router = this.#routes()
  }

  /** From here on the app is served. */
  serve(services: Services): void {
    this.#services = services
  }

  current(request: Request): SignedIn {
    return this.#current.get(request) ?? anonymous
  }

  /** Who sent a request of node:http, by its session. */
  async identify(incoming: IncomingMessage): Promise<SignedIn | undefined> {
    const token = tokenOf(requestOf(incoming))
    return token === undefined ? undefined : this.#services?.signIn?.sessions.find(token)
  }

  handle(request: Request, exchange: Exchange): Promise<Response> {
    const { log, metrics } = this.#options
    const observation = { server: 'app' as const, log, metrics, routeOf }
    return observe(observation, request, exchange, async () => {
      const path = pathOf(request.url)
      if (!this.#isProbe(path)) this.#checkHost(request)
      return this.#router.fetch(request, exchange)
    })
  }

  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const options = {
      checkHost: (request: Request) => this.#checkHost(request),
      services: this.#options.health.phase === 'stopping' ? undefined : this.#services,
      identify: (request: Request, current: SignedIn) => this.#current.set(request, current),
      streams: this.#streams,
    }
    return upgrade(options, incoming, socket, head)
  }

  /** A probe comes by the address of a pod or by no name of ours, and learns nothing. */
  #isProbe(path: string): boolean {
    return path === '/healthz' || path === '/readyz'
  }

  #checkHost(request: Request): void {
    const { host, allowedHosts } = this.#options
    if (isAllowedHost(request.headers.get('host'), host, allowedHosts)) return
    throw new HttpError(
      403,
      'FOREIGN_HOST',
      'this server does not answer to that Host; TYPESTEAD_ALLOWED_HOSTS names those it answers to',
    )
  }

  #routes(): Hono<Env> {
    const { health, metrics } = this.#options
    const router = new Hono<Env>()
    // Errors are answered in one place, by `observe`.
    router.onError((error) => {
      throw error
    })
    router.get('/healthz', () => livenessResponse())
    router.get('/readyz', () => readinessResponse(health))
    router.get('/metrics', () => metrics.response())
    router.all('*', (context) => this.#answer(context.req.raw, context.req.path, context.env))
    return router
  }

  async #answer(received: Request, path: string, exchange: Exchange): Promise<Response> {
    const { bodyBytes, production } = this.#options
    const services = this.#services
    if (services === undefined || this.#options.health.phase === 'stopping') throw notServing()
    const token = tokenOf(received)
    checkOrigin(received, received.headers.get('host'), token !== undefined)
    // Training data is larger than what others send, and has a limit of its own.
    const request = isNlu(path) && services.nlu ? received : limitBody(received, bodyBytes)
    const signIn = {
      request,
      address: exchange.incoming.socket.remoteAddress ?? '',
      secure: production || received.headers.get('x-forwarded-proto') === 'https',
    }
    const { method } = request
    if (services.signIn) {
      const { routes, sessions } = services.signIn
      if (path === '/sign-in') return only(method, ['GET', 'HEAD'], () => routes.form(request))
      if (path === '/sessions') {
        return only(method, ['POST', 'DELETE'], () =>
          this.#leaving(token, method === 'POST' ? routes.create(signIn) : routes.remove(signIn)),
        )
      }
      if (path === '/sign-out') {
        return only(method, ['POST'], () => this.#leaving(token, routes.remove(signIn)))
      }
      const current = token === undefined ? undefined : await sessions.find(token)
      if (token !== undefined && current !== undefined) {
        this.#current.set(request, current)
        if (wantsStream(request)) this.#streams.keep(token, exchange.outgoing)
      }
    }
    return this.#ofApp(services, request, path)
  }

  /** What streams to the session that this answer ends, ends with it. */
  async #leaving(token: string | undefined, answer: Promise<Response>): Promise<Response> {
    const response = await answer
    if (token !== undefined && response.status < 400) this.#streams.end(token)
    return response
  }

  async #ofApp(services: Services, request: Request, path: string): Promise<Response> {
    const { api, nlu, routes, pages, graphiql } = services
    if (api && path === '/api') return api.handler(request)
    if (
      api?.graphiql &&
      graphiql &&
      (path === '/api/graphiql' || path.startsWith('/api/graphiql/'))
    ) {
      return api.graphiql(request)
    }
    if (nlu && isNlu(path)) return nlu.handler(request)
    const ofBots = services.bots?.answer(request, path)
    if (ofBots !== undefined) return ofBots
    const answer = (await routes?.(request)) ?? (await pages?.answer(request, path))
    if (answer !== undefined) return answer
    if (path === '/' && routes === undefined && pages === undefined) {
      return only(request.method, ['GET', 'HEAD'], () =>
        indexPage({ name: this.#options.name, services, current: this.current(request) }),
      )
    }
    throw new HttpError(404, 'NOT_FOUND', `there is nothing at ${path}`)
  }
}

function isNlu(path: string): boolean {
  return path === '/nlu' || path.startsWith('/nlu/')
}

function wantsStream({ headers }: Request): boolean {
  return headers.get('accept')?.includes('text/event-stream') === true
}

function notServing(): HttpError {
  return new HttpError(503, 'STARTING', 'it does not serve yet, or no longer; try again soon', {
    'retry-after': '1',
  })
}

/** @throws {HttpError} 405 */
export async function only(
  method: string,
  methods: readonly string[],
  answer: () => Response | Promise<Response>,
): Promise<Response> {
  if (methods.includes(method)) return answer()
  throw new HttpError(405, 'METHOD_NOT_ALLOWED', `use ${methods.join(' or ')}`, {
    allow: methods.join(', '),
  })
}

const known = new Set([
  '/',
  '/healthz',
  '/readyz',
  '/metrics',
  '/sign-in',
  '/sessions',
  '/sign-out',
  '/api',
  '/api/graphiql',
])

const ofBots = ['/lex', '/slack', '/sms', '/messenger', '/chat']

/** Few names, whatever is asked for: they are labels of metrics. */
function routeOf(path: string): string {
  if (known.has(path)) return path
  if (isNlu(path)) return '/nlu'
  for (const part of ofBots) if (path === part || path.startsWith(`${part}/`)) return part
  return path.startsWith('/api/graphiql/') ? '/api/graphiql' : '/*'
}
