/** What surrounds every request: an id, a span, a measure, a line in the log, and an answer to every error. */
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { errorResponse } from './error-response.ts'
import type { Exchange } from './listen.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'
import { traced } from './request-trace.ts'

export interface Observation {
  readonly server: 'app' | 'workbench'
  readonly log: Logger
  readonly metrics: Metrics
  /** One of few names for a path, for metrics and spans. */
  readonly routeOf: (path: string) => string
}

const quiet = new Set(['/healthz', '/readyz', '/metrics'])

const standardHeaders = [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'same-origin'],
  ['x-frame-options', 'DENY'],
] as const

export async function observe(
  { server, log, metrics, routeOf }: Observation,
  request: Request,
  { outgoing }: Pick<Exchange, 'outgoing'>,
  handle: (requestId: string) => Promise<Response>,
): Promise<Response> {
  const started = performance.now()
  const requestId = requestIdOf(request)
  const path = pathOf(request.url)
  const route = routeOf(path)
  // Set on the wire's end, so that no answer has to be copied; an answer's own headers replace them.
  outgoing.setHeader('x-request-id', requestId)
  for (const [name, value] of standardHeaders) outgoing.setHeader(name, value)
  const tracer = trace.getTracer('typestead')
  return tracer.startActiveSpan(
    `${request.method} ${route}`,
    { kind: SpanKind.SERVER },
    async (span) => {
      const response = await traced(
        () => answerOf(handle, requestId, log),
        ({ status }) => ({ requestId, server, method: request.method, route, status }),
      )
      const duration = performance.now() - started
      const { status } = response
      span.setAttributes({
        'http.request.method': request.method,
        'http.route': route,
        'http.response.status_code': status,
      })
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end()
      metrics.request({ server, method: methodLabel(request.method), route, status }, duration)
      // The path alone: queries and bodies may hold personal data.
      const entry = {
        requestId,
        server,
        method: request.method,
        route,
        status,
        ms: Math.round(duration * 10) / 10,
      }
      if (!quiet.has(path)) log.info(entry, 'request')
      return response
    },
  )
}

async function answerOf(
  handle: (requestId: string) => Promise<Response>,
  requestId: string,
  log: Logger,
): Promise<Response> {
  try {
    return await handle(requestId)
  } catch (error) {
    const answer = errorResponse(error, requestId)
    if (answer.unforeseen) log.error({ requestId, error }, 'a request failed')
    return answer.response
  }
}

/** Methods are free text to a client; labels must be few. */
function methodLabel(method: string): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method)
    ? method
    : 'other'
}

/** A proxy's id is kept, so that one request has one id in all logs. */
function requestIdOf(request: Request): string {
  const given = request.headers.get('x-request-id')
  return given !== null && /^[A-Za-z0-9._-]{8,64}$/.test(given) ? given : crypto.randomUUID()
}

/** Without parsing the whole URL. */
export function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  if (start < 0) return '/'
  const end = url.slice(start).search(/[?#]/)
  return end < 0 ? url.slice(start) : url.slice(start, start + end)
}
