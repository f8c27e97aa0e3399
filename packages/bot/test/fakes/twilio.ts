/** Twilio's messages resource, and its way of telling an app what was texted. */
import { twilioSignature } from '../../src/adapters/twilio-sms/twilio-signature.ts'
import { type FakeAnswer, FakeServer, type FarSideRequest } from './far-side.ts'

export const accountSid = `AC${'0'.repeat(32)}`

export interface TwilioMessage {
  readonly sid: string
  readonly to: string
  readonly from: string
  readonly body: string
  readonly status: string
  readonly direction: string
  readonly date_created: string
  readonly date_sent: string | null
}

export class FakeTwilio implements AsyncDisposable {
  readonly server: FakeServer
  readonly messages: TwilioMessage[]

  private constructor(server: FakeServer, messages: TwilioMessage[]) {
    this.server = server
    this.messages = messages
  }

  static async start(): Promise<FakeTwilio> {
    const messages: TwilioMessage[] = []
    const server = await FakeServer.start(
      (request) => handle(request, messages),
      ({ method }) => method === 'POST',
    )
    return new FakeTwilio(server, messages)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.server[Symbol.asyncDispose]()
  }
}

function handle(
  { method, path, query, body }: FarSideRequest,
  messages: TwilioMessage[],
): FakeAnswer {
  if (path !== `/2010-04-01/Accounts/${accountSid}/Messages.json`) {
    return { status: 404, body: { code: 20_404 } }
  }
  if (method === 'GET') {
    const page = Number(query.get('Page') ?? 0)
    const size = Math.min(Number(query.get('PageSize') ?? 50), 2)
    const fits = messages
      .filter(({ to, from }) => to === query.get('To') && from === (query.get('From') ?? from))
      .toReversed()
    const next = new URLSearchParams(query)
    next.set('Page', String(page + 1))
    const isLast = fits.length <= (page + 1) * size
    return {
      body: {
        messages: fits.slice(page * size, (page + 1) * size),
        next_page_uri: isLast ? null : `${path}?${next}`,
      },
    }
  }
  const form = new URLSearchParams(body)
  const words = form.get('Body') ?? ''
  if (words.length > 1_600) return { status: 400, body: { code: 21_617 } }
  const message = {
    sid: `SM${String(messages.length).padStart(32, '0')}`,
    to: form.get('To') ?? '',
    from: form.get('From') ?? '',
    body: words,
    status: 'queued',
    direction: 'outbound-api',
    date_created: new Date().toUTCString(),
    date_sent: null,
  }
  messages.push(message)
  return { status: 201, body: message }
}

export interface Texted {
  readonly text: string
  readonly sid: string
  readonly from?: string
}

export function signedTwilio(
  url: string,
  authToken: string,
  { text, sid, from = '+15550001111' }: Texted,
  { as = url }: { readonly as?: string } = {},
): Request {
  const form = new URLSearchParams({
    AccountSid: accountSid,
    MessageSid: sid,
    From: from,
    To: '+15559990000',
    Body: text,
    NumMedia: '0',
  })
  return new Request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': twilioSignature(authToken, as, form),
    },
    body: form.toString(),
  })
}
