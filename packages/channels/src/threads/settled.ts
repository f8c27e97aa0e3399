/** What operations on a shared channel that need not wait give back. */
import { breath, settleAfterTurn } from '../event-loop.ts'
import { observation } from '../observer.ts'
import { done } from '../park.ts'
import { Wait } from '../sudog.ts'

export function sentNow(): Promise<void> {
  return observation.observer === null ? done : observation.observer.keep(Promise.resolve())
}

export function settledNow<V>(value: V): Promise<V> {
  // The channel passes values as they are.
  const promise = Promise.resolve(value) as Promise<V>
  if (observation.observer !== null) observation.observer.keep(promise)
  return --breath.left < 0 ? settleAfterTurn(promise) : promise
}

export function received(kind: Wait, value: unknown, ok: boolean): unknown {
  if (kind === Wait.receive) return value
  if (kind === Wait.receiveOk) return { value, ok }
  return ok ? { value, done: false } : { value: undefined, done: true }
}
