/**
 * The ways through a channel that are not the common ones of `channel.ts`: parking, waking whoever waits (a select, a
 * generator, an observed goroutine), closing, and letting the event loop have its turn.
 */
import type { Channel } from './channel.ts'
import { breath, settleAfterTurn } from './event-loop.ts'
import { observation } from './observer.ts'
import { closeOfClosed } from './panic.ts'
import { done, parkAwait, ready } from './park.ts'
import { drained, nothing } from './receive-outcome.ts'
import { acquireSudog, Wait, type WaitQueue } from './sudog.ts'

/** `send` in full. */
export function sendObserved<T>(channel: Channel<T>, value: T): Promise<void> {
  let promise: Promise<void>
  try {
    if (channel.sendNow(value)) promise = observation.observer === null ? done : kept(undefined)
    else promise = park(channel, channel.senders(), Wait.send, value) as Promise<void> // readied with undefined
  } catch (reason) {
    promise = Promise.reject(reason)
  }
  return breath.left < 0 ? settleAfterTurn(promise) : promise
}

/** `receive`, `receiveOk` and `for await` in full: `kind` says what the promise gives. */
export function receiveAs<T>(channel: Channel<T>, kind: Wait): Promise<unknown> {
  const value = channel.receiveNow()
  const promise =
    value === nothing
      ? park(channel, channel.receivers(), kind, undefined)
      : kept(received(channel, kind, value))
  return breath.left < 0 ? settleAfterTurn(promise) : promise
}

/** Hands `value` straight to the longest waiting receiver. */
export function handToReceiver(channel: Channel<unknown>, value: unknown): boolean {
  const receiver = channel.recvq.dequeue()
  if (receiver === null) return false
  if (observation.observer !== null) observation.observer.moved('hand-off', channel, value)
  ready(receiver, value, true, channel)
  return true
}

/** The slot that a full buffer has just given up takes the value of the longest waiting sender: the new tail. */
export function refillFromSender(channel: Channel<unknown>, slot: number): boolean {
  const sender = channel.sendq.dequeue()
  if (sender === null) return false
  channel.buf[slot] = sender.elem
  ready(sender, undefined, true, channel)
  return true
}

/** Takes straight from the longest waiting sender. */
export function receiveUnbuffered(channel: Channel<unknown>): unknown {
  const sender = channel.sendq.first === null ? null : channel.sendq.dequeue()
  if (sender === null) return channel.closed ? drained : nothing
  const value = sender.elem
  if (observation.observer !== null) observation.observer.moved('hand-off', channel, value)
  ready(sender, undefined, true, channel)
  return value
}

/** @throws {Panic} `close of closed channel` */
export function closeAndReady(channel: Channel<unknown>): void {
  if (channel.closed) throw closeOfClosed()
  channel.closed = true
  observation.observer?.moved('close', channel, undefined)
  for (;;) {
    const receiver = channel.recvq.dequeue()
    if (receiver === null) break
    ready(receiver, channel.element.zero, false, channel)
  }
  for (;;) {
    const sender = channel.sendq.dequeue()
    if (sender === null) break
    ready(sender, undefined, false, channel)
  }
}

function received<T>(channel: Channel<T>, kind: Wait, value: T | typeof drained): unknown {
  if (value === drained) {
    const { zero } = channel.element
    if (kind === Wait.receive) return zero
    return kind === Wait.receiveOk ? { value: zero, ok: false } : { value: undefined, done: true }
  }
  if (kind === Wait.receive) return value
  return kind === Wait.receiveOk ? { value, ok: true } : { value, done: false }
}

function park(channel: object, queue: WaitQueue, kind: Wait, elem: unknown): Promise<unknown> {
  const sudog = acquireSudog()
  sudog.elem = elem
  const reason = kind === Wait.send ? 'chan send' : 'chan receive'
  const promise = parkAwait(sudog, kind, reason, channel)
  queue.enqueue(sudog)
  return promise
}

function kept<V>(value: V): Promise<V> {
  // Promise.resolve types its argument as Awaited<V>; the channel passes values as they are.
  const promise = Promise.resolve(value) as Promise<V>
  return observation.observer === null ? promise : observation.observer.keep(promise)
}
