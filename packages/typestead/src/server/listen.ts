/** A listening HTTP server over a web-standard handler: slow clients are timed out, and it stops when the last answer is out. */
import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { TypesteadError } from '../typestead-error.ts'

/** The two ends of a request on the wire. */
export interface Exchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
}

export interface Listening {
  readonly port: number
  /** For people and other programs on this machine. */
  readonly url: string
  /** Takes no more connections; ends when the running requests have, or after `milliseconds` in any case. */
  stop(milliseconds: number): Promise<void>
}

export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** The variable that names the port, for messages. */
  readonly variable: string
  readonly handle: (request: Request, exchange: Exchange) => Promise<Response>
  /** Takes over connections that ask for another protocol; without it they are closed. */
  readonly upgrade?: (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Lets the server take HTTP/2 too. */
  readonly http2?: ((server: Server) => { stop(milliseconds: number): Promise<void> }) | undefined
}

/** @throws {TypesteadError} `PORT_BUSY`, `LISTEN_FAILED` */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { host, port, variable, handle, upgrade } = options
  const listener = getRequestListener(
    // The server is made by node:http, so these are its two ends.
    (request, exchange) => handle(request, exchange as Exchange),
    { hostname: host },
  )
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 5_000,
      maxHeaderSize: 16_384,
      // How often the two limits above are looked at.
      connectionsCheckingInterval: 2_000,
    },
    listener,
  )
  // A connection on which nothing moves; answers that stream send something more often.
  server.setTimeout(120_000)
  const http2 = options.http2?.(server)
  const upgraded = new Set<Duplex>()
  if (upgrade) {
    server.on('upgrade', (incoming, socket, head) => {
      upgraded.add(socket)
      socket.once('close', () => upgraded.delete(socket))
      // A connection that breaks also closes, which says it all.
      socket.on('error', () => {})
      upgrade(incoming, socket, head)
    })
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port, variable)))
    server.listen({ host, port, backlog: 1024 }, resolve)
  })
  // A server that listens on TCP has an address of this form.
  const bound = (server.address() as AddressInfo).port
  return {
    port: bound,
    url: urlOf(host, bound),
    async stop(milliseconds) {
      await Promise.all([stop(server, upgraded, milliseconds), http2?.stop(milliseconds)])
    },
  }
}

function listenError(
  error: Error & { code?: string },
  host: string,
  port: number,
  variable: string,
): Error {
  if (error.code === 'EADDRINUSE') {
    return new TypesteadError(
      'PORT_BUSY',
      `port ${port} on ${host} is taken by another program; stop that, or set ${variable} to another port (0 picks a free one)`,
      { cause: error },
    )
  }
  return new TypesteadError(
    'LISTEN_FAILED',
    `cannot listen on ${host}:${port}: ${error.message}; set TYPESTEAD_HOST and ${variable} to what this machine has`,
    { cause: error },
  )
}

function urlOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

/** Connections of other protocols are no longer the server's, so it neither waits for them nor closes them. */
async function stop(
  server: Server,
  upgraded: ReadonlySet<Duplex>,
  milliseconds: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // A connection kept alive becomes idle only after its last answer.
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  const end = setTimeout(() => {
    server.closeAllConnections()
    for (const socket of upgraded) socket.destroy()
  }, milliseconds)
  server.closeIdleConnections()
  await Promise.all([closed, ...[...upgraded].map((socket) => once(socket, 'close'))])
  clearInterval(idle)
  clearTimeout(end)
}
