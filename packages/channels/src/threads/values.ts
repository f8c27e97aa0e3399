/**
 * Values of one channel on their way into and out of shared memory. Typed lanes carry numbers; the message lane
 * carries encoded bytes, in the slot or, when they are too many, in a block of the arena.
 */
import { Panic } from '../panic.ts'
import { allocate, busy, release } from './arena.ts'
import { Decoder } from './decoder.ts'
import { Encoder } from './encoder.ts'
import { channelById, home } from './home.ts'
import { SharedChannel } from './shared-channel.ts'
import { isOfLane, Lane, type Staged, stagedNumber } from './slots.ts'
import type { World } from './world.ts'

const codec = {
  idOf: (value: object) => (value instanceof SharedChannel ? value.id : -1),
  channel: (id: number) => channelById(id),
}
const encoder = new Encoder(codec)
const decoder = new Decoder(codec)

/** Where a slot is read to; one is enough, since it is decoded before the next read. */
export const landing: Staged = { number: 0, bytes: Buffer.alloc(65_536), length: 0, block: 0 }

const noBytes = new Uint8Array(0)
const outgoing: Staged = { number: 0, bytes: encoder.bytes, length: 0, block: 0 }

/**
 * Encodes a value for `lane`. The result is valid until the next call; `keep` makes it last.
 * @returns null when the home thread has to try again later
 * @throws {Panic} ERR_NOT_CLONEABLE, ERR_ARENA_FULL; ERR_SHARED for a typed lane that cannot hold the value
 */
export function stage(value: unknown, lane: number, slotBytes: number): Staged | null {
  if (lane !== Lane.message) {
    if (!isOfLane(value, lane)) throw notOfLane(value, lane)
    outgoing.number = value
    outgoing.block = 0
    return outgoing
  }
  encoder.encode(value)
  const { bytes, length } = encoder
  outgoing.bytes = bytes
  outgoing.length = length
  outgoing.block = 0
  if (length > slotBytes - 8) {
    const { world } = home()
    const block = allocate(world, length)
    if (block === busy) return null
    world.u8.set(bytes.subarray(0, length), block)
    outgoing.block = block
  }
  return outgoing
}

/** A copy of a staged value that lasts while its sender waits. */
export function keep(staged: Staged, lane: number): Staged {
  if (lane !== Lane.message) return stagedNumber(staged.number)
  const { length, block } = staged
  // A Buffer's own `slice` would share its memory.
  const bytes = block === 0 ? Uint8Array.prototype.slice.call(staged.bytes, 0, length) : noBytes
  return { number: 0, bytes, length, block }
}

/** The value in `landing`. */
export function unstage(world: World, lane: number): unknown {
  if (lane !== Lane.message) return landing.number
  if (landing.block === 0) {
    return decoder.decode(landing.bytes as Buffer<ArrayBuffer>) // made by Buffer.alloc above
  }
  const copy = Buffer.alloc(landing.length)
  copy.set(world.u8.subarray(landing.block, landing.block + landing.length))
  // A block that cannot be given back now is found by the next repair.
  release(world, landing.block)
  return decoder.decode(copy)
}

/** Gives back what an unsent value holds. */
export function discard(world: World, staged: Staged): void {
  if (staged.block !== 0) release(world, staged.block)
}

/** @throws {Panic} ERR_NOT_CLONEABLE for a transfer list that could not be detached, before anything is sent */
export function checkTransfer(transfer: readonly ArrayBuffer[]): void {
  for (const [i, buffer] of transfer.entries()) {
    if (buffer instanceof ArrayBuffer && !buffer.detached) continue
    const what = buffer instanceof ArrayBuffer ? 'detached already' : 'not an ArrayBuffer'
    throw new Panic(
      'ERR_NOT_CLONEABLE',
      `transfer[${i}] is ${what}; list each buffer once, and of a view its \`buffer\``,
    )
  }
}

/** @throws {Panic} ERR_SHARED for a number that lane `lane` cannot hold, before anything is sent */
export function checkNumbers(values: ArrayLike<number>, lane: number): void {
  if (values instanceof Int32Array || (lane === Lane.f64 && ArrayBuffer.isView(values))) return
  for (let i = 0; i < values.length; i++)
    if (!isOfLane(values[i], lane)) throw notOfLane(values[i], lane)
}

function notOfLane(value: unknown, lane: number): Panic {
  const i32 = lane === Lane.i32
  return new Panic(
    'ERR_SHARED',
    `a channel of lane '${i32 ? 'i32' : 'f64'}' carries ${i32 ? '32-bit integers' : 'numbers'}, got ${String(value)}; use lane 'message' for other values`,
  )
}

/** Copies the bytes of transferred buffers by sending them and then detaches them here. */
export function detach(transfer: readonly ArrayBuffer[]): void {
  for (const buffer of transfer) buffer.transfer(0)
}
