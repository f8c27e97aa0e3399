/** Messenger against a loopback stand-in: batches, what is no message, cards, what is given up. */
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { botDouble } from '../../../test/fakes/bot-double.ts'
import { FakeMessenger, messagingEvent, signedMessenger } from '../../../test/fakes/messenger.ts'
import type { OutgoingMessage } from '../adapter.ts'
import { messenger } from './messenger.ts'

let fake: FakeMessenger
beforeEach(async () => {
  fake = await FakeMessenger.start()
})
afterEach(() => fake[Symbol.asyncDispose]())

const open = () =>
  messenger({
    appSecret: 'a',
    verifyToken: 'v',
    pageToken: 'page-secret',
    apiUrl: fake.server.url,
    onError: () => {},
  })

const post = (adapter: ReturnType<typeof open>, events: readonly object[]) =>
  adapter.routes['/messenger/webhook']?.(
    signedMessenger('http://app/messenger/webhook', 'a', events),
  )

function reply(message: Partial<OutgoingMessage>): OutgoingMessage {
  return {
    id: 'o1',
    channel: 'messenger',
    conversation: '111/222',
    user: '111',
    messages: [],
    card: null,
    turn: null,
    attributes: {},
    from: 'bot',
    committedAt: Date.now(),
    ...message,
  }
}

test('a batch is taken in order; echoes, receipts and old copies are not', async () => {
  const adapter = open()
  const bot = botDouble(adapter, { attempts: 0 })
  const answer = await post(adapter, [
    messagingEvent({ message: { mid: 'm1', text: 'one' } }),
    messagingEvent({ message: { mid: 'm2', text: 'mine', is_echo: true } }),
    messagingEvent({
      message: { mid: 'm3', text: 'Fiction', quick_reply: { payload: 'fiction' } },
    }),
    messagingEvent({ postback: { mid: 'm4', title: 'Order', payload: 'order' } }),
    messagingEvent({ delivery: { mids: ['m0'] } }),
    messagingEvent({ read: { watermark: 1 } }),
    messagingEvent({ message: { mid: 'm5', attachments: [{ type: 'image' }] } }),
    messagingEvent(
      { message: { mid: 'm6', text: 'a replay' } },
      { at: Date.now() - 8 * 86_400_000 },
    ),
  ])
  expect([answer?.status, await answer?.text()]).toEqual([200, 'EVENT_RECEIVED'])
  expect(bot.taken.map(({ text, ids }) => [text, ids])).toEqual([
    ['one', ['m1']],
    ['fiction', ['m3']],
    ['order', ['m4']],
  ])
})

test('a batch of which one was not kept is told again, and only that one is new', async () => {
  const adapter = open()
  const bot = botDouble(adapter, { attempts: 0 })
  const batch = ['one', 'two'].map((text) => messagingEvent({ message: { mid: text, text } }))
  await post(adapter, [batch[0] ?? {}])
  bot.refuse = 1
  expect((await post(adapter, batch))?.status).toBe(503)
  expect((await post(adapter, batch))?.status).toBe(200)
  expect(bot.taken.map(({ text }) => text)).toEqual(['one', 'two'])
})

test('long texts go in parts, cards with their buttons', async () => {
  const buttons = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ text: `B${n}`, value: `b${n}` }))
  await open().deliver(
    reply({
      messages: [{ contentType: 'PlainText', content: 'x'.repeat(4_500) }],
      card: {
        attachments: [
          { title: 'Three', buttons: buttons(3) },
          { title: 'Five', buttons: buttons(5) },
        ],
      },
    }),
    0,
    AbortSignal.timeout(5_000),
  )
  const messages = fake.sent.map(({ message }) => message)
  expect(messages.slice(0, 3).map(({ text }) => String(text).length)).toEqual([2_000, 2_000, 500])
  expect(messages[3]).toMatchObject({
    attachment: { payload: { elements: [{ buttons: { length: 3 } }] } },
  })
  expect(messages[4]).toMatchObject({ text: 'Five', quick_replies: { length: 5 } })
})

test('parts that were answered are not repeated by the same process', async () => {
  const adapter = open()
  const two = reply({
    messages: ['one', 'two'].map((content) => ({ contentType: 'PlainText', content })),
  })
  fake.server.troubles.push(...([undefined, 'broken'] as never[]))
  await expect(adapter.deliver(two, 0, AbortSignal.timeout(5_000))).rejects.toThrow(
    'Messenger answered 500',
  )
  await adapter.deliver(two, 1, AbortSignal.timeout(5_000))
  expect(fake.sent.map(({ message }) => message.text)).toEqual(['one', 'two'])
})

test('what Facebook would refuse again is given up, and the token is in no error and no address', async () => {
  const one = reply({ messages: [{ contentType: 'PlainText', content: 'private words' }] })
  fake.server.troubles.push('refused')
  const error = await open()
    .deliver(one, 0, AbortSignal.timeout(5_000))
    .catch((reason) => reason)
  expect(error.name).toBe('PermanentError')
  const printed = inspect(error, { depth: 20, showHidden: true })
  expect(printed).not.toMatch(/page-secret|private words/)
  expect(fake.server.requests[0]?.query.toString()).not.toContain('page-secret')
})
