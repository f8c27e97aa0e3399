/**
 * The adapter contract as tests: give it a far side and it is judged on every point that `adapter.ts` makes. One bot, any messenger,
 * the same transcript.
 */
import { expect, test } from 'vitest'
import type { Adapter } from '../../src/adapters/adapter.ts'
import { answerTo, type BotDouble, botDouble } from '../fakes/bot-double.ts'
import type { Trouble } from '../fakes/far-side.ts'

/** A messenger with one person on it. */
export interface FarSide extends AsyncDisposable {
  readonly adapter: Adapter
  /** Sends the message with this number to the adapter. @returns the status; 200 for what has none */
  say(text: string, number: number): Promise<number>
  /** The texts that the person sees, the oldest first. */
  seen(): Promise<string[]>
  /** What goes wrong with the next sends; absent where nothing can. */
  readonly troubles?: Trouble[]
}

export interface Judged {
  /** False for an adapter whose far side can't tell a repeat: it is at least once. */
  readonly tellsRepeats: boolean
  /** False where a message is not acknowledged (a terminal). */
  readonly acknowledges?: boolean
  /** False where the same words again are another message (a terminal). */
  readonly repeatsMessages?: boolean
}

const conversation = ['hello', 'order', 'twilight & <co>']

export function adapterContract(open: () => Promise<FarSide>, judged: Judged): void {
  const { tellsRepeats, acknowledges = true, repeatsMessages = true } = judged

  async function withBot(use: (far: FarSide, bot: BotDouble) => Promise<void>): Promise<void> {
    await using far = await open()
    await use(far, botDouble(far.adapter))
  }

  test('the transcript is the one that every messenger has', () =>
    withBot(async (far, bot) => {
      for (const [at, text] of conversation.entries()) {
        await far.say(text, at)
        await bot.settled()
      }
      expect(await far.seen()).toEqual(transcript())
      expect(bot.failures).toEqual([])
    }))

  const repeats = repeatsMessages ? test : () => {}
  repeats('a message told five times at once is one', () =>
    withBot(async (far, bot) => {
      const statuses = await Promise.all(Array.from({ length: 5 }, () => far.say('hello', 1)))
      await bot.settled()
      expect(statuses).toEqual([200, 200, 200, 200, 200])
      expect(bot.taken).toHaveLength(1)
      expect(await far.seen()).toEqual(answerTo('hello', 1).texts)
    }),
  )

  const acknowledged = acknowledges ? test : () => {}
  acknowledged('what is not durable is not acknowledged, and told again it is taken', () =>
    withBot(async (far, bot) => {
      bot.refuse = 1
      expect(await far.say('hello', 1)).toBeGreaterThanOrEqual(500)
      expect(await far.say('hello', 1)).toBe(200)
      await bot.settled()
      expect(await far.seen()).toEqual(answerTo('hello', 1).texts)
    }),
  )

  test.each<Trouble>(['tooMany', 'broken', 'lost'])(
    'a far side that answers "%s" gets the reply',
    (trouble) =>
      withBot(async (far, bot) => {
        far.troubles?.push(trouble)
        await far.say('hello', 1)
        await far.say('again', 2)
        await bot.settled()
        const seen = await far.seen()
        const expected = [...answerTo('hello', 1).texts, ...answerTo('again', 2).texts]
        expect(tellsRepeats ? seen : [...new Set(seen)]).toEqual(expected)
      }),
  )

  test('a delivery that was recorded by nobody is not seen twice', () =>
    withBot(async (far, bot) => {
      if (!tellsRepeats) return
      const deliver = far.adapter.deliver.bind(far.adapter)
      const deliveries: Parameters<Adapter['deliver']>[0][] = []
      far.adapter.deliver = (message, attempt, signal) => {
        deliveries.push(message)
        return deliver(message, attempt, signal)
      }
      await far.say('hello', 1)
      await bot.settled()
      const [first] = deliveries
      if (first === undefined) throw new Error('nothing was delivered')
      await deliver(first, 1, AbortSignal.timeout(2_000))
      expect(await far.seen()).toEqual(answerTo('hello', 1).texts)
    }))
}

/** What the person sees of the three messages; cards and buttons are shown in each messenger's way. */
export function transcript(): string[] {
  return conversation.flatMap((text, at) => answerTo(text, at + 1).texts)
}
