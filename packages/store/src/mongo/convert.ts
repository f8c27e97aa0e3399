/**
 * A stored value of one field type as one of another, in the way PostgreSQL's side converts columns: directly where the types
 * say how, otherwise by way of text. A value that is of the new type already stays, so that a conversion may be run again.
 */
import type { FieldDefinition, FieldDescriptor } from '@typestead/entity'
import { Binary } from 'mongodb'
import { decodeValue, encodeValue } from './documents.ts'
import { decodeJson } from './json-values.ts'

type Typed = Pick<FieldDescriptor, 'type'> & { readonly item?: Typed | undefined }

/** @throws {RangeError} when the value has no form in the new type */
export function convert(before: Typed, after: FieldDefinition, value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (before.type === after.type && after.type !== 'decimal') return value
  if (isOf(after, value) && after.type !== 'decimal' && !isOf(before, value)) return value
  if (after.type === 'json') return encodeValue(after, jsonOf(before, value))
  if (after.type === 'list' && before.type !== 'list')
    return [convert(before, after.item as FieldDefinition, value)]
  if (before.type === 'datetime' && after.type === 'date')
    return (value as Date).toISOString().slice(0, 10)
  if (before.type === 'boolean' && after.type === 'int4') return value === true ? 1 : 0
  if (
    (before.type === 'double' || before.type === 'decimal') &&
    (after.type === 'int4' || after.type === 'int8')
  )
    return parse(after, rounded(String(value), 0))
  return parse(after, textOf(before, value))
}

/** Whether a stored value can be one of this type; texts all look alike, and then the conversion finds itself done. */
function isOf({ type }: Typed, value: unknown): boolean {
  switch (type) {
    case 'int4':
    case 'double':
      return typeof value === 'number'
    case 'int8':
      return typeof value === 'bigint'
    case 'boolean':
      return typeof value === 'boolean'
    case 'datetime':
      return value instanceof Date
    case 'bytes':
      return value instanceof Binary
    case 'list':
      return Array.isArray(value)
    case 'json':
    case 'object':
      return typeof value === 'object'
    default:
      return typeof value === 'string'
  }
}

function jsonOf({ type }: Typed, value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Binary) return textOf({ type: 'bytes' }, value)
  if (typeof value === 'bigint' || type === 'decimal') return Number(value)
  return decodeJson(value)
}

function textOf({ type }: Typed, value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Binary) return `\\x${Buffer.from(value.value()).toString('hex')}`
  if (type === 'json' || type === 'object' || type === 'list')
    return JSON.stringify(decodeJson(value), (_, part) =>
      typeof part === 'bigint' ? String(part) : part,
    )
  return String(value)
}

function parse(after: FieldDefinition, given: string): unknown {
  const text = given.trim()
  switch (after.type) {
    case 'text':
      return given
    case 'int4':
    case 'int8': {
      if (!/^[+-]?\d+$/.test(text)) throw unfit()
      const number = BigInt(text)
      if (BigInt.asIntN(after.type === 'int4' ? 32 : 64, number) !== number) throw unfit()
      return after.type === 'int4' ? Number(number) : number
    }
    case 'double': {
      const number = text === '' ? Number.NaN : Number(text)
      if (!Number.isFinite(number)) throw unfit()
      return number
    }
    case 'decimal': {
      const scale = after.scale ?? 0
      if (!/^[+-]?\d+(\.\d+)?$/.test(text)) throw unfit()
      const value = rounded(text, scale)
      const whole = value.replace('-', '').split('.')[0] ?? ''
      if (whole.replace(/^0+/, '').length > (after.precision ?? 18) - scale) throw unfit()
      return value
    }
    case 'boolean':
      if (/^(t|true|y|yes|on|1)$/i.test(text)) return true
      if (/^(f|false|n|no|off|0)$/i.test(text)) return false
      throw unfit()
    case 'uuid':
      if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) throw unfit()
      return text.toLowerCase()
    case 'enum':
      if (!after.values?.includes(given)) throw unfit()
      return given
    case 'date':
    case 'datetime': {
      const date = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00.000Z` : text)
      if (Number.isNaN(date.getTime())) throw unfit()
      return after.type === 'datetime' ? date : date.toISOString().slice(0, 10)
    }
    case 'bytes':
      if (!/^\\x([0-9a-f]{2})*$/i.test(text)) throw unfit()
      return new Binary(Buffer.from(text.slice(2), 'hex'))
    default:
      return reparsed(after, text)
  }
}

function reparsed(after: FieldDefinition, text: string): unknown {
  try {
    return encodeValue(after, decodeValue(after, JSON.parse(text)))
  } catch (cause) {
    throw unfit(cause)
  }
}

/** The decimal number with `scale` digits after the point, a half away from zero; zero has no sign. */
function rounded(text: string, scale: number): string {
  const plain = /e/i.test(text) ? Number(text).toFixed(Math.min(scale + 1, 100)) : text
  const negative = plain.startsWith('-')
  const [whole = '', fraction = ''] = plain.replace(/^[+-]/, '').split('.')
  const kept = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'))
  const up = Number(fraction[scale] ?? '0') >= 5 ? 1n : 0n
  const digits = String(kept + up).padStart(scale + 1, '0')
  const body = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return negative && /[1-9]/.test(body) ? `-${body}` : body
}

function unfit(cause?: unknown): RangeError {
  return new RangeError('has no form in the new type', { cause })
}
