/**
 * Operators on one source, data first: `take(map(lines, parse), 10)`. Each returns events; each subscriber gets a run of
 * its own. A function that throws ends the stream with its error, as in RxJS. State is derived with `computed`.
 */
import { cell } from './cell.ts'
import { type Events, stream } from './event-stream.ts'
import { fail, getOwner, onDispose } from './owner.ts'
import type { Observer, Readable, Source } from './stream.ts'

/** Each value, changed. */
export function map<A, B>(source: Source<A>, change: (value: A) => B): Events<B> {
  return stream((out) => follow(source, out, (value) => out.next(change(value))))
}

/** The values that `accepts` accepts. */
export function filter<A, B extends A>(
  source: Source<A>,
  accepts: (value: A) => value is B,
): Events<B>
export function filter<A>(source: Source<A>, accepts: (value: A) => boolean): Events<A>
export function filter<A>(source: Source<A>, accepts: (value: A) => boolean): Events<A> {
  return stream((out) =>
    follow(source, out, (value) => {
      if (accepts(value)) out.next(value)
    }),
  )
}

/** What has come up so far, after each value: `scan(clicks, (sum) => sum + 1, 0)`. */
export function scan<A, S>(source: Source<A>, add: (sum: S, value: A) => S, start: S): Events<S> {
  return stream((out) => {
    let sum = start
    return follow(source, out, (value) => {
      sum = add(sum, value)
      out.next(sum)
    })
  })
}

/** Without values equal to the one before. */
export function distinct<A>(
  source: Source<A>,
  equals: (previous: A, next: A) => boolean = Object.is,
): Events<A> {
  return stream((out) => {
    let last: { readonly value: A } | undefined
    return follow(source, out, (value) => {
      if (last !== undefined && equals(last.value, value)) return
      last = { value }
      out.next(value)
    })
  })
}

/** Each value with the one before it, from the second on. */
export function pairwise<A>(source: Source<A>): Events<readonly [previous: A, next: A]> {
  return stream((out) => {
    let last: { readonly value: A } | undefined
    return follow(source, out, (value) => {
      const previous = last
      last = { value }
      if (previous !== undefined) out.next([previous.value, value])
    })
  })
}

/** The first `count` values, then the end. */
export function take<A>(source: Source<A>, count: number): Events<A> {
  return stream((out) => {
    let left = count
    if (left <= 0) return out.complete?.()
    return follow(source, out, (value) => {
      if (left <= 0) return
      left--
      out.next(value)
      if (left === 0) out.complete?.()
    })
  })
}

/** Without the first `count` values. */
export function skip<A>(source: Source<A>, count: number): Events<A> {
  return stream((out) => {
    let left = count
    return follow(source, out, (value) => {
      if (left > 0) left--
      else out.next(value)
    })
  })
}

/** `first`, then the values of the source. */
export function startWith<A, B = A>(source: Source<A>, first: B): Events<A | B> {
  return stream<A | B>((out) => {
    out.next(first)
    return follow(source, out, (value) => out.next(value))
  })
}

/** Lists of `size` values; the last one may be shorter. */
export function buffer<A>(source: Source<A>, size: number): Events<readonly A[]> {
  return stream((out) => {
    let kept: A[] = []
    const give = () => {
      const full = kept
      kept = []
      if (full.length > 0) out.next(full)
    }
    return follow(
      source,
      out,
      (value) => {
        kept.push(value)
        if (kept.length >= size) give()
      },
      give,
    )
  })
}

/** A source as state: `initial` until its first value. Follows the source until the owner around it closes. */
export function latest<A, B = A>(source: Source<A>, initial: B): Readable<A | B> {
  const state = cell<A | B>(initial)
  const owner = getOwner()
  const subscription = source.subscribe({
    next: (value) => state.set(value),
    error: (reason) => fail(owner, reason),
  })
  onDispose(() => subscription.unsubscribe())
  return state.readonly()
}

/**
 * @internal Subscribes for `out`, which also gets the error and the end; `finish` runs before the end.
 * What `next` throws ends `out` with it.
 */
export function follow<A>(
  source: Source<A>,
  out: Observer<never>,
  next: (value: A) => void,
  finish?: () => void,
): () => void {
  const subscription = source.subscribe({
    next(value) {
      try {
        next(value)
      } catch (error) {
        out.error?.(error)
      }
    },
    error: (reason) => out.error?.(reason),
    complete() {
      finish?.()
      out.complete?.()
    },
  })
  return () => subscription.unsubscribe()
}
