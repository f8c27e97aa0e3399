/** What this package throws: one class, a stable `code`, and a message that tells what to do. */

export type JournalErrorCode =
  /** An argument is wrong; the message names it. */
  | 'BAD_INPUT'
  /** The journal is closed, or closes. */
  | 'CLOSED'
  /** The store does not answer; what was asked may or may not have happened unless the message says so. */
  | 'UNAVAILABLE'
  /** Another process holds the SQLite file for too long. */
  | 'BUSY'
  /** The disk (or the database's quota) is full; nothing of what was asked was kept. */
  | 'FULL'
  /** A queue holds as many messages as it may (`maxWaiting`); nothing of what was asked was kept. */
  | 'LIMIT'
  /** The SQLite file is torn or not one; it is left as it is. */
  | 'CORRUPT'
  /** The stored format is newer than this code, or too old to migrate. */
  | 'FORMAT'
  /** This process lost its lease or claim: another may act now. */
  | 'LOST'
  /** The lease is held by someone else. */
  | 'HELD'
  /** `once` found a run that was cut off by a crash, and was told not to run again. */
  | 'INTERRUPTED'
  /** Work inside a transaction used the journal outside it, which would wait for itself. */
  | 'IN_TRANSACTION'
  /** A job's recorded steps do not fit its code. */
  | 'STEP_MISMATCH'
  /** A job was given up; see its dead letter. */
  | 'DEAD'
  /** A job was cancelled. */
  | 'CANCELLED'
  /** No job, dead letter or schedule has this id. */
  | 'NOT_FOUND'

export class JournalError extends Error {
  override readonly name = 'JournalError'
  readonly code: JournalErrorCode

  constructor(code: JournalErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Thrown by a handler or step to say that trying again is of no use: it becomes a dead letter at once. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError'
}

/** What a dead letter keeps of an error: its message with its causes, at most 2,000 characters. */
export function reasonOf(error: unknown): string {
  const parts: string[] = []
  for (let at: unknown = error; at !== undefined && at !== null && parts.length < 5; ) {
    parts.push(at instanceof Error ? `${at.name}: ${at.message}` : String(at))
    at = at instanceof Error ? at.cause : undefined
  }
  return parts.join(' <- ').slice(0, 2000)
}
