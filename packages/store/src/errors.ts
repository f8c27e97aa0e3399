/** What can go wrong between an application and its store. Nothing here carries SQL, values or hidden rows. */

export type StoreErrorCode =
  /** Two rows may not share a value; `fields` names which. */
  | 'CONFLICT'
  /** A row is still pointed to by rows of `entity`, so it cannot be deleted. */
  | 'REFERENCED'
  /** The row changed since it was read (optimistic lock). Read it again. */
  | 'STALE'
  /** A rule does not allow it. */
  | 'FORBIDDEN'
  /** The store cannot be reached now. Trying again later may work. */
  | 'UNAVAILABLE'
  /** The statement took longer than allowed. */
  | 'TIMEOUT'
  /** This store cannot do this at all. */
  | 'UNSUPPORTED'
  /** An earlier statement of this transaction failed, so nothing more can be done in it. */
  | 'TRANSACTION_ABORTED'
  /** The transaction has ended: something that it began was not awaited. */
  | 'TRANSACTION_ENDED'
  /** The model and the stored one differ; migrate first. */
  | 'MIGRATION_PENDING'
  /** The migration would lose values, or lacks one for older rows. */
  | 'MIGRATION_REFUSED'
  /** A step of a migration failed; it was rolled back. */
  | 'MIGRATION_FAILED'
  /** The cursor is not one of this list, or lies before what is kept. */
  | 'BAD_CURSOR'
  /** The database or its driver said something unforeseen; see `cause`. */
  | 'INTERNAL'

export interface StoreErrorDetails extends ErrorOptions {
  readonly entity?: string
  readonly fields?: readonly string[]
}

/** The error of every function of this package, beside entity's `ValidationError`. */
export class StoreError extends Error {
  readonly code: StoreErrorCode
  readonly entity?: string
  readonly fields?: readonly string[]

  constructor(code: StoreErrorCode, message: string, details: StoreErrorDetails = {}) {
    super(message, details)
    this.name = 'StoreError'
    this.code = code
    if (details.entity !== undefined) this.entity = details.entity
    if (details.fields !== undefined) this.fields = details.fields
  }
}
