/**
 * Rasa's HTTP API as one web-standard handler, both generations at once: 0.x (`/parse`, `/train`, `/evaluate`, `/status`, `/version`,
 * `/config`, `/models`) and 3.x (`/model/parse`, `/model/train`, `/model/test/intents`, `/model`, `/status`, `/version`). Offsets in
 * answers count code points, as Rasa's do. A token, when set, is wanted as `?token=` or `Authorization: Bearer`.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { trace } from '@opentelemetry/api'
import { ModelRegistry, type RegistryOptions } from '../model-registry.ts'
import { NluError } from '../nlu-error.ts'
import type { PipelineConfig } from '../pipeline.ts'
import { pipelineOf } from '../pipeline.ts'
import { rasa0Routes } from './rasa-0.ts'
import { rasa3Routes } from './rasa-3.ts'
import { BodyTooLarge } from './read-body.ts'
import { failure, type RouteContext, type Routes } from './route.ts'

export interface NluApiOptions
  extends Partial<
    Pick<RegistryOptions, 'vocabularies' | 'components' | 'componentModules' | 'onError'>
  > {
  /** Folder of the model files, or a registry that the app shares with other parts. */
  readonly models: string | ModelRegistry
  /** Wanted of every request when set. */
  readonly token?: string
  /** What training uses when a request names no pipeline. Default: `fast`, English. */
  readonly config?: PipelineConfig
  /** Path the API is mounted under, for instance "/nlu". */
  readonly basePath?: string
  /** IANA zone in which users' times are meant; default UTC. */
  readonly timeZone?: string
  /** The clock; default the system's. */
  readonly now?: () => Date
}

export type NluHandler = (request: Request) => Promise<Response>

const tracer = trace.getTracer('@typestead/nlu')

export function nluApi(options: NluApiOptions): NluHandler {
  const {
    models,
    token,
    basePath = '',
    config,
    timeZone = 'UTC',
    now = () => new Date(),
    ...rest
  } = options
  const registry =
    typeof models === 'string' ? new ModelRegistry({ folder: models, ...rest }) : models
  const context: RouteContext = {
    registry,
    config: config ?? { language: 'en', pipeline: pipelineOf('fast') },
    timeZone,
    now,
  }
  const routes: Routes = { ...rasa3Routes, ...rasa0Routes }
  return async (request) => {
    const url = new URL(request.url)
    if (!url.pathname.startsWith(basePath)) return failure(404, 'NotFound', `no ${url.pathname}`)
    const path = url.pathname.slice(basePath.length).replace(/\/+$/, '') || '/'
    const route = routes[`${request.method === 'HEAD' ? 'GET' : request.method} ${path}`]
    if (!route) {
      const allowed = Object.keys(routes)
        .filter((key) => key.endsWith(` ${path}`))
        .map((key) => key.split(' ')[0] as string)
      if (allowed.length === 0)
        return failure(404, 'NotFound', `no ${path}; see the README of @typestead/nlu`)
      return failure(405, 'MethodNotAllowed', `use ${allowed.join(' or ')}`, {
        allow: allowed.join(', '),
      })
    }
    if (token !== undefined && path !== '/' && !isAuthorized(request, url, token)) {
      return failure(
        401,
        'NotAuthenticated',
        'give the token as ?token= or Authorization: Bearer',
        { 'www-authenticate': 'Bearer' },
      )
    }
    return tracer.startActiveSpan(`nlu ${request.method} ${path}`, async (span) => {
      try {
        return await route(request, url, context)
      } catch (error) {
        span.recordException(error instanceof Error ? error : String(error))
        return errorResponse(error)
      } finally {
        span.end()
      }
    })
  }
}

function isAuthorized(request: Request, url: URL, token: string): boolean {
  const given =
    url.searchParams.get('token') ??
    /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1] ??
    ''
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(token))
}

const statuses: Readonly<Record<NluError['code'], [number, string]>> = {
  bad_data: [400, 'BadRequest'],
  bad_config: [400, 'BadRequest'],
  bad_pattern: [400, 'BadRequest'],
  bad_request: [400, 'BadRequest'],
  text_too_long: [413, 'TextTooLong'],
  not_found: [404, 'NotFound'],
  cancelled: [499, 'Cancelled'],
  bad_model: [500, 'BadModel'],
  missing_peer: [500, 'MissingPeer'],
  worker_failed: [500, 'TrainingError'],
}

function errorResponse(error: unknown): Response {
  if (error instanceof BodyTooLarge) return failure(413, 'PayloadTooLarge', error.message)
  if (error instanceof NluError) {
    const [status, reason] = statuses[error.code]
    return failure(status, reason, error.message)
  }
  throw error
}
