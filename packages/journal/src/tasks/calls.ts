/** What a loop waits for: a call, or that time goes by. A call while nobody waits is kept for the next wait. */
import type { Clock } from '../clock.ts'

export class Calls {
  readonly #clock: Clock
  #called = false
  #call: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether there was a call that no wait has taken. */
  get waiting(): boolean {
    return this.#called
  }

  call(): void {
    this.#called = true
    this.#call?.()
  }

  forget(): void {
    this.#called = false
  }

  /**
   * Until the next call, or for so many milliseconds.
   * @returns whether it was time that ended the wait
   */
  next(ms?: number): Promise<boolean> {
    if (this.#called) {
      this.#called = false
      return Promise.resolve(false)
    }
    return new Promise((resolve) => {
      const cancel = ms === undefined ? undefined : this.#clock.after(ms, () => end(true))
      const end = (isLate: boolean) => {
        cancel?.()
        this.#call = undefined
        this.#called = false
        resolve(isLate)
      }
      this.#call = () => end(false)
    })
  }
}
