/**
 * A receiver of a few lines with the service's promises: known ids are repeats, a message is answered once, replies of a conversation
 * go out one after the other and are tried again under the same id. The dialogue is a counter and an order of a book.
 */
import type {
  Adapter,
  IncomingMessage,
  OutgoingMessage,
  Receiver,
} from '../../src/adapters/adapter.ts'
import type { ResponseCard } from '../../src/model/bot-model.ts'

export interface BotDouble extends Receiver {
  /** Everything that was taken, in order. */
  readonly taken: IncomingMessage[]
  /** Replies that were delivered. */
  readonly delivered: string[]
  /** What the last attempts failed with. */
  readonly failures: unknown[]
  /** Makes the next messages not durable. */
  refuse: number
  /** Resolves when everything that was taken is answered and delivered, or given up. */
  settled(): Promise<void>
}

/** The words of the bot that every adapter is tested with, for the n-th message of a conversation. */
export function answerTo(
  text: string,
  n: number,
): { readonly texts: string[]; readonly card: ResponseCard | null } {
  if (text === 'order') {
    const buttons = [{ text: 'Fiction', value: 'fiction' }]
    return { texts: ['What type?'], card: { attachments: [{ title: 'Types', buttons }] } }
  }
  return { texts: [`${n}: you said “${text}” & <more>`], card: null }
}

export function botDouble(
  adapter: Adapter,
  { attempts = 5, name = 'reply', journal = undefined as Receiver['journal'] } = {},
): BotDouble {
  const seen = new Set<string>()
  const counts = new Map<string, number>()
  const queues = new Map<string, Promise<void>>()
  const taken: IncomingMessage[] = []
  const delivered: string[] = []
  const failures: unknown[] = []

  async function deliver(message: OutgoingMessage): Promise<void> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      try {
        await adapter.deliver(message, attempt, AbortSignal.timeout(2_000))
        delivered.push(message.id)
        return
      } catch (error) {
        failures.push(error)
        if (error instanceof Error && error.name === 'PermanentError') return
      }
    }
  }

  const double: BotDouble = {
    taken,
    delivered,
    failures,
    refuse: 0,
    ...(journal === undefined ? {} : { journal }),
    async receive(message) {
      await new Promise((resolve) => setImmediate(resolve))
      if (double.refuse > 0) {
        double.refuse--
        throw new Error('the disk is full')
      }
      const isRepeat = message.ids.some((id) => seen.has(id))
      for (const id of message.ids) seen.add(id)
      if (isRepeat) return 'repeated'
      taken.push(message)
      const n = (counts.get(message.conversation) ?? 0) + 1
      counts.set(message.conversation, n)
      const { texts, card } = answerTo(message.text, n)
      const reply: OutgoingMessage = {
        id: `${name}-${message.conversation}-${n}`,
        channel: message.channel,
        conversation: message.conversation,
        user: message.user,
        messages: texts.map((content) => ({ contentType: 'PlainText', content })),
        card,
        turn: `turn-${n}`,
        attributes: message.attributes,
        from: 'bot',
        committedAt: Date.now(),
      }
      const before = queues.get(message.conversation) ?? Promise.resolve()
      queues.set(
        message.conversation,
        before.then(() => deliver(reply)),
      )
      return 'accepted'
    },
    async settled() {
      await Promise.all(queues.values())
    },
  }
  adapter.attach(double)
  return double
}
