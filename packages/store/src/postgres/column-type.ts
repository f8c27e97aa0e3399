/** Fields as PostgreSQL columns: the type of each, and values as the text that PostgreSQL reads and writes. */
import {
  type FieldDefinition,
  type FieldDescriptor,
  fromWire,
  type Json,
  toWire,
} from '@typestead/entity'

/** What decides a column's type; a field's definition and its descriptor both have it. */
type Typed = Pick<FieldDescriptor, 'type'> & {
  readonly precision?: number | undefined
  readonly scale?: number | undefined
  readonly item?: Typed | undefined
}

const scalars: Readonly<Partial<Record<FieldDefinition['type'], string>>> = {
  uuid: 'uuid',
  text: 'text',
  enum: 'text',
  int4: 'integer',
  int8: 'bigint',
  double: 'double precision',
  boolean: 'boolean',
  datetime: 'timestamptz(3)',
  date: 'date',
  bytes: 'bytea',
}

/** `text`, `numeric(12,2)`, `uuid[]`, … without a collation. */
export function sqlType(field: Typed): string {
  if (field.type === 'decimal') return `numeric(${field.precision ?? 18},${field.scale ?? 0})`
  if (field.type === 'list') return isArray(field) ? `${sqlType(field.item as Typed)}[]` : 'jsonb'
  return scalars[field.type] ?? 'jsonb'
}

/** Text is ordered by code point on every server, whatever its locale. */
export function isCollated(field: Typed): boolean {
  const { type } = field.type === 'list' && isArray(field) ? (field.item as Typed) : field
  return type === 'text' || type === 'enum'
}

/** Lists of plain values are arrays; lists of objects, of lists and of bytes are jsonb. */
export function isArray(field: Typed): boolean {
  const item = field.item?.type
  return (
    field.type === 'list' &&
    item !== undefined &&
    item !== 'bytes' &&
    item !== 'list' &&
    item !== 'object' &&
    item !== 'json'
  )
}

/** The value as text for a parameter that is cast to the column's type. */
export function encode(field: FieldDefinition, value: unknown): string | null {
  if (value === null || value === undefined) return null
  switch (field.type) {
    case 'datetime':
      return (value as Date).toISOString()
    case 'bytes':
      return `\\x${Buffer.from(value as Uint8Array).toString('hex')}`
    case 'json':
      return JSON.stringify(value)
    case 'object':
      return JSON.stringify(toWire(field, value))
    case 'list': {
      const item = field.item as FieldDefinition
      if (!isArray(field)) return JSON.stringify(toWire(field, value))
      return arrayLiteral((value as unknown[]).map((one) => encode(item, one)))
    }
    default:
      return String(value)
  }
}

/** What the driver gives for a column (see `parsers.ts`), as the row has it. */
export function decode(field: FieldDefinition, value: unknown): unknown {
  if (value === null) return null
  if (field.type === 'object' || (field.type === 'list' && !isArray(field)))
    return fromWire(field, value as Json)
  return value
}

/** PostgreSQL's text form of an array (documentation, section 8.15.2). */
export function arrayLiteral(items: readonly (string | null)[]): string {
  return `{${items.map((item) => (item === null ? 'NULL' : `"${item.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`
}
