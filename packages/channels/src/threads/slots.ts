/**
 * The buffer of a shared channel: values as fixed slots in shared memory. `push` is called with the lock of the tail
 * held, `shift` with that of the head; each changes the channel by one store at its end, so a thread that is killed in
 * the middle has either done the operation or not.
 */
import { own } from './arena.ts'
import { positionShift } from './lock.ts'
import { Chan, type World } from './world.ts'

/** A value on its way: a number for the typed lanes, else bytes of which `length` count. */
export interface Staged {
  number: number
  bytes: Uint8Array
  length: number
  /** Offset of the arena block that holds the bytes when they are too many for a slot, else 0. */
  block: number
}

export const Lane = { i32: 0, f64: 1, message: 2 } as const

export const stagedNumber = (number: number): Staged => ({
  number,
  bytes: noBytes,
  length: 0,
  block: 0,
})

/** Whether a typed lane can carry `value`. */
export function isOfLane(value: unknown, lane: number): value is number {
  return typeof value === 'number' && (lane === Lane.f64 || (value | 0) === value)
}

const noBytes = new Uint8Array(0)

/** The position that the word at `at` holds: `Chan.tail` or `Chan.head` of a channel. */
export function position(world: World, at: number): number {
  return Atomics.load(world.i32, at) >>> positionShift
}

/** Values in the buffer. */
export function count(world: World, channel: number): number {
  // Who holds neither lock sees a count that was right as the second position was read, or is one of a later moment.
  const head = position(world, channel + Chan.head)
  const used = position(world, channel + Chan.tail) - head
  return used < 0 ? used + 2 * world.word(channel + Chan.capacity) : used
}

/** Whether there is room; the lock of the tail is held. Only if it seems full is the other end looked at. */
export function hasRoom(world: World, channel: number): boolean {
  const { i32 } = world
  const capacity = world.word(channel + Chan.capacity)
  const tail = position(world, channel + Chan.tail)
  if (Math.abs(tail - world.word(channel + Chan.headSeen)) !== capacity) return true
  const head = position(world, channel + Chan.head)
  i32[channel + Chan.headSeen] = head
  return Math.abs(tail - head) !== capacity
}

/** Whether there is a value; the lock of the head is held. Only if it seems empty is the other end looked at. */
export function hasValue(world: World, channel: number): boolean {
  const { i32 } = world
  const head = position(world, channel + Chan.head)
  if (head !== world.word(channel + Chan.tailSeen)) return true
  const tail = position(world, channel + Chan.tail)
  i32[channel + Chan.tailSeen] = tail
  return head !== tail
}

/** Adds a value; the caller holds the lock of the tail and has seen that there is room. */
export function push(world: World, channel: number, value: Staged): void {
  const tail = position(world, channel + Chan.tail)
  writeSlot(world, channel, place(world, channel, tail), value)
  move(world, channel + Chan.tail, after(world, channel, tail, 1))
}

/** Takes the first value; the caller holds the lock of the head and has seen that there is one. */
export function shift(world: World, channel: number, into: Staged): void {
  const head = position(world, channel + Chan.head)
  readSlot(world, channel, place(world, channel, head), into)
  if (into.block !== 0) own(world, into.block)
  move(world, channel + Chan.head, after(world, channel, head, 1))
}

/** Stores a position, keeping the owner of its lock and the flag. */
function move(world: World, at: number, to: number): void {
  Atomics.store(world.i32, at, (to << positionShift) | (world.word(at) & (2 ** positionShift - 1)))
}

/** Writes `value` at byte `offset`. */
export function writeSlot(world: World, channel: number, offset: number, value: Staged): void {
  const lane = world.word(channel + Chan.lane)
  if (lane === Lane.i32) world.i32[offset >> 2] = value.number
  else if (lane === Lane.f64) world.f64[offset >> 3] = value.number
  else {
    const word = offset >> 2
    world.i32[word] = value.length
    world.i32[word + 1] = value.block / 64
    if (value.block === 0) copy(value.bytes, 0, world.u8, offset + 8, value.length)
  }
}

/** Reads the value at byte `offset`; bytes are copied unless they stand in a block. */
export function readSlot(world: World, channel: number, offset: number, into: Staged): void {
  const lane = world.word(channel + Chan.lane)
  into.block = 0
  if (lane === Lane.i32) into.number = world.word(offset >> 2)
  else if (lane === Lane.f64)
    into.number = world.f64[offset >> 3] as number // inside the buffer
  else {
    const word = offset >> 2
    into.length = world.word(word)
    into.block = world.word(word + 1) * 64
    if (into.block === 0) copy(world.u8, offset + 8, into.bytes, 0, into.length)
  }
}

/** Byte offset of each slot in the buffer that holds a value: what a repair must keep. */
export function occupied(world: World, channel: number): number[] {
  const head = position(world, channel + Chan.head)
  return Array.from({ length: count(world, channel) }, (_, i) =>
    place(world, channel, after(world, channel, head, i)),
  )
}

/** The block a slot refers to, 0 for none. */
export function blockOf(world: World, offset: number): number {
  return world.word((offset >> 2) + 1) * 64
}

/** Bytes of one slot. */
export function slotSize(lane: number, slotBytes: number): number {
  return lane === Lane.i32 ? 4 : lane === Lane.f64 ? 8 : slotBytes
}

function place(world: World, channel: number, position: number): number {
  const capacity = world.word(channel + Chan.capacity)
  const index = position >= capacity ? position - capacity : position
  const size = slotSize(world.word(channel + Chan.lane), world.word(channel + Chan.slotBytes))
  return world.word(channel + Chan.slots) * 64 + index * size
}

function after(world: World, channel: number, position: number, amount: number): number {
  const next = position + amount
  const wrap = 2 * world.word(channel + Chan.capacity)
  return next >= wrap ? next - wrap : next
}

/** Small copies byte by byte: making a subarray costs more. */
export function copy(
  from: Uint8Array,
  start: number,
  to: Uint8Array,
  at: number,
  length: number,
): void {
  if (length > 96) to.set(from.subarray(start, start + length), at)
  else for (let i = 0; i < length; i++) to[at + i] = from[start + i] as number // inside both
}
