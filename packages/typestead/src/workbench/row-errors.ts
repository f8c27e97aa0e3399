/**
 * What the store refuses, as answers that say which field is wrong: `{ error: { code, message, issues: [{ path, message }] } }`.
 * Told by code, since the app has its own copy of the store.
 */

const statuses: Readonly<Record<string, number>> = {
  BAD_INPUT: 400,
  BAD_CURSOR: 400,
  UNSUPPORTED: 400,
  FORBIDDEN: 403,
  CONFLICT: 409,
  REFERENCED: 409,
  STALE: 409,
}

/** Undefined for an error that is none of these. */
export function rowErrorResponse(error: unknown): Response | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  const code = String(error.code)
  const status = statuses[code]
  if (status === undefined) return undefined
  const { message } = error
  return Response.json(
    { error: { code, message, issues: issuesOf(error, code) } },
    { status, headers: { 'cache-control': 'no-store' } },
  )
}

interface Issue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

function issuesOf(error: Error, code: string): readonly Issue[] {
  // Both have the shape that their packages document.
  if ('issues' in error && Array.isArray(error.issues)) return error.issues as Issue[]
  const fields = 'fields' in error && Array.isArray(error.fields) ? error.fields : []
  if (code !== 'CONFLICT') return []
  return (fields as string[]).map((name) => ({
    path: [name],
    message: 'Another row has this value already; it must be unique.',
  }))
}
