/** Go's `sync.Once` and its kin: something is done once, and every caller waits until it is done. */

export class Once {
  #running: Promise<void> | null = null

  /**
   * Runs `body` if this is the first call. Later and concurrent calls wait until that one is over and do nothing,
   * also when it failed; only the first caller sees its error.
   */
  do(body: () => unknown): Promise<void> {
    if (this.#running !== null) return this.#running
    const first = (async () => {
      await body()
    })()
    this.#running = first.catch(() => {})
    return first
  }
}

/** A function that runs `body` on its first call; every call gives the same outcome, an error included. */
export function onceFunc(body: () => unknown): () => Promise<void> {
  return onceValue(async () => {
    await body()
  })
}

/** A function that computes its value on the first call; every call gives the same value or error. */
export function onceValue<T>(body: () => T | Promise<T>): () => Promise<T> {
  let outcome: Promise<T> | undefined
  return () => {
    outcome ??= (async () => body())()
    return outcome
  }
}
