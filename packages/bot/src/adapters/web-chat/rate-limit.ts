/** A bucket of tokens: `burst` at once, `perSecond` in the long run. */
export class RateLimit {
  readonly #burst: number
  readonly #perSecond: number
  #tokens: number
  #at: number

  /** @param now milliseconds */
  constructor(burst: number, perSecond: number, now: number) {
    this.#burst = burst
    this.#perSecond = perSecond
    this.#tokens = burst
    this.#at = now
  }

  /** Whether one more may go now. */
  take(now: number): boolean {
    const gained = (Math.max(0, now - this.#at) / 1_000) * this.#perSecond
    this.#tokens = Math.min(this.#burst, this.#tokens + gained)
    this.#at = now
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }
}
