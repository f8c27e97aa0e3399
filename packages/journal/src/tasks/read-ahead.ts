/**
 * How many tasks to claim beyond those that run: as many as about 50 ms of work, so that claiming is done in batches while
 * tasks are short, and none that takes long waits in one process while another is idle. Pure.
 */
const horizon = 50
const most = 500

export class ReadAhead {
  readonly #concurrency: number
  #mean = Number.POSITIVE_INFINITY

  constructor(concurrency: number) {
    this.#concurrency = concurrency
  }

  /** A run took so many milliseconds. */
  took(ms: number): void {
    this.#mean = this.#mean === Number.POSITIVE_INFINITY ? ms : this.#mean * 0.9 + ms * 0.1
  }

  get limit(): number {
    if (this.#mean >= horizon) return 0
    return Math.min(most, Math.ceil((this.#concurrency * horizon) / Math.max(this.#mean, 0.05)))
  }
}
