/**
 * A channel between threads. The value queue lies in shared memory under the channel's lock; the goroutines that wait
 * lie in their own threads, in the queues here, and the shared record only says which threads have some. A change
 * rings one thread at a time, whose first waiter then takes or puts its value itself.
 * Invariant: a thread whose bit is clear has no waiter that could proceed without a ring that is on its way.
 */
import type { Chan as Channel, Received } from '../chan.ts'
import { ChannelIterator, drainBatches } from '../channel-iterator.ts'
import { breath, nextTurn, settleAfterTurn } from '../event-loop.ts'
import { observation } from '../observer.ts'
import { sendOnClosed } from '../panic.ts'
import { done, parkAwait, ready } from '../park.ts'
import { type ForeignChannel, RecvCase, RecvOkOperation, SendCase } from '../select-case.ts'
import type { SelectRecord } from '../select-record.ts'
import { acquireSudog, type Sudog, Wait, WaitQueue } from '../sudog.ts'
import { valueBytes } from './cells.ts'
import { attendIfRung, home, listen } from './home.ts'
import { lock, unlock } from './lock.ts'
import { Rendezvous } from './rendezvous.ts'
import {
  newcomer,
  Outcome,
  receiveLocked,
  receiveReady,
  sendLocked,
  sendReady,
} from './shared-operations.ts'
import { Lane, pushNumbers, type Staged, shiftNumbers } from './slots.ts'
import { detach, discard, keep, landing, stage, unstage } from './values.ts'
import { close, length, wakeReceiver, wakeSender, wanted } from './wake.ts'
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
    const staged = stage(value, this.lane, this.slotBytes)
    if (staged === null || !lock(this.world, this.at)) return false
    const outcome = sendLocked(this.world, this, staged, newcomer)
    unlock(this.world, this.at)
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
    if (!lock(this.world, this.at)) return undefined
    const outcome = receiveLocked(this.world, this, landing, newcomer)
    unlock(this.world, this.at)
    if (outcome === Outcome.wait) return undefined
    if (outcome === Outcome.closed) return { value: this.zero(), ok: false }
    return { value: unstage(this.world, this.lane) as T, ok: true } // sent as a T
  }

  /** Sends all numbers, as many at a time as there is room for: one lock for each batch. Typed lanes only. */
  async sendAll(values: ArrayLike<number>): Promise<void> {
    let sent = 0
    while (sent < values.length) {
      let closed = false
      if (this.lane !== Lane.message && this.capacity > 0 && lock(this.world, this.at)) {
        closed = this.world.word(this.at + Chan.closed) === 1
        if (!closed && this.sendq.first === null) {
          const pushed = pushNumbers(this.world, this.at, values, sent)
          if (pushed > 0) wakeReceiver(this.world, this)
          sent += pushed
        }
        unlock(this.world, this.at)
      }
      if (closed) throw sendOnClosed()
      // Typed lanes carry numbers, so T is number here; the next one waits for room.
      if (sent < values.length) await this.send(values[sent++] as T)
    }
  }

  /** What is there, at most `max` numbers, under one lock; waits for one. Empty when closed and drained. */
  async receiveMany(max: number): Promise<number[]> {
    const values: number[] = []
    if (this.lane !== Lane.message && this.recvq.first === null && lock(this.world, this.at)) {
      if (this.capacity > 0 && shiftNumbers(this.world, this.at, values, max) > 0) {
        wakeSender(this.world, this)
      }
      unlock(this.world, this.at)
      if (values.length > 0) return values
    }
    const first = await this.receiveOk()
    return first.ok ? [first.value as number] : values // typed lanes carry numbers
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

  /** @internal the zero value of a lane: 0, or undefined for messages */
  zero(): T {
    return (this.lane === Lane.message ? undefined : 0) as T // the lane's own zero
  }

  /** @internal Serves the goroutines of this thread that can proceed; called when the channel has rung. */
  attend(): void {
    const { world, at } = this
    for (;;) {
      if (!lock(world, at)) {
        nextTurn(() => this.attend())
        return
      }
      const served = this.serveOne()
      if (served === null) this.rendezvous.publishNext()
      wanted(world, this)
      unlock(world, at)
      if (served === null) break
      served()
    }
    if (this.recvq.first !== null || this.sendq.first !== null) listen(this)
  }

  /** @internal Takes back what a select that is over has standing here; false when that has to wait. */
  forget(record: SelectRecord): boolean {
    const { world, at } = this
    if (!lock(world, at)) {
      nextTurn(() => this.forget(record))
      return false
    }
    this.rendezvous.unpublish(record)
    this.rendezvous.publishNext()
    wanted(world, this)
    unlock(world, at)
    return true
  }

  /** @internal Parks; the channel's lock is held. */
  park(sudog: Sudog, queue: WaitQueue): void {
    queue.enqueue(sudog)
    this.rendezvous.publishNext()
    wanted(this.world, this)
  }

  /** With the lock held: completes the first waiter that can proceed; what to do once it is released. */
  private serveOne(): (() => void) | null {
    const { world } = this
    const completed = this.rendezvous.completed()
    if (completed !== null) return completed
    const receiver = this.recvq.first
    if (receiver !== null && receiveReady(world, this, receiver.select?.word ?? 0)) {
      return this.serve(this.recvq)
    }
    const sender = this.sendq.first
    if (sender !== null && sendReady(world, this, sender.select?.word ?? 0)) {
      return this.serve(this.sendq)
    }
    return null
  }

  private serve(queue: WaitQueue): (() => void) | null {
    const { world } = this
    const waiter = queue.dequeue()
    if (waiter === null) return null
    const asking = { first: true, record: waiter.select?.word ?? 0 }
    this.rendezvous.withdraw(waiter)
    const receiving = queue === this.recvq
    const outcome = receiving
      ? receiveLocked(world, this, landing, asking)
      : sendLocked(world, this, waiter.elem as Staged, asking) // senders wait with their staged value
    if (outcome === Outcome.wait) return this.again(waiter, queue)
    if (receiving) {
      return outcome === Outcome.done
        ? () => ready(waiter, unstage(world, this.lane), true)
        : () => ready(waiter, this.zero(), false)
    }
    return () => {
      if (outcome === Outcome.closed) discard(world, waiter.elem as Staged) // as above
      ready(waiter, undefined, outcome === Outcome.done)
    }
  }

  /** The cell it was to match went to another thread. A select has been decided by now, so it starts anew. */
  private again(waiter: Sudog, queue: WaitQueue): (() => void) | null {
    const { select } = waiter
    if (select !== null) return () => select.restart?.()
    queue.enqueueFirst(waiter)
    return null
  }

  private attemptSend(value: T, transfer: readonly ArrayBuffer[] | undefined): Promise<void> {
    const { world, at } = this
    try {
      attendIfRung()
      const staged = stage(value, this.lane, this.slotBytes)
      if (staged === null) return this.later(() => this.attemptSend(value, transfer))
      if (!lock(world, at)) {
        discard(world, staged)
        return this.later(() => this.attemptSend(value, transfer))
      }
      const outcome = sendLocked(world, this, staged, newcomer)
      if (outcome === Outcome.wait) {
        const sudog = acquireSudog()
        sudog.elem = keep(staged, this.lane)
        const promise = parkAwait(sudog, Wait.send, 'chan send', this)
        this.park(sudog, this.sendq)
        unlock(world, at)
        if (transfer !== undefined) detach(transfer)
        listen(this)
        return promise as Promise<void> // a send waiter is readied with undefined
      }
      unlock(world, at)
      if (outcome === Outcome.closed) {
        discard(world, staged)
        throw sendOnClosed()
      }
      if (transfer !== undefined) detach(transfer)
      return observation.observer === null ? done : observation.observer.keep(Promise.resolve())
    } catch (reason) {
      return Promise.reject(reason)
    }
  }

  private attemptReceive(kind: Wait): Promise<unknown> {
    const { world, at } = this
    attendIfRung()
    if (!lock(world, at)) return this.later(() => this.attemptReceive(kind))
    const outcome = receiveLocked(world, this, landing, newcomer)
    let promise: Promise<unknown>
    if (outcome === Outcome.wait) {
      const sudog = acquireSudog()
      promise = parkAwait(sudog, kind, 'chan receive', this)
      this.park(sudog, this.recvq)
      unlock(world, at)
      listen(this)
    } else {
      unlock(world, at)
      const ok = outcome === Outcome.done
      const value = ok ? unstage(world, this.lane) : this.zero()
      promise = Promise.resolve(received(kind, value, ok))
      if (observation.observer !== null) observation.observer.keep(promise)
    }
    return --breath.left < 0 ? settleAfterTurn(promise) : promise
  }

  /** The lock belongs to a thread that is put aside or was killed: try again in another turn of the event loop. */
  private later<R>(attempt: () => Promise<R>): Promise<R> {
    return new Promise((resolve) => nextTurn(() => resolve(attempt())))
  }
}

/** @internal Adds a waiting select; the channel's lock is held. */
export function enqueueSelect(
  channel: SharedChannel<unknown>,
  record: SelectRecord,
  index: number,
  staged: Staged | null,
): void {
  const sudog = acquireSudog()
  record.add(sudog, index, staged !== null)
  if (staged !== null) sudog.elem = keep(staged, channel.lane)
  channel.park(sudog, staged === null ? channel.recvq : channel.sendq)
}

function received(kind: Wait, value: unknown, ok: boolean): unknown {
  if (kind === Wait.receive) return value
  if (kind === Wait.receiveOk) return { value, ok }
  return ok ? { value, done: false } : { value: undefined, done: true }
}
