/** What can be wrong with an entity's definition or with values given to it. */

export type EntityErrorCode = 'INVALID_DEFINITION' | 'INVALID_MODEL' | 'BAD_INPUT'

/** The base of this package's errors; `code` is stable, the message says what to change. */
export class EntityError extends Error {
  readonly code: EntityErrorCode

  constructor(code: EntityErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EntityError'
    this.code = code
  }
}

/** A mistake in the definition of an entity or a field. */
export function invalid(message: string, options?: ErrorOptions): EntityError {
  return new EntityError('INVALID_DEFINITION', message, options)
}

/** One thing that is wrong with an input: where, and what to change. */
export interface Issue {
  /** Names and indexes from the input's root to the value, for instance `['address', 'city']`. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Values that an entity does not accept. `issues` names each by its path; secrets' values are never told. */
export class ValidationError extends EntityError {
  readonly issues: readonly Issue[]

  constructor(issues: readonly Issue[], subject?: string) {
    super('BAD_INPUT', `${subject ? `${subject}: ` : ''}${issues.map(sentence).join('; ')}`)
    this.name = 'ValidationError'
    this.issues = issues
  }
}

function sentence({ path, message }: Issue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`
}
