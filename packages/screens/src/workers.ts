/**
 * Workers: work for each change of a source, for as long as their owner lives. Of a cell they take changes only, not
 * the value that is there when they start. They return what stops them earlier: `this.own(ever(count, save))`.
 */
import { isReadable } from './cell.ts'
import type { Source, Subscription } from './stream.ts'
import { skip, take } from './stream-operators.ts'
import { throttle } from './time-operators.ts'

/** Runs `work` for every change. */
export function ever<A>(
  source: Source<A>,
  work: (value: A) => void,
  change: (changes: Source<A>) => Source<A> = (changes) => changes,
): Subscription {
  const changes = isReadable(source) ? skip(source as Source<A>, 1) : source
  const subscription = change(changes).subscribe(work)
  let closed = false
  const unsubscribe = () => {
    closed = true
    subscription.unsubscribe()
  }
  return {
    get closed() {
      return closed
    },
    unsubscribe,
    [Symbol.dispose]: unsubscribe,
  }
}

/** Runs `work` for the next change only. */
export function once<A>(source: Source<A>, work: (value: A) => void): Subscription {
  return ever(source, work, (changes) => take(changes, 1))
}

/** Runs `work` at most once each `ms`, with the newest value. */
export function interval<A>(source: Source<A>, ms: number, work: (value: A) => void): Subscription {
  return ever(source, work, (changes) => throttle(changes, ms))
}
