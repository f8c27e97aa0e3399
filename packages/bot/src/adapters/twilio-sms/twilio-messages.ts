/**
 * Twilio's messages resource: sends a reply in parts, and on later attempts looks in the account's list which of them it has. Twilio
 * keeps no id of ours, so a part is told by To, From, Body and its time; a part that this process sent for another reply is not
 * counted. The window: after a crash, the same words to the same number within the seconds between two replies can be taken for
 * each other.
 */

import { callFarSide, type FarSideAnswer } from '../far-side.ts'
import { splitText } from '../plain-text.ts'
import { type Fields, fields, list, text } from '../webhook-request.ts'

export interface TwilioAccount {
  readonly accountSid: string
  readonly authToken: string
  /** Twilio's own by default; a stand-in for tests and development. */
  readonly apiUrl: string
  readonly statusCallback?: string
  /** Lets Twilio choose the number that it sends from. */
  readonly messagingServiceSid?: string
}

export interface SmsReply {
  readonly id: string
  readonly to: string
  readonly from: string
  readonly texts: readonly string[]
  /** Milliseconds since 1970 before which it can't have been sent. */
  readonly since: number
  readonly lookFirst: boolean
}

/** What a message body may have; Twilio cuts it into segments by itself. */
export const longestSms = 1_600
const mostPages = 10
/** How far Twilio's clock and ours may be apart; its times are whole seconds. */
const skew = 5_000

export class TwilioMessages {
  readonly #account: TwilioAccount
  /** Sids that are known to belong to a reply, with that reply; the last 10,000. */
  readonly #owners = new Map<string, string>()

  constructor(account: TwilioAccount) {
    this.#account = account
  }

  async send(reply: SmsReply, signal: AbortSignal): Promise<void> {
    const parts = reply.texts.flatMap((one) => splitText(one, longestSms))
    const arrived = reply.lookFirst ? await this.#arrived(reply, signal) : []
    for (const part of parts) {
      const at = arrived.findIndex(({ body }) => body === part)
      if (at >= 0) {
        const [found] = arrived.splice(at, 1)
        if (found) this.#own(found.sid, reply.id)
        continue
      }
      const sent = await this.#create(reply, part, signal)
      this.#own(text(sent.sid), reply.id)
    }
  }

  #create(reply: SmsReply, part: string, signal: AbortSignal): Promise<Fields> {
    const { messagingServiceSid, statusCallback } = this.#account
    const form = new URLSearchParams({ To: reply.to, Body: part })
    if (messagingServiceSid === undefined) form.set('From', reply.from)
    else form.set('MessagingServiceSid', messagingServiceSid)
    if (statusCallback !== undefined) form.set('StatusCallback', statusCallback)
    return this.#call('POST', this.#url(), signal, form)
  }

  /** Messages to this person since the reply was committed that are not known to be another reply's, the oldest first. */
  async #arrived(
    { id, to, from, since }: SmsReply,
    signal: AbortSignal,
  ): Promise<{ readonly sid: string; readonly body: string }[]> {
    const found: { readonly sid: string; readonly body: string }[] = []
    const query = new URLSearchParams({ To: to, PageSize: '100' })
    if (this.#account.messagingServiceSid === undefined) query.set('From', from)
    let url: string | undefined = `${this.#url()}?${query}`
    for (let page = 0; page < mostPages && url !== undefined; page++) {
      const answer: Fields = await this.#call('GET', url, signal)
      const messages = list(answer.messages).map(fields)
      for (const message of messages) {
        const sid = text(message.sid)
        const owner = this.#owners.get(sid)
        const isNew = timeOf(message) >= since - skew
        const isOut = text(message.direction).startsWith('outbound') && !hasFailed(message)
        if (isNew && isOut && (owner === undefined || owner === id)) {
          found.unshift({ sid, body: text(message.body) })
        }
      }
      // The newest come first.
      const isPast = messages.some((message) => timeOf(message) < since - skew)
      url = isPast ? undefined : this.#next(text(answer.next_page_uri))
    }
    return found
  }

  /** Pages are named by a path; what is no path of this API is not followed. */
  #next(path: string): string | undefined {
    if (!path.startsWith('/2010-04-01/')) return undefined
    return this.#account.apiUrl.replace(/\/$/, '') + path
  }

  #url(): string {
    const { apiUrl, accountSid } = this.#account
    return `${apiUrl.replace(/\/$/, '')}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`
  }

  #call(
    method: 'GET' | 'POST',
    url: string,
    signal: AbortSignal,
    form?: URLSearchParams,
  ): Promise<Fields> {
    const { accountSid, authToken } = this.#account
    const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`
    return callFarSide(
      {
        name: 'Twilio',
        url,
        method,
        headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
        ...(form === undefined ? {} : { body: form.toString() }),
        signal,
      },
      isPermanent,
    )
  }

  #own(sid: string, reply: string): void {
    if (sid === '') return
    this.#owners.set(sid, reply)
    if (this.#owners.size <= 10_000) return
    const oldest = this.#owners.keys().next()
    if (!oldest.done) this.#owners.delete(oldest.value)
  }
}

/** A wrong number or an opted-out person stays so; a refused login can be mended by the operator. */
function isPermanent({ status }: FarSideAnswer): boolean {
  return status === 400 || status === 404
}

function timeOf(message: Fields): number {
  const time = Date.parse(text(message.date_sent) || text(message.date_created))
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time
}

function hasFailed({ status }: Fields): boolean {
  return status === 'failed' || status === 'undelivered' || status === 'canceled'
}
