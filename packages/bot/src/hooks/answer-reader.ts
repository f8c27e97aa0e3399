/**
 * Reads what a handler answered, one field at a time. What is wrong is said with the field's path, what was there, and what is
 * allowed; a field that no rule knows is a warning, since it is most often a name misspelt.
 */
import { BotError } from '../bot-error.ts'

export type Warn = (message: string) => void

/** Bytes of JSON that an answer may have (Lex's quota "output size of a Lambda function"). */
export const mostAnswer = 25 * 1024
/** Bytes of session attributes in an answer. */
export const mostAttributes = 12 * 1024

export interface Fields {
  readonly path: string
  readonly value: Readonly<Record<string, unknown>>
}

/** @throws {BotError} HOOK_FAILED with one issue: the path, what was got, what is allowed */
export function refuse(path: string, got: unknown, allowed: string): never {
  const message = `got ${shown(got)}; allowed: ${allowed}`
  throw new BotError('HOOK_FAILED', `${path === '' ? 'the answer' : path}: ${message}`, {
    issues: [{ path, message }],
  })
}

/** @throws {BotError} HOOK_FAILED for an answer that is no JSON, or more of it than Lex takes */
export function checkSize(answer: unknown): void {
  let json: string | undefined
  try {
    json = JSON.stringify(answer)
  } catch {
    refuse('', answer, 'what JSON can say: no circles and no big integers')
  }
  const size = json === undefined ? 0 : Buffer.byteLength(json)
  if (size > mostAnswer) refuse('', `${size} bytes`, `at most ${mostAnswer} bytes of JSON`)
}

/** An object; warns of fields that are not among `known`. */
export function fieldsAt(
  path: string,
  value: unknown,
  known: readonly string[],
  warn: Warn,
): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse(path, value, `an object with ${known.join(', ')}`)
  }
  // Checked just above: a plain object, whose fields are looked at one by one.
  const fields = value as Readonly<Record<string, unknown>>
  for (const name of Object.keys(fields)) {
    if (!known.includes(name)) {
      warn(`${below(path, name)} is not known here and was passed over; known: ${known.join(', ')}`)
    }
  }
  return { path, value: fields }
}

/** A field that must be there. */
export function need(fields: Fields, name: string, allowed: string): unknown {
  const value = fields.value[name]
  if (value === undefined || value === null) refuse(below(fields.path, name), value, allowed)
  return value
}

/** Text of 1 to `most` characters. */
export function textAt(path: string, value: unknown, most: number): string {
  if (typeof value !== 'string' || value === '' || value.length > most) {
    refuse(path, value, `text of 1 to ${most} characters`)
  }
  return value
}

export function oneOf<const T extends string>(
  path: string,
  value: unknown,
  allowed: readonly T[],
): T {
  const found = allowed.find((one) => one === value)
  if (found === undefined) refuse(path, value, allowed.join(', '))
  return found
}

export function wholeAt(path: string, value: unknown, least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    refuse(path, value, `a whole number from ${least} to ${most}`)
  }
  return value
}

/** A list of at most `most` things. */
export function listAt<T>(
  path: string,
  value: unknown,
  most: number,
  read: (path: string, value: unknown) => T,
): T[] {
  if (!Array.isArray(value) || value.length > most) refuse(path, value, `a list of at most ${most}`)
  return value.map((one, i) => read(`${path}[${i}]`, one))
}

/** Texts by name, at most `bytes` of UTF-8 in all. */
export function textsAt(path: string, value: unknown, bytes: number): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse(path, value, 'an object of texts by name')
  }
  let size = 0
  const texts = Object.entries(value).map(([name, text]: [string, unknown]) => {
    if (typeof text !== 'string') {
      refuse(below(path, name), text, 'text (write numbers and objects as JSON text)')
    }
    size += Buffer.byteLength(name) + Buffer.byteLength(text)
    return [name, text] as const
  })
  if (size > bytes) refuse(path, `${size} bytes`, `at most ${bytes} bytes of names and texts`)
  return Object.fromEntries(texts)
}

/** Absent and null are the same. */
export function given(value: unknown): boolean {
  return value !== undefined && value !== null
}

export function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

/** For a message: a word, a kind or a length, never a long text, which may be what a user said. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (typeof value === 'string') {
    if (value === '') return 'an empty text'
    return value.length <= 60 ? JSON.stringify(value) : `a text of ${value.length} characters`
  }
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${value}`
  if (Array.isArray(value)) return `a list of ${value.length}`
  return `a value of type ${typeof value}`
}
