/**
 * A mark of the database that is another one after each forgetting of a person. A conversation's first turn reads what is known of
 * its user before it has a row of its own to be taken away, so it is kept only where the mark is still the one that it began with.
 */
import { randomUUID } from 'node:crypto'
import type { Dialect, SqlRunner } from '@typestead/journal'

const markRow = 'bot forgettings'

/** The mark as a scalar subselect. */
export function forgettingsSql(dialect: Dialect): string {
  return `coalesce((select m.value from ${dialect.table('meta')} m where m.name = '${markRow}'), '')`
}

export async function markForgetting(dialect: Dialect, tx: SqlRunner): Promise<void> {
  await tx.run({
    text: `insert into ${dialect.table('meta')} (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value`,
    values: [markRow, randomUUID()],
  })
}
