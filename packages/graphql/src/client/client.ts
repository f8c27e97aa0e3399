/**
 * A client for TypeScript: `createClient<typeof sdl>({ url })`. Answers and variables are typed by the text of each document;
 * nothing is generated, and nothing but `fetch` (or `WebSocket`) is needed when it runs.
 */
import type { DataOf, VariablesOf } from './document-types.ts'

export interface ClientOptions {
  readonly url: string
  readonly headers?: () => Readonly<Record<string, string>>
  readonly fetch?: typeof fetch
  /** How subscriptions are carried: Server-Sent Events by default, which also go on where they were cut. */
  readonly subscriptions?: 'sse' | 'ws'
  /** The payload of a WebSocket's `connection_init`. */
  readonly connectionPayload?: () => Readonly<Record<string, unknown>>
}

export interface ClientErrorEntry {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** An answer with errors, or none at all; `code` is that of the first error. */
export class ClientError extends Error {
  readonly code: string
  readonly errors: readonly ClientErrorEntry[]
  /** What was answered beside the errors. */
  readonly data: unknown

  constructor(errors: readonly ClientErrorEntry[], data: unknown, options?: ErrorOptions) {
    super(errors[0]?.message ?? 'the server gave no GraphQL answer', options)
    this.name = 'ClientError'
    this.errors = errors
    this.data = data
    this.code = String(errors[0]?.extensions?.code ?? 'NO_ANSWER')
  }
}

type Variables<S extends string, D extends string> =
  {} extends VariablesOf<S, D>
    ? [variables?: VariablesOf<S, D>, options?: CallOptions]
    : [variables: VariablesOf<S, D>, options?: CallOptions]

export interface CallOptions {
  readonly signal?: AbortSignal
}

export interface Client<S extends string> {
  /**
   * A query or mutation.
   * @throws {ClientError} for an answer with errors
   */
  request<const D extends string>(document: D, ...rest: Variables<S, D>): Promise<DataOf<S, D>>
  /** Answers over time, until the loop is left, the signal is aborted or the server ends them. */
  subscribe<const D extends string>(
    document: D,
    ...rest: Variables<S, D>
  ): AsyncGenerator<DataOf<S, D>, void, void>
}

export function createClient<S extends string>(options: ClientOptions): Client<S> {
  return {
    // What comes is as the schema says; the server keeps to it.
    request: (document, ...[variables, call]) =>
      request(options, document, variables, call?.signal) as never,
    subscribe: (document, ...[variables, call]) =>
      (options.subscriptions === 'ws' ? overWebSocket : overEvents)(
        options,
        document,
        variables,
        call?.signal,
      ) as never,
  }
}

interface Body {
  readonly data?: unknown
  readonly errors?: readonly ClientErrorEntry[]
}

async function request(
  options: ClientOptions,
  query: string,
  variables: unknown,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const response = await post(
    options,
    query,
    variables,
    {
      accept: 'application/graphql-response+json, application/json;q=0.9',
    },
    signal,
  )
  return dataOf(await bodyOf(response))
}

function dataOf({ data, errors }: Body): unknown {
  if (errors && errors.length > 0) throw new ClientError(errors, data)
  return data
}

async function bodyOf(response: Response): Promise<Body> {
  try {
    return (await response.json()) as Body
  } catch (cause) {
    const message = `the server answered ${response.status} without JSON`
    throw new ClientError([{ message }], undefined, { cause })
  }
}

function post(
  { url, headers, fetch: fetchIt = fetch }: ClientOptions,
  query: string,
  variables: unknown,
  more: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  return fetchIt(url, {
    method: 'POST',
    headers: { ...headers?.(), 'content-type': 'application/json', ...more },
    body: JSON.stringify({ query, variables }),
    ...(signal === undefined ? {} : { signal }),
  })
}

const longestPause = 10_000

/** A cut connection is opened again, behind the last event that came. */
async function* overEvents(
  options: ClientOptions,
  query: string,
  variables: unknown,
  signal: AbortSignal | undefined,
): AsyncGenerator<unknown, void, void> {
  const stop = new AbortController()
  signal?.addEventListener('abort', () => stop.abort(), { once: true })
  if (signal?.aborted) return
  let last: string | undefined
  let pause = 100
  try {
    for (;;) {
      try {
        const resumed: Record<string, string> = last === undefined ? {} : { 'last-event-id': last }
        const accept = { accept: 'text/event-stream', ...resumed }
        const response = await post(options, query, variables, accept, stop.signal)
        const type = response.headers.get('content-type') ?? ''
        if (!type.startsWith('text/event-stream') || !response.body) {
          const body = await bodyOf(response)
          throw new ClientError(body.errors ?? [], body.data)
        }
        for await (const event of events(response.body)) {
          if (event.kind === 'complete') return
          pause = 100
          yield dataOf(JSON.parse(event.data) as Body)
          last = event.id ?? last
        }
      } catch (error) {
        if (stop.signal.aborted) return
        if (error instanceof ClientError && error.code !== 'UNAVAILABLE') throw error
      }
      await new Promise((resolve) => setTimeout(resolve, pause))
      pause = Math.min(pause * 2, longestPause)
      if (stop.signal.aborted) return
    }
  } finally {
    stop.abort()
  }
}

interface Event {
  readonly kind: string
  readonly id: string | undefined
  readonly data: string
}

async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<Event> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    text += decoder.decode(value, { stream: true })
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n')
      text = text.slice(end + 2)
      const field = (name: string) =>
        lines
          .find((line) => line.startsWith(`${name}:`))
          ?.slice(name.length + 1)
          .trimStart()
      const kind = field('event')
      if (kind !== undefined) yield { kind, id: field('id'), data: field('data') ?? '' }
    }
  }
}

async function* overWebSocket(
  { url, connectionPayload }: ClientOptions,
  query: string,
  variables: unknown,
  signal: AbortSignal | undefined,
): AsyncGenerator<unknown, void, void> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws')
  const waiting: (Body | 'complete' | ClientError)[] = []
  let wake = () => {}
  const push = (one: (typeof waiting)[number]) => {
    waiting.push(one)
    wake()
  }
  socket.onopen = () =>
    socket.send(JSON.stringify({ type: 'connection_init', payload: connectionPayload?.() ?? {} }))
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as { readonly type: string; readonly payload: Body }
    if (message.type === 'connection_ack') {
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables } }))
    } else if (message.type === 'ping') socket.send('{"type":"pong"}')
    else if (message.type === 'next') push(message.payload)
    else if (message.type === 'complete') push('complete')
    else if (message.type === 'error') {
      push(new ClientError(message.payload as unknown as ClientErrorEntry[], undefined))
    }
  }
  socket.onclose = ({ code, reason }) =>
    push(
      new ClientError(
        [{ message: reason || `the connection was closed (${code})`, extensions: { code } }],
        undefined,
      ),
    )
  signal?.addEventListener('abort', () => push('complete'), { once: true })
  try {
    for (;;) {
      const next = waiting.shift()
      if (next === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      if (next === 'complete') return
      if (next instanceof ClientError) throw next
      yield dataOf(next)
    }
  } finally {
    socket.onclose = null
    socket.close(1000)
  }
}
