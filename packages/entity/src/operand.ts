/**
 * Operands of filters: a value is brought to the form in which rows have it, or found to be one that no row can have
 * (then the comparison is simply false), or to be of the wrong type (then the filter is refused). The JSON forms of values
 * are read too.
 */
import { z } from 'zod'
import type { FieldDefinition, StorageType } from './field.ts'
import { canonicalDecimal, decimalPattern, long, withoutLastZeros } from './number-field.ts'
import { isPlainObject, mapRecord } from './record.ts'
import { isStorable, unstorableIssue } from './storable.ts'
import { anyJson } from './structured-field.ts'
import { day, dayExample, instant, instantExample } from './temporal-field.ts'
import { uuidPattern } from './text-field.ts'
import { methods, type ValueSchema } from './value-schema.ts'

/** A value that is well formed but that no row of this field can have. */
export const NoSuchValue: unique symbol = Symbol.for('typestead.NoSuchValue')

/** The operand as rows have it, `NoSuchValue`, or a `TypeError` (returned, not thrown) whose message follows the operand's path. */
export function coerceOperand(definition: FieldDefinition, value: unknown): unknown {
  if (value === null) return null
  const { type, values, scale = 0, item, fields = {} } = definition
  if (item) {
    if (!Array.isArray(value)) return wrong('a list')
    return whole(value.map((one) => coerceOperand(item, one)))
  }
  if (type === 'object') {
    if (!isPlainObject(value)) return wrong('an object')
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name))
    if (unknown !== undefined) return wrong(`an object without "${unknown}"`)
    const parts = mapRecord(fields, (part, name) => coerceOperand(part, value[name] ?? null))
    const all = whole(Object.values(parts))
    return Array.isArray(all) ? parts : all
  }
  if (type === 'json' && unstorableIssue(value)) return NoSuchValue
  const [expected, schema = definition.schema] = readers[type] ?? textReader
  const { success, data } = methods(schema).safeParse(value)
  if (!success) return wrong(expected)
  // What the readers of these types let through is a text.
  const text = data as string
  switch (type) {
    case 'uuid': {
      const id = text.toLowerCase()
      return uuidPattern.test(id) ? id : NoSuchValue
    }
    case 'text':
      return isStorable(text) ? text : NoSuchValue
    case 'enum':
      return values?.includes(text) ? text : NoSuchValue
    case 'decimal': {
      // More digits than the field keeps: still a number that rows compare with.
      const needed = withoutLastZeros(text.split('.')[1] ?? '').length
      return canonicalDecimal(text, Math.max(scale, needed))
    }
    default:
      return data
  }
}

type Reader = readonly [expected: string, schema?: ValueSchema]

const textReader: Reader = ['a text', z.string()]

/** How plain values and their JSON forms are read, and what is asked of them; bytes by the field's own schema. */
const readers: Partial<Record<StorageType, Reader>> = {
  int4: ['a whole number of 32 bits', z.int32()],
  int8: ['a whole number of 64 bits; give large ones as text', long],
  double: ['a number', z.number()],
  decimal: ["a decimal number as text, such as '12.50'", z.string().regex(decimalPattern)],
  boolean: ['true or false', z.boolean()],
  datetime: [instantExample, instant],
  date: [dayExample, day],
  bytes: ['bytes, or base64 text'],
  json: ['a JSON value', anyJson],
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
