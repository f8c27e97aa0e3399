/** PostgreSQL as a place for a journal. */
import type pg from 'pg'
import type { StorageSource } from '../source.ts'
import { type PostgresJournalOptions, PostgresStorage } from './pg-storage.ts'

/**
 * A journal in PostgreSQL 14 or later, in a schema of its own, which is made when it is not there.
 * @param target as of libpq, `postgres://user@host/database`, or as `pg` takes it
 */
export function postgres(
  target: string | pg.ClientConfig,
  options: PostgresJournalOptions = {},
): StorageSource {
  return { open: (clock) => new PostgresStorage(target, options, clock) }
}
