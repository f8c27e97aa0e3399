/** What the workbench's answers about bots have in common: JSON, and errors of `@typestead/bot` as statuses. */
import { HttpError } from '../server/error-response.ts'

export async function answered(work: () => Promise<unknown>, status = 200): Promise<Response> {
  try {
    return json(await work(), status)
  } catch (error) {
    const known = statuses[codeOf(error)]
    if (known === undefined || !(error instanceof Error)) throw error
    const response = { error: { code: known[1], message: error.message, issues: issuesOf(error) } }
    return json(response, known[0])
  }
}

/** Told by code: the app has a copy of its own of the package. */
const statuses: Readonly<Record<string, readonly [number, string]>> = {
  BAD_INPUT: [400, 'BAD_INPUT'],
  LIMIT: [400, 'BAD_INPUT'],
  FORMAT: [400, 'BAD_INPUT'],
  NOT_FOUND: [404, 'NOT_FOUND'],
  CONFLICT: [409, 'CONFLICT'],
  HOOK_FAILED: [502, 'HOOK_FAILED'],
  UNAVAILABLE: [503, 'UNAVAILABLE'],
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** With paths as lists, as other answers of the workbench have them. */
function issuesOf(error: Error): readonly { path: readonly string[]; message: string }[] {
  if (!('issues' in error) || !Array.isArray(error.issues)) return []
  return error.issues.map((issue: { path?: unknown; message?: unknown }) => ({
    path: String(issue.path ?? '').split('.'),
    message: String(issue.message ?? ''),
  }))
}

/** @throws {HttpError} 400 */
export async function readObject(request: Request): Promise<Readonly<Record<string, unknown>>> {
  let body: unknown
  try {
    body = JSON.parse(await request.text())
  } catch (cause) {
    throw badInput(`the body is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body }
  throw badInput('the body must be a JSON object')
}

/** @throws {HttpError} 400 */
export function textOf(value: unknown, name: string): string {
  if (typeof value === 'string' && value.trim() !== '') return value
  throw badInput(`${name}: write some text`)
}

/** @throws {HttpError} 400 */
export function optionalText(value: unknown, name: string): Record<string, string> {
  return value === undefined || value === null ? {} : { [name]: textOf(value, name) }
}

export function badInput(message: string): HttpError {
  return new HttpError(400, 'BAD_INPUT', message)
}

export function json(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: { 'cache-control': 'no-store' } })
}
