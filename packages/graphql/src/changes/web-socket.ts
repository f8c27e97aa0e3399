/**
 * Operations over WebSocket by graphql-transport-ws
 * (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md). Close codes are those of the protocol; 4413 is ours, for a
 * reader that lets too much wait.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { type BodyAnswer, type GraphQLRequest, textOf } from '../answer.ts'
import { ApiError } from '../api-error.ts'
import { parameters } from '../http-request.ts'
import type { Sink } from './subscribe.ts'

const protocol = 'graphql-transport-ws'

export interface WebSocketOptions {
  readonly messageBytes: number
  /** Bytes that may wait for a slow reader. */
  readonly bufferBytes: number
  /** Operations under way on one connection. */
  readonly operations: number
  readonly initMilliseconds: number
  /** Other origins whose pages may connect. */
  readonly origins: readonly string[]
  /** Who connects; an `ApiError` refuses the connection. */
  readonly connect: (
    request: Request,
    payload: Readonly<Record<string, unknown>>,
  ) => Promise<Connected>
}

export type Connected = (request: GraphQLRequest, sink: Sink) => Promise<(() => void) | BodyAnswer>

/** @param request what the option `context` gets; by default made of the headers */
export type Upgrade = (
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  request?: Request,
) => void

export interface WebSockets {
  readonly upgrade: Upgrade
  /** Closes all connections, for a server that stops. */
  readonly end: () => void
}

export function webSockets(options: WebSocketOptions): WebSockets {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: options.messageBytes,
    handleProtocols: (offered) => (offered.has(protocol) ? protocol : false),
  })
  const upgrade: Upgrade = (incoming, socket, head, request = requestOf(incoming)) => {
    const status = refusal(incoming, options.origins)
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
      return
    }
    server.handleUpgrade(incoming, socket, head, (webSocket) => {
      if (webSocket.protocol === protocol) new Connection(webSocket, request, options)
      else webSocket.close(4406, 'Subprotocol not acceptable')
    })
  }
  const end = () => {
    for (const client of server.clients) client.close(1001, 'The server stops')
  }
  return { upgrade, end }
}

/** A page of another origin could connect with the reader's cookies: it is not asked before, as it is for requests. */
function refusal({ headers }: IncomingMessage, origins: readonly string[]): string | undefined {
  const { origin, host } = headers
  if (origin === undefined || origins.includes(origin)) return undefined
  try {
    return new URL(origin).host === host ? undefined : '403 Forbidden'
  } catch {
    return '403 Forbidden'
  }
}

type Message = Readonly<Record<string, unknown>>

/** An operation under way; a later one of the same id is another. */
interface Running {
  stop?: () => void
}

/** A connection whose far end is gone without a word is noticed within two of these. */
const pulseMilliseconds = 30_000

class Connection {
  readonly #socket: WebSocket
  readonly #request: Request
  readonly #options: WebSocketOptions
  readonly #running = new Map<string, Running>()
  #reading: (() => void)[] = []
  readonly #pulse: NodeJS.Timeout
  #alive = true
  readonly #patience: NodeJS.Timeout
  #state: 'new' | 'connecting' | Connected = 'new'

  constructor(socket: WebSocket, request: Request, options: WebSocketOptions) {
    this.#socket = socket
    this.#request = request
    this.#options = options
    this.#patience = setTimeout(
      () => socket.close(4408, 'Connection initialisation timeout'),
      options.initMilliseconds,
    )
    this.#pulse = setInterval(() => this.#beat(), pulseMilliseconds)
    this.#pulse.unref()
    socket.on('pong', () => {
      this.#alive = true
    })
    socket.on('message', (data, binary) => void this.#message(data, binary))
    socket.on('close', () => this.#end())
    // A connection that breaks also closes, which says it all.
    socket.on('error', () => {})
  }

  #end(): void {
    clearTimeout(this.#patience)
    clearInterval(this.#pulse)
    for (const { stop } of this.#running.values()) stop?.()
    this.#running.clear()
    this.#flushed()
  }

  readonly #flushed = (): void => {
    const waiting = this.#reading
    this.#reading = []
    for (const resolve of waiting) resolve()
  }

  #isReady(): boolean {
    const { readyState, OPEN, bufferedAmount } = this.#socket
    return readyState !== OPEN || bufferedAmount < this.#options.bufferBytes / 2
  }

  async #ready(): Promise<void> {
    while (!this.#isReady()) await new Promise<void>((resolve) => this.#reading.push(resolve))
  }

  #beat(): void {
    if (!this.#alive) {
      this.#socket.terminate()
      return
    }
    this.#alive = false
    this.#socket.ping()
  }

  #send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (this.#socket.bufferedAmount > this.#options.bufferBytes) {
      this.#end()
      this.#socket.close(4413, 'Too much waits for this reader')
      // What waits is not worth keeping for one that does not read.
      setTimeout(() => this.#socket.terminate(), 1000).unref()
      return
    }
    this.#socket.send(text, this.#flushed)
  }

  async #message(data: RawData, binary: boolean): Promise<void> {
    const message = binary ? undefined : parsed(data)
    switch (message?.type) {
      case 'connection_init':
        return this.#init(message)
      case 'ping':
        return this.#send('{"type":"pong"}')
      case 'pong':
        return undefined
      case 'subscribe':
        return this.#subscribe(message)
      case 'complete':
        return this.#complete(String(message.id))
      default:
        this.#socket.close(4400, 'Invalid message')
    }
  }

  async #init({ payload }: Message): Promise<void> {
    if (this.#state !== 'new') {
      this.#socket.close(4429, 'Too many initialisation requests')
      return
    }
    this.#state = 'connecting'
    clearTimeout(this.#patience)
    const given = typeof payload === 'object' && payload !== null ? (payload as Message) : {}
    try {
      this.#state = await this.#options.connect(this.#request, given)
      this.#send('{"type":"connection_ack"}')
    } catch (error) {
      const known = error instanceof ApiError
      this.#socket.close(known ? 4403 : 4500, known ? 'Forbidden' : 'Internal server error')
    }
  }

  async #subscribe({ id, payload }: Message): Promise<void> {
    const connected = this.#state
    if (typeof connected === 'string') {
      this.#socket.close(4401, 'Unauthorized')
      return
    }
    if (typeof id !== 'string' || id === '' || typeof payload !== 'object' || payload === null) {
      this.#socket.close(4400, 'Invalid message')
      return
    }
    if (this.#running.has(id)) {
      this.#socket.close(4409, `Subscriber for ${id.slice(0, 100)} already exists`)
      return
    }
    if (this.#running.size >= this.#options.operations) {
      this.#socket.close(4429, 'Too many operations on this connection')
      return
    }
    const own: Running = {}
    this.#running.set(id, own)
    const name = JSON.stringify(id)
    const isOpen = () => this.#running.get(id) === own
    const sink: Sink = {
      next: (text) => {
        if (isOpen()) this.#send(`{"id":${name},"type":"next","payload":${text}}`)
      },
      complete: () => {
        if (!isOpen()) return
        this.#complete(id)
        this.#send(`{"id":${name},"type":"complete"}`)
      },
      ready: () => (this.#isReady() || !isOpen() ? undefined : this.#ready()),
    }
    const started = await this.#start(connected, payload, sink)
    if (typeof started === 'function') {
      if (isOpen()) own.stop = started
      else started()
      return
    }
    if (!isOpen()) return
    this.#running.delete(id)
    const { errors } = JSON.parse(textOf(started)) as { errors?: unknown }
    this.#send(`{"id":${name},"type":"error","payload":${JSON.stringify(errors ?? [])}}`)
  }

  async #start(
    connected: Connected,
    payload: object,
    sink: Sink,
  ): Promise<(() => void) | BodyAnswer> {
    try {
      return await connected(parameters(payload), sink)
    } catch (error) {
      const known = error instanceof ApiError
      const message = known ? error.message : 'internal error'
      const code = known ? error.code : 'INTERNAL'
      return { status: 400, body: { errors: [{ message, extensions: { code } }] } }
    }
  }

  #complete(id: string): void {
    this.#running.get(id)?.stop?.()
    this.#running.delete(id)
  }
}

function parsed(data: RawData): Message | undefined {
  try {
    const message: unknown = JSON.parse(data.toString())
    return typeof message === 'object' && message !== null && !Array.isArray(message)
      ? (message as Message)
      : undefined
  } catch {
    return undefined
  }
}

/** The upgrade as a web request, for the application's context. */
function requestOf({ headers, url }: IncomingMessage): Request {
  const copied = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) copied.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return new Request(new URL(url ?? '/', `http://${headers.host ?? 'localhost'}`), {
    headers: copied,
  })
}
