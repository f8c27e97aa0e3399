/**
 * What the service counts and times, in a caller's registry of Prometheus. Labels are few and hold no personal data: names of bots,
 * channels, and outcomes of this package. Without a registry nothing is counted.
 */
import type { Journal } from '@typestead/journal'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { BotError } from '../bot-error.ts'
import type { PlayedTurn } from './turns/played-turn.ts'

/** Seconds: turns of this process take milliseconds, hooks up to half a minute. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30]

/** Milliseconds for which a count of the queues stands: counting costs what the backlog is long. */
const countedFor = 10_000

export class BotMetrics {
  readonly #turns: Counter<'bot' | 'outcome'>
  readonly #turnSeconds: Histogram
  readonly #understanding: Histogram
  readonly #hooks: Histogram<'outcome'>
  readonly #commits: Histogram
  readonly #degraded: Counter<'reason'>
  readonly #messages: Counter<'channel' | 'outcome'>
  readonly #deliveries: Counter<'channel' | 'outcome'>
  readonly #deliverySeconds: Histogram<'channel'>

  constructor(registry: Registry, journal: Journal, onError: (error: unknown) => void) {
    const registers = [registry]
    const timed = (name: string, help: string) => new Histogram({ name, help, buckets, registers })
    this.#turns = new Counter({
      name: 'bot_turns_total',
      help: 'Turns by bot and outcome: answered, person (a person has the conversation), repeated, or the code of what failed.',
      labelNames: ['bot', 'outcome'],
      registers,
    })
    this.#turnSeconds = timed('bot_turn_seconds', 'Turns, from their session to their commit.')
    this.#understanding = timed('bot_understanding_seconds', 'Finding out what a sentence means.')
    this.#hooks = new Histogram({
      name: 'bot_hook_seconds',
      help: 'Calls of hooks, by outcome: ok, or the code of what failed.',
      labelNames: ['outcome'],
      buckets,
      registers,
    })
    this.#commits = timed(
      'bot_commit_seconds',
      'Keeping a turn, with what waits for the same commit.',
    )
    this.#degraded = new Counter({
      name: 'bot_degraded_total',
      help: 'Answers that were less than they should be: understanding was away, a hook failed, an apology stood for the turn.',
      labelNames: ['reason'],
      registers,
    })
    this.#messages = new Counter({
      name: 'bot_messages_total',
      help: 'Messages that messengers handed over: accepted, repeated (known already), refused (to be sent again).',
      labelNames: ['channel', 'outcome'],
      registers,
    })
    this.#deliveries = new Counter({
      name: 'bot_deliveries_total',
      help: 'Attempts to deliver an answer: delivered, failed (tried again), undelivered (given up).',
      labelNames: ['channel', 'outcome'],
      registers,
    })
    this.#deliverySeconds = new Histogram({
      name: 'bot_delivery_seconds',
      help: 'From the commit of an answer until its messenger had it.',
      labelNames: ['channel'],
      buckets: [...buckets, 300],
      registers,
    })
    queueGauge(registry, journal, onError)
  }

  /** A turn was kept. */
  turn({ model, input, play, took, began, committing }: PlayedTurn): void {
    const { failure, session } = play
    const { type } = input.happened
    const isBots = (type === 'said' || type === 'put') && session.person === null
    this.#turns.inc({ bot: model.name, outcome: failure?.code ?? (isBots ? 'answered' : 'person') })
    const now = performance.now()
    this.#turnSeconds.observe((now - began) / 1000)
    this.#commits.observe((now - committing) / 1000)
    if (took.understanding > 0) this.#understanding.observe(took.understanding / 1000)
    let hook = 0
    for (const event of play.events) {
      if (event.type === 'said' && event.understanding.degraded !== null)
        this.#degraded.inc({ reason: 'understanding' })
      if (event.type !== 'hookReturned') continue
      const outcome = event.result.ok ? 'ok' : event.result.error.code
      const milliseconds = took.hooks[hook++]
      if (milliseconds !== undefined) this.#hooks.observe({ outcome }, milliseconds / 1000)
      if (!event.result.ok) this.#degraded.inc({ reason: 'hook' })
    }
  }

  /** A request was answered with what was kept before. */
  repeated(bot: string): void {
    this.#turns.inc({ bot, outcome: 'repeated' })
  }

  /** A turn was not kept. The bot's name is the caller's own, so it is no label. */
  refused(error: unknown): void {
    const outcome = error instanceof BotError ? error.code : 'ABORTED'
    this.#turns.inc({ bot: '', outcome })
  }

  received(channel: string, outcome: 'accepted' | 'repeated' | 'refused'): void {
    this.#messages.inc({ channel, outcome })
  }

  /** @param milliseconds since the commit, by the clocks of two processes */
  delivered(channel: string, milliseconds: number): void {
    this.#deliveries.inc({ channel, outcome: 'delivered' })
    this.#deliverySeconds.observe({ channel }, Math.max(0, milliseconds) / 1000)
  }

  notDelivered(channel: string, isGivenUp: boolean): void {
    this.#deliveries.inc({ channel, outcome: isGivenUp ? 'undelivered' : 'failed' })
  }

  apologized(): void {
    this.#degraded.inc({ reason: 'apology' })
  }
}

/** What waits of all processes that share the journal; counted when somebody looks. A database that is away shows nothing. */
function queueGauge(registry: Registry, journal: Journal, onError: (error: unknown) => void): void {
  let until = Number.NEGATIVE_INFINITY
  new Gauge({
    name: 'bot_queue_messages',
    help: 'Messages by channel and direction (in, out): waiting, running, dead (given up).',
    labelNames: ['channel', 'direction', 'state'],
    registers: [registry],
    async collect() {
      if (performance.now() < until) return
      until = performance.now() + countedFor
      try {
        const queues = await journal.inspect.queues()
        this.reset()
        for (const { queue, ...counts } of queues) {
          const [, direction, channel] = /^bot\.(in|out)\/(.*)$/.exec(queue) ?? []
          if (direction === undefined || channel === undefined) continue
          for (const state of ['waiting', 'running', 'dead'] as const)
            this.set({ channel, direction, state }, counts[state])
        }
      } catch (error) {
        this.reset()
        onError(error)
      }
    },
  })
}
