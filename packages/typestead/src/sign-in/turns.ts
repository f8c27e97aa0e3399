/** Bounds how much of one kind of work runs at once and how much may wait. Invariant: `#waiting` is empty while `#running < atOnce`. */
export class TurnsError extends Error {
  readonly code = 'BUSY'
  override readonly name = 'TurnsError'
}

export class Turns {
  readonly #atOnce: number
  readonly #mayWait: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(atOnce: number, mayWait: number) {
    this.#atOnce = atOnce
    this.#mayWait = mayWait
  }

  /** @throws {TurnsError} at once, when as many wait as may */
  async run<R>(work: () => Promise<R>): Promise<R> {
    if (this.#running >= this.#atOnce) {
      if (this.#waiting.length >= this.#mayWait) {
        throw new TurnsError('too much of this is under way; try again in a few seconds')
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    } else {
      this.#running++
    }
    try {
      return await work()
    } finally {
      // The turn goes to who waits longest, without being free in between.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }
}
