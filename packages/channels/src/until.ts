/** Awaiting any promise in the generator lane. */
import type { WaitReason } from './goroutine.ts'
import { currentGenerator, parkGenerator, readyGenerator } from './park.ts'
import { acquireSudog, releaseSudog } from './sudog.ts'

/** `const value = yield* until(promise)`: the goroutine waits for the promise; a rejection is thrown into it. */
export function until<T>(
  promise: PromiseLike<T>,
  reason: WaitReason = 'IO wait',
): Iterable<never, T> {
  return {
    [Symbol.iterator]: () => {
      const goroutine = currentGenerator()
      const next = (): IteratorResult<never, T> => {
        if (goroutine.resumed) {
          goroutine.resumed = false
          if (!goroutine.ok) throw goroutine.value
          return { done: true, value: goroutine.value as T } // what the promise gave
        }
        const sudog = acquireSudog()
        parkGenerator(sudog, reason, null)
        promise.then(
          (value) => {
            releaseSudog(sudog)
            readyGenerator(goroutine, value, true)
          },
          (cause) => {
            releaseSudog(sudog)
            readyGenerator(goroutine, cause, false)
          },
        )
        return { done: false, value: undefined as never } // nobody reads what is yielded
      }
      return { next }
    },
  }
}
