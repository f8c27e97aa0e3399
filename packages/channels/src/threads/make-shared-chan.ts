/** Making a shared channel. */
import { chanSizeOutOfRange, Panic } from '../panic.ts'
import { allocate, busy } from './arena.ts'
import { cellSize, cellsSize } from './cells.ts'
import { home, setChannelMaker } from './home.ts'
import { SharedChannel } from './shared-channel.ts'
import { Lane, slotSize } from './slots.ts'
import { Chan, Header, maxChannels, maxSharedCapacity } from './world.ts'

export interface SharedChanOptions {
  /** Values that fit in its buffer, at most 2^24; 0, the default, is unbuffered. */
  readonly capacity?: number
  /** `i32` and `f64` carry numbers at full speed, `message` (default) anything that can be cloned. */
  readonly lane?: 'i32' | 'f64' | 'message'
  /** Bytes of a slot of the message lane; larger values take a block of their own. Default 256. */
  readonly slotBytes?: number
  readonly name?: string
}

setChannelMaker((id) => new SharedChannel<unknown>(id, ''))

/**
 * Makes a channel that all threads of the program can use; pass it to a function started on a worker, or send it.
 * @throws {Panic} `makechan: size out of range`; ERR_SHARED for a wrong option or when there are 1023 already;
 *   ERR_ARENA_FULL
 */
export function makeSharedChan(
  options: SharedChanOptions & { readonly lane: 'i32' | 'f64' },
): SharedChannel<number>
export function makeSharedChan<T>(options?: SharedChanOptions): SharedChannel<T>
export function makeSharedChan<T>(options: SharedChanOptions = {}): SharedChannel<T> {
  const { capacity = 0, lane: laneName = 'message', name = '' } = options
  const slotBytes = Math.ceil(Math.max(16, options.slotBytes ?? 256) / 8) * 8
  if (!Number.isInteger(capacity) || capacity < 0 || capacity > maxSharedCapacity) {
    throw chanSizeOutOfRange()
  }
  if (!(slotBytes <= 65_536)) {
    throw new Panic(
      'ERR_SHARED',
      `slotBytes is a number of bytes up to 65536, got ${options.slotBytes}; larger values take blocks of their own`,
    )
  }
  const { world, channels } = home()
  const lane: number | undefined = Lane[laneName]
  if (lane === undefined) {
    throw new Panic('ERR_SHARED', `lane is 'i32', 'f64' or 'message', got ${String(laneName)}`)
  }
  const slot = slotSize(lane, slotBytes)
  const unbuffered = capacity === 0
  const slots = allocateNow(unbuffered ? cellsSize(slot) : slot * capacity)
  world.u8.fill(0, slots, slots + (unbuffered ? cellsSize(slot) : 0))
  const id = Atomics.add(world.i32, Header.channelCount, 1)
  if (id >= maxChannels) {
    Atomics.sub(world.i32, Header.channelCount, 1)
    throw new Panic(
      'ERR_SHARED',
      `a program can have ${maxChannels - 1} shared channels; use fewer, or send channels' values over one`,
    )
  }
  const at = world.channel(id)
  world.i32[at + Chan.lane] = lane
  world.i32[at + Chan.capacity] = capacity
  world.i32[at + Chan.slots] = slots / 64
  world.i32[at + Chan.slotBytes] = unbuffered ? cellSize(slot) : slotBytes
  Atomics.store(world.i32, at + Chan.used, 1)
  const channel = new SharedChannel<T>(id, name)
  channels.set(id, channel as SharedChannel<unknown> as never) // one object for each id, whatever T
  return channel
}

function allocateNow(bytes: number): number {
  const { world } = home()
  for (let attempt = 0; attempt < 100; attempt++) {
    const block = allocate(world, bytes)
    if (block !== busy) return block
  }
  throw new Panic('ERR_SHARED', 'shared memory stays locked by a thread that was ended; try again')
}
