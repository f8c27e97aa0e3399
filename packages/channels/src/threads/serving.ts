/**
 * Serving the goroutines of this thread that wait on a shared channel and can proceed, one at a time. Called with the
 * channel's lock held; what is returned is to be done once it is released, since it runs code of others.
 */
import { ready } from '../park.ts'
import type { Sudog, WaitQueue } from '../sudog.ts'
import type { Rendezvous } from './rendezvous.ts'
import { Outcome, receiveLocked, receiveReady, sendLocked, sendReady } from './shared-operations.ts'
import type { Staged } from './slots.ts'
import { discard, landing, unstage } from './values.ts'
import type { World } from './world.ts'

interface Served {
  readonly id: number
  readonly at: number
  readonly lane: number
  readonly capacity: number
  readonly recvq: WaitQueue
  readonly sendq: WaitQueue
  readonly rendezvous: Rendezvous
  /** The zero value of the lane. */
  zero(): unknown
}

/** Completes the first waiter that can proceed; null when none can. */
export function serveOne(world: World, channel: Served): (() => void) | null {
  const completed = channel.rendezvous.completed()
  if (completed !== null) return completed
  const receiver = channel.recvq.first
  if (receiver !== null && receiveReady(world, channel, receiver.select?.word ?? 0)) {
    return serve(world, channel, channel.recvq)
  }
  const sender = channel.sendq.first
  if (sender !== null && sendReady(world, channel, sender.select?.word ?? 0)) {
    return serve(world, channel, channel.sendq)
  }
  return null
}

function serve(world: World, channel: Served, queue: WaitQueue): (() => void) | null {
  const waiter = queue.dequeue()
  if (waiter === null) return null
  const asking = { first: true, record: waiter.select?.word ?? 0 }
  channel.rendezvous.withdraw(waiter)
  const receiving = queue === channel.recvq
  const outcome = receiving
    ? receiveLocked(world, channel, landing, asking)
    : sendLocked(world, channel, waiter.elem as Staged, asking) // senders wait with their staged value
  if (outcome === Outcome.wait) return again(waiter, queue)
  if (receiving) {
    return outcome === Outcome.done
      ? () => ready(waiter, unstage(world, channel.lane), true)
      : () => ready(waiter, channel.zero(), false)
  }
  return () => {
    if (outcome === Outcome.closed) discard(world, waiter.elem as Staged) // as above
    ready(waiter, undefined, outcome === Outcome.done)
  }
}

/** The cell it was to match went to another thread. A select has been decided by now, so it starts anew. */
function again(waiter: Sudog, queue: WaitQueue): (() => void) | null {
  const { select } = waiter
  if (select !== null) return () => select.restart?.()
  queue.enqueueFirst(waiter)
  return null
}
