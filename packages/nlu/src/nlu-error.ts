/** Why an operation of this package failed; `code` is stable, the message says what to change. */
export type NluErrorCode =
  | 'bad_data'
  | 'bad_config'
  | 'bad_model'
  | 'bad_pattern'
  | 'bad_request'
  | 'cancelled'
  | 'missing_peer'
  | 'not_found'
  | 'text_too_long'
  | 'worker_failed'

export class NluError extends Error {
  override readonly name = 'NluError'
  readonly code: NluErrorCode

  constructor(code: NluErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
