/**
 * The attempts under way in one runner, the oldest first. Each is aborted when its time is over, when another may have its
 * claim, or when the worker stops.
 */
import type { Clock } from '../clock.ts'
import { JournalError } from '../errors.ts'
import type { Presence } from '../presence.ts'
import type { Attempt } from './attempt.ts'

export class Attempts implements Disposable {
  readonly #clock: Clock
  readonly #timeout: number | undefined
  readonly #underWay = new Set<Attempt>()
  #stopped: JournalError | undefined
  #watched: Presence | undefined
  #cancelTimer: (() => void) | undefined

  /** `timeout`: milliseconds that one attempt may take. */
  constructor(clock: Clock, timeout: number | undefined) {
    this.#clock = clock
    this.#timeout = timeout
  }

  /** Whether the worker stopped before its attempts had ended. */
  get areStopped(): boolean {
    return this.#stopped !== undefined
  }

  add(attempt: Attempt): void {
    this.#underWay.add(attempt)
    if (this.#stopped) attempt.abort(this.#stopped)
    const { presence } = attempt
    if (presence !== this.#watched) this.#watch(presence)
    if (presence.signal.aborted) attempt.abort(presence.signal.reason)
    this.#watchTime()
  }

  delete(attempt: Attempt): void {
    this.#underWay.delete(attempt)
  }

  /** Those under way, and those that come. */
  stop(): void {
    this.#stopped = new JournalError('CLOSED', 'the worker stops; this is tried again elsewhere')
    for (const attempt of this.#underWay) attempt.abort(this.#stopped)
  }

  [Symbol.dispose](): void {
    this.#cancelTimer?.()
  }

  #watch(presence: Presence): void {
    this.#watched = presence
    presence.signal.addEventListener('abort', () => {
      for (const one of this.#underWay) {
        if (one.presence === presence) one.abort(presence.signal.reason)
      }
    })
  }

  /** All attempts have the same time, so the oldest one's runs out first: one timer does for all. */
  #watchTime(): void {
    const timeout = this.#timeout
    const [oldest] = this.#underWay
    if (timeout === undefined || oldest === undefined || this.#cancelTimer !== undefined) return
    const left = oldest.began + timeout - this.#clock.monotonic()
    this.#cancelTimer = this.#clock.after(left, () => {
      this.#cancelTimer = undefined
      for (const attempt of this.#underWay) {
        if (attempt.began + timeout > this.#clock.monotonic()) break
        attempt.abort(new JournalError('LOST', `an attempt may take ${timeout} ms`))
        this.#underWay.delete(attempt)
      }
      this.#watchTime()
    })
  }
}
