/**
 * Text messages by Twilio: its webhook in, its messages resource out (not TwiML, whose answer could be lost with nobody the wiser).
 * A message is one by its MessageSid; a reply that may have been sent is looked up in the account's list before it is sent again.
 */
import { BotError } from '../../bot-error.ts'
import type { Adapter, OutgoingMessage, Receiver } from '../adapter.ts'
import { plainTexts } from '../plain-text.ts'
import {
  answer,
  attached,
  decodeText,
  type Fields,
  parseObject,
  Refusal,
  readBody,
  requireSecret,
  text,
  warn,
} from '../webhook-request.ts'
import { TwilioMessages } from './twilio-messages.ts'
import { verifyTwilio } from './twilio-signature.ts'

export interface TwilioSmsOptions {
  readonly accountSid: string
  readonly authToken: string
  /** Where Twilio reaches this server, `https://shop.example`; what it signs begins so. The request's own origin by default. */
  readonly publicUrl?: string
  readonly apiUrl?: string
  /** The channel's name, `sms` by default: for a second account beside the first. */
  readonly name?: string
  /** Where Twilio posts messages: `/sms/inbound` by default. */
  readonly path?: string
  /** Where Twilio tells what became of a reply. */
  readonly statusCallback?: string
  readonly messagingServiceSid?: string
  /**
   * Who answers STOP, START, HELP and the other words that Twilio answers by itself: `twilio` by default, so that nobody gets two
   * answers and nothing is sent to who has just opted out. `bot` for an account whose own handling is off. WhatsApp has none.
   */
  readonly optOut?: 'twilio' | 'bot'
  readonly now?: () => number
  readonly onError?: (error: unknown) => void
}

const longestBody = 64 * 1024

export function twilioSms(options: TwilioSmsOptions): Adapter {
  const authToken = requireSecret(options.authToken, 'authToken')
  const accountSid = requireSecret(options.accountSid, 'accountSid')
  const { name = 'sms', path = '/sms/inbound', now = Date.now, onError = warn } = options
  const { optOut = 'twilio' } = options
  const messages = new TwilioMessages({
    accountSid,
    authToken,
    apiUrl: options.apiUrl ?? 'https://api.twilio.com',
    ...(options.statusCallback === undefined ? {} : { statusCallback: options.statusCallback }),
    ...(options.messagingServiceSid === undefined
      ? {}
      : { messagingServiceSid: options.messagingServiceSid }),
  })
  let receiver: Receiver | undefined

  async function inbound(request: Request): Promise<Response> {
    const read = await readBody(request, longestBody)
    const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
    // The signature is over the form's fields: they are cut apart before it can be checked, and read after.
    const form = type === 'application/x-www-form-urlencoded' ? formOf(read) : undefined
    if (form === undefined && type !== 'application/json') {
      throw new Refusal(415, 'send a form or JSON')
    }
    verifyTwilio(authToken, signedUrl(request, options.publicUrl), request.headers, read, form)
    const said: Fields =
      form === undefined ? parseObject(decodeText(read)) : Object.fromEntries(form)
    await take(said)
    return new Response('<?xml version="1.0" encoding="UTF-8"?><Response></Response>', {
      headers: { 'content-type': 'text/xml; charset=utf-8' },
    })
  }

  async function take(said: Fields): Promise<void> {
    const sid = text(said.MessageSid) || text(said.SmsMessageSid)
    const [from, to, body] = [text(said.From), text(said.To), text(said.Body)]
    if (sid === '' || from === '' || to === '') {
      throw new Refusal(400, 'MessageSid, From and To are needed')
    }
    if (text(said.AccountSid) !== accountSid) throw new Refusal(403, 'it is of another account')
    if (body.trim() === '') return
    if (optOut === 'twilio' && isTwilios(said)) return
    await attached(receiver, name).receive({
      channel: name,
      conversation: `${from}/${to}`,
      user: from,
      text: body,
      ids: [sid],
      sentAt: now(),
      attributes: { from, to, sid },
    })
  }

  return {
    name,
    attach(to) {
      receiver = to
    },
    routes: {
      [path]: (request) => answer(request, ['POST'], () => inbound(request), onError),
    },
    async deliver(message, attempt, signal) {
      const { person, own } = numbersOf(message)
      const reply = {
        id: message.id,
        to: person,
        from: own,
        texts: plainTexts(message.messages, message.card),
        since: message.committedAt,
        lookFirst: attempt > 0,
      }
      await messages.send(reply, signal)
    },
  }
}

/** Single words, as Twilio takes them; "yes" is left out, which it only takes from who has opted out. */
const twiliosWords =
  /^(?:stop|stopall|unsubscribe|cancel|end|quit|revoke|optout|start|unstop|help|info)$/i

/** Whether Twilio answers this message by itself. https://help.twilio.com/articles/223134027 */
function isTwilios(said: Fields): boolean {
  if (/^[a-z]+:/.test(text(said.From))) return false
  return text(said.OptOutType) !== '' || twiliosWords.test(text(said.Body).trim())
}

function formOf(body: Uint8Array): URLSearchParams {
  return new URLSearchParams(decodeText(body))
}

/** As it was asked for, at the address that Twilio knows. */
function signedUrl(request: Request, publicUrl: string | undefined): string {
  if (publicUrl === undefined) return request.url
  const pathAndQuery = request.url.replace(/^[a-z]+:\/\/[^/?#]*/i, '')
  return publicUrl.replace(/\/$/, '') + pathAndQuery
}

function numbersOf({ conversation }: OutgoingMessage) {
  const [person, own] = conversation.split('/')
  if (!person || !own) {
    throw new BotError('BAD_INPUT', 'a conversation of text messages is "<person>/<own number>"')
  }
  return { person, own }
}
