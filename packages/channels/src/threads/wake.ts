/**
 * Who waits on a shared channel, by thread, and waking them in turns. Threads note themselves with the whole channel
 * locked, so after they have seen both ends. Who waits to receive is noted at the tail, where senders find it, and who
 * waits to send at the head: each end's lock guards its mask, and a flag in the lock's word tells that there is
 * something to be done. A thread that is killed before it rings leaves that to the repair, which rings all.
 */
import { nextTurn } from '../event-loop.ts'
import { closeOfClosed } from '../panic.ts'
import { done } from '../park.ts'
import type { WaitQueue } from '../sudog.ts'
import { ring } from './doorbell.ts'
import { attendIfRung } from './home.ts'
import { flag, lockChannel, unlock, unlockChannel } from './lock.ts'
import { count } from './slots.ts'
import { Chan, maxThreads, Thread, type World } from './world.ts'

/** What has to be known of a channel to wake those who wait on it. */
export interface Waitable {
  readonly id: number
  readonly at: number
  readonly capacity: number
  readonly recvq: WaitQueue
  readonly sendq: WaitQueue
}

/** Wakes one thread that waits to receive; the lock of the tail is held. */
export function wakeReceiver(world: World, channel: Waitable): void {
  if (wakeOne(world, channel, Chan.receivers, Chan.lastReceiver)) flagTail(world, channel.at)
}

/** Wakes one thread that waits to send; the lock of the head is held. */
export function wakeSender(world: World, channel: Waitable): void {
  if (wakeOne(world, channel, Chan.senders, Chan.lastSender)) flagHead(world, channel.at)
}

/** Sets the flag of the tail as it should be; its lock is held. */
export function flagTail(world: World, at: number): void {
  const flagged = world.word(at + Chan.receivers) !== 0 || world.word(at + Chan.closed) === 1
  setFlag(world, at + Chan.tail, flagged)
}

/** Sets the flag of the head as it should be; its lock is held. */
export function flagHead(world: World, at: number): void {
  setFlag(world, at + Chan.head, world.word(at + Chan.senders) !== 0)
}

function setFlag(world: World, word: number, flagged: boolean): void {
  const before = world.word(word)
  const after = flagged ? before | flag : before & ~flag
  if (after !== before) Atomics.store(world.i32, word, after)
}

/**
 * Notes whether goroutines of this thread wait, and passes a wake-up on that this thread does not use: it may have
 * been rung for a select that was over.
 */
export function wanted(world: World, channel: Waitable): void {
  const { at, capacity } = channel
  note(world, at + Chan.receivers, channel.recvq.first !== null)
  note(world, at + Chan.senders, channel.sendq.first !== null)
  // Unbuffered channels ring the very thread whose cell was matched; `close` rings all.
  if (capacity === 0) return
  flagTail(world, at)
  flagHead(world, at)
  const others = ~(1 << world.me)
  const values = count(world, at)
  if (values > 0 && (world.word(at + Chan.receivers) & others) !== 0) wakeReceiver(world, channel)
  if (values < capacity && (world.word(at + Chan.senders) & others) !== 0) {
    wakeSender(world, channel)
  }
}

/** Threads to ring and channels to ring them for, in turn. */
const owed: number[] = []

/**
 * Releases a channel, then rings whom this thread owes a ring: a thread that was woken before would find the lock
 * taken, and waking takes longer than all that is done under it.
 */
export function unlockAndRing(world: World, at: number): void {
  unlockChannel(world, at)
  if (owed.length > 0) ringOwed(world)
}

/** The same for one lock: that of one end of a buffer. */
export function unlockEndAndRing(world: World, word: number): void {
  unlock(world, word)
  if (owed.length > 0) ringOwed(world)
}

/** Rings whom this thread owes a ring; no lock is held. */
export function ringOwed(world: World): void {
  for (let i = 0; i < owed.length; i += 2) {
    ring(world, owed[i] as number, owed[i + 1] as number) // pairs were pushed
  }
  owed.length = 0
}

/** Owes thread `number` a ring for the channel; this thread itself answers in its next microtask. */
export function ringFor(world: World, number: number, id: number): void {
  if (number !== world.me) {
    owed.push(number, id)
    return
  }
  const thread = world.thread(number)
  Atomics.or(world.i32, thread + Thread.pending + (id >> 5), 1 << (id & 31))
  Atomics.or(world.i32, thread + Thread.summary, 1 << (id >> 5))
  done.then(attendIfRung)
}

/** Values in the buffer, seen without the lock. */
export function length(world: World, at: number): number {
  const capacity = world.word(at + Chan.capacity)
  return capacity === 0 ? 0 : Math.min(capacity, count(world, at))
}

/** @throws {Panic} `close of closed channel` */
export function close(world: World, channel: Waitable): void {
  const { at, id } = channel
  if (!lockChannel(world, at)) {
    nextTurn(() => close(world, channel))
    return
  }
  const closed = world.word(at + Chan.closed) === 1
  Atomics.store(world.i32, at + Chan.closed, 1)
  flagTail(world, at)
  const waiting = world.word(at + Chan.receivers) | world.word(at + Chan.senders)
  unlockChannel(world, at)
  if (closed) throw closeOfClosed()
  for (let thread = 0; thread < maxThreads; thread++) {
    if ((waiting & (1 << thread)) !== 0) ringFor(world, thread, id)
  }
  ringOwed(world)
}

function note(world: World, word: number, waiting: boolean): void {
  const bit = 1 << world.me
  const mask = world.word(word)
  const next = waiting ? mask | bit : mask & ~bit
  if (next !== mask) world.i32[word] = next
}

/** Takes turns: the next thread after the one that was woken last. True when nobody is left. */
function wakeOne(world: World, channel: Waitable, maskWord: number, lastWord: number): boolean {
  const { at, id } = channel
  const mask = world.word(at + maskWord)
  if (mask === 0) return false
  const last = world.word(at + lastWord)
  let thread = (last + 1) & (maxThreads - 1)
  while ((mask & (1 << thread)) === 0) thread = (thread + 1) & (maxThreads - 1)
  world.i32[at + maskWord] = mask & ~(1 << thread)
  world.i32[at + lastWord] = thread
  ringFor(world, thread, id)
  return world.word(at + maskWord) === 0
}
