/** Awaiting any promise in the generator lane. */
import type { Goroutine, WaitReason } from './goroutine.ts'
import { currentGenerator, parkGenerator, ready } from './park.ts'

/** `const value = yield* until(promise)`: the goroutine waits for the promise; a rejection is thrown into it. */
export function until<T>(
  promise: PromiseLike<T>,
  reason: WaitReason = 'IO wait',
): Iterable<never, T> {
  return {
    [Symbol.iterator]: () => {
      currentGenerator()
      const next = (resumed?: Goroutine): IteratorResult<never, T> => {
        if (resumed !== undefined) {
          const { value, ok } = resumed
          resumed.value = undefined
          if (!ok) throw value
          return { done: true, value: value as T } // what the promise gave
        }
        const sudog = parkGenerator(reason)
        promise.then(
          (value) => ready(sudog, value, true),
          (cause) => ready(sudog, cause, false),
        )
        return { done: false, value: undefined as never } // nobody reads what is yielded
      }
      return { next }
    },
  }
}
