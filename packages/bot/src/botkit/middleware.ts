/** Middlewares in a row, Botkit's way: each gets what it may change, and `next`, with an error where it can't go on. */

export type Next = (error?: unknown) => void

export type Middleware<Args extends readonly unknown[]> = (...args: [...Args, Next]) => unknown

export class MiddlewareChain<Args extends readonly unknown[]> {
  readonly #chain: Middleware<Args>[] = []

  use(middleware: Middleware<Args>): this {
    this.#chain.push(middleware)
    return this
  }

  /** Rejects with what a middleware threw or gave to `next`. */
  async run(...args: Args): Promise<void> {
    for (const middleware of this.#chain) {
      await new Promise<void>((resolve, reject) => {
        const next: Next = (error) => (error ? reject(error) : resolve())
        // One that is async and throws never calls next.
        Promise.try(middleware, ...args, next).catch(reject)
      })
    }
  }
}
