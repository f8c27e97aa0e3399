/**
 * A sudog is one goroutine waiting on one channel; a wait queue is a doubly linked list of them, so that `select`
 * removes its losing cases in O(1). Invariants: a sudog is in at most one queue, the case of a select in the one named
 * by `queue`; the first of a queue and whoever is in none has no `prev`.
 */
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
  /** As `receive` and `send`, of an async goroutine that nobody observed as it parked: `g` is null. */
  plainReceive: 6,
  plainSend: 7,
} as const
export type Wait = (typeof Wait)[keyof typeof Wait]

export type Resolve = (value: unknown) => void

/** Between parks it holds nothing: a resolver would keep a forgotten goroutine from being collected. */
const none: Resolve = () => {}
let captured: Resolve = none
const capture = (resolve: Resolve): void => {
  captured = resolve
}

/** A promise that settles when the resolver left in `sudog` is called. */
export function newParked(sudog: { resolve: Resolve | null }): Promise<unknown> {
  const promise = new Promise(capture)
  sudog.resolve = captured
  captured = none
  return promise
}

/** Linked through `next`. */
let free: Sudog | null = null
let freeCount = 0
const freeLimit = 256

export class Sudog {
  /** Known in the generator lane, and in the await lane while goroutines are observed. */
  g: Goroutine | null = null
  kind: Wait = Wait.receive
  next: Sudog | null = null
  prev: Sudog | null = null
  /** The value to send; what was received is passed on without being stored. */
  elem: unknown = undefined
  queue: WaitQueue | null = null
  resolve: Resolve | null = null
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
    sudog.queue = this
    this.append(sudog)
  }

  /** As `enqueue`, of one that will leave only as the first: it need not know where it waits. */
  append(sudog: Sudog): void {
    const { last } = this
    if (last === null) this.first = sudog
    else {
      last.next = sudog
      sudog.prev = last
    }
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
      this.shift(first)
      const { select } = first
      if (select === null || select.claim === null || select.claim(first)) return first
    }
  }

  /** Takes the first waiter out, which is there. */
  shift(first: Sudog): void {
    const { next } = first
    this.first = next
    if (next === null) this.last = null
    else {
      next.prev = null
      first.next = null
    }
    first.queue = null
  }

  /** Parks an async goroutine that nobody observes, with a plain `kind`. */
  parkPlain(kind: Wait, elem: unknown): Promise<unknown> {
    let sudog = free
    if (sudog === null) sudog = new Sudog()
    else {
      free = sudog.next
      freeCount--
      sudog.next = null
    }
    sudog.kind = kind
    sudog.elem = elem
    const promise = new Promise(capture)
    sudog.resolve = captured
    captured = none
    this.append(sudog)
    return promise
  }

  /** Takes the first waiter out, which is there and plain; its resolver. */
  shiftPlain(first: Sudog): Resolve {
    const { next } = first
    const resolve = first.resolve as Resolve // set by parkPlain
    this.first = next
    if (next === null) this.last = null
    else next.prev = null
    first.elem = undefined
    first.resolve = null
    if (freeCount < freeLimit) {
      freeCount++
      first.next = free
      free = first
    } else first.next = null
    return resolve
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

/** A blank sudog, from the free list when it has one (Go's `acquireSudog`). */
export function acquireSudog(): Sudog {
  const sudog = free
  if (sudog === null) return new Sudog()
  free = sudog.next
  freeCount--
  sudog.next = null
  return sudog
}

/** Gives a dequeued sudog back; it keeps no reference to what it carried. */
export function releaseSudog(sudog: Sudog): void {
  sudog.g = null
  sudog.elem = undefined
  sudog.resolve = null
  sudog.select = null
  if (freeCount === freeLimit) return
  freeCount++
  sudog.next = free
  free = sudog
}
