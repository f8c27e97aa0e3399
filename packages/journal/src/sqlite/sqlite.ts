/** An SQLite file as a place for a journal. */
import { systemClock } from '../clock.ts'
import type { StorageSource } from '../source.ts'
import type { FileOptions } from './connection.ts'
import { SqliteStorage } from './sqlite-storage.ts'

/** A journal in one file, for the processes of one machine. The file is made when it is not there; its folder is not. */
export function sqlite(path: string, options: FileOptions = {}): StorageSource {
  return { open: (clock) => new SqliteStorage(path, options, clock ?? systemClock) }
}
