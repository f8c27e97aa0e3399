/**
 * Checks a value by the field's JSON Schema before it is sent: lengths, bounds, patterns, formats, choices. The store
 * checks again and may know more; this is for an answer while one types.
 */
import type { Schema } from './descriptor.ts'

/** What is wrong, as the end of a sentence that begins with the field's label; undefined when nothing is. */
export function checkValue(schema: Schema, value: unknown): string | undefined {
  if (typeof value === 'string') return checkText(schema, value)
  if (typeof value === 'number') return checkNumber(schema, value)
  if (Array.isArray(value)) {
    const { maxItems, minItems } = schema
    if (typeof maxItems === 'number' && value.length > maxItems)
      return `must have at most ${maxItems}`
    if (typeof minItems === 'number' && value.length < minItems)
      return `must have at least ${minItems}`
  }
  return undefined
}

function checkText(schema: Schema, value: string): string | undefined {
  const { minLength, maxLength, pattern, format } = schema
  if (typeof minLength === 'number' && value.length < minLength) {
    return minLength === 1 ? 'is required' : `must have at least ${minLength} characters`
  }
  if (typeof maxLength === 'number' && value.length > maxLength) {
    return `must have at most ${maxLength} characters, it has ${value.length}`
  }
  if (format === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) {
    return 'must be an e-mail address, such as name@example.org'
  }
  if (format === 'uuid' && !/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value)) {
    return 'must be an id, such as 0190a6e0-0000-7000-8000-00000000000a'
  }
  if (format === 'uri' && !URL.canParse(value))
    return 'must be an address, such as https://example.org'
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) {
    return `must be one of ${schema.enum.join(', ')}`
  }
  const patterns = [{ pattern }, ...(Array.isArray(schema.allOf) ? schema.allOf : [])]
  for (const one of patterns) {
    const source: unknown = (one as Schema).pattern
    // An e-mail's own pattern says less to people than the format above.
    if (typeof source !== 'string' || format === 'email') continue
    if (!matches(source, value)) return 'has not the form that is asked for'
  }
  return undefined
}

/** A pattern that this browser can't read is left to the store. */
function matches(source: string, value: string): boolean {
  try {
    return new RegExp(source, 'u').test(value)
  } catch {
    return true
  }
}

function checkNumber(schema: Schema, value: number): string | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  if (typeof minimum === 'number' && value < minimum) return `must be ${minimum} or more`
  if (typeof maximum === 'number' && value > maximum) return `must be ${maximum} or less`
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum) {
    return `must be more than ${exclusiveMinimum}`
  }
  if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum) {
    return `must be less than ${exclusiveMaximum}`
  }
  if (typeof multipleOf === 'number' && !isMultiple(value, multipleOf)) {
    return `must be a multiple of ${multipleOf}`
  }
  return undefined
}

function isMultiple(value: number, of: number): boolean {
  const times = value / of
  return Math.abs(times - Math.round(times)) < 1e-9
}
