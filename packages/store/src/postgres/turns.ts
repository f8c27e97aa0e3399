/**
 * Turns on something that only one may use at a time: the connection of a transaction, or the transaction while a nested one
 * is open. Whoever asks waits for those before; code that runs inside a turn and asks for the same again has it already.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

const held = new AsyncLocalStorage<ReadonlySet<Turns>>()

export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  take<R>(work: () => Promise<R>): Promise<R> {
    const mine = held.getStore()
    if (mine?.has(this)) return work()
    const run = () => held.run(new Set([...(mine ?? []), this]), work)
    const result = this.#last.then(run)
    // Whoever comes next waits for the end, not for success.
    this.#last = result.then(
      () => {},
      () => {},
    )
    return result
  }
}
