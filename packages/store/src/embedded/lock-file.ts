/** `<data>/postgres.lock` on disk: read at any time, replaced whole (by rename) under the folder's mutex. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { EmbeddedFolder } from './embedded-folder.ts'
import { giveToDataOwner } from './embedded-folder.ts'
import { errorCode } from './error-code.ts'
import { emptyLock, formatLock, type LockRecord, parseLock } from './lock-record.ts'

/**
 * The record as it stands; the empty one when there is none or it is torn.
 * @throws {EmbeddedPostgresError} EMBEDDED_FORMAT_NEWER
 */
export function readLock(folder: EmbeddedFolder): LockRecord {
  let text: string
  try {
    text = readFileSync(folder.lock, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return emptyLock
    throw error
  }
  return parseLock(text) ?? emptyLock
}

/** Only under the mutex. Not synced: after a power cut no holder lives, and that is what an empty record says. */
export function writeLock(folder: EmbeddedFolder, lock: LockRecord): void {
  const temporary = `${folder.lock}.new`
  // Of a writer that was killed, and perhaps was root.
  rmSync(temporary, { force: true })
  writeFileSync(temporary, formatLock(lock), { mode: 0o600 })
  giveToDataOwner(folder, temporary)
  renameSync(temporary, folder.lock)
}
