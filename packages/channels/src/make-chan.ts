/** `make(chan T, capacity)`. */
import type { Chan } from './chan.ts'
import { Channel, type Traits } from './channel.ts'
import { CloneChannel } from './clone-channel.ts'
import { any, type Element } from './element.ts'
import { chanSizeOutOfRange } from './panic.ts'

/** Go's limit on a 64-bit machine for one-byte elements is near 2^47; an array index ends at 2^32 - 2. */
const maxCapacity = 2 ** 32 - 2

export interface ChanOptions<T> {
  /** What a receive gives on a closed, drained channel. Default: the zero of `elem`, else undefined. */
  readonly zero?: T
  /** Go's element type, for the printed type, `elemsize` and the zero value. */
  readonly elem?: Element<T>
  /** A name for reports and traces. */
  readonly name?: string
  /**
   * `reference` (default) passes the value itself, as Go copies a pointer and not what it points to; `clone` sends
   * a structured clone, so that later changes by the sender are not seen.
   */
  readonly copy?: 'reference' | 'clone'
}

/**
 * Makes a channel of this thread. Capacity 0 (the default) is unbuffered: a send waits for its receiver.
 * @throws {Panic} `makechan: size out of range`
 */
export function makeChan<T>(capacity = 0, options: ChanOptions<T> = noOptions): Chan<T> {
  if (!Number.isInteger(capacity) || capacity < 0 || capacity > maxCapacity) {
    throw chanSizeOutOfRange()
  }
  // Its zero value is undefined, as `receive` documents.
  if (options === noOptions) return new Channel<T>(capacity, plain as unknown as Traits<T>)
  const traits: Traits<T> = { element: elementOf(options), name: options.name ?? '' }
  return options.copy === 'clone'
    ? new CloneChannel<T>(capacity, traits)
    : new Channel<T>(capacity, traits)
}

const noOptions: ChanOptions<never> = {}

/** Of a channel without options. */
const plain: Traits<unknown> = { element: any, name: '' }

function elementOf<T>(options: ChanOptions<T>): Element<T> {
  const { elem, zero } = options
  // Without elem or zero the zero value is undefined, as `receive` documents.
  if (!('zero' in options)) return elem ?? (any as Element<T>)
  const { name, size } = elem ?? guess(zero)
  return { name, size, zero: zero as T } // present, by the test above
}

function guess(zero: unknown): { name: string; size: number } {
  if (typeof zero === 'number') return { name: 'int', size: 8 }
  if (typeof zero === 'string') return { name: 'string', size: 16 }
  if (typeof zero === 'boolean') return { name: 'bool', size: 1 }
  if (typeof zero === 'bigint') return { name: 'int64', size: 8 }
  return any
}

/** Go's `len(ch)`; 0 for a nil channel. */
export const len = (channel: { readonly length: number } | null | undefined): number =>
  channel?.length ?? 0

/** Go's `cap(ch)`; 0 for a nil channel. */
export const cap = (channel: { readonly capacity: number } | null | undefined): number =>
  channel?.capacity ?? 0
