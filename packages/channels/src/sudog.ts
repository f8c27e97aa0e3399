/**
 * A sudog is one goroutine waiting on one channel; a wait queue is a doubly linked list of them, so that `select`
 * removes its losing cases in O(1). Invariant: a sudog is in at most one queue, named by `queue`.
 */
import type { Channel } from './channel.ts'
import type { Goroutine } from './goroutine.ts'
import type { SelectRecord } from './select-record.ts'

/** What the waiter expects when it is readied. */
export const Wait = {
  receive: 0,
  receiveOk: 1,
  iterate: 2,
  send: 3,
  select: 4,
  /** Any of the above in the generator lane: the goroutine itself is put on the run queue. */
  generator: 5,
} as const
export type Wait = (typeof Wait)[keyof typeof Wait]

export class Sudog {
  /** Known in the generator lane, and in the await lane while goroutines are observed. */
  g: Goroutine | null = null
  kind: Wait = Wait.receive
  next: Sudog | null = null
  prev: Sudog | null = null
  /** The value to send; what was received is passed on without being stored. */
  elem: unknown = undefined
  channel: Channel<unknown> | null = null
  queue: WaitQueue | null = null
  resolve: ((value: unknown) => void) | null = null
  select: SelectRecord | null = null
  /** Which case of `select` this is; the complement (~) of that for a case that sends. */
  index = 0

  get isSelect(): boolean {
    return this.select !== null
  }
}

export class WaitQueue {
  first: Sudog | null = null
  last: Sudog | null = null

  enqueue(sudog: Sudog): void {
    const last = this.last
    sudog.queue = this
    sudog.prev = last
    if (last === null) this.first = sudog
    else last.next = sudog
    this.last = sudog
  }

  /** Puts a waiter back to where it was taken from. */
  enqueueFirst(sudog: Sudog): void {
    const { first } = this
    sudog.queue = this
    sudog.next = first
    if (first === null) this.last = sudog
    else first.prev = sudog
    this.first = sudog
  }

  /**
   * The next waiter that can be served, taken out of the queue. A select that was already won elsewhere (possible
   * only when it also waits on channels of other threads) is dropped.
   */
  dequeue(): Sudog | null {
    for (;;) {
      const first = this.first
      if (first === null) return null
      this.remove(first)
      const { select } = first
      if (select === null || select.claim === null || select.claim(first)) return first
    }
  }

  remove(sudog: Sudog): void {
    const { prev, next } = sudog
    if (prev === null) this.first = next
    else prev.next = next
    if (next === null) this.last = prev
    else next.prev = prev
    sudog.prev = null
    sudog.next = null
    sudog.queue = null
  }
}

/** The queue of every channel on which nobody has waited yet. */
export const nobody: WaitQueue = new WaitQueue()

const pool: Sudog[] = []
const poolLimit = 256

/** A blank sudog, from the free list when it has one (Go's `acquireSudog`). */
export function acquireSudog(): Sudog {
  return pool.pop() ?? new Sudog()
}

/** Gives a dequeued sudog back; it keeps no reference to what it carried. */
export function releaseSudog(sudog: Sudog): void {
  sudog.g = null
  sudog.elem = undefined
  sudog.channel = null
  sudog.resolve = null
  sudog.select = null
  if (pool.length < poolLimit) pool.push(sudog)
}
