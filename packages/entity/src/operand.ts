/**
 * Operands of filters: a value is brought to the form in which rows have it, or found to be one that no row can have
 * (then the comparison is simply false), or to be of the wrong type (then the filter is refused). The JSON forms of values
 * are read too.
 */
import type { FieldDefinition } from './field.ts'
import { canonicalDecimal, decimalPattern, digits } from './number-field.ts'
import { holdsStorable, isJson, isPlainObject, isStorable } from './storable.ts'
import { day, dayExample, instant, instantExample } from './temporal-field.ts'
import { methods, type ValueSchema } from './value-schema.ts'

/** A value that is well formed but that no row of this field can have. */
export const NoSuchValue: unique symbol = Symbol.for('typestead.NoSuchValue')

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The operand as rows have it, `NoSuchValue`, or a `TypeError` (returned, not thrown) whose message follows the operand's path. */
export function coerceOperand(definition: FieldDefinition, value: unknown): unknown {
  if (value === null) return null
  switch (definition.type) {
    case 'uuid':
      if (typeof value !== 'string') return wrong('a text')
      return uuidPattern.test(value) ? value.toLowerCase() : NoSuchValue
    case 'text':
      if (typeof value !== 'string') return wrong('a text')
      return isStorable(value) ? value : NoSuchValue
    case 'enum':
      if (typeof value !== 'string') return wrong('a text')
      return definition.values?.includes(value) ? value : NoSuchValue
    case 'int4':
      if (typeof value !== 'number' || !Number.isInteger(value)) return wrong('a whole number')
      return (value | 0) === value ? value : wrong('a whole number of 32 bits')
    case 'int8':
      return int8(value)
    case 'double':
      return typeof value === 'number' && Number.isFinite(value) ? value : wrong('a number')
    case 'decimal':
      return decimal(definition, value)
    case 'boolean':
      return typeof value === 'boolean' ? value : wrong('true or false')
    case 'datetime':
      return read(instant, value, instantExample)
    case 'date':
      return read(day, value, dayExample)
    case 'bytes':
      return read(definition.schema, value, 'bytes, or base64 text')
    case 'list':
      return list(definition.item as FieldDefinition, value)
    case 'object':
      return object(definition.fields ?? {}, value)
    case 'json':
      if (!holdsStorable(value)) return NoSuchValue
      return isJson(value) ? value : wrong('a JSON value')
  }
}

function read(schema: ValueSchema, value: unknown, expected: string): unknown {
  const result = methods(schema).safeParse(value)
  return result.success ? result.data : wrong(expected)
}

function int8(value: unknown): unknown {
  const number = read(digits as ValueSchema, value, 'a whole number; give large ones as text')
  if (typeof number !== 'bigint') return number
  return BigInt.asIntN(64, number) === number ? number : wrong('a whole number of 64 bits')
}

function decimal(definition: FieldDefinition, value: unknown): unknown {
  const match = typeof value === 'string' ? decimalPattern.exec(value) : null
  if (!match) return wrong("a decimal number as text, such as '12.50'")
  const fraction = match[2]?.replace(/0+$/, '') ?? ''
  // More digits than the field keeps: still a number that rows compare with.
  return canonicalDecimal(match[0], Math.max(definition.scale ?? 0, fraction.length))
}

function list(item: FieldDefinition, value: unknown): unknown {
  if (!Array.isArray(value)) return wrong('a list')
  return whole(value.map((one) => coerceOperand(item, one)))
}

function object(fields: Readonly<Record<string, FieldDefinition>>, value: unknown): unknown {
  if (!isPlainObject(value)) return wrong('an object')
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name))
  if (unknown !== undefined) return wrong(`an object without "${unknown}"`)
  const names = Object.keys(fields)
  const parts = whole(
    names.map((name) => coerceOperand(fields[name] as FieldDefinition, value[name] ?? null)),
  )
  return Array.isArray(parts)
    ? Object.fromEntries(names.map((name, index) => [name, parts[index]]))
    : parts
}

/** The operands, or what the first that is none makes of the whole. */
function whole(operands: readonly unknown[]): unknown {
  return (
    operands.find((one) => one instanceof Error) ??
    (operands.includes(NoSuchValue) ? NoSuchValue : operands)
  )
}

function wrong(expected: string): TypeError {
  return new TypeError(`must be ${expected}`)
}
