/**
 * Messages that come twice, late, or in another order than they were written, at two services on one database: a conversation's
 * order is that in which its messages arrived (were acknowledged), and a message that is told again changes nothing.
 */
import { type Journal, openJournal } from '@typestead/journal'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { countingHooks, Loopback } from '../../../test/counting-bot.ts'
import { databases, type Place, type Places, until } from '../../../test/databases.ts'
import { answersTo, bot, kinds, understander } from '../../../test/kills/bot.ts'
import type { OutgoingMessage } from '../../adapters/adapter.ts'
import type { Understander } from '../../understanding/understanding.ts'
import { openBots } from '../open-bots.ts'
import type { BotService } from '../service-contract.ts'

interface Served {
  readonly journal: Journal
  readonly bots: BotService
  readonly far: Loopback
}

describe.each(databases)('two services over $name', ({ places: start }) => {
  let places: Places
  let place: Place
  let served: readonly [Served, Served]
  let calls: string[]
  let delivered: OutgoingMessage[]
  /** What understanding waits for, by text. */
  let gates: Map<string, () => Promise<void>>
  beforeAll(async () => {
    places = await start()
  })
  afterAll(() => places[Symbol.asyncDispose]())
  beforeEach(async () => {
    place = await places.fresh()
    calls = []
    delivered = []
    gates = new Map()
    served = [await serve(), await serve()]
    await served[0].bots.build(bot)
    await served[0].bots.publish('Counter', { alias: 'prod' })
  })
  afterEach(async () => {
    await Promise.all(served.map(close))
  })

  async function serve(): Promise<Served> {
    const journal = await openJournal(place.source(), { poll: 100 })
    const hooks = countingHooks(({ text }) => calls.push(text))
    const gated: Understander = {
      async understand(request) {
        await gates.get(request.text)?.()
        return understander.understand(request)
      },
    }
    const bots = await openBots({ journal, understander: gated, hooks })
    const far = new Loopback()
    far.before = (message) => delivered.push(message)
    bots.connect(far, { bot: 'Counter', alias: 'prod' })
    return { journal, bots, far }
  }

  async function close({ bots, journal }: Served): Promise<void> {
    await bots.close()
    await journal.close()
  }

  /** What was delivered to a conversation, by whomever, in order. */
  const said = (conversation = 'c1') =>
    delivered
      .filter((one) => one.conversation === conversation)
      .map(({ messages }) => messages.map(({ content }) => content).join('|'))

  test('two messages that the network swapped are answered as they arrived', async () => {
    const [a, b] = served
    await a.far.say('word-second', { ids: ['2'], sentAt: 2_000 })
    await b.far.say('word-first', { ids: ['1'], sentAt: 1_000 })
    await until(() => said().length === 2)
    expect(said()).toEqual(['1:word-second', '2:word-first'])
  })

  test('an old message that is told again after newer ones is not played again', async () => {
    const [a, b] = served
    const words = ['word-1', 'echo-2', 'order-3', 'slow-4']
    for (const word of words) await a.far.say(word, { ids: [`${word}/event`, word] })
    await until(() => said().length === 4)
    for (const word of words.toReversed()) {
      for (const [n, { far }] of [b, a].entries())
        expect(await far.say(word, { ids: [`${word}/retry ${n}`, word] })).toBe('repeated')
    }
    // Also by whoever was not there the first time.
    const late = await serve()
    expect(await late.far.say('word-1', { ids: ['late', 'word-1'] })).toBe('repeated')
    await late.far.say('word-5', { ids: ['word-5'] })
    await until(() => said().length === 5)
    expect(said()).toEqual(answersTo([...words, 'word-5']))
    expect(calls).toEqual(['word-1', 'order-3', 'slow-4', 'word-5'])
    await close(late)
  })

  test.each(['echo-b', 'word-b'])(
    'a conversation’s first turn that %s overtakes is played again after it',
    async (overtaking) => {
      const [a, b] = served
      const gate = Promise.withResolvers<void>()
      const key = { bot: 'Counter', alias: 'prod', user: 'ann' }
      let begun = false
      gates.set('word-a', () => {
        // The conversation was found to be new.
        begun = true
        return gate.promise
      })
      const slow = a.bots.turn({ ...key, text: 'word-a' })
      await until(() => begun)
      await b.bots.turn({ ...key, text: overtaking })
      gate.resolve()
      const said = (await slow).reply?.said?.messages[0]?.content
      expect(said).toBe(answersTo([overtaking, 'word-a'])[1])
      const [one] = (await b.bots.conversations()).conversations
      expect([one?.turns, (await b.bots.replay(one?.id ?? '')).turns]).toEqual([2, 2])
    },
  )

  test('one message told to both at the same time under other ids is one', async () => {
    const [a, b] = served
    const words = Array.from({ length: 40 }, (_, n) => `${kinds[n % kinds.length]}-${n}`)
    for (const word of words) {
      const told = await Promise.all(
        [a, b, a].map(({ far }, n) => far.say(word, { ids: [`${word}/event ${n}`, word] })),
      )
      expect(told.toSorted()).toEqual(['accepted', 'repeated', 'repeated'])
    }
    await until(() => said().length >= words.length)
    expect(said()).toEqual(answersTo(words))
    expect(calls).toEqual(words.filter((word) => !word.startsWith('echo')))
  })

  test('ten people at once, each at both services, with repeats of anything old', async () => {
    const people = Array.from({ length: 10 }, (_, n) => `p${n}`)
    const words = (who: string) =>
      Array.from({ length: 30 }, (_, n) => `${kinds[n % kinds.length]}-${who}-${n}`)
    const tell = (who: string, word: string, event: string) => {
      const { far } = served[Math.random() < 0.5 ? 0 : 1]
      return far.say(word, { ids: [event, word], conversation: who, user: who })
    }
    await Promise.all(
      people.map(async (who) => {
        const told: string[] = []
        for (const word of words(who)) {
          const before = told[Math.floor(Math.random() * told.length)]
          const again = before === undefined ? null : tell(who, before, `${word}/${before}`)
          expect(await tell(who, word, `${word}/event`)).toBe('accepted')
          expect([null, 'repeated']).toContain(await again)
          told.push(word)
        }
      }),
    )
    await until(() => people.every((who) => said(who).length >= 30))
    for (const who of people) expect(said(who)).toEqual(answersTo(words(who)))
    expect(calls.length).toBe(new Set(calls).size)
    for (const { id, turns } of (await served[1].bots.conversations()).conversations)
      expect([turns, (await served[1].bots.replay(id)).turns]).toEqual([30, 30])
  })
})
