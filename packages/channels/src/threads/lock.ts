/**
 * Spin locks whose word names the owner. A worker waits as long as it takes: if the owner was killed, the home thread
 * repairs the lock. The home thread never waits longer than `patience`, since it is the one who repairs; its callers
 * then try again in a later turn of the event loop.
 */
import type { World } from './world.ts'

const spins = 1000
/** Milliseconds. */
const patience = 5

/** Takes the lock at word `at`; false only in the home thread, after `patience`. */
export function lock(world: World, at: number): boolean {
  if (Atomics.compareExchange(world.i32, at, 0, world.me + 1) === 0) return true
  return lockContended(world, at)
}

export function unlock(world: World, at: number): void {
  Atomics.store(world.i32, at, 0)
}

function lockContended(world: World, at: number): boolean {
  const { i32, me } = world
  const end = me === 0 ? performance.now() + patience : Number.POSITIVE_INFINITY
  for (;;) {
    for (let i = 0; i < spins; i++) {
      if (Atomics.load(i32, at) === 0 && Atomics.compareExchange(i32, at, 0, me + 1) === 0) {
        return true
      }
    }
    const owner = Atomics.load(i32, at)
    // Nobody notifies: the owner holds the lock for less than a microsecond unless it was put aside.
    if (owner !== 0) Atomics.wait(i32, at, owner, 0.05)
    if (performance.now() > end) return false
  }
}
