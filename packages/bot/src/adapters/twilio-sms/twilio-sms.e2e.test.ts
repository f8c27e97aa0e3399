/** Text messages against a loopback stand-in of Twilio: parts, lookups, what is given up, secrets. */
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { botDouble } from '../../../test/fakes/bot-double.ts'
import { accountSid, FakeTwilio, signedTwilio } from '../../../test/fakes/twilio.ts'
import type { OutgoingMessage } from '../adapter.ts'
import { type TwilioSmsOptions, twilioSms } from './twilio-sms.ts'

let fake: FakeTwilio
beforeEach(async () => {
  fake = await FakeTwilio.start()
})
afterEach(() => fake[Symbol.asyncDispose]())

function open(options: Partial<TwilioSmsOptions> = {}) {
  return twilioSms({ accountSid, authToken: 'auth-secret', apiUrl: fake.server.url, ...options })
}

function reply(id: string, ...texts: string[]): OutgoingMessage {
  return {
    id,
    channel: 'sms',
    conversation: '+15550001111/+15559990000',
    user: '+15550001111',
    messages: texts.map((content) => ({ contentType: 'PlainText', content })),
    card: null,
    turn: null,
    attributes: {},
    from: 'bot',
    committedAt: Date.now(),
  }
}

const signal = () => AbortSignal.timeout(5_000)
const bodies = () => fake.messages.map(({ body }) => body)

test('a long reply goes in parts; those that arrived before it broke are not sent again', async () => {
  const words = Array.from({ length: 800 }, (_, n) => `word${n}`).join(' ')
  const adapter = open()
  const long = reply('o1', words, 'and this')
  fake.server.troubles.push(...([undefined, 'lost'] as never[]))
  await expect(adapter.deliver(long, 0, signal())).rejects.toThrow('no answer from Twilio')
  expect(fake.messages).toHaveLength(2)
  // Another process goes on.
  await open().deliver(long, 1, signal())
  expect(bodies().at(-1)).toBe('and this')
  expect(bodies().slice(0, -1).join(' ')).toBe(words)
  expect(Math.max(...bodies().map(({ length }) => length))).toBeLessThanOrEqual(1_600)
})

test('the same words said twice are two messages, though the second had to be looked up', async () => {
  const adapter = open()
  await adapter.deliver(reply('o1', 'Sorry?'), 0, signal())
  const second = reply('o2', 'Sorry?')
  fake.server.troubles.push('broken')
  await expect(adapter.deliver(second, 0, signal())).rejects.toThrow('Twilio answered 500')
  await adapter.deliver(second, 1, signal())
  await adapter.deliver(second, 2, signal())
  expect(bodies()).toEqual(['Sorry?', 'Sorry?'])
})

test('it is sent from the number that was written to, with a status callback where one is wanted', async () => {
  await open({ statusCallback: 'https://shop.example/status' }).deliver(
    reply('o1', 'hi'),
    0,
    signal(),
  )
  const form = new URLSearchParams(fake.server.requests[0]?.body)
  expect(Object.fromEntries(form)).toEqual({
    To: '+15550001111',
    From: '+15559990000',
    Body: 'hi',
    StatusCallback: 'https://shop.example/status',
  })
})

test('a number that takes none is given up at once, and no error holds the secret or the words', async () => {
  const adapter = open()
  const failures: unknown[] = []
  for (const trouble of ['refused', 'broken', 'lost'] as const) {
    fake.server.troubles.push(trouble)
    await adapter
      .deliver(reply('o1', 'private words'), 0, signal())
      .catch((error) => failures.push(error))
  }
  expect(failures.map((error) => (error as Error).name)).toEqual([
    'PermanentError',
    'BotError',
    'BotError',
  ])
  const printed = inspect(failures, { depth: 20, showHidden: true })
  for (const secret of [
    'auth-secret',
    Buffer.from('auth-secret').toString('base64'),
    'private words',
    '+1555',
  ]) {
    expect(printed).not.toContain(secret)
  }
})

test('messages of another account are refused, empty ones and pictures alone are not heard', async () => {
  const adapter = open({ accountSid: `AC${'1'.repeat(32)}` })
  const bot = botDouble(adapter)
  const route = adapter.routes['/sms/inbound']
  const sent = signedTwilio('http://app/sms/inbound', 'auth-secret', { text: 'hi', sid: 'SM1' })
  expect((await route?.(sent))?.status).toBe(403)
  const own = open()
  const other = botDouble(own)
  const empty = signedTwilio('http://app/sms/inbound', 'auth-secret', { text: ' ', sid: 'SM1' })
  expect((await own.routes['/sms/inbound']?.(empty))?.status).toBe(200)
  expect([bot.taken, other.taken]).toEqual([[], []])
})

test('words that Twilio answers by itself are left to it, unless the account has that off', async () => {
  const adapter = open()
  const bot = botDouble(adapter)
  const other = open({ optOut: 'bot' })
  const all = botDouble(other)
  const words = ['STOP', ' help ', 'cancel', 'Unstop', 'yes', 'please cancel', 'stop it']
  for (const [i, text] of words.entries()) {
    for (const one of [adapter, other]) {
      const sent = signedTwilio('http://app/sms/inbound', 'auth-secret', { text, sid: `SM${i}` })
      expect((await one.routes['/sms/inbound']?.(sent))?.status).toBe(200)
    }
  }
  const whatsApp = { text: 'stop', sid: 'SM9', from: 'whatsapp:+15550001111' }
  await adapter.routes['/sms/inbound']?.(
    signedTwilio('http://app/sms/inbound', 'auth-secret', whatsApp),
  )
  expect(bot.taken.map(({ text }) => text)).toEqual(['yes', 'please cancel', 'stop it', 'stop'])
  expect(all.taken.map(({ text }) => text)).toEqual(words)
})

test('a signature for another address says what to set', async () => {
  const adapter = open()
  botDouble(adapter)
  const sent = signedTwilio(
    'http://inside:8080/sms/inbound',
    'auth-secret',
    { text: 'hi', sid: 'SM1' },
    { as: 'https://shop.example/sms/inbound' },
  )
  const refused = await adapter.routes['/sms/inbound']?.(sent)
  expect(refused?.status).toBe(401)
  expect(await refused?.text()).toContain('publicUrl')
})
