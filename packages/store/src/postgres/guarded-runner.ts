/**
 * The connection of a transaction, as long as the transaction lasts: statements go one after the other, and none goes once it
 * has ended, when the connection may be someone else's.
 */
import { StoreError } from '../errors.ts'
import type { Rows, Runner } from './connection.ts'
import type { Statement } from './select.ts'
import { Turns } from './turns.ts'

export class GuardedRunner implements Runner {
  readonly #runner: Runner
  readonly #turns = new Turns()
  #ended = false

  constructor(runner: Runner) {
    this.#runner = runner
  }

  run(statement: Statement, acting?: Statement): Promise<Rows> {
    return this.#turns.take(async () => {
      if (this.#ended) {
        const text =
          'this transaction has ended; await all that it begins before its function returns'
        throw new StoreError('TRANSACTION_ENDED', text)
      }
      return this.#runner.run(statement, acting)
    })
  }

  end(): void {
    this.#ended = true
  }
}
