/** What an API tells its callers: errors with a stable code and a sentence that is safe to show. */

/** The codes that this package itself gives; applications may add their own to `ApiError`. */
export type ApiErrorCode =
  /** A value is wrong; `fields` names each by its path. */
  | 'BAD_INPUT'
  /** A value that must be unique is taken; `fields` names it. */
  | 'CONFLICT'
  | 'FORBIDDEN'
  | 'UNAUTHENTICATED'
  | 'NOT_FOUND'
  /** Other rows still point to this one. */
  | 'REFERENCED'
  /** The row changed since it was read. */
  | 'STALE'
  /** The store does not answer now: HTTP 503 with Retry-After. */
  | 'UNAVAILABLE'
  | 'TIMEOUT'
  /** The document asks for more than the limits allow. */
  | 'TOO_COSTLY'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'OPERATION_NOT_FOUND'
  /** A persisted operation that is not known here; send it in full. */
  | 'PERSISTED_QUERY_NOT_FOUND'
  /** Only registered operations are answered. */
  | 'PERSISTED_ONLY'
  /** The store lacks what this needs. */
  | 'UNSUPPORTED'
  /** Masked; the report that `onError` gets has the same id. */
  | 'INTERNAL'

/** One wrong value: where it stands in the arguments, and what to change. */
export interface FieldProblem {
  readonly path: readonly (string | number)[]
  readonly message: string
}

export interface ApiErrorDetails extends ErrorOptions {
  readonly fields?: readonly FieldProblem[]
  /** More for `extensions`; shown to callers. */
  readonly extensions?: Readonly<Record<string, unknown>>
}

/**
 * An error whose message is meant for callers. Thrown by a resolver it becomes one entry of `errors` with
 * `extensions.code`; thrown by `context` it refuses the whole request (401, 403 or 400 by its code).
 */
export class ApiError extends Error {
  readonly code: ApiErrorCode | (string & {})
  readonly fields?: readonly FieldProblem[]
  readonly extensions?: Readonly<Record<string, unknown>>

  constructor(code: ApiErrorCode | (string & {}), message: string, details: ApiErrorDetails = {}) {
    super(message, details)
    this.name = 'ApiError'
    this.code = code
    if (details.fields !== undefined) this.fields = details.fields
    if (details.extensions !== undefined) this.extensions = details.extensions
  }
}

/** The declarations of an API contradict each other or the model; the message lists every problem. */
export class DeclarationError extends Error {
  readonly code = 'INVALID_DECLARATION'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'DeclarationError'
    this.problems = problems
  }
}
