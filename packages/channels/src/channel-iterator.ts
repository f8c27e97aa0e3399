/**
 * `for await (const value of channel)` and `channel.batches(max)`: Go's `for range ch`, a value or a batch at a time.
 * Both end when the channel is closed and drained; leaving the loop early does not close the channel.
 */
import type { Received } from './chan.ts'
import { Panic } from './panic.ts'

interface Steppable<T> {
  nextResult(): Promise<IteratorResult<T, undefined>>
}

export class ChannelIterator<T> implements AsyncIterator<T, undefined> {
  readonly #channel: Steppable<T>

  constructor(channel: Steppable<T>) {
    this.#channel = channel
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return this.#channel.nextResult()
  }
}

interface Drainable<T> extends Steppable<T> {
  tryReceive(): Received<T> | undefined
}

/** @throws {Panic} ERR_ZERO_BATCH when `max` is not a whole number above 0 */
export function drainBatches<T>(channel: Drainable<T>, max: number): AsyncIterable<T[]> {
  if (!Number.isInteger(max) || max < 1) {
    throw new Panic('ERR_ZERO_BATCH', `batches(max) needs a whole number above 0, got ${max}`)
  }
  const next = async (): Promise<IteratorResult<T[], undefined>> => {
    const first = await channel.nextResult()
    if (first.done === true) return { value: undefined, done: true }
    const batch = [first.value]
    while (batch.length < max) {
      const more = channel.tryReceive()
      if (more === undefined || !more.ok) break
      batch.push(more.value)
    }
    return { value: batch, done: false }
  }
  return { [Symbol.asyncIterator]: () => ({ next }) }
}
