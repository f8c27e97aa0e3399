/**
 * One waiting `select`: its sudogs, one per case that can become ready, and whom to tell. Firing one case removes
 * all others from their queues at once, so a queue never holds a waiter of a select that is over.
 */
import type { Channel } from './channel.ts'
import type { Fiber } from './fiber.ts'
import type { WaitReason } from './goroutine.ts'
import { observation } from './observer.ts'
import { sendOnClosed } from './panic.ts'
import { currentFiber, readyFiber, settle } from './park.ts'
import { acquireSudog, newParked, type Resolve, releaseSudog, type Sudog, Wait } from './sudog.ts'

/** What a select reports; `value` is undefined for a send and for `otherwise`. */
export interface Selected {
  readonly index: number
  readonly value: unknown
  readonly ok: boolean
}

export class SelectRecord {
  private readonly sudogs: Sudog[] = []
  /** @internal */ resolve: Resolve | null = null
  private fiber: Fiber | null = null
  /**
   * Set while the select also waits on channels of other threads: decides, once and for all threads, whether this
   * waiter may be served.
   */
  claim: ((sudog: Sudog) => boolean) | null = null
  /** The word in shared memory that decides this select for all threads; 0 when it has no offer there. */
  word = 0
  /** Tries all cases anew; for a waiter that was woken for a value that another thread then took. */
  restart: (() => void) | null = null
  /** Runs when the select is over and its waiters have left their queues. */
  onFired: (() => void) | null = null

  /** Adds a waiter for case `index`. */
  enqueue(
    channel: Channel<unknown>,
    index: number,
    direction: 'send' | 'receive',
    value: unknown,
  ): void {
    const sudog = acquireSudog()
    sudog.elem = value
    this.add(sudog, index, direction === 'send')
    if (direction === 'send') channel.senders().enqueue(sudog)
    else channel.receivers().enqueue(sudog)
  }

  /** Adds a waiter of a channel that keeps its own queues. */
  add(sudog: Sudog, index: number, sending: boolean): void {
    sudog.kind = Wait.select
    sudog.select = this
    sudog.index = sending ? ~index : index
    this.sudogs.push(sudog)
  }

  /** Parks an async goroutine; call after the cases are enqueued. */
  parkAwait(reason: WaitReason): Promise<Selected> {
    const promise = newParked(this)
    if (observation.observer !== null) this.observePark(reason, promise)
    return promise as Promise<Selected> // settled by `tell` only
  }

  /** Parks the current generator goroutine; it has to yield next. */
  parkGenerator(reason: WaitReason): void {
    const fiber = currentFiber()
    this.fiber = fiber
    fiber.g?.wait(reason)
    for (const sudog of this.sudogs) sudog.g = fiber.g
    if (observation.observer !== null) this.observePark(reason, null)
  }

  /** Completes the select with the case of `winner`, which has left its queue. */
  fire(winner: Sudog, value: unknown, ok: boolean): void {
    const sending = winner.index < 0
    const index = sending ? ~winner.index : winner.index
    this.cancel()
    this.tell({ index, value, ok }, ok || !sending)
  }

  /** The goroutine gets the outcome of another select instead. */
  follow(outcome: Promise<Selected>): void {
    const resolve = this.resolve
    this.resolve = null
    resolve?.(outcome)
  }

  /** Takes all waiters out of their queues and ends what stands for them elsewhere. */
  cancel(): void {
    for (const sudog of this.sudogs) sudog.queue?.remove(sudog)
    this.onFired?.()
    for (const sudog of this.sudogs) releaseSudog(sudog)
    this.sudogs.length = 0
  }

  /** Wakes the goroutine; it panics with `send on closed channel` unless `proceeds`. */
  tell(selected: Selected, proceeds: boolean): void {
    const resolve = this.resolve
    const fiber = this.fiber
    this.resolve = null
    this.fiber = null
    if (resolve !== null) settle(resolve, proceeds ? selected : Promise.reject(sendOnClosed()))
    else if (fiber !== null) readyFiber(fiber, selected, proceeds)
  }

  private observePark(reason: WaitReason, promise: Promise<unknown> | null): void {
    const [first] = this.sudogs
    observation.observer?.park(first ?? null, reason, null, promise)
    if (first !== undefined) for (const sudog of this.sudogs) sudog.g = first.g
  }
}
