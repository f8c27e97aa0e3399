/** The HTTP API as a server of its own: port 5000 on loopback unless told otherwise, health and metrics beside it, ended gracefully. */

import type { AddressInfo } from 'node:net'
import { serve as listen } from '@hono/node-server'
import { Counter, Histogram, Registry } from 'prom-client'
import { type NluApiOptions, nluApi } from './http/nlu-api.ts'
import { failure } from './http/route.ts'
import { ModelRegistry } from './model-registry.ts'

export interface ServeOptions extends Omit<NluApiOptions, 'models' | 'basePath'> {
  /** Folder of the model files. */
  readonly models: string
  /** Default 5000; 0 picks a free one. */
  readonly port?: number
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Host names that requests may name, besides loopback and `host`. */
  readonly allowedHosts?: readonly string[]
  /** Told of each request. */
  readonly onRequest?: (line: {
    method: string
    path: string
    status: number
    milliseconds: number
  }) => void
}

export interface NluServer extends AsyncDisposable {
  readonly url: string
  readonly registry: ModelRegistry
  /** Stops taking requests and waits for those under way. */
  close(): Promise<void>
}

export async function serveNlu(options: ServeOptions): Promise<NluServer> {
  const { models, port = 5000, host = '127.0.0.1', allowedHosts = [], onRequest, ...api } = options
  const registry = new ModelRegistry({ folder: models, ...api })
  const handler = nluApi({ ...api, models: registry })
  const metrics = new Registry()
  const requests = new Counter({
    name: 'nlu_requests_total',
    help: 'Requests by path and status',
    labelNames: ['path', 'status'],
    registers: [metrics],
  })
  const seconds = new Histogram({
    name: 'nlu_request_seconds',
    help: 'Time to answer',
    labelNames: ['path'],
    registers: [metrics],
  })
  const hosts = new Set(['127.0.0.1', 'localhost', '[::1]', host, ...allowedHosts])

  const answer = async (request: Request): Promise<Response> => {
    const { pathname, hostname } = new URL(request.url)
    if (!hosts.has(hostname))
      return failure(403, 'HostNotAllowed', `this server does not answer for ${hostname}`)
    const origin = request.headers.get('origin')
    if (origin !== null && !isOwnOrigin(origin, hosts))
      return failure(403, 'OriginNotAllowed', `requests from ${origin} are not answered`)
    if (pathname === '/healthz') return new Response('ok\n')
    if (pathname === '/readyz') {
      const ready = await registry.get().then(
        () => true,
        () => false,
      )
      return ready ? new Response('ok\n') : new Response('no model yet\n', { status: 503 })
    }
    if (pathname === '/metrics')
      return new Response(await metrics.metrics(), {
        headers: { 'content-type': metrics.contentType },
      })
    return handler(request)
  }

  const fetch = async (request: Request): Promise<Response> => {
    const started = performance.now()
    const response = await answer(request).catch((error: unknown) => {
      api.onError?.(error)
      return failure(500, 'InternalError', 'the request failed; the log says why')
    })
    const { pathname } = new URL(request.url)
    const path = response.status === 404 ? '(unknown)' : pathname
    const milliseconds = performance.now() - started
    requests.inc({ path, status: response.status })
    seconds.observe({ path }, milliseconds / 1000)
    onRequest?.({ method: request.method, path: pathname, status: response.status, milliseconds })
    return response
  }

  const server = await new Promise<ReturnType<typeof listen>>((resolve, reject) => {
    const started = listen({ fetch, port, hostname: host }, () => resolve(started))
    started.on('error', reject)
  })
  // A listening TCP server has an address of this form.
  const { port: taken } = server.address() as AddressInfo
  // The first model is read before the first request asks for it.
  await registry.get().catch(() => undefined)
  const close = () =>
    new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()))
      if ('closeIdleConnections' in server) server.closeIdleConnections()
    })
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    registry,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function isOwnOrigin(origin: string, hosts: ReadonlySet<string>): boolean {
  return URL.canParse(origin) && hosts.has(new URL(origin).hostname)
}
