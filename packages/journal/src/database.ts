/**
 * The database under a journal, for packages that keep tables of their own beside its tables and write their statements once,
 * as the journal does: in PostgreSQL's dialect, with `$1` the time. Writes go through `Journal.transaction`.
 */
import type { Presence, ProcessPresence } from './presence.ts'
import {
  callersRunner,
  type Dialect,
  type SqlRunner,
  type Statement,
  type Storage,
} from './storage.ts'

export class JournalDatabase {
  readonly dialect: Dialect
  readonly #storage: Storage
  readonly #presence: ProcessPresence

  constructor(storage: Storage, presence: ProcessPresence) {
    this.dialect = storage.dialect
    this.#storage = storage
    this.#presence = presence
  }

  /** The value of `$1`: null where the database's own clock counts. */
  time(): number | null {
    return this.#storage.time()
  }

  /** Rows of a statement that changes nothing; sees all that was acknowledged. */
  read(statement: Statement): Promise<readonly (readonly unknown[])[]> {
    return this.#storage.read(statement)
  }

  /**
   * The name of this process among those that share the journal; a row of the table `process` that expires when the process
   * has died. What it claimed is free then.
   */
  presence(): Promise<Presence> {
    return this.#presence.current()
  }

  /** A caller's own transaction, given values as the database takes them. */
  callers(tx: SqlRunner): SqlRunner {
    return callersRunner(this.dialect, tx)
  }

  /** Calls back when work on a topic (`q:<queue>` for a queue) may have come; may call without cause. The result ends it. */
  listen(topic: string, callback: () => void): () => void {
    return this.#storage.listen(topic, callback)
  }

  /** Calls those who listen to a topic in this process; other processes are told by `dialect.notify` in a statement. */
  wake(topic: string): void {
    this.#storage.wake(topic)
  }
}
