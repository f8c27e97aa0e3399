/** JSON Schema of a field that has no fields inside, in each dialect. */
import { z } from 'zod'
import type { FieldDefinition } from './field.ts'
import type { Dialect, JsonSchema } from './json-schema.ts'
import type { Json } from './wire.ts'

export function scalarSchema(definition: FieldDefinition, dialect: Dialect): JsonSchema {
  return dialect === 'mongo' ? mongoScalar(definition) : jsonScalar(definition, dialect)
}

function jsonScalar(definition: FieldDefinition, dialect: Dialect): JsonSchema {
  const crd = dialect === 'crd'
  switch (definition.type) {
    case 'uuid':
      return { type: 'string', format: 'uuid' }
    case 'enum':
      return { type: 'string', enum: [...(definition.values ?? [])] }
    case 'int8':
      return { type: 'string', pattern: '^-?[0-9]{1,19}$' }
    case 'decimal':
      return { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]+)?$' }
    case 'datetime':
      return { type: 'string', format: 'date-time' }
    case 'date':
      return { type: 'string', format: 'date' }
    case 'bytes':
      return { type: 'string', ...(crd ? { format: 'byte' } : { contentEncoding: 'base64' }) }
    case 'json':
      return crd ? { 'x-kubernetes-preserve-unknown-fields': true } : checks(definition)
    case 'int4':
      return {
        ...limits(definition, dialect),
        type: 'integer',
        ...(crd ? { format: 'int32' } : {}),
      }
    default:
      return crd ? structural(definition) : checks(definition)
  }
}

/** BSON types by field type. Digits after the point must stay exact and some servers lack Decimal128, so decimals are text. */
const bsonTypes: Partial<Record<FieldDefinition['type'], string>> = {
  uuid: 'string',
  text: 'string',
  enum: 'string',
  decimal: 'string',
  date: 'string',
  int4: 'int',
  int8: 'long',
  boolean: 'bool',
  datetime: 'date',
  bytes: 'binData',
}

function mongoScalar(definition: FieldDefinition): JsonSchema {
  if (definition.type === 'json') return {}
  if (definition.type === 'list') return limits(definition, 'mongo')
  // A whole double is written as an int by drivers.
  const bsonType = bsonTypes[definition.type] ?? ['double', 'int', 'long']
  if (definition.type === 'enum') return { bsonType, enum: [...(definition.values ?? [])] }
  return { bsonType, ...limits(definition, 'mongo') }
}

/** Lengths and bounds alone. Kubernetes and MongoDB write an excluded bound as drafts 4 and 5 did, by a boolean. */
function limits(definition: FieldDefinition, dialect: Dialect): Record<string, Json> {
  const { minLength, maxLength, maxItems, minimum, maximum, exclusiveMinimum, exclusiveMaximum } =
    checks(definition)
  const kept: Record<string, Json | undefined> =
    dialect === 'plain'
      ? { minLength, maxLength, maxItems, minimum, maximum, exclusiveMinimum, exclusiveMaximum }
      : {
          minLength: looser(minLength),
          maxLength,
          maxItems,
          minimum: exclusiveMinimum ?? minimum,
          maximum: exclusiveMaximum ?? maximum,
          exclusiveMinimum: exclusiveMinimum === undefined ? undefined : true,
          exclusiveMaximum: exclusiveMaximum === undefined ? undefined : true,
        }
  return Object.fromEntries(
    Object.entries(kept).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  )
}

/** Servers count code points where `min()` counts UTF-16 units, of which a code point has up to two. */
function looser(minLength: Json | undefined): Json | undefined {
  return typeof minLength === 'number' ? Math.ceil(minLength / 2) : undefined
}

/** A text's patterns as Kubernetes takes them: Go's RE2 has neither look-around nor back references. */
function structural(definition: FieldDefinition): JsonSchema {
  const { type, format, pattern, allOf, multipleOf } = checks(definition)
  const patterns = [{ pattern }, ...(Array.isArray(allOf) ? allOf : [])].flatMap(
    (one: Json | { pattern: Json | undefined }) => {
      const source = (one as { readonly pattern?: Json } | null)?.pattern
      return typeof source === 'string' && !/\(\?[=!<]|\\[1-9k]/.test(source) ? [source] : []
    },
  )
  const [first, ...others] = patterns
  return {
    ...(type === undefined ? { 'x-kubernetes-preserve-unknown-fields': true } : { type }),
    ...(format === undefined ? {} : { format }),
    ...(multipleOf === undefined ? {} : { multipleOf }),
    ...limits(definition, 'crd'),
    ...(first === undefined ? {} : { pattern: first }),
    ...(others.length === 0 ? {} : { allOf: others.map((one) => ({ pattern: one })) }),
  }
}

/** What Zod says of the field's own schema; `{}` where JSON Schema has no word for it. */
function checks(definition: FieldDefinition): Record<string, Json> {
  const { $schema, ...schema } = z.toJSONSchema(definition.schema as never, {
    io: 'input',
    unrepresentable: 'any',
  })
  // Zod writes plain JSON.
  return schema as Record<string, Json>
}
