/**
 * Spin locks whose word names the owner in its low six bits; above them stands what the lock's word guards, if
 * anything. A worker waits as long as it takes: if the owner was killed, the home thread repairs the lock. The home
 * thread never waits longer than `patience`, since it is the one who repairs; its callers then try again in a later
 * turn of the event loop.
 */
import { Chan, type World } from './world.ts'

/** Bits of the owner: the thread's number plus 1, or 0. */
export const ownerMask = 2 ** 6 - 1
/**
 * In the lock of one end of a buffer: whoever works there has more to do than to move the position, since somebody
 * waits for it or the channel is closed. Above it stands the position.
 */
export const flag = 2 ** 6
export const positionShift = 7

const spins = 1000
/** Milliseconds. */
const patience = 5

/** Takes the lock at word `at`; false only in the home thread, after `patience`. */
export function lock(world: World, at: number): boolean {
  return tryLock(world, at) || lockContended(world, at)
}

/** Takes the lock at word `at` if it is free now. */
export function tryLock(world: World, at: number): boolean {
  const { i32, me } = world
  const free = Atomics.load(i32, at)
  return (
    (free & ownerMask) === 0 && Atomics.compareExchange(i32, at, free, free | (me + 1)) === free
  )
}

export function unlock(world: World, at: number): void {
  Atomics.store(world.i32, at, world.word(at) & ~ownerMask)
}

/** Takes a whole channel: its lock and those of the ends of its buffer. False as `lock` is. */
export function lockChannel(world: World, channel: number): boolean {
  if (!lock(world, channel + Chan.lock)) return false
  if (world.word(channel + Chan.capacity) === 0) return true
  if (lock(world, channel + Chan.tail)) {
    if (lock(world, channel + Chan.head)) return true
    unlock(world, channel + Chan.tail)
  }
  unlock(world, channel + Chan.lock)
  return false
}

export function unlockChannel(world: World, channel: number): void {
  if (world.word(channel + Chan.capacity) > 0) {
    unlock(world, channel + Chan.head)
    unlock(world, channel + Chan.tail)
  }
  unlock(world, channel + Chan.lock)
}

/** Takes the lock from thread `dead` if that one holds it. */
export function seize(world: World, at: number, dead: number): boolean {
  const { i32, me } = world
  const word = Atomics.load(i32, at)
  return (
    (word & ownerMask) === dead + 1 &&
    Atomics.compareExchange(i32, at, word, (word & ~ownerMask) | (me + 1)) === word
  )
}

function lockContended(world: World, at: number): boolean {
  const { i32, me } = world
  const end = me === 0 ? performance.now() + patience : Number.POSITIVE_INFINITY
  for (;;) {
    for (let i = 0; i < spins; i++) if (tryLock(world, at)) return true
    const word = Atomics.load(i32, at)
    // Nobody notifies: the owner holds the lock for less than a microsecond unless it was put aside.
    if ((word & ownerMask) !== 0) Atomics.wait(i32, at, word, 0.05)
    if (performance.now() > end) return false
  }
}
