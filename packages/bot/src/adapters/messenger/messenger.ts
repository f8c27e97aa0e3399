/**
 * Facebook Messenger: webhook in, Send API out. A message is one by its `mid`. Messenger keeps no id of ours and has no list to look
 * in, so replies are AT LEAST ONCE: one whose answer was lost (the connection broke or timed out, or the process died or was taken
 * for dead, between Facebook taking it and this process recording it) is sent again. Parts that were answered are not repeated by the
 * same process.
 */
import { createHmac } from 'node:crypto'
import { BotError } from '../../bot-error.ts'
import type { Adapter, Receiver } from '../adapter.ts'
import { callFarSide, type FarSideAnswer } from '../far-side.ts'
import {
  answer,
  attached,
  decodeText,
  type Fields,
  fields,
  list,
  parseObject,
  Refusal,
  readBody,
  requireSecret,
  sameText,
  text,
  warn,
} from '../webhook-request.ts'
import { messengerMessages } from './messenger-messages.ts'

export interface MessengerOptions {
  readonly appSecret: string
  /** What the app's settings say when they verify the webhook. */
  readonly verifyToken: string
  readonly pageToken: string
  /** `https://graph.facebook.com/v23.0` by default. */
  readonly apiUrl?: string
  /** The channel's name, `messenger` by default: for a second page beside the first. */
  readonly name?: string
  /** The webhook: `/messenger/webhook` by default. */
  readonly path?: string
  readonly now?: () => number
  readonly onError?: (error: unknown) => void
}

const longestBody = 1024 * 1024
/** Facebook repeats for hours at most; what is older is a replay, whose id may be forgotten. */
const oldest = 7 * 86_400_000

export function messenger(options: MessengerOptions): Adapter {
  const appSecret = requireSecret(options.appSecret, 'appSecret')
  const verifyToken = requireSecret(options.verifyToken, 'verifyToken')
  const pageToken = requireSecret(options.pageToken, 'pageToken')
  const { name = 'messenger', path = '/messenger/webhook' } = options
  const { now = Date.now, onError = warn } = options
  const apiUrl = (options.apiUrl ?? 'https://graph.facebook.com/v23.0').replace(/\/$/, '')
  const proof = createHmac('sha256', appSecret).update(pageToken).digest('hex')
  /** How many parts of a reply were answered; of replies that are being sent. */
  const done = new Map<string, number>()
  let receiver: Receiver | undefined

  function verify(request: Request): Response {
    const { searchParams } = new URL(request.url)
    const given = searchParams.get('hub.verify_token') ?? ''
    if (searchParams.get('hub.mode') !== 'subscribe' || !sameText(given, verifyToken)) {
      throw new Refusal(403, 'the verify token does not fit')
    }
    const challenge = searchParams.get('hub.challenge') ?? ''
    if (!/^[\w-]{1,200}$/.test(challenge)) throw new Refusal(400, 'there is no challenge')
    return new Response(challenge, { headers: { 'content-type': 'text/plain; charset=utf-8' } })
  }

  async function events(request: Request): Promise<Response> {
    const body = await readBody(request, longestBody)
    const given = /^sha256=([0-9a-f]{64})$/.exec(request.headers.get('x-hub-signature-256') ?? '')
    const expected = createHmac('sha256', appSecret).update(body).digest('hex')
    if (!sameText(given?.[1] ?? '', expected)) throw new Refusal(401, 'the signature does not fit')
    const batch = parseObject(decodeText(body))
    if (batch.object !== 'page') throw new Refusal(404, 'only events of pages are handled')
    // In order, and acknowledged when all are kept: Facebook repeats a batch as a whole.
    for (const entry of list(batch.entry)) {
      for (const event of list(fields(entry).messaging)) await take(fields(event))
    }
    return new Response('EVENT_RECEIVED')
  }

  async function take(event: Fields): Promise<void> {
    const said = readEvent(event)
    const sentAt = typeof event.timestamp === 'number' ? event.timestamp : now()
    if (said === null || now() - sentAt > oldest) return
    const user = text(fields(event.sender).id)
    const page = text(fields(event.recipient).id)
    if (user === '' || page === '') return
    await attached(receiver, name).receive({
      channel: name,
      conversation: `${user}/${page}`,
      user,
      text: said.text,
      ids: [said.id || `${user}:${page}:${sentAt}:${said.text}`],
      sentAt,
      attributes: { page },
    })
  }

  return {
    name,
    attach(to) {
      receiver = to
    },
    routes: {
      [path]: (request) =>
        answer(
          request,
          ['GET', 'POST'],
          async () => (request.method === 'GET' ? verify(request) : events(request)),
          onError,
        ),
    },
    async deliver(message, _attempt, signal) {
      const [user] = message.conversation.split('/')
      if (!user) throw new BotError('BAD_INPUT', 'a conversation of messenger is "<user>/<page>"')
      const parts = messengerMessages(message.messages, message.card)
      for (let at = done.get(message.id) ?? 0; at < parts.length; at++) {
        const body = { recipient: { id: user }, messaging_type: 'RESPONSE', message: parts[at] }
        await callFarSide(
          {
            name: 'Messenger',
            url: `${apiUrl}/me/messages?appsecret_proof=${proof}`,
            method: 'POST',
            headers: { authorization: `Bearer ${pageToken}`, 'content-type': 'application/json' },
            body: JSON.stringify(body),
            signal,
          },
          isPermanent,
        )
        remember(done, message.id, at + 1)
      }
      done.delete(message.id)
    },
  }
}

/** What a person wrote or pressed; null for receipts, echoes of the page's own words, and what has no text. */
function readEvent(event: Fields): { readonly id: string; readonly text: string } | null {
  const { message, postback } = event
  if (message !== undefined) {
    const said = fields(message)
    if (said.is_echo === true || said.is_deleted === true) return null
    const words = text(fields(said.quick_reply).payload) || text(said.text)
    return words.trim() === '' ? null : { id: text(said.mid), text: words }
  }
  const { mid, payload, title } = fields(postback)
  const words = text(payload) || text(title)
  return words === '' ? null : { id: text(mid), text: words }
}

/** Codes of limits and of troubles that pass: https://developers.facebook.com/docs/messenger-platform/error-codes */
const passing = new Set([1, 2, 4, 190, 341, 613, 1200])

function isPermanent({ body }: FarSideAnswer): boolean {
  const { code, is_transient } = fields(body.error)
  return is_transient !== true && typeof code === 'number' && !passing.has(code)
}

function remember(done: Map<string, number>, id: string, parts: number): void {
  done.set(id, parts)
  if (done.size <= 10_000) return
  const first = done.keys().next()
  if (!first.done) done.delete(first.value)
}
