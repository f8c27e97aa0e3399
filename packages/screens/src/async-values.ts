/**
 * Any source as an `AsyncIterable`. Values that come faster than they are taken wait in a bounded buffer: a reader that
 * falls further behind gets an error, never a gap; with `latest` it gets the newest value instead, as suits state.
 */
import { fault } from './fault.ts'
import { runOwned } from './owner.ts'
import type { Source } from './stream.ts'

export interface ValuesOptions {
  /** Keep only the newest value that was not taken yet. */
  readonly latest?: boolean
  /** Values that may wait, 65,536 by default. */
  readonly limit?: number
}

/** `for await (const line of valuesOf(lines, { limit: 1000 }))`; leaving the loop unsubscribes. */
export function valuesOf<T>(source: Source<T>, options: ValuesOptions = {}): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => iterate(source, options) }
}

function iterate<T>(source: Source<T>, options: ValuesOptions): AsyncIterator<T, undefined> {
  const limit = options.limit ?? 65_536
  let waiting: T[] = []
  let taken = 0
  let end: { readonly reason?: unknown } | undefined
  let wake: (() => void) | undefined
  let stopped = false
  const finish = (how: { readonly reason?: unknown }) => {
    end ??= how
    wake?.()
  }
  // Belongs to the loop that reads, not to whatever happens to run now.
  const subscription = runOwned(undefined, () =>
    source.subscribe({
      next(value) {
        if (end !== undefined) return
        if (options.latest) {
          waiting = [value]
          taken = 0
        } else if (waiting.length - taken >= limit) {
          finish({ reason: fault('EVENT_OVERFLOW', limit) })
        } else waiting.push(value)
        wake?.()
      },
      error: (reason) => finish({ reason }),
      complete: () => finish({}),
    }),
  )
  const stop = () => {
    stopped = true
    subscription.unsubscribe()
    wake?.()
  }
  return {
    async next(): Promise<IteratorResult<T, undefined>> {
      for (;;) {
        if (stopped) return { value: undefined, done: true }
        if (taken < waiting.length) {
          const value = waiting[taken++] as T // below the length
          if (taken === waiting.length) {
            waiting = []
            taken = 0
          }
          return { value, done: false }
        }
        if (end !== undefined) {
          stop()
          if ('reason' in end) throw end.reason
          continue
        }
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = undefined
      }
    },
    async return() {
      stop()
      return { value: undefined, done: true }
    },
  }
}
