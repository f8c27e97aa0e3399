/**
 * Messengers and their queues: what came in is played as turns, one conversation's in order; answers go out through the outbox,
 * one place's in order, again and again until the far side has them. Whoever could not be answered is told an apology, and
 * operators are told why.
 */
import { type Delivery, type Journal, PermanentError } from '@typestead/journal'
import type { Adapter, IncomingMessage, OutgoingMessage } from '../../adapters/adapter.ts'
import { BotError } from '../../bot-error.ts'
import type { BotMetrics } from '../bot-metrics.ts'
import type { Happenings } from '../happenings.ts'
import type { Target } from '../kept/conversation-rows.ts'
import { asBotError } from '../kept/storage-error.ts'
import type { ConversationRunner } from '../turns/conversation-runner.ts'
import { outgoingKey, outgoingQueue } from '../turns/turn-commit.ts'
import type { TurnInput } from '../turns/turn-input.ts'
import { tracedDelivery } from '../turns/turn-trace.ts'
import type { AtOnce } from './at-once.ts'
import { arrivalOf, incomingQueue, type Received, type Waiting } from './intake.ts'

/** Said when a turn can't even find its bot's own words. */
const plainApology = 'Sorry, something went wrong. Please try again later.'

export interface MessengerParts {
  readonly journal: Journal
  readonly atOnce: AtOnce
  readonly runner: ConversationRunner
  readonly happenings: Happenings
  readonly metrics: BotMetrics | undefined
  readonly now: () => number
  readonly onError: (error: unknown) => void
  /** Attempts at a delivery, and at a turn. */
  readonly attempts: { readonly deliver: number; readonly turn: number }
  /** Milliseconds before the second attempt, doubled each time, up to `longest`. */
  readonly retry: { readonly first: number; readonly longest: number }
  /** Turns and deliveries at once, of a channel. */
  readonly concurrency: number
}

interface Connected {
  readonly adapter: Adapter
  readonly bot: string
  readonly alias: string
  readonly ends: readonly AsyncDisposable[]
}

export class Messengers {
  readonly #parts: MessengerParts
  readonly #connected = new Map<string, Connected>()

  constructor(parts: MessengerParts) {
    this.#parts = parts
  }

  has(channel: string): boolean {
    return this.#connected.has(channel)
  }

  /** @throws {BotError} BAD_INPUT */
  connect(
    adapter: Adapter,
    { bot, alias }: { readonly bot: string; readonly alias: string },
  ): void {
    const { name } = adapter
    if (!/^[\w.-]{1,60}$/.test(name))
      throw new BotError(
        'BAD_INPUT',
        `"${name}" is no name of an adapter: 1 to 60 of A-Z a-z 0-9 _ . -`,
      )
    if (this.#connected.has(name)) {
      throw new BotError(
        'BAD_INPUT',
        `an adapter named "${name}" is connected already; give the second one another name`,
      )
    }
    const { journal, attempts, retry, concurrency } = this.#parts
    adapter.attach({ receive: (message) => this.receive(message), journal })
    this.#connected.set(name, {
      adapter,
      bot,
      alias,
      ends: [
        journal.deliver<Waiting>(incomingQueue(name), (message) => this.#answer(message), {
          concurrency,
          retry: { attempts: attempts.turn, ...retry },
          timeout: 600_000,
        }),
        journal.deliver<OutgoingMessage>(
          outgoingQueue(name),
          (message) => this.#deliver(adapter, message),
          { concurrency, retry: { attempts: attempts.deliver, ...retry } },
        ),
      ],
    })
  }

  /** @throws {BotError} NOT_FOUND, BAD_INPUT, LIMIT, UNAVAILABLE */
  async receive(message: IncomingMessage): Promise<Received> {
    const connected = this.#connected.get(message.channel)
    if (connected === undefined) {
      throw new BotError(
        'NOT_FOUND',
        `no adapter named "${message.channel}" is connected; connect it to a bot first`,
      )
    }
    const { atOnce, metrics } = this.#parts
    const arrival = arrivalOf(message, connected)
    try {
      const received = await atOnce.receive(arrival, inputOf(arrival))
      metrics?.received(message.channel, received)
      return received
    } catch (error) {
      metrics?.received(message.channel, 'refused')
      throw asBotError(error)
    }
  }

  /** What the messenger's adapter keeps of one of its users. */
  async forget(
    { channel, user }: { readonly channel: string | null; readonly user: string },
    conversations: readonly string[],
  ): Promise<void> {
    const connected = channel === null ? undefined : this.#connected.get(channel)
    await connected?.adapter.forget?.({ user, conversations })
  }

  /** What runs ends; nothing new begins. */
  async close(): Promise<void> {
    const all = [...this.#connected.values()]
    await Promise.all(all.flatMap(({ ends }) => ends.map((one) => one[Symbol.asyncDispose]())))
    await Promise.all(all.map(({ adapter }) => adapter.close?.()))
  }

  async #answer({ payload, attempt, signal }: Delivery<Waiting>): Promise<void> {
    try {
      await this.#parts.runner.run({ ...inputOf(payload), signal })
    } catch (error) {
      const isHopeless =
        error instanceof BotError && (error.code === 'NOT_FOUND' || error.code === 'BAD_INPUT')
      if (signal.aborted) throw error
      if (!isHopeless && attempt + 1 < this.#parts.attempts.turn) throw error
      await this.#apologize(targetOf(payload), payload.turn, error)
    }
  }

  /** A message is never left without an answer: its turn could not be kept, so the apology stands for it. */
  async #apologize(target: Target, turn: string, error: unknown): Promise<void> {
    const { journal, happenings, metrics, now, onError } = this.#parts
    const { channel, conversation, user, attributes } = target
    const payload: OutgoingMessage = {
      id: `${turn}/out`,
      channel,
      conversation,
      user,
      messages: [{ contentType: 'PlainText', content: plainApology }],
      card: null,
      turn,
      attributes,
      from: 'bot',
      committedAt: now(),
    }
    await journal.send(outgoingQueue(channel), payload, {
      id: payload.id,
      key: outgoingKey(conversation),
    })
    happenings.tell({ type: 'degraded', reason: messageOf(error) })
    metrics?.apologized()
    onError(error)
  }

  async #deliver(adapter: Adapter, message: Delivery<OutgoingMessage>): Promise<void> {
    const { happenings, metrics, attempts, now } = this.#parts
    const { payload, attempt, again, signal } = message
    const told = { id: payload.id, channel: payload.channel }
    try {
      // What a dead process began counts: the adapter looks whether the far side has it.
      const times = Math.max(attempt, again ? 1 : 0)
      await tracedDelivery(payload.channel, () => adapter.deliver(payload, times, signal))
    } catch (error) {
      const isLast = attempt + 1 >= attempts.deliver || error instanceof PermanentError
      metrics?.notDelivered(payload.channel, isLast && !signal.aborted)
      if (isLast && !signal.aborted) happenings.tell({ type: 'undelivered', ...told })
      throw error
    }
    metrics?.delivered(payload.channel, now() - payload.committedAt)
    happenings.tell({ type: 'delivered', ...told })
  }
}

function inputOf(waiting: Waiting): Omit<TurnInput, 'signal'> {
  const { key, id, turn, message } = waiting
  return {
    key,
    id,
    turn,
    request: turn,
    happened: { type: 'said', text: message.text, requestAttributes: {} },
    locale: message.locale,
    lenientLocale: true,
    target: targetOf(waiting),
  }
}

function targetOf({ message }: Waiting): Target {
  const { channel, conversation, user, attributes } = message
  return { channel, conversation, user, attributes }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
