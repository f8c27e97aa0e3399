/**
 * Errors as answers: `{ "error": { "code", "message", "requestId" } }`. What the store or the API says of itself keeps
 * its code; anything unforeseen is masked, and found in the log by its request id.
 */
export class HttpError extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'HttpError'
    this.status = status
    this.code = code
    this.headers = headers
  }
}

/** The answer to an error, and whether it is one of ours to look into. */
export function errorResponse(
  error: unknown,
  requestId: string,
): { readonly response: Response; readonly unforeseen: boolean } {
  const known = error instanceof HttpError ? error : storeProblem(error)
  const { status, code, message, headers } =
    known ??
    new HttpError(500, 'INTERNAL', 'something went wrong here; it is logged under this request id')
  const body = { error: { code, message, requestId } }
  return { response: Response.json(body, { status, headers }), unforeseen: known === undefined }
}

/** By code, since the app's copy of the store is not known here. */
function storeProblem(error: unknown): HttpError | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'UNAVAILABLE') return unavailable()
  if (code === 'TIMEOUT') return new HttpError(503, 'TIMEOUT', 'the database took too long', retry)
  if (code === 'BUSY')
    return new HttpError(503, 'BUSY', 'too much is under way; try again soon', retry)
  return undefined
}

const retry = { 'retry-after': '2' }

export function unavailable(): HttpError {
  return new HttpError(
    503,
    'UNAVAILABLE',
    'the database does not answer now; try again soon',
    retry,
  )
}
