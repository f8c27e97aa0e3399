/**
 * One operation as a value: a case of `select`, and what the generator lane delegates to (`yield* recv(ch)`).
 * A case holds no state of its own while it waits, so one object can be used again and again.
 */
import type { Received, RecvChan, SendChan } from './chan.ts'
import type { Channel } from './channel.ts'
import { breath, defer, outOfBreath } from './event-loop.ts'
import type { Goroutine, WaitReason } from './goroutine.ts'
import { Panic, sendOnClosed } from './panic.ts'
import { currentGenerator, parkGenerator } from './park.ts'
import { lastReceive, nothing } from './receive-outcome.ts'
import { makeRunnable, scheduler } from './scheduler.ts'
import { acquireSudog } from './sudog.ts'

/** A channel that lives outside this thread's heap; the threads part provides it. */
export interface ForeignChannel {
  readonly foreign: true
  receive(): Promise<unknown>
  receiveOk(): Promise<Received<unknown>>
  send(value: unknown): Promise<void>
}

/** @internal where a case points; null is a nil channel. */
export type CaseChannel = Channel<unknown> | ForeignChannel | null

const waiting: IteratorResult<never, never> = { done: false, value: undefined as never }

/** Reused: `yield*` reads a result at once and keeps none. */
const finished: { done: true; value: unknown } = { done: true, value: undefined }

function finish<V>(value: V): IteratorReturnResult<V> {
  finished.value = value
  return finished as IteratorReturnResult<V> // holds the V just stored
}

abstract class Operation<R> {
  /** @internal */ readonly channel: CaseChannel

  constructor(channel: CaseChannel) {
    this.channel = channel
  }

  /** One step of `yield*`. */
  abstract next(): IteratorResult<never, R>

  [Symbol.iterator](): Iterator<never, R> {
    return this
  }
}

/** A receive. */
export class RecvCase<out T> extends Operation<T> {
  readonly direction = 'receive'

  next(): IteratorResult<never, T> {
    const goroutine = scheduler.current ?? currentGenerator()
    if (goroutine.resumed) {
      goroutine.resumed = false
      const { value } = goroutine
      goroutine.value = undefined
      // Readied with a T by the channel it waited on.
      return finish(value as T)
    }
    if (--breath.left < 0 && outOfBreath()) return pause(goroutine)
    const value = receiveOrPark(this.channel)
    return value === nothing ? waiting : finish(value as T)
  }
}

/** A receive with the `ok` form. */
export class RecvOkOperation<out T> extends Operation<Received<T>> {
  next(): IteratorResult<never, Received<T>> {
    const goroutine = scheduler.current ?? currentGenerator()
    if (goroutine.resumed) {
      goroutine.resumed = false
      return finish({ value: goroutine.value, ok: goroutine.ok } as Received<T>) // readied with a T
    }
    if (--breath.left < 0 && outOfBreath()) return pause(goroutine)
    const value = receiveOrPark(this.channel)
    if (value === nothing) return waiting
    return finish({ value, ok: lastReceive.ok } as Received<T>) // this channel's own value
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

  next(): IteratorResult<never, void> {
    const goroutine = scheduler.current ?? currentGenerator()
    if (goroutine.resumed) {
      goroutine.resumed = false
      if (!goroutine.ok) throw sendOnClosed()
      return finish(undefined)
    }
    if (--breath.left < 0 && outOfBreath()) return pause(goroutine)
    const channel = local(this.channel)
    if (channel === null) return parkOn(null, 'chan send (nil chan)')
    const value = channel.copy === null ? this.value : channel.copy(this.value)
    if (channel.sendNow(value)) return finish(undefined)
    const sudog = acquireSudog()
    sudog.channel = channel
    sudog.elem = value
    parkGenerator(sudog, 'chan send', channel)
    channel.senders().enqueue(sudog)
    return waiting
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

/** Gives the event loop its turn; the operation is tried when the goroutine runs again. */
function pause(goroutine: Goroutine): IteratorResult<never, never> {
  goroutine.state = 'runnable'
  defer(() => makeRunnable(goroutine))
  return waiting
}

function receiveOrPark(target: CaseChannel): unknown {
  const channel = local(target)
  if (channel === null) {
    parkOn(null, 'chan receive (nil chan)')
    return nothing
  }
  const value = channel.receiveNow()
  if (value !== nothing) return value
  const sudog = acquireSudog()
  sudog.channel = channel
  parkGenerator(sudog, 'chan receive', channel)
  channel.receivers().enqueue(sudog)
  return nothing
}

function parkOn(on: object | null, reason: WaitReason): IteratorResult<never, never> {
  parkGenerator(acquireSudog(), reason, on)
  return waiting
}

function local(channel: CaseChannel): Channel<unknown> | null {
  if (channel?.foreign === true) {
    throw new Panic(
      'ERR_NOT_A_GOROUTINE',
      'a shared channel waits in the generator lane through until(): yield* until(ch.receive())',
    )
  }
  return channel
}
