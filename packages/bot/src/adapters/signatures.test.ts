/** Forged, stale, truncated and replayed requests of all three messengers are refused before anything is parsed or taken. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { botDouble } from '../../test/fakes/bot-double.ts'
import { messagingEvent, signedMessenger } from '../../test/fakes/messenger.ts'
import { signedSlack, slackEvent } from '../../test/fakes/slack.ts'
import { accountSid, signedTwilio } from '../../test/fakes/twilio.ts'
import type { Adapter } from './adapter.ts'
import { messenger } from './messenger/messenger.ts'
import { slack } from './slack/slack.ts'
import { signSlackRequest } from './slack/slack-signature.ts'
import { twilioSignature } from './twilio-sms/twilio-signature.ts'
import { twilioSms } from './twilio-sms/twilio-sms.ts'

const now = 1_700_000_000_000
const nowhere = 'http://127.0.0.1:1/'

const adapters = {
  slack: () => slack({ signingSecret: 'secret', token: 't', apiUrl: nowhere, now: () => now }),
  twilio: () => twilioSms({ accountSid, authToken: 'secret', apiUrl: nowhere, now: () => now }),
  messenger: () =>
    messenger({
      appSecret: 'secret',
      verifyToken: 'verify',
      pageToken: 'p',
      apiUrl: nowhere,
      now: () => now,
    }),
}

type Name = keyof typeof adapters

/** A request that each would take, signed with a secret. */
const genuine: Record<Name, (secret?: string) => Request> = {
  slack: (secret = 'secret') =>
    signedSlack(
      'http://app/slack/receive',
      secret,
      slackEvent({ text: 'hello', ts: '1700000000.000100' }),
      { now },
    ),
  twilio: (secret = 'secret') =>
    signedTwilio('http://app/sms/inbound', secret, { text: 'hello', sid: 'SM1' }),
  messenger: (secret = 'secret') =>
    signedMessenger('http://app/messenger/webhook', secret, [
      messagingEvent({ message: { mid: 'm1', text: 'hello' } }, { at: now }),
    ]),
}

async function send(adapter: Adapter, request: Request): Promise<Response> {
  const route = adapter.routes[new URL(request.url).pathname]
  if (route === undefined) throw new Error('no such route')
  return route(request)
}

/** The request with another body or other headers, its signature as it was. */
async function changed(
  request: Request,
  { body, headers = {} }: { readonly body?: string; readonly headers?: Record<string, string> },
): Promise<Request> {
  const merged = new Headers(request.headers)
  for (const [name, value] of Object.entries(headers)) merged.set(name, value)
  return new Request(request.url, {
    method: 'POST',
    headers: merged,
    body: body ?? (await request.text()),
  })
}

describe.each(Object.keys(adapters) as Name[])('%s', (name) => {
  test('takes what is signed', async () => {
    const adapter = adapters[name]()
    const bot = botDouble(adapter, { attempts: 0 })
    expect((await send(adapter, genuine[name]())).status).toBe(200)
    expect(bot.taken.map(({ text }) => text)).toEqual(['hello'])
  })

  test('refuses any other secret', async () => {
    const adapter = adapters[name]()
    const bot = botDouble(adapter, { attempts: 0 })
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1 }).filter((secret) => secret !== 'secret'),
        async (secret) => {
          expect((await send(adapter, genuine[name](secret))).status).toBe(401)
        },
      ),
    )
    expect(bot.taken).toEqual([])
  })

  test('refuses a body that was cut short or changed anywhere', async () => {
    const adapter = adapters[name]()
    const bot = botDouble(adapter, { attempts: 0 })
    const whole = await genuine[name]().text()
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.option(fc.integer({ min: 33, max: 126 }), { nil: undefined }),
        async (at, code) => {
          const cut = whole.slice(0, at)
          const other =
            code === undefined ? cut : `${cut}${String.fromCharCode(code)}${whole.slice(at + 1)}`
          if (other === whole || (name === 'twilio' && sameForm(other, whole))) return
          const request = await changed(genuine[name](), { body: other })
          expect((await send(adapter, request)).status).toBe(401)
        },
      ),
      { numRuns: 300 },
    )
    expect(bot.taken).toEqual([])
  })

  test('refuses any other signature, and none', async () => {
    const adapter = adapters[name]()
    const bot = botDouble(adapter, { attempts: 0 })
    const header = {
      slack: 'x-slack-signature',
      twilio: 'x-twilio-signature',
      messenger: 'x-hub-signature-256',
    }[name]
    const right = genuine[name]().headers.get(header) ?? ''
    const signatures = fc.oneof(
      fc.nat(right.length).map((end) => right.slice(0, end)),
      fc.constantFrom(
        '',
        right.toUpperCase(),
        right.replace('=', ''),
        `${right}0`,
        'v0=',
        'sha256=',
      ),
      fc.stringMatching(/^[\x21-\x7e]*$/),
    )
    await fc.assert(
      fc.asyncProperty(signatures, async (signature) => {
        if (signature === right) return
        const request = await changed(genuine[name](), { headers: { [header]: signature } })
        expect((await send(adapter, request)).status).toBe(401)
      }),
    )
    expect(bot.taken).toEqual([])
  })

  test('does nothing for a copy of what was taken', async () => {
    const adapter = adapters[name]()
    const bot = botDouble(adapter, { attempts: 0 })
    await send(adapter, genuine[name]())
    for (let copy = 0; copy < 10; copy++) await send(adapter, genuine[name]())
    expect(bot.taken).toHaveLength(1)
  })

  test('refuses bodies past the limit and other methods', async () => {
    const adapter = adapters[name]()
    botDouble(adapter)
    const request = await changed(genuine[name](), { body: 'x'.repeat(2_000_000) })
    expect((await send(adapter, request)).status).toBe(413)
    const put = new Request(request.url, { method: 'PUT', body: 'x' })
    expect((await send(adapter, put)).status).toBe(405)
  })

  test('says nothing of the secret when it is not set', () => {
    expect(() => slack({ signingSecret: '' })).toThrow(/signingSecret is not set/)
    expect(() => twilioSms({ accountSid, authToken: '' })).toThrow(/authToken is not set/)
  })
})

test('Slack: a timestamp more than five minutes away is refused, whatever else fits', async () => {
  const adapter = adapters.slack()
  const bot = botDouble(adapter, { attempts: 0 })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: -2_000, max: 2_000 }), async (seconds) => {
      const body = slackEvent({ text: 'hello', ts: '1.1' })
      const request = signedSlack('http://app/slack/receive', 'secret', body, {
        now: now + seconds * 1_000,
      })
      const { status } = await send(adapter, request)
      expect(status).toBe(Math.abs(seconds) > 300 ? 401 : 200)
    }),
  )
  expect(bot.taken).toHaveLength(1)
})

test('Slack: a timestamp that was not the one signed is refused', async () => {
  const adapter = adapters.slack()
  botDouble(adapter)
  const body = slackEvent({ text: 'hello', ts: '1.1' })
  const old = signSlackRequest('secret', body, now - 3_600_000)
  const request = signedSlack('http://app/slack/receive', 'secret', body, {
    now,
    headers: { 'x-slack-signature': old['x-slack-signature'] ?? '' },
  })
  expect((await send(adapter, request)).status).toBe(401)
})

test('nothing is parsed of a request that is not signed', async () => {
  const adapter = adapters.slack()
  botDouble(adapter)
  const request = new Request('http://app/slack/receive', { method: 'POST', body: '{"not json' })
  expect((await send(adapter, request)).status).toBe(401)
})

describe('Twilio', () => {
  test('the address that Twilio knows is signed, not the one behind a proxy', async () => {
    const adapter = twilioSms({
      accountSid,
      authToken: 'secret',
      publicUrl: 'https://shop.example/',
      apiUrl: nowhere,
    })
    const bot = botDouble(adapter, { attempts: 0 })
    const texted = { text: 'hello', sid: 'SM1' }
    const inside = 'http://127.0.0.1:4000/sms/inbound?a=1'
    const right = signedTwilio(inside, 'secret', texted, {
      as: 'https://shop.example/sms/inbound?a=1',
    })
    expect((await send(adapter, right)).status).toBe(200)
    const withPort = signedTwilio(
      inside,
      'secret',
      { ...texted, sid: 'SM2' },
      { as: 'https://shop.example:443/sms/inbound?a=1' },
    )
    expect((await send(adapter, withPort)).status).toBe(200)
    const other = signedTwilio(inside, 'secret', texted, {
      as: 'https://other.example/sms/inbound?a=1',
    })
    expect((await send(adapter, other)).status).toBe(401)
    expect(bot.taken).toHaveLength(2)
  })

  test('JSON is signed by its digest in the address', async () => {
    const adapter = adapters.twilio()
    const bot = botDouble(adapter, { attempts: 0 })
    const body = JSON.stringify({
      AccountSid: accountSid,
      MessageSid: 'SM1',
      From: '+1',
      To: '+2',
      Body: 'hello',
    })
    const url = `http://app/sms/inbound?bodySHA256=${createHash('sha256').update(body).digest('hex')}`
    const headers = {
      'content-type': 'application/json',
      'x-twilio-signature': twilioSignature('secret', url, undefined),
    }
    const request = (content: string) =>
      new Request(url, { method: 'POST', headers, body: content })
    expect((await send(adapter, request(body))).status).toBe(200)
    expect((await send(adapter, request(body.replace('hello', 'hallo')))).status).toBe(401)
    expect(bot.taken.map(({ text }) => text)).toEqual(['hello'])
  })

  test('the examples of its documentation have their signatures', () => {
    const form = new URLSearchParams({
      CallSid: 'CA1234567890ABCDE',
      Caller: '+14158675309',
      Digits: '1234',
      From: '+14158675309',
      To: '+18005551212',
    })
    const url = 'https://mycompany.com/myapp.php?foo=1&bar=2'
    expect(twilioSignature('12345', url, form)).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=')
  })
})

test('the example of Slack’s documentation has its signature', () => {
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
  expect(signSlackRequest('8f742231b10e8888abcd99yyyzzz85a5', body, 1_531_420_618_000)).toEqual({
    'x-slack-request-timestamp': '1531420618',
    'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  })
})

test('Messenger: the webhook is verified by its token', async () => {
  const adapter = adapters.messenger()
  const verify = (token: string) =>
    send(
      adapter,
      new Request(
        `http://app/messenger/webhook?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=1158201444`,
      ),
    )
  expect(await (await verify('verify')).text()).toBe('1158201444')
  expect((await verify('other')).status).toBe(403)
})

function sameForm(a: string, b: string): boolean {
  const sorted = (form: string) => JSON.stringify([...new URLSearchParams(form)].sort())
  return sorted(a) === sorted(b)
}
