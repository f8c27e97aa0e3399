/**
 * After a thread was killed: its locks are released, what it had half done is undone or stands, the threads that may
 * have missed a wake-up are rung, and its memory is given back. Every operation commits by one store (see `slots.ts`,
 * `cells.ts`), so there is nothing else to repair. Runs in the home thread.
 */
import { reclaim } from './arena.ts'
import { cellValues, mend } from './cells.ts'
import { ringAll } from './doorbell.ts'
import { lock, seize, unlock, unlockChannel } from './lock.ts'
import { blockOf, Lane, occupied } from './slots.ts'
import { serving } from './tasks.ts'
import { flagHead, flagTail } from './wake.ts'
import { Chan, Header, maxThreads, Thread, ThreadState, type World } from './world.ts'

/** False when a lock is held by another thread for long: call again in a later turn. */
export function repair(world: World, dead: number): boolean {
  const { i32 } = world
  Atomics.store(i32, world.thread(dead) + Thread.state, ThreadState.dead)
  const channels = world.word(Header.channelCount)
  for (let id = 1; id < channels; id++) freeLocks(world, id, dead)
  for (let id = 1; id < channels; id++) {
    const at = world.channel(id)
    if (Atomics.load(i32, at + Chan.used) === 0) continue
    if (!takeChannel(world, at, dead)) return false
    const bit = ~(1 << dead)
    i32[at + Chan.receivers] = world.word(at + Chan.receivers) & bit
    i32[at + Chan.senders] = world.word(at + Chan.senders) & bit
    if (world.word(at + Chan.capacity) === 0) mend(world, id, at, dead)
    else {
      flagTail(world, at)
      flagHead(world, at)
    }
    unlockChannel(world, at)
  }
  if (!reclaimMemory(world, dead)) return false
  Atomics.store(i32, world.thread(dead) + Thread.live, 0)
  for (let thread = 0; thread < maxThreads; thread++) {
    if (thread === 0 || serving(world, thread)) ringAll(world, thread)
  }
  return true
}

/**
 * Releases what the dead thread holds of a channel, without waiting: those who wait for it may hold other locks, of
 * this channel or, in a select, of others.
 */
function freeLocks(world: World, id: number, dead: number): void {
  const at = world.channel(id)
  if (Atomics.load(world.i32, at + Chan.used) === 0) return
  for (const end of [Chan.head, Chan.tail]) {
    if (seize(world, at + end, dead)) unlock(world, at + end)
  }
  if (!seize(world, at + Chan.lock, dead)) return
  if (world.word(at + Chan.capacity) === 0) mend(world, id, at, dead)
  unlock(world, at + Chan.lock)
}

/** All channels stay locked while their blocks are listed, so that none is freed that was just sent. */
function reclaimMemory(world: World, dead: number): boolean {
  const held: number[] = []
  const referenced = new Set<number>()
  try {
    for (let id = 1; id < world.word(Header.channelCount); id++) {
      const at = world.channel(id)
      if (Atomics.load(world.i32, at + Chan.used) === 0) continue
      if (!takeChannel(world, at, dead)) return false
      held.push(at)
      referenced.add(world.word(at + Chan.slots) * 64)
      if (world.word(at + Chan.lane) !== Lane.message) continue
      const values =
        world.word(at + Chan.capacity) === 0 ? cellValues(world, at) : occupied(world, at)
      for (const offset of values) referenced.add(blockOf(world, offset))
    }
    if (!take(world, Header.arenaLock, dead)) return false
    reclaim(world, dead, referenced)
    unlock(world, Header.arenaLock)
    return true
  } finally {
    for (const at of held) unlockChannel(world, at)
  }
}

/** Takes the locks of a channel, those that the dead thread holds too; false, with none taken, as `lock` is. */
function takeChannel(world: World, at: number, dead: number): boolean {
  const words =
    world.word(at + Chan.capacity) === 0 ? [Chan.lock] : [Chan.lock, Chan.tail, Chan.head]
  for (const [taken, word] of words.entries()) {
    if (take(world, at + word, dead)) continue
    for (const held of words.slice(0, taken)) unlock(world, at + held)
    return false
  }
  return true
}

/** Takes a lock, from the dead thread if that one holds it. */
function take(world: World, word: number, dead: number): boolean {
  return seize(world, word, dead) || lock(world, word)
}
