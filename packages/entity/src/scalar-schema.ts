/** JSON Schema of a field that has no fields inside, in each dialect. */
import { z } from 'zod'
import type { FieldDefinition, StorageType } from './field.ts'
import type { Dialect, JsonSchema } from './json-schema.ts'
import { present } from './record.ts'
import type { Json } from './wire.ts'

const anyJson = { 'x-kubernetes-preserve-unknown-fields': true }

export function scalarSchema(definition: FieldDefinition, dialect: Dialect): JsonSchema {
  const { type, values = [] } = definition
  if (dialect === 'mongo') {
    if (type === 'json') return {}
    if (type === 'list') return limits(definition, dialect)
    // A whole double is written as an int by drivers.
    const bsonType = bsonTypes[type] ?? ['double', 'int', 'long']
    return { bsonType, ...(type === 'enum' ? { enum: values } : limits(definition, dialect)) }
  }
  const crd = dialect === 'crd'
  if (type === 'enum') return { type: 'string', enum: values }
  if (type === 'int4') {
    return {
      ...limits(definition, dialect),
      type: 'integer',
      ...(crd ? { format: 'int32' } : {}),
    }
  }
  const written = crd && type === 'bytes' ? { format: 'byte' } : texts[type]
  if (written) return { type: 'string', ...written }
  if (!crd) return checks(definition)
  return type === 'json' ? anyJson : structural(definition)
}

/** What is text in JSON but has a type of its own, and how it is written. */
const texts: Partial<Record<StorageType, JsonSchema>> = {
  uuid: { format: 'uuid' },
  int8: { pattern: '^-?[0-9]{1,19}$' },
  decimal: { pattern: '^-?[0-9]+(\\.[0-9]+)?$' },
  datetime: { format: 'date-time' },
  date: { format: 'date' },
  bytes: { contentEncoding: 'base64' },
}

/** BSON types by field type. Digits after the point must stay exact and some servers lack Decimal128, so decimals are text. */
const bsonTypes: Partial<Record<StorageType, string>> = {
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

/** Lengths and bounds alone. Kubernetes and MongoDB write an excluded bound as drafts 4 and 5 did, by a boolean. */
function limits(definition: FieldDefinition, dialect: Dialect): JsonSchema {
  const { minLength, maxLength, maxItems, minimum, maximum, exclusiveMinimum, exclusiveMaximum } =
    checks(definition)
  const plain = {
    minLength,
    maxLength,
    maxItems,
    minimum,
    maximum,
    exclusiveMinimum,
    exclusiveMaximum,
  }
  return present<JsonSchema>(
    dialect === 'plain'
      ? plain
      : {
          ...plain,
          // Servers count code points where `min()` counts UTF-16 units, of which a code point has up to two.
          minLength: minLength && Math.ceil(Number(minLength) / 2),
          minimum: exclusiveMinimum ?? minimum,
          maximum: exclusiveMaximum ?? maximum,
          exclusiveMinimum: exclusiveMinimum !== undefined || undefined,
          exclusiveMaximum: exclusiveMaximum !== undefined || undefined,
        },
  )
}

/** A text's patterns as Kubernetes takes them: Go's RE2 has neither look-around nor back references. */
function structural(definition: FieldDefinition): JsonSchema {
  const { type, format, pattern, allOf, multipleOf } = checks(definition)
  const [first, ...others] = [{ pattern }, ...(Array.isArray(allOf) ? allOf : [])].filter(
    (one: { readonly pattern?: Json | undefined }) =>
      typeof one.pattern === 'string' && !/\(\?[=!<]|\\[1-9k]/.test(one.pattern),
  )
  return {
    ...(type === undefined && anyJson),
    ...present<JsonSchema>({
      type,
      format,
      multipleOf,
      allOf: others.length === 0 ? undefined : others,
    }),
    ...limits(definition, 'crd'),
    ...first,
  }
}

/** What Zod says of the field's own schema; `{}` where JSON Schema has no word for it. */
function checks(definition: FieldDefinition): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(definition.schema as never, {
    io: 'input',
    unrepresentable: 'any',
  })
  // Zod writes plain JSON.
  return schema as JsonSchema
}
