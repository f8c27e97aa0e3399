/**
 * A channel of one thread: Go's `hchan` and the algorithms of `runtime/chan.go`.
 * Invariants: `qcount` values stand in `buf` from `recvx`, wrapping at `dataqsiz`; a goroutine waits in `recvq` only
 * while the buffer is empty and nobody waits in `sendq`, and in `sendq` only while the buffer is full; a closed
 * channel has no waiters. One thread runs at a time, so there is no lock word to take.
 */

import type { Chan, Received } from './chan.ts'
import { ChannelIterator, drainBatches } from './channel-iterator.ts'
import type { Element } from './element.ts'
import { breath, settleAfterTurn } from './event-loop.ts'
import { observation } from './observer.ts'
import { closeOfClosed, sendOnClosed } from './panic.ts'
import { done, parkAwait, ready } from './park.ts'
import { lastReceive, nothing } from './receive-outcome.ts'
import { RecvCase, RecvOkOperation, SendCase } from './select-case.ts'
import { acquireSudog, nobody, Wait, WaitQueue } from './sudog.ts'

/** What does not change and is mostly the same for many channels. */
export interface Traits<T> {
  readonly element: Element<T>
  readonly name: string
  /** Copies each value as it is sent; null passes it as it is. */
  readonly copy: ((value: T) => T) | null
}

interface Operations<T> {
  readonly receive: RecvCase<T>
  readonly send: SendCase
}

let channels = 0

/** The buffer of every channel that has none. */
const unbuffered: never[] = []

export class Channel<T> implements Chan<T> {
  /** @internal */ qcount = 0
  /** @internal */ readonly dataqsiz: number
  /** @internal grows to `dataqsiz` as it is first filled */ readonly buf: (T | undefined)[]
  /** @internal */ closed = false
  /** @internal */ sendx = 0
  /** @internal */ recvx = 0
  /** @internal enqueue through `receivers()` */ recvq: WaitQueue = nobody
  /** @internal enqueue through `senders()` */ sendq: WaitQueue = nobody
  /** @internal */ readonly traits: Traits<T>
  /** @internal */ readonly id = ++channels
  /** @internal for `yield*`, which reads them at once; made when first used */
  operations: Operations<T> | null = null

  constructor(capacity: number, traits: Traits<T>) {
    this.dataqsiz = capacity
    this.buf = capacity === 0 ? unbuffered : []
    this.traits = traits
  }

  get name(): string {
    return this.traits.name
  }

  /** @internal */
  get element(): Element<T> {
    return this.traits.element
  }

  /** @internal */
  get copy(): ((value: T) => T) | null {
    return this.traits.copy
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
    let promise: Promise<void>
    try {
      const sent = this.copy === null ? value : this.copy(value)
      if (this.sendNow(sent)) promise = observation.observer === null ? done : settled(undefined)
      else promise = parkSender(this, sent)
    } catch (reason) {
      promise = Promise.reject(reason)
    }
    return --breath.left < 0 ? settleAfterTurn(promise) : promise
  }

  trySend(value: T): boolean {
    return this.sendNow(this.copy === null ? value : this.copy(value))
  }

  receive(): Promise<T> {
    const value = this.receiveNow()
    const promise = value === nothing ? parkReceiver(this, Wait.receive) : settled(value)
    // A receive waiter is readied with a T.
    return (--breath.left < 0 ? settleAfterTurn(promise) : promise) as Promise<T>
  }

  receiveOk(): Promise<Received<T>> {
    const value = this.receiveNow()
    const promise =
      value === nothing
        ? parkReceiver(this, Wait.receiveOk)
        : settled({ value, ok: lastReceive.ok })
    // A receiveOk waiter is readied with a Received<T>.
    return (--breath.left < 0 ? settleAfterTurn(promise) : promise) as Promise<Received<T>>
  }

  tryReceive(): Received<T> | undefined {
    const value = this.receiveNow()
    return value === nothing ? undefined : { value, ok: lastReceive.ok as true }
  }

  /** @internal one step of `for await` */
  nextResult(): Promise<IteratorResult<T, undefined>> {
    const value = this.receiveNow()
    const promise =
      value === nothing
        ? parkReceiver(this, Wait.iterate)
        : settled(lastReceive.ok ? { value, done: false } : { value: undefined, done: true })
    // An iterate waiter is readied with an IteratorResult.
    return (--breath.left < 0 ? settleAfterTurn(promise) : promise) as Promise<
      IteratorResult<T, undefined>
    >
  }

  recv(): RecvCase<T> {
    return this.reused().receive
  }

  recvOk(): RecvOkOperation<T> {
    return new RecvOkOperation<T>(untyped(this))
  }

  put(value: T): Iterable<never, void> {
    const operation = this.reused().send
    operation.value = value
    return operation
  }

  sending(value: T): SendCase {
    return new SendCase(untyped(this), value)
  }

  close(): void {
    if (this.closed) throw closeOfClosed()
    this.closed = true
    observation.observer?.moved('close', this, undefined)
    for (;;) {
      const receiver = this.recvq.dequeue()
      if (receiver === null) break
      ready(receiver, this.element.zero, false)
    }
    for (;;) {
      const sender = this.sendq.dequeue()
      if (sender === null) break
      ready(sender, undefined, false)
    }
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

  private reused(): Operations<T> {
    this.operations ??= {
      receive: new RecvCase<T>(untyped(this)),
      send: new SendCase(untyped(this), undefined),
    }
    return this.operations
  }

  /** @internal Sends without waiting; false when that is not possible. `value` is already copied. */
  sendNow(value: T): boolean {
    if (this.closed) throw sendOnClosed()
    if (this.recvq.first !== null && handToReceiver(this, value)) return true
    if (this.qcount === this.dataqsiz) return false
    const { sendx } = this
    this.buf[sendx] = value
    this.sendx = sendx + 1 === this.dataqsiz ? 0 : sendx + 1
    this.qcount++
    if (observation.observer !== null) observation.observer.moved('buffer', this, value)
    return true
  }

  /** @internal Receives without waiting, or returns `nothing`; `lastReceive.ok` tells a value from a zero. */
  receiveNow(): T | typeof nothing {
    if (this.qcount === 0) return receiveUnbuffered(this)
    const { recvx } = this
    // Slots from recvx on hold values while qcount > 0.
    const value = this.buf[recvx] as T
    lastReceive.ok = true
    this.recvx = recvx + 1 === this.dataqsiz ? 0 : recvx + 1
    if (observation.observer !== null) observation.observer.moved('take', this, value)
    if (this.sendq.first === null || !refillFromSender(this, recvx)) {
      this.buf[recvx] = undefined
      this.qcount--
    }
    return value
  }
}

/** Hands `value` straight to the longest waiting receiver. */
function handToReceiver<T>(channel: Channel<T>, value: T): boolean {
  const receiver = channel.recvq.dequeue()
  if (receiver === null) return false
  if (observation.observer !== null) observation.observer.moved('hand-off', channel, value)
  ready(receiver, value, true)
  return true
}

/** The slot that a full buffer has just given up takes the value of the longest waiting sender: the new tail. */
function refillFromSender<T>(channel: Channel<T>, slot: number): boolean {
  const sender = channel.sendq.dequeue()
  if (sender === null) return false
  channel.buf[slot] = sender.elem as T // a sender waits in this queue with a T
  channel.sendx = channel.recvx
  ready(sender, undefined, true)
  return true
}

/** Takes straight from the longest waiting sender, or the zero value of a closed channel. */
function receiveUnbuffered<T>(channel: Channel<T>): T | typeof nothing {
  const sender = channel.sendq.first === null ? null : channel.sendq.dequeue()
  if (sender !== null) {
    const value = sender.elem as T // a sender waits in this queue with a T
    if (observation.observer !== null) observation.observer.moved('hand-off', channel, value)
    ready(sender, undefined, true)
    lastReceive.ok = true
    return value
  }
  if (!channel.closed) return nothing
  lastReceive.ok = false
  return channel.element.zero
}

function parkSender<T>(channel: Channel<T>, value: T): Promise<void> {
  const sudog = acquireSudog()
  sudog.channel = untyped(channel)
  sudog.elem = value
  const promise = parkAwait(sudog, Wait.send, 'chan send', channel)
  channel.senders().enqueue(sudog)
  return promise as Promise<void> // a send waiter is readied with undefined
}

function parkReceiver<T>(channel: Channel<T>, kind: Wait): Promise<unknown> {
  const sudog = acquireSudog()
  sudog.channel = untyped(channel)
  const promise = parkAwait(sudog, kind, 'chan receive', channel)
  channel.receivers().enqueue(sudog)
  return promise
}

/** Sudogs and cases are untyped; only the channel itself puts values in and takes them out, as T. */
function untyped<T>(channel: Channel<T>): Channel<unknown> {
  return channel as unknown as Channel<unknown>
}

/** Go's `%T`. */
export function typeName(channel: { readonly element: Element<unknown> }): string {
  return `chan ${channel.element.name}`
}

function settled<V>(value: V): Promise<V> {
  // Promise.resolve types its argument as Awaited<V>; the channel passes values as they are.
  const promise = Promise.resolve(value) as Promise<V>
  return observation.observer === null ? promise : observation.observer.keep(promise)
}
