/** What the server said when it refused: its words, its code, and the fields that are wrong. */
import { RequestError } from '@typestead/screens/managers'

export interface ServerIssue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

export class ServerError extends Error {
  /** The server's code; `NO_ANSWER` when there was none. */
  readonly code: string
  /** 0 without an answer. */
  readonly status: number
  /** Forms put these to the fields they name. */
  readonly issues: readonly ServerIssue[]

  constructor(message: string, code: string, status: number, issues: readonly ServerIssue[] = []) {
    super(message)
    this.name = 'ServerError'
    this.code = code
    this.status = status
    this.issues = issues
  }
}

/** A failed call as people read it; anything else stays as it is. */
export function serverError(error: unknown): unknown {
  if (!(error instanceof RequestError)) return error
  const { status, answer } = error
  if (status === 0) {
    return new ServerError(
      'The server does not answer. Is “typestead dev” or “typestead start” still running?',
      'NO_ANSWER',
      0,
    )
  }
  const told = toldBy(answer)
  if (told === undefined) return new ServerError(`The server answered ${status}.`, 'HTTP', status)
  return new ServerError(sentence(told.message), told.code, status, told.issues ?? [])
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

interface Told {
  readonly code: string
  readonly message: string
  readonly issues?: readonly ServerIssue[]
}

function toldBy(answer: unknown): Told | undefined {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return undefined
  const { error } = answer
  const isTold =
    typeof error === 'object' &&
    error !== null &&
    'message' in error &&
    typeof error.message === 'string'
  return isTold ? (error as Told) : undefined // the workbench's errors have this form
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(begun) ? begun : `${begun}.`
}
