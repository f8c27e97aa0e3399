/** PostgreSQL as a place for a journal. */
import type { StorageSource } from '../source.ts'
import { type PostgresJournalOptions, PostgresStorage } from './pg-storage.ts'

/**
 * A journal in PostgreSQL 14 or later, in a schema of its own, which is made when it is not there.
 * @param url as of libpq: `postgres://user@host/database`
 */
export function postgres(url: string, options: PostgresJournalOptions = {}): StorageSource {
  return { open: (clock) => new PostgresStorage(url, options, clock) }
}
