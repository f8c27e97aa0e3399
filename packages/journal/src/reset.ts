/**
 * Empties a place of a journal: its tables go, with those that other packages keep beside them, and are made anew by whoever opens it
 * next. Processes that have it open get errors until they open it again. All of it happens, or nothing.
 */
import type { StorageSource } from './source.ts'

/** @throws {JournalError} UNAVAILABLE, CORRUPT */
export async function resetJournal(source: StorageSource): Promise<void> {
  await using storage = source.open(undefined)
  const { dialect } = storage
  await storage.transaction(async (tx) => {
    if (dialect.kind === 'postgres') {
      const schema = dialect.table('meta').split('.')[0]
      await tx.run({ text: `drop schema if exists ${schema} cascade`, values: [] })
      return
    }
    const tables = await tx.run({
      text: `select name from sqlite_master where type = 'table' and name like 'journal\\_%' escape '\\'`,
      values: [],
    })
    for (const [name] of tables) await tx.run({ text: `drop table "${name}"`, values: [] })
  })
}
