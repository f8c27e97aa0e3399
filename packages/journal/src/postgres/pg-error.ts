/** Errors of PostgreSQL and of the wire as errors of the journal, by SQLSTATE (PostgreSQL manual, appendix A). */
import { JournalError } from '../errors.ts'

const uniqueViolation = '23505'
const deadlock = '40P01'
const serialization = '40001'
const full = new Set(['53100', '53200'])
const notThere = new Set(['3F000', '42P01'])

export function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return typeof code === 'string' ? code : undefined
}

/** The statement did nothing and may be sent again. */
export function isTransient(error: unknown): boolean {
  const state = sqlState(error)
  return state === deadlock || state === serialization
}

export function isUniqueViolation(error: unknown): boolean {
  return sqlState(error) === uniqueViolation
}

export function translatePostgres(error: unknown): unknown {
  if (error instanceof JournalError || !(error instanceof Error)) return error
  const state = sqlState(error)
  if (state === uniqueViolation) return error
  if (state !== undefined && full.has(state)) {
    return new JournalError('FULL', 'the database has no room; nothing of this was kept', {
      cause: error,
    })
  }
  if (state !== undefined && notThere.has(state)) {
    return new JournalError(
      'UNAVAILABLE',
      "the journal's tables are gone; open it again to make them",
      {
        cause: error,
      },
    )
  }
  // Classes 08 (connection) and 57 (shut down), and what sockets throw: whether a write was done is not known.
  if (
    state === undefined ||
    /^(08|57|E[A-Z]{3})/.test(state) ||
    /terminated|timeout/i.test(error.message)
  ) {
    return new JournalError(
      'UNAVAILABLE',
      'PostgreSQL does not answer; a write that was under way may have been done: ask again with the same id',
      { cause: error },
    )
  }
  return error
}
