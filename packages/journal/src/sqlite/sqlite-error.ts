/** Errors of SQLite as errors of the journal, by SQLite's result codes (https://sqlite.org/rescode.html). */
import { JournalError } from '../errors.ts'

const busy = 5
const ioError = 10
const corrupt = 11
const full = 13
const cannotOpen = 14
const notADatabase = 26
const writeFailed = new Set([3, 12, 13])
const readOnly = 8
const constraint = 19

/** The primary result code; undefined for what SQLite did not throw. */
export function resultCode(error: unknown): number | undefined {
  const code = error instanceof Error ? Reflect.get(error, 'errcode') : undefined
  return typeof code === 'number' ? code & 0xff : undefined
}

export function isBusy(error: unknown): boolean {
  return resultCode(error) === busy
}

export function isConflict(error: unknown): boolean {
  return resultCode(error) === constraint
}

export function translateSqlite(error: unknown, path: string): unknown {
  const make = (code: ConstructorParameters<typeof JournalError>[0], message: string) =>
    new JournalError(code, message, { cause: error })
  switch (resultCode(error)) {
    case busy:
      return make(
        'BUSY',
        `another process holds ${path} in a transaction; end it, or keep transactions short`,
      )
    case corrupt:
    case notADatabase:
      return make(
        'CORRUPT',
        `${path} is torn or no SQLite database; nothing was changed: restore it from a backup, or move it away (with its -wal file) to begin anew`,
      )
    case full:
      return make(
        'FULL',
        `no room for ${path}; nothing of this was kept: free disk space or raise maxBytes, then try again`,
      )
    case ioError:
      return writeFailed.has((Reflect.get(error as Error, 'errcode') as number) >> 8)
        ? make(
            'FULL',
            `${path} cannot be written; nothing of this was kept: check the disk, then try again`,
          )
        : make('UNAVAILABLE', `${path} cannot be read or written; check the disk`)
    case cannotOpen:
    case readOnly:
      return make(
        'UNAVAILABLE',
        `${path} cannot be opened for writing; check that its folder is there and yours`,
      )
    default:
      return error
  }
}
