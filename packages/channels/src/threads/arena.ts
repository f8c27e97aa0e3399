/**
 * Blocks of shared memory in size classes that are powers of two, from 64 bytes. A block begins with a header of 64
 * bytes: its class, its state and the thread that last took or gave it. When a thread is killed, its blocks that no
 * channel refers to are found by walking all blocks (`reclaim`), and the free lists are built anew.
 */
import { Panic } from '../panic.ts'
import { lock, unlock } from './lock.ts'
import { arenaAt, Header, type World } from './world.ts'

const unit = 64
/** Words of a block's header. */
const Block = { sizeClass: 0, state: 1, owner: 2, next: 3 } as const
const Free = 0
const Used = 1

/** Returned by `allocate` when the home thread has to try again later. */
export const busy = -1

/**
 * A block for `bytes`; its offset is a multiple of 64.
 * @throws {Panic} ERR_ARENA_FULL
 */
export function allocate(world: World, bytes: number): number {
  const { i32 } = world
  const sizeClass = Math.max(0, 32 - Math.clz32(Math.ceil(bytes / unit) - 1))
  if (!lock(world, Header.arenaLock)) return busy
  const list = Header.freeLists + sizeClass
  let block = world.word(list) * unit
  if (block !== 0) {
    const header = block >> 2
    i32[header + Block.owner] = world.me
    i32[header + Block.state] = Used
    i32[list] = world.word(header + Block.next)
  } else {
    block = world.word(Header.arenaTop) * unit
    const end = block + unit + unit * 2 ** sizeClass
    if (end > world.buffer.byteLength) {
      unlock(world, Header.arenaLock)
      throw new Panic(
        'ERR_ARENA_FULL',
        `shared memory is full: no room for ${bytes} bytes of ${world.buffer.byteLength}; receive faster, use smaller capacities, or start the threads with a larger \`memory\``,
      )
    }
    const header = block >> 2
    i32[header + Block.sizeClass] = sizeClass
    i32[header + Block.owner] = world.me
    i32[header + Block.state] = Used
    i32[Header.arenaTop] = end / unit
  }
  unlock(world, Header.arenaLock)
  return block + unit
}

/** Gives a block back; when that has to wait it is left to `reclaim`, which false tells. */
export function release(world: World, offset: number): boolean {
  if (!lock(world, Header.arenaLock)) return false
  const header = (offset - unit) >> 2
  free(world, header)
  unlock(world, Header.arenaLock)
  return true
}

/** Notes that this thread has the block now. */
export function own(world: World, offset: number): void {
  world.i32[((offset - unit) >> 2) + Block.owner] = world.me
}

/**
 * Frees the blocks of thread `dead` that are not in `referenced`, and rebuilds the free lists, which a killed thread
 * may have left half changed. The caller holds the arena's lock or has broken that of the dead thread.
 */
export function reclaim(world: World, dead: number, referenced: ReadonlySet<number>): void {
  const { i32 } = world
  for (let sizeClass = 0; sizeClass < 32; sizeClass++) i32[Header.freeLists + sizeClass] = 0
  const top = world.word(Header.arenaTop) * unit
  for (let block: number = arenaAt; block < top; ) {
    const header = block >> 2
    const owned = world.word(header + Block.owner) === dead && !referenced.has(block + unit)
    if (owned || world.word(header + Block.state) === Free) free(world, header)
    block += unit + unit * 2 ** world.word(header + Block.sizeClass)
  }
}

function free(world: World, header: number): void {
  const { i32 } = world
  const list = Header.freeLists + world.word(header + Block.sizeClass)
  i32[header + Block.state] = Free
  i32[header + Block.next] = world.word(list)
  i32[list] = (header << 2) / unit
}
