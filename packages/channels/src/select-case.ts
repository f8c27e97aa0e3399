/**
 * One operation as a value: a case of `select`, and what the generator lane delegates to (`yield* recv(ch)`).
 * A case holds no state of its own while it waits, so one object can be used again and again.
 */
import type { Received, RecvChan, SendChan } from './chan.ts'
import type { Channel } from './channel.ts'
import { breath, defer, outOfBreath } from './event-loop.ts'
import type { Fiber } from './fiber.ts'
import { Status, type WaitReason } from './goroutine.ts'
import { observation } from './observer.ts'
import { Panic, sendOnClosed } from './panic.ts'
import { currentFiber, parkGenerator, readyFiber } from './park.ts'
import { drained, nothing } from './receive-outcome.ts'
import { Wait } from './sudog.ts'

/** A channel that lives outside this thread's heap; the threads part provides it. */
export interface ForeignChannel {
  readonly foreign: true
  receive(): Promise<unknown>
  receiveOk(): Promise<Received<unknown>>
  send(value: unknown): Promise<void>
}

/** @internal where a case points; null is a nil channel. */
export type CaseChannel = Channel<unknown> | ForeignChannel | null

/** Bound here: the engine treats what a module binds itself as constant, what it imports it reads each time. */
const budget = breath
const observed = observation
const none = nothing
const inGenerator = Wait.generator
const { waitingToReceive, waitingToSend } = Status
const closed = drained

const waiting: IteratorResult<never, never> = { done: false, value: undefined as never }

/** Reused: `yield*` reads a result at once and keeps none. */
const finished: { done: true; value: unknown } = { done: true, value: undefined }

function finish<V>(value: V): IteratorReturnResult<V> {
  finished.value = value
  return finished as IteratorReturnResult<V> // holds the V just stored
}

abstract class Operation<R> {
  /** @internal */ readonly channel: CaseChannel
  /** @internal the channel when it is one of this thread, else null */
  readonly local: Channel<unknown> | null

  constructor(channel: CaseChannel) {
    this.channel = channel
    // What is not foreign is a channel of this thread.
    this.local = channel === null || channel.foreign ? null : (channel as Channel<unknown>)
  }

  /** One step of `yield*`: begins the operation, or, given the goroutine that was resumed, tells its outcome. */
  abstract next(resumed?: Fiber): IteratorResult<never, R>

  [Symbol.iterator](): Iterator<never, R> {
    return this
  }
}

/** A receive. */
export class RecvCase<out T> extends Operation<T> {
  readonly direction = 'receive'

  next(resumed?: Fiber): IteratorResult<never, T> {
    if (resumed !== undefined) {
      const value = resumed.elem
      resumed.elem = undefined
      // Readied with a T by the channel it waited on.
      return finish(value as T)
    }
    return beginReceive(this) as IteratorResult<never, T> // the channel's own value
  }
}

/** A receive with the `ok` form. */
export class RecvOkOperation<out T> extends Operation<Received<T>> {
  next(resumed?: Fiber): IteratorResult<never, Received<T>> {
    if (resumed !== undefined) {
      const { elem: value, ok } = resumed
      resumed.elem = undefined
      return finish({ value, ok } as Received<T>) // readied with a T
    }
    const channel = this.local
    if (channel === null) return parkNowhere(this.channel, 'chan receive (nil chan)')
    const value = channel.receiveNow()
    if (value === none) return parkReceiver(channel)
    const ok = value !== closed
    const got = ok ? value : channel.element.zero
    if (--budget.left < 0 && outOfBreath()) return finishLater(got, ok)
    return finish({ value: got, ok } as Received<T>) // the channel's own value
  }
}

/** A send of `value`. */
export class SendCase extends Operation<void> {
  readonly direction = 'send'
  /** @internal */ value: unknown

  constructor(channel: CaseChannel, value: unknown) {
    super(channel)
    this.value = value
  }

  next(resumed?: Fiber): IteratorResult<never, void> {
    if (resumed !== undefined) {
      if (!resumed.ok) throw sendOnClosed()
      return finish(undefined)
    }
    return beginSend(this)
  }
}

/** The `default` of a `select`. */
export class Otherwise {
  readonly direction = 'default'
}

export const otherwise: Otherwise = new Otherwise()

export type SelectCase = RecvCase<unknown> | SendCase | Otherwise

/** `case v := <-ch`, and `yield* recv(ch)` in the generator lane. A null channel is never ready. */
export function recv<T>(channel: RecvChan<T> | null | undefined): RecvCase<T> {
  return channel == null ? new RecvCase<T>(null) : channel.recv()
}

/** `case ch <- value`, and `yield* send(ch, value)` in the generator lane. A null channel is never ready. */
export function send<T>(channel: SendChan<T> | null | undefined, value: T): SendCase {
  return channel == null ? new SendCase(null, value) : channel.sending(value)
}

/** Apart from `next`, so that what a resumed goroutine does stays small enough to be inlined. */
function beginReceive(operation: Operation<unknown>): IteratorResult<never, unknown> {
  const channel = operation.local
  if (channel === null) return parkNowhere(operation.channel, 'chan receive (nil chan)')
  if (channel.qcount === 0 && channel.sendq.first === null && !channel.closed) {
    return parkReceiver(channel)
  }
  const got = channel.receiveOr(none)
  if (got === none) return parkReceiver(channel)
  if (--budget.left < 0 && outOfBreath()) return finishLater(got, true)
  return finish(got)
}

function beginSend(operation: SendCase): IteratorResult<never, void> {
  const channel = operation.local
  if (channel === null) return parkNowhere(operation.channel, 'chan send (nil chan)')
  const value = channel.copied(operation.value)
  if (channel.qcount > 0 && channel.appendPlain(value)) {
    if (--budget.left < 0 && outOfBreath()) return finishLater(undefined, true)
    return finish(undefined)
  }
  const receiver = channel.recvq.first
  if (receiver !== null && receiver.kind === inGenerator && observed.observer === null) {
    // What `sendNow` does, for one generator that hands to another.
    channel.recvq.shift(receiver)
    readyFiber(receiver as Fiber, value, true) // of that kind are fibers only
    if (--budget.left < 0 && outOfBreath()) return finishLater(undefined, true)
    return finish(undefined)
  }
  if (!channel.sendNow(value)) return parkSender(channel, value)
  if (--budget.left < 0 && outOfBreath()) return finishLater(undefined, true)
  return finish(undefined)
}

/** The operation is done; the event loop has its turn before the goroutine goes on. */
function finishLater(value: unknown, ok: boolean): IteratorResult<never, never> {
  const fiber = currentFiber()
  defer(() => readyFiber(fiber, value, ok))
  return waiting
}

function parkReceiver(channel: Channel<unknown>): IteratorResult<never, never> {
  const fiber = currentFiber()
  fiber.status = waitingToReceive
  if (observed.observer !== null) observed.observer.park(fiber, 'chan receive', channel, null)
  channel.receivers().append(fiber)
  return waiting
}

function parkSender(channel: Channel<unknown>, value: unknown): IteratorResult<never, never> {
  const fiber = currentFiber()
  fiber.elem = value
  fiber.status = waitingToSend
  if (observed.observer !== null) observed.observer.park(fiber, 'chan send', channel, null)
  channel.senders().append(fiber)
  return waiting
}

/** A nil channel is never ready. */
function parkNowhere(channel: CaseChannel, reason: WaitReason): IteratorResult<never, never> {
  if (channel !== null) {
    throw new Panic(
      'ERR_NOT_A_GOROUTINE',
      'a shared channel waits in the generator lane through until(): yield* until(ch.receive())',
    )
  }
  parkGenerator(reason)
  return waiting
}
