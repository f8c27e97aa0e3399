/**
 * Plays messages as they come in, where nothing of their conversation waits: one whose turn takes less than a moment is kept with
 * that turn in one commit. One that takes longer, or whose hooks need a claim because other processes are there, is kept first, held
 * by this process, and its turn's commit ends it. Everything else waits in its queue, and so does what goes wrong here: the queue
 * tries again, and tells why it could not.
 *
 * Order: a conversation's messages are kept one after the other; none overtakes one that waits, is held, or is being played.
 */

import { KeyedOrder } from '../turns/keyed-order.ts'
import { moment, within } from '../turns/moment.ts'
import type { TurnInput } from '../turns/turn-input.ts'
import type { Arrival, Received } from './intake.ts'
import { PlayedMessage, type PlayingParts } from './played-message.ts'

const limits = { capacity: 20_000, capacityPerKey: 1_000 }

export class AtOnce {
  readonly #parts: PlayingParts
  /** Turns at once; what comes beyond them waits in its queue. */
  readonly #concurrency: number
  readonly #line = new KeyedOrder(limits)
  readonly #played = new Set<PlayedMessage>()

  constructor(parts: PlayingParts, concurrency: number) {
    this.#parts = parts
    this.#concurrency = concurrency
  }

  /** @throws {BotError} LIMIT; {JournalError} */
  receive(arrival: Arrival, input: Omit<TurnInput, 'signal'>): Promise<Received> {
    return this.#line.run(arrival.id, () => this.#receive(arrival, input))
  }

  /** What is being received is kept first; turns under way have `grace` milliseconds, then their messages go back to the queue. */
  async close(grace = 10_000): Promise<void> {
    await this.#line.drained()
    const stop = setTimeout(() => {
      for (const played of this.#played) played.stop()
    }, grace)
    await Promise.all([...this.#played].map((played) => played.ended))
    clearTimeout(stop)
  }

  async #receive(arrival: Arrival, input: Omit<TurnInput, 'signal'>): Promise<Received> {
    const { intake, runner } = this.#parts
    if (runner.isBusy(arrival.id)) await within(runner.rest(arrival.id), moment)
    if (this.#played.size >= this.#concurrency || runner.isBusy(arrival.id))
      return intake.queue(arrival)
    return await new Promise((resolve, reject) => {
      const played = new PlayedMessage(this.#parts, arrival, input, resolve)
      this.#played.add(played)
      // The conversation's next turn waits for this one's end, the messenger only for its being kept.
      runner
        .between(arrival.id, () => played.play())
        .catch(reject)
        .finally(() => this.#played.delete(played))
    })
  }
}
