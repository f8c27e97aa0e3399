/** Payloads, results and inputs as they are stored: JSON text, checked before anything is written. */
import { JournalError } from './errors.ts'

/** What a stored value may be: what JSON gives back as it was. `undefined` is kept as nothing. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined }

/** The largest stored value, in UTF-16 code units: the journal keeps work, not files. */
export const valueLimit = 1 << 20

/** @throws {JournalError} BAD_INPUT for what JSON cannot hold, and for more than 1 MiB */
export function encode(value: unknown, what: string): string | null {
  if (value === undefined) return null
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch (cause) {
    throw new JournalError('BAD_INPUT', `${what} cannot be kept as JSON; give plain values`, {
      cause,
    })
  }
  if (text === undefined)
    throw new JournalError('BAD_INPUT', `${what} is not a JSON value; give plain values`)
  if (text.length > valueLimit) {
    throw new JournalError(
      'BAD_INPUT',
      `${what} is larger than 1 MiB; keep it elsewhere and store where it is`,
    )
  }
  // PostgreSQL's text cannot hold U+0000; JSON writes it as an escape, which is six plain characters.
  return text
}

export function decode(text: unknown): unknown {
  return text === null || text === undefined ? undefined : JSON.parse(String(text))
}

/** @throws {JournalError} BAD_INPUT */
export function checkName(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '' || value.length > 400 || value.includes('\0')) {
    throw new JournalError('BAD_INPUT', `${what} must be 1 to 400 characters without U+0000`)
  }
  return value
}
