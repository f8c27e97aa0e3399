/** A goroutine's body whose end is told, in whichever lane the body runs. */
import { isGenerator } from '../scheduler.ts'

/** Told once when a body is over; `reason` is what it threw, if it `failed`. What `Ended` throws is the body's panic. */
export type Ended = (failed: boolean, reason: unknown) => void

export function followed(body: () => unknown, ended: Ended): () => unknown {
  return () => {
    let result: unknown
    try {
      result = body()
    } catch (reason) {
      ended(true, reason)
      return undefined
    }
    if (result instanceof Promise) {
      return result.then(
        () => ended(false, undefined),
        (reason) => ended(true, reason),
      )
    }
    if (typeof result === 'object' && result !== null && isGenerator(result)) {
      return followGenerator(result, ended)
    }
    ended(false, undefined)
    return undefined
  }
}

function* followGenerator(
  result: Iterator<unknown, unknown, unknown>,
  ended: Ended,
): Generator<never, void, unknown> {
  try {
    // Yields only operations of the generator lane, to the scheduler.
    yield* result as unknown as Iterable<never, unknown>
  } catch (reason) {
    ended(true, reason)
    return
  }
  ended(false, undefined)
}
