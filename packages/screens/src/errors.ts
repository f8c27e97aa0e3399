/** What goes wrong in screens, each with a stable code and a message that says what to change. */

export type ScreensErrorCode =
  | 'WRITE_IN_COMPUTED'
  | 'COMPUTED_CYCLE'
  | 'REACTION_LOOP'
  | 'EVENT_OVERFLOW'
  | 'STREAM_ENDED'
  | 'DUPLICATE_KEY'
  | 'UNKNOWN_KEY'
  | 'CAPTIVE_DEPENDENCY'
  | 'CYCLIC_DEPENDENCY'
  | 'NO_SCOPE'
  | 'SCOPE_CLOSED'
  | 'CLOSE_TIMEOUT'
  | 'ROUTE_PATTERN'
  | 'ROUTE_PARAMETER'
  | 'DUPLICATE_ROUTE'
  | 'PAGE_NOT_FOUND'
  | 'REDIRECT_LOOP'
  | 'DUPLICATE_ROW'
  | 'BAD_CHILD'
  | 'BAD_DESCRIPTOR'
  | 'REQUEST_FAILED'

export class ScreensError extends Error {
  override readonly name = 'ScreensError'
  readonly code: ScreensErrorCode

  constructor(code: ScreensErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
