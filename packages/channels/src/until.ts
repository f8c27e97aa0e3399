/** Awaiting any promise in the generator lane. */
import type { Fiber } from './fiber.ts'
import type { WaitReason } from './goroutine.ts'
import { currentFiber, parkGenerator, ready } from './park.ts'

/** `const value = yield* until(promise)`: the goroutine waits for the promise; a rejection is thrown into it. */
export function until<T>(
  promise: PromiseLike<T>,
  reason: WaitReason = 'IO wait',
): Iterable<never, T> {
  return {
    [Symbol.iterator]: () => {
      currentFiber()
      const next = (resumed?: Fiber): IteratorResult<never, T> => {
        if (resumed !== undefined) {
          const { elem: value, ok } = resumed
          resumed.elem = undefined
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
