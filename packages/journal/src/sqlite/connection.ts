/** One connection to the file, with its prepared statements. Synchronous: SQLite has no wire. */
import { existsSync, statSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { JournalError } from '../errors.ts'
import type { Statement } from '../storage.ts'
import { sqliteText } from './dialect.ts'
import { translateSqlite } from './sqlite-error.ts'

export interface Connection extends Disposable {
  readonly database: DatabaseSync
  /** @throws SQLite's own errors */
  run(statement: Statement): unknown[][]
}

export interface FileOptions {
  /** `full` (default): an acknowledged write survives the machine's crash. `normal`: the process's crash only. */
  readonly synchronous?: 'full' | 'normal'
  /** The file may grow to so many bytes; beyond them writes fail with FULL and reads go on. No limit by default. */
  readonly maxBytes?: number
}

/** Milliseconds for which another process may hold the file while it is opened. */
const openingPatience = 10_000

/** @throws {JournalError} CORRUPT, FULL, BUSY or UNAVAILABLE */
export function openWriter(path: string, options: FileOptions): Connection {
  refuseTorn(path)
  const connection = openConnection(path, false)
  const { database } = connection
  try {
    // Another process may be mending the log that a crash left, or making the tables.
    database.exec(`pragma busy_timeout = ${openingPatience}`)
    database.exec('pragma journal_mode = wal')
    // Pages that are written again and again reach the file once in 32 MiB of log, not once in 4.
    database.exec('pragma wal_autocheckpoint = 8192')
    database.exec(`pragma synchronous = ${options.synchronous === 'normal' ? 'normal' : 'full'}`)
    if (options.maxBytes !== undefined) {
      const pageSize = Number(connection.run({ text: 'pragma page_size', values: [] })[0]?.[0])
      database.exec(
        `pragma max_page_count = ${Math.max(1, Math.floor(options.maxBytes / pageSize))}`,
      )
    }
    const [result] = connection.run({ text: 'pragma quick_check(1)', values: [] })
    if (result?.[0] !== 'ok') {
      throw new JournalError(
        'CORRUPT',
        `${path} is torn (${result?.[0]}); nothing was changed: restore it from a backup, or move it away (with its -wal file) to begin anew`,
      )
    }
    database.exec('pragma busy_timeout = 0')
    return connection
  } catch (error) {
    database.close()
    throw translateSqlite(error, path)
  }
}

export function openReader(path: string): Connection {
  const connection = openConnection(path, true)
  // Readers wait for nobody but who mends the log after a crash.
  connection.database.exec(`pragma busy_timeout = ${openingPatience}`)
  return connection
}

function openConnection(path: string, readOnly: boolean): Connection {
  let database: DatabaseSync
  try {
    // No waiting inside SQLite: it would stop the event loop that the other transaction may need to end.
    database = new DatabaseSync(path, { timeout: 0, readOnly })
  } catch (error) {
    throw translateSqlite(error, path)
  }
  const prepared = new Map<string, StatementSync>()
  return {
    database,
    run({ text, values }) {
      let statement = prepared.get(text)
      if (statement === undefined) {
        statement = database.prepare(sqliteText(text))
        statement.setReturnArrays(true)
        // Callers' own statements may be endless in number; the journal's are few.
        if (prepared.size < 500) prepared.set(text, statement)
      }
      // With setReturnArrays each row is an array of cells.
      return statement.all(...values) as unknown as unknown[][]
    },
    [Symbol.dispose]() {
      prepared.clear()
      if (database.isOpen) database.close()
    },
  }
}

/** SQLite takes an empty file for a new database. Beside a log with contents it is one that lost its own. */
function refuseTorn(path: string): void {
  const log = `${path}-wal`
  if (
    existsSync(log) &&
    statSync(log).size > 0 &&
    (!existsSync(path) || statSync(path).size === 0)
  ) {
    throw new JournalError(
      'CORRUPT',
      `${path} is empty but its log ${log} is not: the file was torn or removed; restore both, or remove both to begin anew`,
    )
  }
}
