/** A caller's own connection to the journal's SQLite file. */
import type { DatabaseSync } from 'node:sqlite'
import type { SqlRunner } from '../storage.ts'
import { sqliteText } from './dialect.ts'

/**
 * A `DatabaseSync` on the journal's file as the journal takes it in `in`. Begin the transaction with `begin immediate`, and
 * keep it short: the journal's own writes wait for it.
 */
export function fromDatabase(database: DatabaseSync): SqlRunner {
  return {
    async run({ text, values }) {
      const statement = database.prepare(sqliteText(text))
      statement.setReturnArrays(true)
      // With setReturnArrays each row is an array of cells.
      return statement.all(...values) as unknown as unknown[][]
    },
  }
}
