/**
 * HTTP/2 with prior knowledge on the port of an existing HTTP/1.1 server: the first bytes of a connection tell which it is. A
 * connection that begins otherwise than `PRI * HTTP/2.0` is handed to node:http with its bytes unread, so timeouts, keep-alive and
 * upgrades are that server's as before; one that begins so goes to node:http2, and its requests are emitted as the server's own.
 * Source: RFC 9113, section 3.4 (the connection preface).
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import {
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2'
import type { Socket } from 'node:net'

export interface AcceptHttp2Options {
  /** Streams open at once in one connection. Default 100. */
  readonly maxConcurrentStreams?: number
  /** Milliseconds for the preface to arrive. Default 10,000. */
  readonly prefaceTimeout?: number
  /** Milliseconds in which a request must be there whole. Default 30,000. */
  readonly requestTimeout?: number
  /** Milliseconds after which a connection on which nothing moves is closed. Default 120,000. */
  readonly idleTimeout?: number
}

export interface Http2Connections {
  /** Says goodbye to each client and lets its requests end; closes what is left after `milliseconds`. */
  stop(milliseconds: number): Promise<void>
}

/** Call it once for a server, before or after it listens. */
export function acceptHttp2(server: Server, options: AcceptHttp2Options = {}): Http2Connections {
  const { prefaceTimeout = 10_000, requestTimeout = 30_000, idleTimeout = 120_000 } = options
  // Node's own reader of HTTP/1.1 connections; whoever else listens to the event still hears of each.
  const [http1] = server.listeners('connection') as ((socket: Socket) => void)[]
  if (http1 === undefined) throw new TypeError('this server reads no connections')
  server.off('connection', http1)

  const http2 = createServer(limitsOf(options))
  const sessions = new Set<ServerHttp2Session>()
  const undecided = new Set<Socket>()
  http2.on('session', (session) => {
    sessions.add(session)
    session.setTimeout(idleTimeout, () => session.close())
    session.once('close', () => sessions.delete(session))
    // A connection that breaks also closes; a protocol error has closed it already.
    session.on('error', () => {})
  })
  http2.on('sessionError', () => {})
  http2.on('request', (request, response) => {
    limitTime(request, response, requestTimeout)
    server.emit('request', ...asHttp1(request, response))
  })

  server.on('connection', (socket: Socket) => {
    undecided.add(socket)
    decide(socket, prefaceTimeout, (protocol) => {
      undecided.delete(socket)
      if (protocol === 'http2') http2.emit('connection', socket)
      else if (protocol === 'http1') http1.call(server, socket)
    })
  })
  return {
    async stop(milliseconds) {
      for (const socket of undecided) socket.destroy()
      const closing = [...sessions].map(
        (session) => new Promise<void>((resolve) => session.close(resolve)),
      )
      const end = setTimeout(() => {
        for (const session of sessions) session.destroy()
      }, milliseconds)
      await Promise.all(closing)
      clearTimeout(end)
    },
  }
}

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
/** No HTTP/1.1 request begins with these; the whole preface is node:http2's to check. */
const telling = preface.subarray(0, 'PRI * HTTP/2.0\r\n'.length)

type Protocol = 'http1' | 'http2' | 'neither'

/** Reads until the bytes differ from the preface or have its first line, puts them back and says which it is. */
function decide(socket: Socket, milliseconds: number, then: (protocol: Protocol) => void): void {
  let seen: Buffer | undefined
  const timer = setTimeout(() => {
    // A preface half sent is nobody's request; silence is left to whoever reads HTTP/1.1, which answers 408.
    if (seen === undefined) settle('http1')
    else socket.destroy()
  }, milliseconds)
  const onData = (chunk: Buffer) => {
    seen = seen === undefined ? chunk : Buffer.concat([seen, chunk])
    const length = Math.min(seen.length, telling.length)
    if (telling.compare(seen, 0, length, 0, length) !== 0) settle('http1')
    else if (length === telling.length) settle('http2')
  }
  const onGone = () => settle('neither')
  // An error is followed by `close`.
  const onError = () => {}
  const settle = (protocol: Protocol) => {
    clearTimeout(timer)
    socket.off('data', onData).off('end', onGone).off('close', onGone).off('error', onError)
    if (protocol === 'neither') {
      socket.destroy()
    } else {
      socket.pause()
      if (seen !== undefined) socket.unshift(seen)
    }
    then(protocol)
    if (protocol === 'http1') socket.resume()
  }
  socket.on('data', onData).on('end', onGone).on('close', onGone).on('error', onError)
}

/** What one client may make us hold or do. */
function limitsOf({ maxConcurrentStreams = 100 }: AcceptHttp2Options) {
  return {
    settings: { maxConcurrentStreams, maxHeaderListSize: 32 * 1024, enablePush: false },
    // Streams opened and reset at once (rapid reset): so many in a burst, then so many a second, then the connection is closed.
    streamResetBurst: 200,
    streamResetRate: 50,
    maxSessionInvalidFrames: 100,
    maxSessionRejectedStreams: 100,
    maxOutstandingPings: 10,
    maxSettings: 32,
    maxHeaderListPairs: 100,
    /** Megabytes. */
    maxSessionMemory: 10,
    unknownProtocolTimeout: 10_000,
  }
}

/** Node's HTTP/1.1 server has such a limit, its HTTP/2 server none. */
function limitTime(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  milliseconds: number,
): void {
  if (request.stream.readableEnded) return
  const timer = setTimeout(() => {
    if (response.headersSent) {
      request.stream.close()
      return
    }
    response.writeHead(408)
    response.end(() => request.stream.close())
  }, milliseconds)
  timer.unref()
  const done = () => clearTimeout(timer)
  request.once('end', done).once('close', done)
}

/** The pair speaks the same interface as HTTP/1.1's (node's compatibility API); `host` is there as every handler expects it. */
function asHttp1(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
): [IncomingMessage, ServerResponse] {
  if (request.headers.host === undefined && request.authority !== undefined) {
    request.headers.host = request.authority
    request.rawHeaders.push('host', request.authority)
  }
  // By node's documentation of the compatibility API; the types are not related.
  return [request, response] as unknown as [IncomingMessage, ServerResponse]
}
