/** What a source gave: `using seen = collect(debounce(text, 200))`, then `expect(seen.values).toEqual(['abc'])`. */
import type { Source } from '../stream.ts'

export interface Collected<T> extends Disposable {
  readonly values: readonly T[]
  readonly errors: readonly unknown[]
  readonly completed: boolean
}

export function collect<T>(source: Source<T>): Collected<T> {
  const values: T[] = []
  const errors: unknown[] = []
  let completed = false
  const subscription = source.subscribe({
    next: (value) => void values.push(value),
    error: (reason) => void errors.push(reason),
    complete() {
      completed = true
    },
  })
  return {
    values,
    errors,
    get completed() {
      return completed
    },
    [Symbol.dispose]: () => subscription.unsubscribe(),
  }
}
