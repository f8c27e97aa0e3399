/**
 * The app's journal. In the store's own PostgreSQL, where one transaction can hold rows and messages; for other stores an
 * SQLite file in the data folder.
 */
import { join } from 'node:path'
import type { Journal, StorageSource } from '@typestead/journal'
import type { Database } from '@typestead/store'
import type { AppLog } from '../config/define-config.ts'
import { loadJournal, loadPostgresJournal, loadStoreSql } from '../config/installed.ts'

interface JournalPlace {
  /** The app's. */
  readonly folder: string
  readonly data: string
  readonly db: Database
}

export interface AppJournalOptions extends JournalPlace {
  readonly log: AppLog
}

/** @throws {TypesteadError} `PACKAGE_MISSING`; {JournalError} `UNAVAILABLE`, `CORRUPT`, `FORMAT` */
export async function openAppJournal({ log, ...place }: AppJournalOptions): Promise<Journal> {
  const { openJournal } = await loadJournal(place.folder)
  return openJournal(await sourceOf(place), {
    onError: (error, task) =>
      log.error({ error, ...(task ? { task } : {}) }, 'the journal: what nobody waits for failed'),
  })
}

/** Removes what waits in it, with the bots, versions and conversations. @throws as `openAppJournal` */
export async function resetAppJournal(place: JournalPlace): Promise<void> {
  const { resetJournal } = await loadJournal(place.folder)
  await resetJournal(await sourceOf(place))
}

async function sourceOf({ folder, data, db }: JournalPlace): Promise<StorageSource> {
  const { connectionOf } = await loadStoreSql(folder)
  const target = connectionOf(db)
  if (target !== null) return (await loadPostgresJournal(folder)).postgres(target)
  return (await loadJournal(folder)).sqlite(join(data, 'journal.db'))
}
