/** Clients of both streaming protocols, written by their documents; each keeps what it got. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { WebSocket } from 'ws'
import type { Api } from '../src/index.ts'

export interface Streaming extends AsyncDisposable {
  readonly url: string
}

/** An API behind node:http, requests streamed, with its upgrade. */
export async function serveStreams(api: Pick<Api, 'handler' | 'upgrade'>): Promise<Streaming> {
  const server = createServer(async (incoming, outgoing) => {
    const headers = new Headers(incoming.headers as Record<string, string>)
    const body =
      incoming.method === 'GET'
        ? {}
        : { body: Readable.toWeb(incoming) as never, duplex: 'half' as const }
    const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
      method: incoming.method ?? 'GET',
      headers,
      ...body,
    })
    const response = await api.handler(request)
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    if (!response.body) return void outgoing.end()
    const stream = Readable.fromWeb(response.body as never)
    stream.on('error', () => outgoing.destroy())
    outgoing.on('close', () => stream.destroy())
    stream.pipe(outgoing)
  })
  server.on('upgrade', api.upgrade)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export interface Client {
  readonly got: { readonly id?: string; readonly data: unknown }[]
  readonly status: Promise<string>
  close(): void
}

export function eventSource(
  url: string,
  query: string,
  headers: Record<string, string> = {},
): Client & { readonly opened: Promise<void> } {
  const got: Client['got'] = []
  const stop = new AbortController()
  const opened = Promise.withResolvers<void>()
  const run = async (): Promise<string> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
      body: JSON.stringify({ query }),
      signal: stop.signal,
    })
    if (response.status !== 200) return `${response.status} ${await response.text()}`
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      opened.resolve()
      text += decoder.decode(chunk, { stream: true })
      for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
        const lines = text.slice(0, end).split('\n')
        text = text.slice(end + 2)
        const field = (name: string) =>
          lines
            .find((line) => line.startsWith(`${name}:`))
            ?.slice(name.length + 1)
            .trim()
        if (field('event') === 'complete') return 'complete'
        const data = field('data')
        const id = field('id')
        if (data) got.push({ ...(id === undefined ? {} : { id }), data: JSON.parse(data) })
      }
    }
    return 'ended'
  }
  const status = run().catch((error: Error) => error.name)
  void status.then(() => opened.resolve())
  return { got, status, opened: opened.promise, close: () => stop.abort() }
}

export interface SocketClient {
  readonly socket: WebSocket
  readonly messages: Record<string, unknown>[]
  readonly closed: Promise<{ code: number; reason: string }>
  send(message: unknown): void
  until(test: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>
}

export function webSocket(
  url: string,
  options: { protocol?: string; origin?: string; init?: unknown } = {},
): SocketClient {
  const socket = new WebSocket(
    url.replace('http', 'ws'),
    options.protocol ?? 'graphql-transport-ws',
    {
      ...(options.origin === undefined ? {} : { origin: options.origin }),
    },
  )
  const messages: Record<string, unknown>[] = []
  const waiting = new Set<() => void>()
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)) as Record<string, unknown>)
    for (const wake of waiting) wake()
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }))
    socket.on('error', (error) => resolve({ code: 0, reason: error.message }))
  })
  const send = (message: unknown) =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  if (options.init !== null) {
    socket.on('open', () => send({ type: 'connection_init', payload: options.init ?? {} }))
  }
  return {
    socket,
    messages,
    closed,
    send,
    async until(test) {
      for (;;) {
        const found = messages.find(test)
        if (found) return found
        await new Promise<void>((resolve) => {
          const wake = () => {
            waiting.delete(wake)
            resolve()
          }
          waiting.add(wake)
        })
      }
    },
  }
}
