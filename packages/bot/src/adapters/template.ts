/**
 * A whole adapter to begin another one with: any program that can send and take signed JSON over HTTP. In: `POST /webhook/messages`
 * with `{id, conversation, user, text, sentAt}` and the header `x-signature: sha256=<HMAC of the body>`. Out: a POST to
 * `deliverTo` with `{id, conversation, texts}`, signed alike, the id in `idempotency-key` too: a far side that keeps it has each
 * reply once.
 */
import { createHmac } from 'node:crypto'
import type { Adapter, Receiver } from './adapter.ts'
import { callFarSide } from './far-side.ts'
import { plainTexts } from './plain-text.ts'
import {
  answer,
  attached,
  decodeText,
  parseObject,
  Refusal,
  readBody,
  requireSecret,
  sameText,
  text,
  warn,
} from './webhook-request.ts'

export interface WebhookOptions {
  /** Signs both ways. */
  readonly secret: string
  readonly deliverTo: string
  /** The channel's name: `webhook` by default. */
  readonly name?: string
  /** `/webhook` by default. */
  readonly path?: string
  readonly now?: () => number
  readonly onError?: (error: unknown) => void
}

/** Milliseconds that a request may be old: past them a copy of it is refused. */
const window = 300_000

export function webhook(options: WebhookOptions): Adapter {
  const secret = requireSecret(options.secret, 'secret')
  const { name = 'webhook', path = '/webhook', now = Date.now, onError = warn } = options
  let receiver: Receiver | undefined

  async function take(request: Request): Promise<Response> {
    // 1. Bound, verify, then parse.
    const body = await readBody(request, 64 * 1024)
    if (!sameText(request.headers.get('x-signature') ?? '', signature(secret, body))) {
      throw new Refusal(401, 'the signature does not fit')
    }
    const { id, conversation, user, text: said, sentAt } = parseObject(decodeText(body))
    if ([id, conversation, user, said].some((one) => text(one) === '')) {
      throw new Refusal(400, 'id, conversation, user and text are needed')
    }
    if (typeof sentAt !== 'number' || Math.abs(now() - sentAt) > window) {
      throw new Refusal(401, 'sentAt is more than five minutes away')
    }
    // 2. Acknowledge only what is durable: `answer` makes a 503 of a rejection.
    const taken = await attached(receiver, name).receive({
      channel: name,
      conversation: text(conversation),
      user: text(user),
      text: text(said),
      ids: [text(id)],
      sentAt,
      attributes: {},
    })
    return Response.json({ taken })
  }

  return {
    name,
    attach(to) {
      receiver = to
    },
    routes: {
      [`${path}/messages`]: (request) => answer(request, ['POST'], () => take(request), onError),
    },
    // 4. The far side keeps the id, so no attempt needs to look first.
    async deliver(message, _attempt, signal) {
      const { id, conversation } = message
      const body = JSON.stringify({
        id,
        conversation,
        texts: plainTexts(message.messages, message.card),
      })
      const headers = {
        'content-type': 'application/json',
        'idempotency-key': id,
        'x-signature': signature(secret, Buffer.from(body)),
      }
      await callFarSide(
        { name, url: options.deliverTo, method: 'POST', headers, body, signal },
        ({ status }) => status === 400 || status === 404 || status === 410 || status === 422,
      )
    },
  }
}

function signature(secret: string, body: Uint8Array): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}
