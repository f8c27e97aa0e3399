/**
 * Everything that embedded PostgreSQL refuses or fails at, as one error class with a stable code.
 * Each message says what to do next; the operating system's or the server's own words are in `cause` or quoted.
 */

/**
 * - `EMBEDDED_BAD_OPTION` an option of `startEmbedded` can't be used as given
 * - `EMBEDDED_BINARIES_MISSING` the npm package with the server is not installed, or none exists for this platform
 * - `EMBEDDED_BINARIES_UNUSABLE` the package is there but its programs do not run on this machine
 * - `EMBEDDED_VERSION_MISMATCH` the data was made by another major version of PostgreSQL
 * - `EMBEDDED_FORMAT_NEWER` a file in the data folder was written by a newer Typestead
 * - `EMBEDDED_FOLDER_CLOSED` the server's user, or this one, can't reach a folder; the message names it
 * - `EMBEDDED_FOLDER_FOREIGN` `<data>/postgres` holds something that is not a cluster of ours
 * - `EMBEDDED_INIT_FAILED` initdb failed; its output is quoted
 * - `EMBEDDED_START_FAILED` the server did not start; the end of its log is quoted
 * - `EMBEDDED_STOP_FAILED` the server is still there after a fast and an immediate shutdown
 * - `EMBEDDED_BUSY` another process has been starting or stopping this server for too long
 * - `EMBEDDED_DISPOSED` the handle was used after its disposal
 */
export type EmbeddedPostgresErrorCode =
  | 'EMBEDDED_BAD_OPTION'
  | 'EMBEDDED_BINARIES_MISSING'
  | 'EMBEDDED_BINARIES_UNUSABLE'
  | 'EMBEDDED_VERSION_MISMATCH'
  | 'EMBEDDED_FORMAT_NEWER'
  | 'EMBEDDED_FOLDER_CLOSED'
  | 'EMBEDDED_FOLDER_FOREIGN'
  | 'EMBEDDED_INIT_FAILED'
  | 'EMBEDDED_START_FAILED'
  | 'EMBEDDED_STOP_FAILED'
  | 'EMBEDDED_BUSY'
  | 'EMBEDDED_DISPOSED'

/** An error of the embedded server; `code` is stable, `message` says what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError'
  readonly code: EmbeddedPostgresErrorCode

  constructor(code: EmbeddedPostgresErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
