/**
 * Send and receive on a shared channel, without waiting, with its lock held, or, if it has a buffer, with that of the
 * tail to send and that of the head to receive. `wait` is final only under the channel's lock.
 */
import type { WaitQueue } from '../sudog.ts'
import { Kind, match, oldest } from './cells.ts'
import { lockChannel, tryLock } from './lock.ts'
import { count, hasRoom, hasValue, push, type Staged, shift } from './slots.ts'
import { ringFor, unlockAndRing, unlockEndAndRing, wakeReceiver, wakeSender } from './wake.ts'
import { Chan, type World } from './world.ts'

/** `busy`: the lock was taken by somebody else. */
export const Outcome = { wait: 0, done: 1, closed: 2, busy: 3 } as const
export type Outcome = (typeof Outcome)[keyof typeof Outcome]

interface Shared {
  readonly id: number
  readonly at: number
  readonly capacity: number
  readonly recvq: WaitQueue
  readonly sendq: WaitQueue
}

/** Who asks: `first`, the first waiter of this thread, goes before the others; `record` is its select's, or 0. */
export interface Asking {
  readonly first: boolean
  readonly record: number
}

export const newcomer: Asking = { first: false, record: 0 }

/** Sends if there is room or a request, unless somebody here waits to send before. */
export function sendLocked(world: World, channel: Shared, value: Staged, asking: Asking): Outcome {
  const { at, id, capacity } = channel
  if (world.word(at + Chan.closed) === 1) return Outcome.closed
  if (!asking.first && channel.sendq.first !== null) return Outcome.wait
  if (capacity > 0) {
    if (!hasRoom(world, at)) return Outcome.wait
    push(world, at, value)
    wakeReceiver(world, channel)
    return Outcome.done
  }
  return rendezvous(world, id, at, Kind.request, value, asking.record)
}

/** Receives into `into` if there is a value or an offer, unless somebody here waits to receive before. */
export function receiveLocked(
  world: World,
  channel: Shared,
  into: Staged,
  asking: Asking,
): Outcome {
  const { at, id, capacity } = channel
  // Before the buffer is looked at: what was sent before it was closed is received.
  const closed = Atomics.load(world.i32, at + Chan.closed) === 1
  if (!asking.first && !closed && channel.recvq.first !== null) return Outcome.wait
  if (capacity > 0) {
    if (hasValue(world, at)) {
      shift(world, at, into)
      wakeSender(world, channel)
      return Outcome.done
    }
    return closed ? Outcome.closed : Outcome.wait
  }
  const outcome = rendezvous(world, id, at, Kind.offer, into, asking.record)
  return outcome === Outcome.wait && closed ? Outcome.closed : outcome
}

/** Sends into a buffer with no lock but that of the tail. */
export function sendAtTail(world: World, channel: Shared, value: Staged): Outcome {
  const tail = channel.at + Chan.tail
  if (channel.capacity === 0 || !tryLock(world, tail)) return Outcome.busy
  const outcome = sendLocked(world, channel, value, newcomer)
  unlockEndAndRing(world, tail)
  return outcome
}

/** Receives from a buffer with no lock but that of the head. */
export function receiveAtHead(world: World, channel: Shared, into: Staged): Outcome {
  const head = channel.at + Chan.head
  if (channel.capacity === 0 || !tryLock(world, head)) return Outcome.busy
  const outcome = receiveLocked(world, channel, into, newcomer)
  unlockEndAndRing(world, head)
  return outcome
}

/** Sends if that need not wait; `busy` when the home thread cannot know now. */
export function sendNow(world: World, channel: Shared, value: Staged): Outcome {
  const atTail = sendAtTail(world, channel, value)
  if (atTail !== Outcome.busy || !lockChannel(world, channel.at)) return atTail
  const outcome = sendLocked(world, channel, value, newcomer)
  unlockAndRing(world, channel.at)
  return outcome
}

/** Receives if that need not wait; `busy` when the home thread cannot know now. */
export function receiveNow(world: World, channel: Shared, into: Staged): Outcome {
  const atHead = receiveAtHead(world, channel, into)
  if (atHead !== Outcome.busy || !lockChannel(world, channel.at)) return atHead
  const outcome = receiveLocked(world, channel, into, newcomer)
  unlockAndRing(world, channel.at)
  return outcome
}

/** Whether a receive would not wait. */
export function receiveReady(world: World, channel: Shared, record: number): boolean {
  const { at, capacity } = channel
  if (world.word(at + Chan.closed) === 1) return true
  return capacity > 0 ? count(world, at) > 0 : oldest(world, at, Kind.offer, record) >= 0
}

/** Whether a send would not wait. */
export function sendReady(world: World, channel: Shared, record: number): boolean {
  const { at, capacity } = channel
  if (world.word(at + Chan.closed) === 1) return true
  return capacity > 0 ? count(world, at) < capacity : oldest(world, at, Kind.request, record) >= 0
}

/** Matches the cell of `kind` that has stood longest. */
function rendezvous(
  world: World,
  id: number,
  at: number,
  kind: Kind,
  value: Staged,
  record: number,
): Outcome {
  for (;;) {
    const thread = oldest(world, at, kind, record)
    if (thread < 0) return Outcome.wait
    if (match(world, id, at, kind, thread, value)) {
      ringFor(world, thread, id)
      return Outcome.done
    }
  }
}
