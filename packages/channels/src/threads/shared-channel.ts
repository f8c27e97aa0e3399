/**
 * A channel between threads. The value queue lies in shared memory under the channel's lock; the goroutines that wait
 * lie in their own threads, in the queues here, and the shared record only says which threads have some. A change
 * rings one thread at a time, whose first waiter then takes or puts its value itself.
 * Invariant: a thread whose bit is clear has no waiter that could proceed without a ring that is on its way.
 */
import type { Chan as Channel, Received } from '../chan.ts'
import { ChannelIterator, drainBatches } from '../channel-iterator.ts'
import { breath, nextTurn, settleAfterTurn } from '../event-loop.ts'
import { Panic, sendOnClosed } from '../panic.ts'
import { parkAwait } from '../park.ts'
import { type ForeignChannel, RecvCase, RecvOkOperation, SendCase } from '../select-case.ts'
import type { SelectRecord } from '../select-record.ts'
import { acquireSudog, type Sudog, Wait, WaitQueue } from '../sudog.ts'
import { valueBytes } from './cells.ts'
import { attendIfRung, home, listen } from './home.ts'
import { lockChannel } from './lock.ts'
import { NumberRing } from './number-ring.ts'
import { Rendezvous } from './rendezvous.ts'
import { serveOne } from './serving.ts'
import { received, sentNow, settledNow } from './settled.ts'
import {
  newcomer,
  Outcome,
  receiveAtHead,
  receiveLocked,
  receiveNow,
  sendAtTail,
  sendLocked,
  sendNow,
} from './shared-operations.ts'
import { isOfLane, Lane } from './slots.ts'
import {
  checkNumbers,
  checkTransfer,
  detach,
  discard,
  keep,
  landing,
  stage,
  unstage,
} from './values.ts'
import { close, length, unlockAndRing, wanted } from './wake.ts'
import { Chan, type World } from './world.ts'

export interface SendOptions {
  /** Buffers that are detached here once the value is sent; their bytes move through shared memory. */
  readonly transfer?: readonly ArrayBuffer[]
}

export class SharedChannel<T> implements Channel<T>, ForeignChannel {
  readonly foreign = true
  readonly id: number
  readonly name: string
  /** @internal first word of the channel's record */ readonly at: number
  /** @internal */ readonly lane: number
  /** @internal */ readonly slotBytes: number
  readonly capacity: number
  /** @internal goroutines of this thread that wait here */ readonly recvq = new WaitQueue()
  /** @internal */ readonly sendq = new WaitQueue()
  /** @internal */ readonly rendezvous: Rendezvous
  /** Numbers in a buffer, the fast way; null on other channels. */
  private readonly ring: NumberRing | null
  private readonly world: World

  constructor(id: number, name: string) {
    const { world } = home()
    this.id = id
    this.name = name
    this.world = world
    this.at = world.channel(id)
    this.lane = world.word(this.at + Chan.lane)
    this.capacity = world.word(this.at + Chan.capacity)
    this.slotBytes = valueBytes(world.word(this.at + Chan.slotBytes), this.capacity)
    this.rendezvous = new Rendezvous(world, this)
    this.ring =
      this.lane !== Lane.message && this.capacity > 0
        ? new NumberRing(world, this, this.lane)
        : null
  }

  get length(): number {
    return length(this.world, this.at)
  }

  send(value: T, options?: SendOptions): Promise<void> {
    const promise = this.attemptSend(value, options?.transfer)
    return --breath.left < 0 ? settleAfterTurn(promise) : promise
  }

  trySend(value: T, options?: SendOptions): boolean {
    attendIfRung()
    if (options?.transfer !== undefined) checkTransfer(options.transfer)
    if (this.ring !== null && isOfLane(value, this.lane) && this.sendq.first === null) {
      if (this.ring.trySend(value)) return true
      if (this.ring.full) return false
    }
    const staged = stage(value, this.lane, this.slotBytes)
    if (staged === null) return false
    const outcome = sendNow(this.world, this, staged)
    if (outcome !== Outcome.done) discard(this.world, staged)
    if (outcome === Outcome.closed) throw sendOnClosed()
    if (outcome === Outcome.done && options?.transfer !== undefined) detach(options.transfer)
    return outcome === Outcome.done
  }

  receive(): Promise<T> {
    // A receive waiter is readied with a T.
    return this.attemptReceive(Wait.receive) as Promise<T>
  }

  receiveOk(): Promise<Received<T>> {
    // A receiveOk waiter is readied with a Received<T>.
    return this.attemptReceive(Wait.receiveOk) as Promise<Received<T>>
  }

  /** @internal */
  nextResult(): Promise<IteratorResult<T, undefined>> {
    // An iterate waiter is readied with an IteratorResult.
    return this.attemptReceive(Wait.iterate) as Promise<IteratorResult<T, undefined>>
  }

  tryReceive(): Received<T> | undefined {
    attendIfRung()
    if (this.ring !== null && this.recvq.first === null) {
      if (this.ring.idle) return undefined
      const value = this.ring.tryReceive()
      if (value !== undefined) return { value: value as T, ok: true } // typed lanes carry numbers
    }
    const outcome = receiveNow(this.world, this, landing)
    if (outcome === Outcome.wait || outcome === Outcome.busy) return undefined
    if (outcome === Outcome.closed) return { value: this.zero(), ok: false }
    return { value: unstage(this.world, this.lane) as T, ok: true } // sent as a T
  }

  /** Sends all numbers, as many at a time as there is room for: one lock for each batch. Typed lanes only. */
  async sendAll(values: ArrayLike<number>): Promise<void> {
    if (this.lane === Lane.message) throw notNumbers('sendAll', 'send()')
    checkNumbers(values, this.lane)
    let sent = 0
    for (;;) {
      attendIfRung()
      // Not past goroutines of this thread that wait to send.
      if (this.ring !== null && this.sendq.first === null) sent += this.ring.sendSome(values, sent)
      if (sent >= values.length) return
      // Typed lanes carry numbers, so T is number here; the next one waits for room.
      await this.send(values[sent++] as T)
    }
  }

  /**
   * What is there, at most `max` numbers, under one lock; waits for one. Empty when closed and drained. Typed lanes
   * only: an `Int32Array` of lane `i32`, a `Float64Array` of lane `f64`.
   */
  async receiveMany(max: number): Promise<Int32Array | Float64Array> {
    if (this.lane === Lane.message) throw notNumbers('receiveMany', 'batches()')
    if (!(max >= 1)) throw new RangeError(`receiveMany takes a number from 1, got ${max}`)
    attendIfRung()
    const there = this.receiveThere(max)
    if (there !== null) return there
    const first = await this.receiveOk()
    // More has often come with what was waited for.
    const more = first.ok && max > 1 ? this.receiveThere(max - 1) : null
    const amount = (first.ok ? 1 : 0) + (more?.length ?? 0)
    const values = this.lane === Lane.f64 ? new Float64Array(amount) : new Int32Array(amount)
    if (first.ok) values[0] = first.value as number // typed lanes carry numbers
    if (more !== null) values.set(more, 1)
    return values
  }

  /** What is there; null when there is nothing, or goroutines of this thread wait to receive, or it is not that simple. */
  private receiveThere(max: number): Int32Array | Float64Array | null {
    if (this.ring === null || this.recvq.first !== null) return null
    return this.ring.receiveSome(max)
  }

  recv(): RecvCase<T> {
    return new RecvCase<T>(this as SharedChannel<unknown>) // cases are untyped
  }

  recvOk(): RecvOkOperation<T> {
    return new RecvOkOperation<T>(this as SharedChannel<unknown>) // cases are untyped
  }

  put(value: T): Iterable<never, void> {
    return this.sending(value)
  }

  sending(value: T): SendCase {
    return new SendCase(this as SharedChannel<unknown>, value) // cases are untyped
  }

  close(): void {
    close(this.world, this)
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return new ChannelIterator<T>(this)
  }

  batches(max = 256): AsyncIterable<T[]> {
    return drainBatches<T>(this, max)
  }

  toString(): string {
    return `0x${(0xd000000000 + this.at * 4).toString(16)}`
  }

  /** What `console.log` shows: not all of shared memory. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const name = this.name === '' ? '' : ` ${this.name}`
    return `SharedChannel${name} ${this} (${this.length} of ${this.capacity})`
  }

  /** @internal the zero value of a lane: 0, or undefined for messages */
  zero(): T {
    return (this.lane === Lane.message ? undefined : 0) as T // the lane's own zero
  }

  /** @internal Serves the goroutines of this thread that can proceed; called when the channel has rung. */
  attend(): void {
    const { world, at } = this
    for (;;) {
      if (!lockChannel(world, at)) {
        nextTurn(() => this.attend())
        return
      }
      const served = serveOne(world, this)
      if (served === null) this.rendezvous.publishNext()
      wanted(world, this)
      unlockAndRing(world, at)
      if (served === null) break
      served()
    }
    if (this.recvq.first !== null || this.sendq.first !== null) listen(this)
  }

  /** @internal Takes back what a select that is over has standing here; false when that has to wait. */
  forget(record: SelectRecord): boolean {
    const { world, at } = this
    if (!lockChannel(world, at)) {
      nextTurn(() => this.forget(record))
      return false
    }
    this.rendezvous.unpublish(record)
    this.rendezvous.publishNext()
    wanted(world, this)
    unlockAndRing(world, at)
    return true
  }

  /** @internal Parks; the channel's lock is held. */
  park(sudog: Sudog, queue: WaitQueue): void {
    queue.enqueue(sudog)
    this.rendezvous.publishNext()
    wanted(this.world, this)
  }

  private attemptSend(value: T, transfer: readonly ArrayBuffer[] | undefined): Promise<void> {
    const { world, at } = this
    try {
      attendIfRung()
      if (transfer !== undefined) checkTransfer(transfer)
      if (this.ring !== null && isOfLane(value, this.lane) && this.sendq.first === null) {
        if (this.ring.trySend(value)) return sentNow()
      }
      const staged = stage(value, this.lane, this.slotBytes)
      if (staged === null) return this.later(() => this.attemptSend(value, transfer))
      let outcome = sendAtTail(world, this, staged)
      if (outcome !== Outcome.done && outcome !== Outcome.closed) {
        if (!lockChannel(world, at)) {
          discard(world, staged)
          return this.later(() => this.attemptSend(value, transfer))
        }
        outcome = sendLocked(world, this, staged, newcomer)
        if (outcome !== Outcome.wait) unlockAndRing(world, at)
      }
      if (outcome === Outcome.wait) {
        const sudog = acquireSudog()
        sudog.elem = keep(staged, this.lane)
        const promise = parkAwait(sudog, Wait.send, 'chan send', this)
        this.park(sudog, this.sendq)
        unlockAndRing(world, at)
        if (transfer !== undefined) detach(transfer)
        listen(this)
        return promise as Promise<void> // a send waiter is readied with undefined
      }
      if (outcome === Outcome.closed) {
        discard(world, staged)
        throw sendOnClosed()
      }
      if (transfer !== undefined) detach(transfer)
      return sentNow()
    } catch (reason) {
      return Promise.reject(reason)
    }
  }

  private attemptReceive(kind: Wait): Promise<unknown> {
    const { world, at } = this
    attendIfRung()
    if (this.ring !== null && this.recvq.first === null) {
      const value = this.ring.idle ? undefined : this.ring.tryReceive()
      if (value !== undefined) return settledNow(received(kind, value, true))
    }
    let outcome = receiveAtHead(world, this, landing)
    if (outcome !== Outcome.done && outcome !== Outcome.closed) {
      if (!lockChannel(world, at)) return this.later(() => this.attemptReceive(kind))
      outcome = receiveLocked(world, this, landing, newcomer)
      if (outcome !== Outcome.wait) unlockAndRing(world, at)
    }
    if (outcome === Outcome.wait) {
      const sudog = acquireSudog()
      const promise = parkAwait(sudog, kind, 'chan receive', this)
      this.park(sudog, this.recvq)
      unlockAndRing(world, at)
      listen(this)
      return --breath.left < 0 ? settleAfterTurn(promise) : promise
    }
    const ok = outcome === Outcome.done
    return settledNow(received(kind, ok ? unstage(world, this.lane) : this.zero(), ok))
  }

  /** The lock belongs to a thread that is put aside or was killed: try again in another turn of the event loop. */
  private later<R>(attempt: () => Promise<R>): Promise<R> {
    return new Promise((resolve) => nextTurn(() => resolve(attempt())))
  }
}

function notNumbers(method: string, instead: string): Panic {
  return new Panic('ERR_SHARED', `${method}() is for lanes 'i32' and 'f64'; use ${instead} here`)
}
