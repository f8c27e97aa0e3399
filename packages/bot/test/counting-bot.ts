/**
 * A bot whose answers show what happened to it: it counts what it is told, and says the words back with the count. An understander
 * that needs no training, a hook that tells its calls, and a messenger whose far side keeps ids.
 */
import { appendFileSync } from 'node:fs'
import type {
  Adapter,
  IncomingMessage,
  OutgoingMessage,
  Receiver,
} from '../src/adapters/adapter.ts'
import type { HookCall, HookRunner } from '../src/hooks/hook-contract.ts'
import type { BotDefinition } from '../src/model/define-bot.ts'
import type { Understander } from '../src/understanding/understanding.ts'

export const counting: BotDefinition = {
  name: 'Counter',
  sessionTtlSeconds: 300,
  intents: { Count: { utterances: ['count', 'count on'], fulfil: 'count' } },
  clarification: { prompt: ['Say count.'] },
  abort: ['Goodbye.'],
}

/** Whatever is said is the first intent. */
export const anythingCounts: Understander = {
  understand: async ({ model, locale }) => ({
    intents: (model.locales[locale]?.intents ?? [])
      .filter(({ builtin }) => builtin === null)
      .map(({ name }, n) => ({ name, confidence: n === 0 ? 1 : 0 })),
    entities: [],
    source: 'given',
    degraded: null,
  }),
}

/** Counts in the session's attributes; answers with `<count>:<text>`. */
export function countingHooks(called: (call: HookCall) => unknown = () => {}): HookRunner {
  return {
    async run(call) {
      await called(call)
      const n = Number(call.sessionAttributes.n ?? 0) + 1
      return {
        ok: true,
        answer: {
          sessionAttributes: { n: String(n) },
          action: {
            type: 'Close',
            state: 'Fulfilled',
            said: {
              messages: [{ contentType: 'PlainText', content: `${n}:${call.text}` }],
              card: null,
            },
          },
        },
      }
    },
  }
}

/** Calls of hooks, a line each, for tests that kill their process. */
export const toFile = (file: string) => (call: HookCall) =>
  appendFileSync(file, `${call.id} ${call.text}\n`)

/** A messenger in this process: what it delivered, in order, and a way to make deliveries fail. */
export class Loopback implements Adapter {
  readonly name: string
  readonly routes = {}
  readonly delivered: OutgoingMessage[] = []
  readonly attempts: number[] = []
  before: (message: OutgoingMessage, attempt: number) => unknown = () => {}
  #receiver: Receiver | undefined

  constructor(name = 'loop') {
    this.name = name
  }

  attach(receiver: Receiver): void {
    this.#receiver = receiver
  }

  async deliver(message: OutgoingMessage, attempt: number): Promise<void> {
    this.attempts.push(attempt)
    await this.before(message, attempt)
    this.delivered.push(message)
  }

  say(text: string, more: Partial<IncomingMessage> = {}): Promise<'accepted' | 'repeated'> {
    if (this.#receiver === undefined) throw new Error('connect it first')
    return this.#receiver.receive({
      channel: this.name,
      conversation: 'c1',
      user: 'c1',
      text,
      ids: [`${Math.random()}`],
      sentAt: Date.now(),
      attributes: {},
      ...more,
    })
  }

  /** What was said to a conversation. */
  said(conversation = 'c1'): string[] {
    return this.delivered
      .filter((one) => one.conversation === conversation)
      .map(({ messages }) => messages.map(({ content }) => content).join('|'))
  }
}
