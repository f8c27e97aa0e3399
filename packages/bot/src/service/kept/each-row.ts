/**
 * One statement over many rows, written once: in PostgreSQL it is sent once with all rows as JSON, in SQLite, which has no wire,
 * it is run for each row with its cells bound, which spares the JSON.
 */
import type { Cell, Journal, SqlRunner } from '@typestead/journal'

type Dialect = Journal['database']['dialect']

export interface RowsStatement<Name extends string> {
  readonly columns: Readonly<Record<Name, 'bigint' | 'text'>>
  readonly rows: readonly Readonly<Record<Name, Cell>>[]
  /** The value of `$1`, for texts that use it; others leave it out. */
  readonly time?: Cell
  /** The text over `from`, a from-item named `r`. */
  readonly text: (from: string) => string
}

/** @returns what the statement gives for all rows, in their order only where it says so */
export async function runRows<Name extends string>(
  run: SqlRunner['run'],
  dialect: Dialect,
  { columns, rows, time, text }: RowsStatement<Name>,
): Promise<readonly (readonly unknown[])[]> {
  if (rows.length === 0) return []
  const before = time === undefined ? [] : [time]
  if (dialect.kind === 'postgres') {
    return run({
      text: text(dialect.rows(`$${before.length + 1}`, columns)),
      values: [...before, JSON.stringify(rows)],
    })
  }
  // The keys of `columns` are its names.
  const names = Object.keys(columns) as Name[]
  const cells = names.map((name, at) => `$${before.length + at + 1} as "${name}"`)
  const one = text(`(select ${cells.join(', ')}) as r`)
  const found: (readonly unknown[])[] = []
  for (const row of rows) {
    const values = [...before, ...names.map((name) => row[name])]
    found.push(...(await run({ text: one, values })))
  }
  return found
}
