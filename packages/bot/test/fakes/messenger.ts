/** Facebook's Send API, and its way of telling a page what was said. */
import { createHmac } from 'node:crypto'
import { FakeServer } from './far-side.ts'

export class FakeMessenger implements AsyncDisposable {
  readonly server: FakeServer
  readonly sent: {
    readonly to: string
    readonly message: Record<string, unknown>
    /** The page token that it came with. */
    readonly token: string
  }[]

  private constructor(server: FakeServer, sent: FakeMessenger['sent']) {
    this.server = server
    this.sent = sent
  }

  static async start(): Promise<FakeMessenger> {
    const sent: FakeMessenger['sent'] = []
    const server = await FakeServer.start(
      ({ path, body, headers }) => {
        if (path !== '/me/messages') return { status: 404, body: { error: { code: 100 } } }
        const { recipient, message } = JSON.parse(body)
        const token = headers.authorization?.replace('Bearer ', '') ?? ''
        sent.push({ to: recipient.id, message, token })
        return { body: { recipient_id: recipient.id, message_id: `m_${sent.length}` } }
      },
      ({ path }) => path === '/me/messages',
    )
    return new FakeMessenger(server, sent)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.server[Symbol.asyncDispose]()
  }
}

export function messagingEvent(
  event: Record<string, unknown>,
  { user = '111', at = Date.now() } = {},
) {
  return { sender: { id: user }, recipient: { id: '222' }, timestamp: at, ...event }
}

export function signedMessenger(url: string, secret: string, events: readonly object[]): Request {
  const entry = events.map((event) => ({ id: '222', time: Date.now(), messaging: [event] }))
  const body = JSON.stringify({ object: 'page', entry })
  return new Request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
    body,
  })
}
