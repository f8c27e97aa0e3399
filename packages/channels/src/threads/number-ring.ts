/**
 * The buffer of a channel of lane `i32` or `f64`, with everything that does not change read once. What `slots.ts` does
 * for any lane, done for the case that a number goes into or out of it at once: one compare-and-swap takes the lock,
 * one store releases it. As there, a position is stored last, so a killed thread has done its operation or not.
 */
import { Lane } from './slots.ts'
import { unlockAndRing, type Waitable, wakeReceiver, wakeSender } from './wake.ts'
import { Chan, type World } from './world.ts'

export class NumberRing {
  private readonly world: World
  private readonly channel: Waitable
  private readonly i32: Int32Array
  private readonly values: Int32Array | Float64Array
  /** Index of the first slot in `values`. */
  private readonly base: number
  private readonly at: number
  private readonly capacity: number

  constructor(world: World, channel: Waitable, lane: number) {
    const start = world.word(channel.at + Chan.slots) * 64
    this.world = world
    this.channel = channel
    this.i32 = world.i32
    this.values = lane === Lane.i32 ? world.i32 : world.f64
    this.base = lane === Lane.i32 ? start >> 2 : start >> 3
    this.at = channel.at
    this.capacity = channel.capacity
  }

  /** Sends a number; false when it is not that simple: full, closed, or the lock is taken. */
  trySend(value: number): boolean {
    const { i32, at, capacity } = this
    if (!this.lock()) return false
    const tail = i32[at + Chan.tail] as number // the channel's record is inside
    let used = tail - (i32[at + Chan.head] as number) // inside
    if (used < 0) used += 2 * capacity
    const sends = used < capacity && i32[at + Chan.closed] === 0
    if (sends) {
      this.values[this.base + (tail >= capacity ? tail - capacity : tail)] = value
      i32[at + Chan.tail] = tail + 1 === 2 * capacity ? 0 : tail + 1
      if (i32[at + Chan.receivers] !== 0) wakeReceiver(this.world, this.channel)
    }
    unlockAndRing(this.world, at)
    return sends
  }

  /** Whether it was empty and open a moment ago: seen without the lock, which is left to those who send. */
  get idle(): boolean {
    const { i32, at } = this
    return (
      i32[at + Chan.head] === Atomics.load(i32, at + Chan.tail) &&
      Atomics.load(i32, at + Chan.closed) === 0
    )
  }

  /** Receives a number; undefined when it is not that simple: empty, or the lock is taken. */
  tryReceive(): number | undefined {
    const { i32, at, capacity } = this
    if (!this.lock()) return undefined
    const head = i32[at + Chan.head] as number // the channel's record is inside
    let value: number | undefined
    if (head !== i32[at + Chan.tail]) {
      value = this.values[this.base + (head >= capacity ? head - capacity : head)]
      i32[at + Chan.head] = head + 1 === 2 * capacity ? 0 : head + 1
      if (i32[at + Chan.senders] !== 0) wakeSender(this.world, this.channel)
    }
    unlockAndRing(this.world, at)
    return value
  }

  /** Sends numbers of `values`, starting at `from`, as far as there is room; how many. 0 also when it is not simple. */
  sendSome(values: ArrayLike<number>, from: number): number {
    const { i32, at, capacity } = this
    if (!this.lock()) return 0
    const tail = i32[at + Chan.tail] as number // the channel's record is inside
    const amount =
      i32[at + Chan.closed] === 0 ? Math.min(values.length - from, capacity - this.count()) : 0
    if (amount > 0) {
      this.write(values, from, tail >= capacity ? tail - capacity : tail, amount)
      i32[at + Chan.tail] = (tail + amount) % (2 * capacity)
      if (i32[at + Chan.receivers] !== 0) wakeReceiver(this.world, this.channel)
    }
    unlockAndRing(this.world, at)
    return amount
  }

  /** What is there, at most `max` numbers; null when there is nothing, or the lock is taken. */
  receiveSome(max: number): Int32Array | Float64Array | null {
    const { i32, at, capacity } = this
    if (this.idle || !this.lock()) return null
    const head = i32[at + Chan.head] as number // the channel's record is inside
    const amount = Math.min(max, this.count())
    const taken =
      this.values instanceof Int32Array ? new Int32Array(amount) : new Float64Array(amount)
    this.read(taken, head >= capacity ? head - capacity : head)
    i32[at + Chan.head] = (head + amount) % (2 * capacity)
    if (amount > 0 && i32[at + Chan.senders] !== 0) wakeSender(this.world, this.channel)
    unlockAndRing(this.world, at)
    return amount > 0 ? taken : null
  }

  private lock(): boolean {
    return Atomics.compareExchange(this.i32, this.at, 0, this.world.me + 1) === 0
  }

  private count(): number {
    const { i32, at } = this
    const used = (i32[at + Chan.tail] as number) - (i32[at + Chan.head] as number) // inside
    return used < 0 ? used + 2 * this.capacity : used
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
