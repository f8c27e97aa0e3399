/**
 * The hook through which goroutines are observed. Null costs one comparison per operation; an observer sees every
 * park, ready and hand-off, and keeps `scheduler.current` exact across the awaits of channel operations.
 */
import type { Goroutine, WaitReason } from './goroutine.ts'
import type { Sudog } from './sudog.ts'

export interface Observer {
  created(goroutine: Goroutine): void
  ended(goroutine: Goroutine): void
  /** It runs from here until it parks. */
  running(goroutine: Goroutine): void
  /** Nobody runs from here on, as far as the scheduler knows. */
  rest(): void
  /** Follows the promise of an async goroutine to its end. */
  follow(
    goroutine: Goroutine,
    result: Promise<unknown>,
    finished: (goroutine: Goroutine) => void,
    panicked: (goroutine: Goroutine, reason: unknown) => void,
  ): void
  /** Attaches a waiter to its goroutine as it parks; `promise` is what an async goroutine awaits. */
  park(
    sudog: Sudog | null,
    reason: WaitReason,
    on: object | null,
    promise: Promise<unknown> | null,
  ): void
  /** A waiter is made runnable by the current goroutine; `on` is the channel, null when it is none of this thread. */
  ready(sudog: Sudog, on: object | null): void
  /** A value moved without parking: into or out of a buffer, or straight to a waiter. */
  moved(how: 'hand-off' | 'buffer' | 'take' | 'close', channel: object, value: unknown): void
  /** Keeps the current goroutine current after the await of a promise that is already settled. */
  keep<T>(promise: Promise<T>): Promise<T>
}

export const observation: { observer: Observer | null } = { observer: null }
