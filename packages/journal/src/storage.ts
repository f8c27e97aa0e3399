/**
 * Where the journal's tables are: the edge between its statements and a database. Statements are written once, in
 * PostgreSQL's dialect (`$1`, `::bigint`); `$1` is always the time. What differs between the databases is in `Dialect`.
 */

export type Cell = string | number | null

export interface Statement {
  readonly text: string
  readonly values: readonly Cell[]
}

/**
 * Runs one statement and gives its rows, each an array of cells. A transaction of `@typestead/store` is one, through
 * `sqlStore(tx)` of its `/sql` entry; `fromClient` makes one of a client of `pg`.
 */
export interface SqlRunner {
  run(statement: Statement): Promise<readonly (readonly unknown[])[]>
}

export interface Dialect {
  readonly kind: 'sqlite' | 'postgres'
  /** The full name of one of the journal's tables. */
  table(name: string): string
  /** The time in milliseconds as an expression over `$1`. */
  readonly now: string
  /** What makes rows of a select this transaction's, passing over those that others have. */
  readonly skipLocked: string
  /** `column in (…)` such that the select runs once. */
  within(select: string): string
  /** A select of the values in a JSON array that a parameter holds. */
  list(parameter: string, type: 'bigint' | 'text'): string
  /** A from-item named `r` of the objects in a JSON array that a parameter holds. */
  rows(parameter: string, columns: Readonly<Record<string, 'bigint' | 'text'>>): string
  greatest(a: string, b: string): string
  /** An expression that wakes listeners of a topic when the transaction commits. */
  notify(topic: string): string
}

export interface Storage extends SqlRunner, AsyncDisposable {
  readonly dialect: Dialect
  /** The value of `$1`: null where the database's own clock counts. */
  time(): number | null
  /** A statement that changes nothing; may be answered beside writes that wait. */
  read(statement: Statement): Promise<readonly (readonly unknown[])[]>
  /**
   * All or nothing; `work` may be asked for again only by its caller. `unhurried`: it may wait some milliseconds for others to
   * share its commit with.
   */
  transaction<R>(
    work: (run: SqlRunner) => Promise<R>,
    options?: { readonly unhurried?: boolean },
  ): Promise<R>
  /** Tells listeners in this process and, where the database can't do it in the statement, in others. */
  wake(topic: string): void
  /** The same once the transaction that is under way has committed, where the database does not do that by itself. */
  wakeLater(topic: string): void
  /** Calls back when work on a topic may have come; may call without cause. The result ends it. */
  listen(topic: string, callback: () => void): () => void
}

/**
 * A caller's transaction, given every value as it takes it: drivers of PostgreSQL send text, and not all of them make it of
 * numbers; SQLite compares numbers as numbers only when they are.
 */
export function callersRunner({ kind }: Dialect, runner: SqlRunner): SqlRunner {
  if (kind === 'sqlite') return runner
  return {
    run: ({ text, values }) =>
      runner.run({
        text,
        values: values.map((one) => (typeof one === 'number' ? String(one) : one)),
      }),
  }
}
