/** Operators that wait. Their timers are gone with the subscription; their clock is `clock.ts`. */
import { clock } from './clock.ts'
import { type Events, stream } from './event-stream.ts'
import type { Source, Subscription } from './stream.ts'
import { follow } from './stream-operators.ts'
import { ever } from './workers.ts'

/** A value once `ms` have gone by without another. The last one before the end is not held back. */
export function debounce<A>(source: Source<A>, ms: number): Events<A>
/** A worker: runs `work` for such a value, from the next change on. */
export function debounce<A>(source: Source<A>, ms: number, work: (value: A) => void): Subscription
export function debounce<A>(
  source: Source<A>,
  ms: number,
  work?: (value: A) => void,
): Events<A> | Subscription {
  if (work !== undefined) return ever(source, work, (changes) => debounce(changes, ms))
  return stream((out) => {
    let waiting: (() => void) | undefined
    let cancel: (() => void) | undefined
    const give = () => {
      cancel?.()
      const now = waiting
      cancel = waiting = undefined
      now?.()
    }
    const stop = follow(
      source,
      out,
      (value) => {
        cancel?.()
        waiting = () => out.next(value)
        cancel = clock.after(ms, give)
      },
      give,
    )
    return () => {
      cancel?.()
      stop()
    }
  })
}

/** A value, then none for `ms`; the last of those that came meanwhile follows, so that nobody stays behind. */
export function throttle<A>(source: Source<A>, ms: number): Events<A> {
  return stream((out) => {
    let waiting: { readonly value: A } | undefined
    let cancel: (() => void) | undefined
    const open = () => {
      cancel = undefined
      const last = waiting
      waiting = undefined
      if (last === undefined) return
      cancel = clock.after(ms, open)
      out.next(last.value)
    }
    const stop = follow(
      source,
      out,
      (value) => {
        if (cancel !== undefined) waiting = { value }
        else {
          cancel = clock.after(ms, open)
          out.next(value)
        }
      },
      () => {
        if (waiting !== undefined) out.next(waiting.value)
        waiting = undefined
      },
    )
    return () => {
      cancel?.()
      stop()
    }
  })
}

/** The newest value whenever `when` has one, or each `when` milliseconds; nothing where none came since. */
export function sample<A>(source: Source<A>, when: Source<unknown> | number): Events<A> {
  return stream((out) => {
    let newest: { readonly value: A } | undefined
    const give = () => {
      const now = newest
      newest = undefined
      if (now !== undefined) out.next(now.value)
    }
    const stop = follow(source, out, (value) => {
      newest = { value }
    })
    const stopWhen =
      typeof when === 'number' ? every(when, give) : follow(when, silentEnd(out), give)
    return () => {
      stopWhen()
      stop()
    }
  })
}

/** Each value `ms` later. */
export function delay<A>(source: Source<A>, ms: number): Events<A> {
  return stream((out) => {
    const waiting = new Set<() => void>()
    const later = (work: () => void) => {
      const cancel = clock.after(ms, () => {
        waiting.delete(cancel)
        work()
      })
      waiting.add(cancel)
    }
    const ends = {
      next() {},
      error: (reason: unknown) => out.error?.(reason),
      complete: () => later(() => out.complete?.()),
    }
    const stop = follow(source, ends, (value) => later(() => out.next(value)))
    return () => {
      for (const cancel of waiting) cancel()
      stop()
    }
  })
}

function every(ms: number, work: () => void): () => void {
  let cancel: () => void
  const next = () => {
    cancel = clock.after(ms, next)
    work()
  }
  cancel = clock.after(ms, next)
  return () => cancel()
}

/** The end of a sampler ends nothing. */
function silentEnd(out: { error?(reason: unknown): void }) {
  return { next() {}, error: (reason: unknown) => out.error?.(reason) }
}
