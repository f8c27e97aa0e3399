/** The Lex APIs as a server of their own: HTTP/1.1 and HTTP/2 on one port, on loopback unless told otherwise, health and metrics beside them, ended gracefully. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Counter, Histogram, Registry } from 'prom-client'
import { acceptHttp2 } from './accept-http2.ts'
import { type LexApiOptions, lexApi } from './lex-api.ts'
import type { LexService } from './lex-context.ts'
import { faultResponse, LexFault } from './lex-fault.ts'
import { routeOf } from './lex-route.ts'

export interface ServeLexOptions extends LexApiOptions {
  readonly service: LexService
  /** What `/metrics` shows besides the requests: give it to `openBots` too. */
  readonly metrics?: Registry
  /** Default 0, which picks a free one. */
  readonly port?: number
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Host names that requests may name, besides loopback and `host`. */
  readonly allowedHosts?: readonly string[]
}

export interface LexServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Takes no more connections, lets running requests end for at most `milliseconds` (10,000 by default). */
  stop(milliseconds?: number): Promise<void>
}

export async function serveLex(options: ServeLexOptions): Promise<LexServer> {
  const {
    service,
    port = 0,
    host = '127.0.0.1',
    allowedHosts = [],
    metrics: registry = new Registry(),
    ...api
  } = options
  const { basePath = '' } = api
  const handler = lexApi(service, api)
  const metrics = lexMetrics(registry)
  const hosts = new Set(['127.0.0.1', 'localhost', '[::1]', host, ...allowedHosts])

  const answer = async (request: Request): Promise<Response> => {
    const { pathname, hostname } = new URL(request.url)
    if (pathname === '/healthz' || pathname === '/readyz') return new Response('ok\n')
    if (!hosts.has(hostname)) return refused(`this server does not answer for ${hostname}`)
    const origin = request.headers.get('origin')
    // A page of another origin could otherwise speak as its visitor's machine.
    if (origin !== null && !(URL.canParse(origin) && hosts.has(new URL(origin).hostname))) {
      return refused('requests from pages of other origins are not answered')
    }
    if (pathname === '/metrics') return metrics.response()
    const started = performance.now()
    const response = await handler(request)
    const { operation } = routeOf(request.method, pathname.slice(basePath.length))
    metrics.observe(operation ?? 'unknown', response.status, performance.now() - started)
    return response
  }

  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 5_000,
      maxHeaderSize: 16_384,
    },
    getRequestListener(answer, { hostname: host }),
  )
  const http2 = acceptHttp2(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, resolve)
  })
  // A server that listens on TCP has an address of this form.
  const { port: taken } = server.address() as AddressInfo
  const stop = async (milliseconds = 10_000) => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    const idle = setInterval(() => server.closeIdleConnections(), 50)
    const end = setTimeout(() => server.closeAllConnections(), milliseconds)
    server.closeIdleConnections()
    await Promise.all([closed, http2.stop(milliseconds)])
    clearInterval(idle)
    clearTimeout(end)
  }
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}${basePath}`,
    port: taken,
    stop,
    [Symbol.asyncDispose]: () => stop(),
  }
}

function refused(reason: string): Response {
  return faultResponse('v2', null, new LexFault('denied', reason), randomUUID())
}

function lexMetrics(registry: Registry) {
  const requests = new Counter({
    name: 'lex_requests_total',
    help: 'Requests by operation and status',
    labelNames: ['operation', 'status'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'lex_request_seconds',
    help: 'Time to answer',
    labelNames: ['operation'],
    registers: [registry],
  })
  return {
    observe(operation: string, status: number, milliseconds: number) {
      requests.inc({ operation, status })
      seconds.observe({ operation }, milliseconds / 1000)
    },
    async response() {
      return new Response(await registry.metrics(), {
        headers: { 'content-type': registry.contentType },
      })
    },
  }
}
