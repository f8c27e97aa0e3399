/**
 * The buffer of a shared channel: values as fixed slots in shared memory. All functions here are called with the
 * channel's lock held; each changes the channel by one store at its end, so a thread that is killed in the middle has
 * either done the operation or not.
 */
import { own } from './arena.ts'
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

/** Values in the buffer. */
export function count(world: World, channel: number): number {
  const capacity = world.word(channel + Chan.capacity)
  const used = world.word(channel + Chan.tail) - world.word(channel + Chan.head)
  return used < 0 ? used + 2 * capacity : used
}

/** Adds a value; the caller has seen that there is room. */
export function push(world: World, channel: number, value: Staged): void {
  const tail = world.word(channel + Chan.tail)
  writeSlot(world, channel, place(world, channel, tail), value)
  world.i32[channel + Chan.tail] = after(world, channel, tail, 1)
}

/** Takes the first value; the caller has seen that there is one. */
export function shift(world: World, channel: number, into: Staged): void {
  const head = world.word(channel + Chan.head)
  readSlot(world, channel, place(world, channel, head), into)
  if (into.block !== 0) own(world, into.block)
  world.i32[channel + Chan.head] = after(world, channel, head, 1)
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
  const head = world.word(channel + Chan.head)
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
