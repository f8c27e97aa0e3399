/**
 * A channel of one thread: Go's `hchan` and the algorithms of `runtime/chan.go`.
 * Invariants: `qcount` values stand in `buf` from `recvx`, wrapping at `dataqsiz`; a goroutine waits in `recvq` only
 * while the buffer is empty and nobody waits in `sendq`, and in `sendq` only while the buffer is full; a closed
 * channel has no waiters. One thread runs at a time, so there is no lock word to take.
 * `send` and `receive` do the common cases here, whole; observed goroutines, selects and generators among the waiters,
 * closed channels and an event loop that is owed its turn go through `operations.ts`.
 */

import type { Chan, Received } from './chan.ts'
import { ChannelIterator, drainBatches } from './channel-iterator.ts'
import type { Element } from './element.ts'
import { breath } from './event-loop.ts'
import { observation } from './observer.ts'
import {
  closeAndReady,
  handToReceiver,
  receiveAs,
  receiveUnbuffered,
  refillFromSender,
  sendObserved,
} from './operations.ts'
import { sendOnClosed } from './panic.ts'
import { done } from './park.ts'
import { drained, nothing } from './receive-outcome.ts'
import { RecvCase, RecvOkOperation, SendCase } from './select-case.ts'
import { nobody, Wait, WaitQueue } from './sudog.ts'

/** What does not change and is mostly the same for many channels. */
export interface Traits<T> {
  readonly element: Element<T>
  readonly name: string
}

/**
 * Bound here because the engine treats what a module binds itself as constant; what it imports it reads and checks
 * each time, which costs these few operations a tenth.
 */
const budget = breath
const observed = observation
const resolved = done
const { plainReceive, plainSend } = Wait

let channels = 0

/** The buffer of every channel that has none. */
const unbuffered: undefined[] = [undefined]

export class Channel<T> implements Chan<T> {
  /** @internal */ qcount = 0
  /** @internal */ readonly dataqsiz: number
  /** @internal grows to `dataqsiz` as it is first filled */ readonly buf: (T | undefined)[]
  /** @internal */ closed = false
  /** @internal */ recvx = 0
  /** @internal enqueue through `receivers()` */ recvq: WaitQueue = nobody
  /** @internal enqueue through `senders()` */ sendq: WaitQueue = nobody
  /** @internal */ readonly traits: Traits<T>
  /** @internal */ readonly id = ++channels
  /** for `yield*`, which reads it at once; made when first used */
  private receiving: RecvCase<T> | null = null
  private putting: SendCase | null = null

  constructor(capacity: number, traits: Traits<T>) {
    this.dataqsiz = capacity
    // One slot, so that its elements are of the general kind from the start.
    this.buf = capacity === 0 ? unbuffered : [undefined]
    this.traits = traits
  }

  get name(): string {
    return this.traits.name
  }

  /** @internal */
  get element(): Element<T> {
    return this.traits.element
  }

  /** @internal tells it from a channel of other threads */
  get foreign(): false {
    return false
  }

  get length(): number {
    return this.qcount
  }

  get capacity(): number {
    return this.dataqsiz
  }

  send(value: T): Promise<void> {
    if (--budget.left < 0 || observed.observer !== null) return sendObserved(this, value)
    const receiver = this.recvq.first
    if (receiver !== null) {
      if (receiver.kind !== plainReceive) return sendObserved(this, value)
      this.recvq.shiftPlain(receiver)(value)
      return resolved
    }
    if (this.closed) return Promise.reject(sendOnClosed())
    if (this.qcount < this.dataqsiz) {
      this.append(value)
      return resolved
    }
    return this.senders().parkPlain(plainSend, value) as Promise<void> // readied with undefined
  }

  trySend(value: T): boolean {
    return this.appendPlain(value) || this.sendNow(value)
  }

  receive(): Promise<T> {
    // Either way it settles with a T.
    if (--budget.left < 0 || observed.observer !== null) {
      return receiveAs(this, Wait.receive) as Promise<T>
    }
    if (this.qcount > 0) return Promise.resolve(this.takeFirst()) as Promise<T>
    const sender = this.sendq.first
    if (sender !== null) {
      if (sender.kind !== plainSend) return receiveAs(this, Wait.receive) as Promise<T>
      const { elem } = sender
      this.sendq.shiftPlain(sender)(undefined)
      return Promise.resolve(elem as T) // a sender waits in this queue with a T
    }
    if (this.closed) return Promise.resolve(this.element.zero) as Promise<T>
    return this.receivers().parkPlain(plainReceive, undefined) as Promise<T> // readied with a T
  }

  receiveOk(): Promise<Received<T>> {
    --breath.left
    return receiveAs(this, Wait.receiveOk) as Promise<Received<T>> // as its kind says
  }

  /** @internal one step of `for await` */
  nextResult(): Promise<IteratorResult<T, undefined>> {
    --breath.left
    return receiveAs(this, Wait.iterate) as Promise<IteratorResult<T, undefined>> // as its kind says
  }

  tryReceive(): Received<T> | undefined {
    if (this.qcount > 0 && observed.observer === null) {
      return { value: this.takeFirst(), ok: true }
    }
    const value = this.receiveNow()
    if (value === nothing) return undefined
    return value === drained ? { value: this.element.zero, ok: false } : { value, ok: true }
  }

  /** @internal `receiveOr(channel, fallback)` */
  receiveOr<F>(fallback: F): T | F {
    const { qcount } = this
    if (qcount > 0 && qcount < this.dataqsiz && observed.observer === null) return this.takePlain()
    const value = this.receiveNow()
    if (value === nothing) return fallback
    // Without a zero of its own a channel gives undefined, as `receive` documents.
    return value === drained ? (this.element.zero as T) : value
  }

  recv(): RecvCase<T> {
    this.receiving ??= new RecvCase<T>(untyped(this))
    return this.receiving
  }

  recvOk(): RecvOkOperation<T> {
    return new RecvOkOperation<T>(untyped(this))
  }

  put(value: T): Iterable<never, void> {
    this.putting ??= new SendCase(untyped(this), undefined)
    this.putting.value = value
    return this.putting
  }

  sending(value: T): SendCase {
    return new SendCase(untyped(this), value)
  }

  close(): void {
    closeAndReady(untyped(this))
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return new ChannelIterator(this)
  }

  batches(max = 256): AsyncIterable<T[]> {
    return drainBatches(this, max)
  }

  toString(): string {
    return `0x${(0xc000022000 + this.id * 0x60).toString(16)}`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `${typeName(this)} ${this.toString()}`
  }

  /** @internal the value as it is passed on; a channel that clones overrides it */
  copied(value: T): T {
    return value
  }

  /** @internal where receivers wait */
  receivers(): WaitQueue {
    if (this.recvq === nobody) this.recvq = new WaitQueue()
    return this.recvq
  }

  /** @internal where senders wait */
  senders(): WaitQueue {
    if (this.sendq === nobody) this.sendq = new WaitQueue()
    return this.sendq
  }

  /** @internal Sends without waiting; false when that is not possible. `value` is already copied. */
  sendNow(value: T): boolean {
    if (this.closed) throw sendOnClosed()
    if (this.recvq.first !== null && handToReceiver(untyped(this), value)) return true
    if (this.qcount === this.dataqsiz) return false
    this.append(value)
    if (observed.observer !== null) observed.observer.moved('buffer', this, value)
    return true
  }

  /**
   * @internal Sends where neither side can be waiting, receivers doing so only while it is empty; false when somebody
   * might, or there is no room, or anything is out of the ordinary. `value` is already copied.
   */
  appendPlain(value: T): boolean {
    const { qcount, dataqsiz } = this
    if (qcount === 0 || qcount >= dataqsiz || this.closed || observed.observer !== null)
      return false
    const slot = this.recvx + qcount
    this.buf[slot < dataqsiz ? slot : slot - dataqsiz] = value
    this.qcount = qcount + 1
    return true
  }

  /** @internal Receives without waiting; or `nothing`, or `drained`. */
  receiveNow(): T | typeof nothing | typeof drained {
    // A sender waits in this queue with a T.
    if (this.qcount === 0) return receiveUnbuffered(untyped(this)) as T
    const value = this.takeFirst()
    if (observed.observer !== null) observed.observer.moved('take', this, value)
    return value
  }

  /** @internal the slot that the next value will take */
  get sendx(): number {
    const slot = this.recvx + this.qcount
    return slot >= this.dataqsiz ? slot - this.dataqsiz : slot
  }

  /** The first value of a buffer that is not full, so that nobody waits to send. */
  private takePlain(): T {
    const { recvx } = this
    const value = this.buf[recvx] as T // slots from recvx on hold values
    this.buf[recvx] = undefined
    this.recvx = recvx + 1 === this.dataqsiz ? 0 : recvx + 1
    this.qcount--
    return value
  }

  private append(value: T): void {
    this.buf[this.sendx] = value
    this.qcount++
  }

  private takeFirst(): T {
    const { recvx, qcount } = this
    // Slots from recvx on hold values while qcount > 0.
    const value = this.buf[recvx] as T
    this.recvx = recvx + 1 === this.dataqsiz ? 0 : recvx + 1
    // Senders wait only while it is full.
    if (qcount < this.dataqsiz || !refillFromSender(untyped(this), recvx)) {
      this.buf[recvx] = undefined
      this.qcount = qcount - 1
    }
    return value
  }
}

/** Sudogs and cases are untyped; only the channel itself puts values in and takes them out, as T. */
function untyped<T>(channel: Channel<T>): Channel<unknown> {
  return channel as unknown as Channel<unknown>
}

/** Go's `%T`. */
export function typeName(channel: { readonly element: Element<unknown> }): string {
  return `chan ${channel.element.name}`
}
