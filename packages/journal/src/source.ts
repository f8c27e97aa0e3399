/** Where a journal is kept: what `sqlite` and `postgres` give to `openJournal`. */
import type { Clock } from './clock.ts'
import type { Storage } from './storage.ts'

export interface StorageSource {
  /** `clock` undefined: the database's own counts, where it has one. */
  open(clock: Clock | undefined): Storage
}
