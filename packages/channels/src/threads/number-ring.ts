/**
 * The buffer of a channel of lane `i32` or `f64`, with everything that does not change read once. What `slots.ts` does
 * for any lane, done for the case that numbers go into or out of it at once: one compare-and-swap takes the lock of one
 * end, one store moves the position and releases it, so a killed thread has done its operation or not. Senders and
 * receivers look at each other's position only when the buffer seems full or empty.
 */
import { flag, ownerMask, positionShift, tryLock } from './lock.ts'
import { Lane } from './slots.ts'
import { unlockEndAndRing, type Waitable, wakeReceiver, wakeSender } from './wake.ts'
import { Chan, type World } from './world.ts'

/** Beside each position: the other end's, as it was last seen. */
const seen = Chan.headSeen - Chan.tail

export class NumberRing {
  private readonly world: World
  private readonly channel: Waitable
  private readonly i32: Int32Array
  private readonly values: Int32Array | Float64Array
  /** Index of the first slot in `values`. */
  private readonly base: number
  private readonly at: number
  private readonly capacity: number
  /** The last position. */
  private readonly end: number
  private readonly owner: number

  constructor(world: World, channel: Waitable, lane: number) {
    const start = world.word(channel.at + Chan.slots) * 64
    this.world = world
    this.channel = channel
    this.i32 = world.i32
    this.values = lane === Lane.i32 ? world.i32 : world.f64
    this.base = lane === Lane.i32 ? start >> 2 : start >> 3
    this.at = channel.at
    this.capacity = channel.capacity
    this.end = 2 * channel.capacity - 1
    this.owner = world.me + 1
  }

  /** Sends a number; false when it is not that simple: full, closed, or the lock is taken. */
  trySend(value: number): boolean {
    const { i32, end, capacity } = this
    const tailAt = this.at + Chan.tail
    const free = i32[tailAt] as number // the channel's record is inside
    if ((free & ownerMask) !== 0) return false
    if (Atomics.compareExchange(i32, tailAt, free, free | this.owner) !== free) return false
    const tail = free >>> positionShift
    const used = tail - (i32[tailAt + seen] as number) // inside
    if ((used === capacity || used === -capacity) && this.isFull(tail)) {
      Atomics.store(i32, tailAt, free)
      return false
    }
    if ((free & flag) !== 0) return this.sendFlagged(tail, value)
    this.values[this.base + (tail >= capacity ? tail - capacity : tail)] = value
    Atomics.store(i32, tailAt, (tail === end ? 0 : tail + 1) << positionShift)
    return true
  }

  /** Receives a number; undefined when it is not that simple: empty, or the lock is taken. */
  tryReceive(): number | undefined {
    const { i32, end, capacity } = this
    const headAt = this.at + Chan.head
    const free = i32[headAt] as number // the channel's record is inside
    const head = free >>> positionShift
    if ((free & ownerMask) !== 0) return undefined
    if (Atomics.compareExchange(i32, headAt, free, free | this.owner) !== free) return undefined
    if (head === i32[headAt + seen] && this.isEmpty(head)) {
      Atomics.store(i32, headAt, free)
      return undefined
    }
    const value = this.values[this.base + (head >= capacity ? head - capacity : head)]
    const next = (head === end ? 0 : head + 1) << positionShift
    if ((free & flag) !== 0) this.leaveHead(next)
    else Atomics.store(i32, headAt, next)
    return value
  }

  /** Whether it was empty and open a moment ago: seen without a lock. */
  get idle(): boolean {
    const { i32, at } = this
    const head = i32[at + Chan.head] as number // the channel's record is inside
    if (head >>> positionShift !== i32[at + Chan.head + seen]) return false
    const tail = Atomics.load(i32, at + Chan.tail)
    return head >>> positionShift === tail >>> positionShift && this.isOpen(tail)
  }

  /** Whether it was full and open a moment ago: seen without a lock. */
  get full(): boolean {
    const { i32, at, capacity } = this
    const tail = Atomics.load(i32, at + Chan.tail)
    const used = (tail >>> positionShift) - (Atomics.load(i32, at + Chan.head) >>> positionShift)
    return (used === capacity || used === -capacity) && this.isOpen(tail)
  }

  /** Sends numbers of `values`, starting at `from`, as far as there is room; how many. 0 also when it is not simple. */
  sendSome(values: ArrayLike<number>, from: number): number {
    const { i32, at, capacity, world } = this
    if (!tryLock(world, at + Chan.tail)) return 0
    const word = i32[at + Chan.tail] as number // the channel's record is inside
    const tail = word >>> positionShift
    const amount = this.isOpen(word) ? Math.min(values.length - from, this.room(tail)) : 0
    if (amount > 0) this.write(values, from, tail >= capacity ? tail - capacity : tail, amount)
    const next = ((tail + amount) % (2 * capacity)) << positionShift
    if ((word & flag) === 0) Atomics.store(i32, at + Chan.tail, next)
    else this.leaveTail(amount > 0 ? next : tail << positionShift, amount > 0)
    return amount
  }

  /** What is there, at most `max` numbers; null when there is nothing, or the lock is taken. */
  receiveSome(max: number): Int32Array | Float64Array | null {
    const { i32, at, capacity, world } = this
    if (this.idle || !tryLock(world, at + Chan.head)) return null
    const word = i32[at + Chan.head] as number // the channel's record is inside
    const head = word >>> positionShift
    const tail = Atomics.load(i32, at + Chan.tail) >>> positionShift
    i32[at + Chan.head + seen] = tail
    const amount = Math.min(max, tail - head + (tail < head ? 2 * capacity : 0))
    const taken =
      this.values instanceof Int32Array ? new Int32Array(amount) : new Float64Array(amount)
    this.read(taken, head >= capacity ? head - capacity : head)
    const next = ((head + amount) % (2 * capacity)) << positionShift
    if (amount > 0 && (word & flag) !== 0) this.leaveHead(next)
    else Atomics.store(i32, at + Chan.head, next | (word & flag))
    return amount > 0 ? taken : null
  }

  /** Looks at the other end; the lock of the tail is held. */
  private isFull(tail: number): boolean {
    const { i32, at, capacity } = this
    const head = Atomics.load(i32, at + Chan.head) >>> positionShift
    i32[at + Chan.tail + seen] = head
    return Math.abs(tail - head) === capacity
  }

  /** Looks at the other end; the lock of the head is held. */
  private isEmpty(head: number): boolean {
    const { i32, at } = this
    const tail = Atomics.load(i32, at + Chan.tail) >>> positionShift
    i32[at + Chan.head + seen] = tail
    return head === tail
  }

  private room(tail: number): number {
    const { i32, at, capacity } = this
    const head = Atomics.load(i32, at + Chan.head) >>> positionShift
    i32[at + Chan.tail + seen] = head
    return capacity - (tail - head) - (tail < head ? 2 * capacity : 0)
  }

  /** A channel is flagged when it is closed, or for those who wait to receive. */
  private isOpen(tailWord: number): boolean {
    return (tailWord & flag) === 0 || Atomics.load(this.i32, this.at + Chan.closed) === 0
  }

  /** Somebody waits to receive, or it is closed; the lock of the tail is held. */
  private sendFlagged(tail: number, value: number): boolean {
    const { i32, at, end, capacity } = this
    const open = Atomics.load(i32, at + Chan.closed) === 0
    if (open) this.values[this.base + (tail >= capacity ? tail - capacity : tail)] = value
    this.leaveTail((open ? (tail === end ? 0 : tail + 1) : tail) << positionShift, open)
    return open
  }

  /** Stores the position, wakes somebody who waits to receive, and releases the lock of the tail. */
  private leaveTail(position: number, waking: boolean): void {
    const { i32, at, world } = this
    Atomics.store(i32, at + Chan.tail, position | flag | this.owner)
    if (waking) wakeReceiver(world, this.channel)
    unlockEndAndRing(world, at + Chan.tail)
  }

  /** Stores the position, wakes somebody who waits to send, and releases the lock of the head. */
  private leaveHead(position: number): void {
    const { i32, at, world } = this
    Atomics.store(i32, at + Chan.head, position | flag | this.owner)
    wakeSender(world, this.channel)
    unlockEndAndRing(world, at + Chan.head)
  }

  /** Slot by slot: an element-wise loop over shared memory is faster than `set` for what fits in a ring. */
  private write(from: ArrayLike<number>, start: number, slot: number, amount: number): void {
    const { values, base, capacity } = this
    const whole = Math.min(amount, capacity - slot)
    for (let i = 0; i < whole; i++) values[base + slot + i] = from[start + i] as number // in range
    for (let i = whole; i < amount; i++) values[base + i - whole] = from[start + i] as number // in range
  }

  private read(into: Int32Array | Float64Array, slot: number): void {
    const { values, base, capacity } = this
    const whole = Math.min(into.length, capacity - slot)
    for (let i = 0; i < whole; i++) into[i] = values[base + slot + i] as number // in range
    for (let i = whole; i < into.length; i++) into[i] = values[base + i - whole] as number // in range
  }
}
