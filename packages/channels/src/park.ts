/**
 * gopark and goready. Parking gives an async goroutine a native promise to await (custom thenables cost half as much
 * again) or marks a generator goroutine as waiting; `ready` completes the waiter's operation and makes it runnable.
 */
import { breath, defer, settleAfterTurn } from './event-loop.ts'
import type { Fiber } from './fiber.ts'
import { Status, type WaitReason } from './goroutine.ts'
import { observation } from './observer.ts'
import { Panic, sendOnClosed } from './panic.ts'
import { makeRunnable, scheduler } from './scheduler.ts'
import {
  acquireSudog,
  newParked,
  type Resolve,
  releaseSudog,
  type Sudog,
  Wait,
  type WaitQueue,
} from './sudog.ts'

/** A settled promise for every operation that has nothing to wait for and nothing to tell. */
export const done: Promise<void> = Promise.resolve()

/** What an operation that has nothing to wait for returns; it lets the event loop have its turn. */
export function atOnce(): Promise<void> {
  return --breath.left < 0 ? settleAfterTurn(done) : done
}

/** Parks the caller, an async goroutine, as `sudog`; the promise settles when it is readied. */
export function parkAwait(
  sudog: Sudog,
  kind: Wait,
  reason: WaitReason,
  on: object | null,
): Promise<unknown> {
  const promise = newParked(sudog)
  sudog.kind = kind
  if (observation.observer !== null) observation.observer.park(sudog, reason, on, promise)
  return promise
}

/** Parks the current generator goroutine, in no queue; it has to yield next. */
export function parkGenerator(reason: WaitReason): Fiber {
  const fiber = currentFiber()
  fiber.g?.wait(reason)
  if (observation.observer !== null) observation.observer.park(fiber, reason, null, null)
  return fiber
}

/** Parks the caller in `queue` until `wake` takes it out; for locks and other things that carry no value. */
export function parkIn(queue: WaitQueue, reason: WaitReason, on: object): Promise<void> {
  const sudog = acquireSudog()
  const promise = parkAwait(sudog, Wait.receive, reason, on)
  queue.enqueue(sudog)
  // Woken with undefined by `wake` below.
  return promise as Promise<void>
}

/** Wakes the first waiter of `queue`; false when there is none. */
export function wake(queue: WaitQueue): boolean {
  const sudog = queue.dequeue()
  if (sudog === null) return false
  ready(sudog, undefined, true)
  return true
}

/** A promise that never settles, for operations on nil channels. */
export function parkForever(reason: WaitReason, on: object | null): Promise<never> {
  const promise = new Promise<never>(() => {})
  observation.observer?.park(null, reason, on, promise)
  return promise
}

/** The goroutine that a generator operation runs in. */
export function currentFiber(): Fiber {
  const { fiber } = scheduler
  if (fiber === null) {
    throw new Panic(
      'ERR_NOT_A_GOROUTINE',
      'yield* on a channel works only inside a generator started by go(function* () { … }); in async functions await send() and receive()',
    )
  }
  return fiber
}

/** Bound here: the engine treats what a module binds itself as constant, what it imports it reads each time. */
const budget = breath
const observed = observation
const { plainReceive, generator, select } = Wait

/**
 * Completes the operation of a waiter that was just dequeued and makes its goroutine runnable. `ok` is false when
 * the channel was closed: a receiver gets `value` as the zero value, a sender panics. `on` is the channel, for traces.
 */
export function ready(sudog: Sudog, value: unknown, ok: boolean, on: object | null = null): void {
  const { kind } = sudog
  if (observed.observer !== null) observed.observer.ready(sudog, on)
  else if (kind >= plainReceive && ok && !budget.overdue) {
    const resolve = sudog.resolve as Resolve // set by parkPlain
    releaseSudog(sudog)
    // A sender's value is undefined here.
    resolve(value)
    return
  }
  if (kind === generator) {
    readyFiber(sudog as Fiber, value, ok) // of that kind are fibers only
    return
  }
  if (kind === select) {
    // A select waiter always has its record; see `SelectRecord.enqueue`.
    sudog.select?.fire(sudog, value, ok)
    return
  }
  const resolve = sudog.resolve as Resolve // every await-lane waiter got one as it parked
  releaseSudog(sudog)
  settle(resolve, outcome(kind, value, ok))
}

export function readyFiber(fiber: Fiber, value: unknown, ok: boolean): void {
  fiber.elem = value
  fiber.ok = ok
  fiber.status = Status.runnable
  makeRunnable(fiber)
}

/** Settles a parked promise, in the next turn of the event loop when that is owed one. */
export function settle(resolve: Resolve, value: unknown): void {
  if (breath.overdue) {
    // A panic is the waiter's to handle, in the next turn.
    if (value instanceof Promise) value.catch(() => {})
    defer(() => resolve(value))
  } else resolve(value)
}

function outcome(kind: Wait, value: unknown, ok: boolean): unknown {
  if (kind === Wait.receive || kind === Wait.plainReceive) return value
  if (kind === Wait.receiveOk) return { value, ok }
  if (kind === Wait.send || kind === Wait.plainSend)
    return ok ? undefined : Promise.reject(sendOnClosed())
  return ok ? { value, done: false } : { value: undefined, done: true }
}
