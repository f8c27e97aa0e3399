/** Values as text that people type, and back. Values are as in JSON: instants in ISO 8601 UTC, exact numbers as text. */
import type { FieldShape } from './descriptor.ts'

/** A value, or why the text stands for none. */
export type Parsed = { readonly value: unknown } | { readonly message: string }

/** `datetime-local` has no zone: what is entered is UTC, as the label says. */
export function toText(field: FieldShape, value: unknown): string {
  if (value === null || value === undefined) return ''
  if (field.type === 'json') return JSON.stringify(value, undefined, 2)
  if (field.type === 'datetime') {
    const at = value instanceof Date ? value : new Date(String(value))
    return Number.isNaN(at.getTime()) ? '' : at.toISOString().replace(/(:00)?\.000Z$|Z$/, '')
  }
  return String(value)
}

/** Empty text is for the caller. */
export function fromText(field: FieldShape, text: string): Parsed {
  switch (field.type) {
    case 'int4':
      return /^-?\d{1,10}$/.test(text.trim())
        ? { value: Number(text) }
        : { message: 'must be a whole number' }
    case 'int8':
      return int8(text.trim())
    case 'double':
      return Number.isFinite(Number(text))
        ? { value: Number(text) }
        : { message: 'must be a number' }
    case 'decimal':
      return decimal(field, text.trim())
    case 'datetime': {
      const at = new Date(`${text.trim()}Z`)
      return Number.isNaN(at.getTime())
        ? { message: 'must be a date and a time' }
        : { value: at.toISOString() }
    }
    case 'date':
      return isDate(text) ? { value: text } : { message: 'must be a date' }
    case 'json':
      return json(text)
    default:
      return { value: text }
  }
}

/** 64 bits: as text, since numbers lose its last digits. */
function int8(text: string): Parsed {
  if (!/^-?\d{1,19}$/.test(text)) return { message: 'must be a whole number' }
  const value = BigInt(text)
  return BigInt.asIntN(64, value) === value
    ? { value: String(value) }
    : { message: 'must be a number of 64 bits' }
}

function decimal({ precision = 38, scale = 38 }: FieldShape, text: string): Parsed {
  const found = /^-?(\d+)(?:\.(\d+))?$/.exec(text)
  if (found === null) return { message: 'must be a number, such as 12.50' }
  const [, whole = '', digits = ''] = found
  if (digits.length > scale) return { message: `must have at most ${scale} digits after the point` }
  if (whole.replace(/^0+/, '').length > precision - scale && precision < 38) {
    return { message: `must have at most ${precision - scale} digits before the point` }
  }
  return { value: text }
}

/** A day that the calendar has: the 31st of February would come back as another. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

function json(text: string): Parsed {
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    return { message: `must be JSON: ${error instanceof Error ? error.message : error}` }
  }
}
