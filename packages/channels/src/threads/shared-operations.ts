/** Send and receive on a shared channel, without waiting, with its lock held. */
import type { WaitQueue } from '../sudog.ts'
import { Kind, match, oldest } from './cells.ts'
import { count, push, type Staged, shift } from './slots.ts'
import { ringFor, wakeReceiver, wakeSender } from './wake.ts'
import { Chan, type World } from './world.ts'

export const Outcome = { wait: 0, done: 1, closed: 2 } as const
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
    if (count(world, at) === capacity) return Outcome.wait
    push(world, at, value)
    if (world.word(at + Chan.receivers) !== 0) wakeReceiver(world, channel)
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
  const closed = world.word(at + Chan.closed) === 1
  if (!asking.first && !closed && channel.recvq.first !== null) return Outcome.wait
  if (capacity > 0) {
    if (count(world, at) > 0) {
      shift(world, at, into)
      if (world.word(at + Chan.senders) !== 0) wakeSender(world, channel)
      return Outcome.done
    }
    return closed ? Outcome.closed : Outcome.wait
  }
  const outcome = rendezvous(world, id, at, Kind.offer, into, asking.record)
  return outcome === Outcome.wait && closed ? Outcome.closed : outcome
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
