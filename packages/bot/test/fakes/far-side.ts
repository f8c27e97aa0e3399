/**
 * What the stand-ins of Slack, Twilio and Messenger have in common: a loopback server that keeps every request, and goes wrong as it
 * is told: too many, broken, slow, or taken with the answer lost.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** `lost` takes the message and breaks the connection; `slow` takes it and never answers. */
export type Trouble = 'tooMany' | 'broken' | 'lost' | 'slow' | 'refused'

export interface FarSideRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface FakeAnswer {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body: unknown
}

export class FakeServer implements AsyncDisposable {
  readonly url: string
  readonly requests: FarSideRequest[] = []
  /** What goes wrong with the sends to come, one after the other. */
  readonly troubles: Trouble[] = []
  /** Milliseconds between taking a request and answering it. */
  answerAfter = 0
  /** Sends that were taken from whoever was gone before the answer. */
  unheard = 0
  readonly #server: ReturnType<typeof createServer>

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server
    // It listens on TCP.
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  static async start(
    handle: (request: FarSideRequest) => FakeAnswer,
    isSend: (request: FarSideRequest) => boolean,
  ): Promise<FakeServer> {
    let fake: FakeServer | undefined
    const server = createServer(async (incoming, outgoing) => {
      const request = await read(incoming)
      fake?.requests.push(request)
      const sends = isSend(request)
      const trouble = sends ? fake?.troubles.shift() : undefined
      outgoing.once('close', () => {
        if (fake && sends && !outgoing.writableFinished) fake.unheard++
      })
      respond(request, trouble, handle, incoming, outgoing, fake?.answerAfter ?? 0)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    fake = new FakeServer(server)
    return fake
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

function respond(
  request: FarSideRequest,
  trouble: Trouble | undefined,
  handle: (request: FarSideRequest) => FakeAnswer,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answerAfter: number,
): void {
  if (trouble === 'tooMany') {
    write(outgoing, { status: 429, headers: { 'retry-after': '0' }, body: { ok: false } })
    return
  }
  if (trouble === 'broken') {
    write(outgoing, { status: 500, body: 'it broke' })
    return
  }
  if (trouble === 'refused') {
    const body = { ok: false, error: 'channel_not_found', code: 21_610 }
    write(outgoing, { status: 400, body: { ...body, error: { code: 100 } } })
    return
  }
  const answer = handle(request)
  if (trouble === 'lost') incoming.socket.destroy()
  else if (trouble !== 'slow') setTimeout(() => write(outgoing, answer), answerAfter)
}

function write(outgoing: ServerResponse, { status = 200, headers = {}, body }: FakeAnswer): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers })
  outgoing.end(JSON.stringify(body))
}

async function read(incoming: IncomingMessage): Promise<FarSideRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const url = new URL(incoming.url ?? '/', 'http://fake')
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString(),
  }
}
