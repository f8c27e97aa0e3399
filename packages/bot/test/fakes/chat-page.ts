/** A page of the web chat without a browser: speaks the protocol, remembers what it was shown. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ClientOptions, WebSocket } from 'ws'
import type { Adapter } from '../../src/adapters/adapter.ts'
import { subprotocol } from '../../src/adapters/web-chat/chat-protocol.ts'

export interface ChatServer extends AsyncDisposable {
  readonly url: string
}

/** Serves an adapter's routes and sockets on 127.0.0.1. */
export async function serveChat(adapter: Adapter, page?: string, port = 0): Promise<ChatServer> {
  const server = createServer(async (incoming, outgoing) => {
    const path = (incoming.url ?? '/').split('?')[0] ?? '/'
    const route = adapter.routes[path]
    if (route === undefined) {
      outgoing.writeHead(page !== undefined && path === '/' ? 200 : 404, {
        'content-type': 'text/html; charset=utf-8',
      })
      outgoing.end(page ?? '')
      return
    }
    const response = await route(await requestOf(incoming))
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.end(Buffer.from(await response.arrayBuffer()))
  })
  const sockets = new Set<{ destroy(): void }>()
  server.on('upgrade', (incoming, socket, head) => {
    sockets.add(socket)
    const upgrade = adapter.upgrades?.[(incoming.url ?? '/').split('?')[0] ?? '/']
    if (upgrade === undefined) socket.destroy()
    else upgrade(incoming, socket, head)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    // It listens on TCP.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const { method = 'GET', headers } = incoming
  return new Request(`http://${headers.host}${incoming.url}`, {
    method,
    headers: headersOf(incoming),
    ...(method === 'GET' ? {} : { body: Buffer.concat(chunks) }),
  })
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}

export interface Shown {
  readonly seq: number
  readonly id: string
  readonly from: string
  readonly texts: readonly string[]
}

export class ChatPage {
  readonly socket: WebSocket
  readonly shown: Shown[] = []
  readonly frames: { readonly type: string; readonly [field: string]: unknown }[] = []
  cookie = ''
  closed: number | undefined
  #changed = () => {}

  constructor(url: string, options: ClientOptions = {}, protocol: string = subprotocol) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/chat/socket`, protocol, options)
    this.socket.on('upgrade', ({ headers }) => {
      this.cookie = headers['set-cookie']?.[0] ?? ''
    })
    this.socket.on('message', (data) => {
      const frame = JSON.parse(String(data))
      this.frames.push(frame)
      if (frame.type === 'message') this.shown.push(frame)
      this.#changed()
    })
    this.socket.on('close', (code) => {
      this.closed = code
      this.#changed()
    })
    this.socket.on('error', () => {})
  }

  static async open(
    url: string,
    { hello = {}, ...options }: ClientOptions & { readonly hello?: object } = {},
  ): Promise<ChatPage> {
    const page = new ChatPage(url, options)
    await new Promise((resolve, reject) => page.socket.once('open', resolve).once('error', reject))
    page.send({ type: 'hello', ...hello })
    await page.until(
      () => page.frames.some(({ type }) => type === 'welcome') || page.closed !== undefined,
    )
    return page
  }

  send(frame: object | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  async until(holds: () => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(10_000)
    while (!holds()) {
      deadline.throwIfAborted()
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200)
        this.#changed = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  /** Waits until it was shown so many messages of the bot. */
  async replies(count: number): Promise<string[]> {
    const texts = () =>
      this.shown.filter(({ from }) => from !== 'visitor').flatMap((one) => one.texts)
    await this.until(() => texts().length >= count)
    return texts()
  }

  async close(): Promise<void> {
    if (this.closed !== undefined) return
    this.socket.terminate()
    await this.until(() => this.closed !== undefined)
  }
}
