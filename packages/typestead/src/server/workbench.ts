/**
 * The workbench's origin, for development: what the app is made of and how it is. With `TYPESTEAD_WORKBENCH_TOKEN` it
 * takes the token as a Bearer token, or as the password of HTTP Basic authentication, which browsers ask for.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { describe } from '@typestead/entity'
import type { Database } from '@typestead/store'
import { Hono } from 'hono'
import type { LoadedApp } from '../config/load-config.ts'
import type { Plan } from '../plan/build-plan.ts'
import { limitBody } from './body-limit.ts'
import type { Endpoints } from './endpoints.ts'
import { HttpError } from './error-response.ts'
import { type Health, livenessResponse, readinessResponse } from './health.ts'
import { checkOrigin, isAllowedHost } from './host-check.ts'
import type { Exchange } from './listen.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'
import { observe, pathOf } from './observe.ts'
import { workbenchPage } from './workbench-page.ts'
import { workbenchParts } from './workbench-parts.ts'

export interface WorkbenchOptions {
  readonly app: LoadedApp
  readonly host: string
  readonly allowedHosts: readonly string[]
  readonly token: string | undefined
  readonly log: Logger
  readonly metrics: Metrics
  readonly health: Health
  readonly endpoints: () => Endpoints
}

/** What the workbench shows once the store is open. */
export interface Insight {
  readonly db: Database
  readonly sdl: string | undefined
  readonly plan: () => Promise<Plan>
}

const bodyBytes = 1_048_576

export class Workbench {
  readonly #options: WorkbenchOptions
  readonly #router: Hono
  #insight: Insight | undefined

  constructor(options: WorkbenchOptions) {
    this.#options = options
    this.#router = this.#routes()
  }

  show(insight: Insight): void {
    this.#insight = insight
  }

  handle(request: Request, exchange: Exchange): Promise<Response> {
    const { log, metrics } = this.#options
    const observation = { server: 'workbench' as const, log, metrics, routeOf }
    return observe(observation, request, exchange, async () => {
      const path = pathOf(request.url)
      if (path !== '/healthz' && path !== '/readyz') this.#check(request)
      return this.#router.fetch(limitBody(request, bodyBytes))
    })
  }

  #check(request: Request): void {
    const { host, allowedHosts, token } = this.#options
    const named = request.headers.get('host')
    if (!isAllowedHost(named, host, allowedHosts)) {
      throw new HttpError(
        403,
        'FOREIGN_HOST',
        'the workbench does not answer to that Host; TYPESTEAD_ALLOWED_HOSTS names those it answers to',
      )
    }
    checkOrigin(request, named, false)
    if (token !== undefined && !hasToken(request, token)) {
      throw new HttpError(401, 'UNAUTHENTICATED', 'the workbench needs its token', {
        'www-authenticate': 'Basic realm="workbench", charset="UTF-8"',
      })
    }
  }

  #routes(): Hono {
    const { health, metrics, app, endpoints } = this.#options
    const router = new Hono()
    router.onError((error) => {
      throw error
    })
    router.notFound(({ req }) => {
      throw new HttpError(404, 'NOT_FOUND', `there is nothing at ${req.path}`)
    })
    router.get('/healthz', () => livenessResponse())
    router.get('/readyz', () => readinessResponse(health))
    router.get('/metrics', () => metrics.response())
    router.get('/', async () => this.#page())
    for (const list of ['/_typestead', '/_typestead/']) {
      router.get(list, () => json({ parts: workbenchParts }))
    }
    router.get('/_typestead/model', () => json(describe(app.config.model)))
    router.get('/_typestead/endpoints', () => json(endpoints()))
    router.get('/_typestead/health', async () => json(await health.read()))
    router.get('/_typestead/migrations', async () =>
      json(await this.#shown().db.migrations.history()),
    )
    router.get('/_typestead/plan', async () => json(await this.#shown().plan()))
    router.get('/_typestead/schema', () => {
      const { sdl } = this.#shown()
      if (sdl === undefined) throw new HttpError(404, 'NOT_FOUND', 'the app has no API')
      return new Response(sdl, { headers: { 'content-type': 'text/plain; charset=utf-8' } })
    })
    return router
  }

  async #page(): Promise<Response> {
    const { app, endpoints, health } = this.#options
    return workbenchPage({
      name: app.name,
      application: endpoints().application,
      readiness: await health.read(),
      model: describe(app.config.model),
    })
  }

  #shown(): Insight {
    if (this.#insight !== undefined) return this.#insight
    throw new HttpError(503, 'STARTING', 'the store is not open yet; try again soon', {
      'retry-after': '1',
    })
  }
}

function json(value: unknown): Response {
  return Response.json(value, { headers: { 'cache-control': 'no-store' } })
}

function hasToken(request: Request, token: string): boolean {
  const [scheme = '', given = ''] = (request.headers.get('authorization') ?? '').split(' ')
  if (scheme.toLowerCase() === 'bearer') return same(given, token)
  if (scheme.toLowerCase() !== 'basic') return false
  const pair = Buffer.from(given, 'base64').toString()
  return same(pair.slice(pair.indexOf(':') + 1), token)
}

/** Hashes have one length, so the time tells nothing of the token. */
function same(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(token))
}

function routeOf(path: string): string {
  const known = workbenchParts.some(([one]) => one === path)
  if (path === '/_typestead/') return '/_typestead'
  return known || ['/', '/healthz', '/readyz', '/metrics', '/_typestead'].includes(path)
    ? path
    : '/*'
}
