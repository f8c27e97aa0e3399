/**
 * The app's journal. In the store's own PostgreSQL, where one transaction can hold rows and messages; for other stores an
 * SQLite file in the data folder.
 */
import { join } from 'node:path'
import type { Journal } from '@typestead/journal'
import type { Database } from '@typestead/store'
import type { AppLog } from '../config/define-config.ts'
import { loadJournal, loadPostgresJournal, loadStoreSql } from '../config/installed.ts'

export interface AppJournalOptions {
  /** The app's. */
  readonly folder: string
  readonly data: string
  readonly db: Database
  readonly log: AppLog
}

/** @throws {TypesteadError} `PACKAGE_MISSING`; {JournalError} `UNAVAILABLE`, `CORRUPT`, `FORMAT` */
export async function openAppJournal({
  folder,
  data,
  db,
  log,
}: AppJournalOptions): Promise<Journal> {
  const { openJournal, sqlite } = await loadJournal(folder)
  const { connectionOf } = await loadStoreSql(folder)
  const target = connectionOf(db)
  const source =
    target === null
      ? sqlite(join(data, 'journal.db'))
      : (await loadPostgresJournal(folder)).postgres(target)
  return openJournal(source, {
    onError: (error, task) =>
      log.error({ error, ...(task ? { task } : {}) }, 'the journal: what nobody waits for failed'),
  })
}
