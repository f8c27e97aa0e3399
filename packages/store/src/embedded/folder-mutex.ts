/**
 * One process at a time starts, stops or takes over the server of a data folder.
 * The kernel keeps it: an exclusive transaction on an empty SQLite file is an fcntl lock (LockFileEx on Windows), which
 * a killed process loses at once, so there is no stale lock to break and no race in breaking it. Nothing is ever written
 * to the file, and it is never deleted (deleting it would let two processes lock two files of one name).
 */
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EmbeddedFolder, giveToDataOwner } from './embedded-folder.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

export interface MutexOptions {
  readonly signal?: AbortSignal | undefined
  /** Milliseconds; 180 000 unless told. A crash recovery of a big database may hold it for long. */
  readonly patience?: number
}

/**
 * Waits for the mutex; the disposal of the answer gives it back.
 * @throws {EmbeddedPostgresError} EMBEDDED_BUSY when patience ends, EMBEDDED_FOLDER_CLOSED when the file can't be locked
 * @throws the signal's reason when it aborts
 */
export async function lockFolder(
  folder: EmbeddedFolder,
  options: MutexOptions = {},
): Promise<Disposable> {
  const { signal, patience = 180_000 } = options
  const end = performance.now() + patience
  for (;;) {
    signal?.throwIfAborted()
    const held = tryLockFolder(folder)
    if (held) return held
    if (performance.now() > end) {
      throw new EmbeddedPostgresError(
        'EMBEDDED_BUSY',
        `another process has been starting or stopping the server in ${folder.data} for ${Math.round(patience / 1000)} s; see ${folder.lock} for the pids that use it, and ${folder.log}`,
      )
    }
    await sleep(10)
  }
}

/** The mutex if it is free this instant; usable in an exit listener, where nothing can be awaited. */
export function tryLockFolder(folder: EmbeddedFolder): Disposable | undefined {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(folder.mutex, { timeout: 0 })
    giveToDataOwner(folder, folder.mutex)
    database.exec('BEGIN EXCLUSIVE')
    const held = database
    return { [Symbol.dispose]: () => held.close() }
  } catch (error) {
    database?.close()
    if (isBusy(error)) return undefined
    throw new EmbeddedPostgresError(
      'EMBEDDED_FOLDER_CLOSED',
      `can't lock ${folder.mutex}: ${error instanceof Error ? error.message : error}. Let this user write in ${folder.data}, or choose another data folder.`,
      error,
    )
  }
}

/** SQLITE_BUSY (5) in the low byte of the result code, https://sqlite.org/rescode.html */
function isBusy(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error)) return false
  return typeof error.errcode === 'number' && (error.errcode & 0xff) === 5
}
