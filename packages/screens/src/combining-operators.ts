/** Operators on several sources, and one that many subscribers share. */
import { EventStream, type Events, stream } from './event-stream.ts'
import type { Source } from './stream.ts'
import { follow } from './stream-operators.ts'

/** The values of all sources, as they come; ends when all have ended. */
export function merge<A>(...sources: readonly Source<A>[]): Events<A> {
  return stream((out) => {
    let open = sources.length
    if (open === 0) return out.complete?.()
    const complete = () => {
      if (--open === 0) out.complete?.()
    }
    const stops = sources.map((source) =>
      follow(source, { ...forward(out), complete }, (value: A) => out.next(value)),
    )
    return () => stopAll(stops)
  })
}

/** A list of the latest value of each source, from when each has one; ends when all have ended. */
export function combineLatest<T extends readonly unknown[]>(
  sources: { readonly [K in keyof T]: Source<T[K]> },
): Events<T> {
  return stream<T>((out) => {
    const values: unknown[] = new Array(sources.length)
    const present = new Set<number>()
    let open = sources.length
    const complete = () => {
      if (--open === 0) out.complete?.()
    }
    const stops = sources.map((source, at) =>
      follow(source, { ...forward(out), complete }, (value: unknown) => {
        values[at] = value
        present.add(at)
        // One value for each source by now.
        if (present.size === sources.length) out.next([...values] as unknown as T)
      }),
    )
    return () => stopAll(stops)
  })
}

/** The values of the source that `choose` made for the newest value; the one before is let go. */
export function switchMap<A, B>(source: Source<A>, choose: (value: A) => Source<B>): Events<B> {
  return stream((out) => {
    let stopInner: (() => void) | undefined
    let run = 0
    let innerOpen = false
    let outerOpen = true
    const endWhenDone = () => {
      if (!innerOpen && !outerOpen) out.complete?.()
    }
    const stopOuter = follow(
      source,
      {
        ...forward(out),
        complete() {
          outerOpen = false
          endWhenDone()
        },
      },
      (value) => {
        stopInner?.()
        const mine = ++run
        innerOpen = true
        const complete = () => {
          if (mine !== run) return
          innerOpen = false
          endWhenDone()
        }
        const stop = follow(choose(value), { ...forward(out), complete }, (inner: B) => {
          if (mine === run) out.next(inner)
        })
        if (mine === run) stopInner = stop
        else stop()
      },
    )
    return () => {
      run++
      stopOuter()
      stopInner?.()
    }
  })
}

/**
 * One subscription to the source, shared; who comes later first gets the last `count` values again. The source is let
 * go, and the values forgotten, with the last subscriber.
 */
export function replay<A>(source: Source<A>, count: number): Events<A> {
  let kept: A[] = []
  let shared: EventStream<A> | undefined
  let stop: (() => void) | undefined
  const disconnect = () => {
    stop?.()
    shared = stop = undefined
    kept = []
  }
  return stream((out) => {
    const first = shared === undefined
    shared ??= new EventStream<A>()
    for (const value of [...kept]) out.next(value)
    const mine = shared
    const subscription = mine.subscribe(out)
    if (first) {
      const ends = {
        next() {},
        error: (reason: unknown) => mine.error(reason),
        complete: () => mine.complete(),
      }
      stop = follow(source, ends, (value) => {
        kept.push(value)
        if (kept.length > count) kept.shift()
        mine.emit(value)
      })
    }
    return () => {
      subscription.unsubscribe()
      if (mine === shared && mine.subscribers === 0) disconnect()
    }
  })
}

function forward(out: { error?(reason: unknown): void }) {
  return { next() {}, error: (reason: unknown) => out.error?.(reason) }
}

function stopAll(stops: readonly (() => void)[]): void {
  for (const stop of stops) stop()
}
