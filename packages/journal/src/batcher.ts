/**
 * Gathers what is asked while the last flush is under way into the next one: group commit for stores at the end of a wire.
 * Invariants: one flush at a time; items of a flush are in the order in which they came; at most `capacity` items wait,
 * further callers wait for room (back-pressure).
 */
export interface BatcherOptions {
  /** Items of one flush at most. */
  readonly size: number
  /** Items that may wait at most. */
  readonly capacity: number
  /** Turns of the event loop at most for which a flush waits while each brings more items: for flushes that cost much of their own. */
  readonly turns?: number
}

interface Entry<T, R> {
  readonly item: T
  readonly resolve: (result: R) => void
  readonly reject: (error: unknown) => void
}

export class Batcher<T, R> {
  readonly #flush: (items: readonly T[]) => Promise<readonly R[]>
  readonly #options: BatcherOptions
  #pending: Entry<T, R>[] = []
  #room: (() => void)[] = []
  #flushing = false
  #idle: (() => void)[] = []

  /** `flush` gives one result for each item, in order; when it throws, all items of the flush do. */
  constructor(flush: (items: readonly T[]) => Promise<readonly R[]>, options: BatcherOptions) {
    this.#flush = flush
    this.#options = options
  }

  get waiting(): number {
    return this.#pending.length
  }

  /** @throws whatever the flush throws, or the signal's reason when aborted before there was room */
  add(item: T, signal?: AbortSignal): Promise<R> {
    if (signal || this.#pending.length >= this.#options.capacity)
      return this.#addLater(item, signal)
    return this.#push(item)
  }

  /** Resolves once nothing waits and no flush is under way. */
  async drained(): Promise<void> {
    while (this.#flushing) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  async #addLater(item: T, signal?: AbortSignal): Promise<R> {
    while (this.#pending.length >= this.#options.capacity) await this.#hasRoom(signal)
    signal?.throwIfAborted()
    return this.#push(item)
  }

  #push(item: T): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.#pending.push({ item, resolve, reject })
      this.#begin()
    })
  }

  #begin(): void {
    if (this.#flushing) return
    this.#flushing = true
    // After this turn of the event loop: callers of the same turn share the first flush.
    setImmediate(() => void this.#run())
  }

  async #run(): Promise<void> {
    while (this.#pending.length > 0) {
      if (this.#options.turns) await this.#gather()
      const batch = this.#pending.splice(0, this.#options.size)
      for (const go of this.#room.splice(0, batch.length)) go()
      try {
        const results = await this.#flush(batch.map(({ item }) => item))
        batch.forEach(({ resolve }, at) => {
          // A flush gives one result for each item.
          resolve(results[at] as R)
        })
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    this.#flushing = false
    for (const done of this.#idle.splice(0)) done()
  }

  async #gather(): Promise<void> {
    const { turns = 0, size } = this.#options
    let before = 0
    for (let turn = 0; turn < turns; turn++) {
      const now = this.#pending.length
      if (now === before || now >= size) return
      before = now
      await new Promise(setImmediate)
    }
  }

  #hasRoom(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const go = () => {
        signal?.removeEventListener('abort', give)
        resolve()
      }
      const give = () => {
        this.#room = this.#room.filter((one) => one !== go)
        reject(signal?.reason)
      }
      this.#room.push(go)
      signal?.addEventListener('abort', give, { once: true })
    })
  }
}
