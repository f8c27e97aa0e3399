/**
 * JSON Schema of an entity in three dialects: `plain` (draft 2020-12, values as in JSON), `mongo` (MongoDB's
 * `$jsonSchema`, values as in BSON) and `crd` (Kubernetes structural schemas, apiextensions.k8s.io/v1).
 */
import type { FieldDefinition } from './field.ts'
import { type EntityMeta, metaOf } from './model.ts'
import type { EntityLike } from './relation.ts'
import { scalarSchema } from './scalar-schema.ts'
import { type Json, toWire } from './wire.ts'

export type JsonSchema = { readonly [key: string]: Json }
export type Dialect = 'plain' | 'mongo' | 'crd'

/**
 * `row`: what is read. `create` and `update`: what an input may hold. Create has no read-only field that fills itself
 * (such as `id()`); update has none at all, and requires nothing.
 */
export type View = 'row' | 'create' | 'update'

/**
 * The schema of one entity. Relations appear as the key they keep; secrets are in inputs and in `mongo` only. `mongo` is
 * always what the store holds, so it has every stored field in each view.
 * `toJsonSchema(User, 'plain', 'create')`
 */
export function toJsonSchema(
  entity: EntityLike | EntityMeta,
  dialect: Dialect = 'plain',
  view: View = 'row',
): JsonSchema {
  const meta = isMeta(entity) ? entity : metaOf(entity)
  const stored = dialect === 'mongo'
  const properties: Record<string, JsonSchema> = {}
  const required: string[] = []
  for (const { name, definition } of meta.fields.values()) {
    if (definition.secret && view === 'row' && !stored) continue
    const selfMade = definition.readonly && definition.hasDefault
    if (!stored && ((view === 'create' && selfMade) || (view === 'update' && definition.readonly)))
      continue
    const optional = definition.hasDefault || definition.nullable
    const schema = nullableSchema(definition, dialect)
    properties[name] = {
      ...embedded(schema, `#/properties/${name}`),
      ...annotations(definition, dialect, view),
    }
    if (stored || view === 'row' || !optional) required.push(name)
  }
  for (const { kind, name, definition, target } of meta.relations.values()) {
    if (kind !== 'belongsTo' || (definition.readonly && view === 'update' && !stored)) continue
    const schema = keySchema(target, dialect)
    properties[name] = {
      ...(definition.nullable ? orNull(schema, dialect) : schema),
      ...(definition.description === undefined || stored
        ? {}
        : { description: definition.description }),
    }
    if (stored || view === 'row' || !definition.nullable) required.push(name)
  }
  const { description } = meta.options
  return {
    ...(dialect === 'plain' ? { $schema: 'https://json-schema.org/draft/2020-12/schema' } : {}),
    ...(dialect === 'crd' ? {} : { title: meta.name }),
    ...(description && !stored ? { description } : {}),
    ...objectSchema(properties, view === 'update' && !stored ? [] : required, dialect),
  }
}

function isMeta(entity: EntityLike | EntityMeta): entity is EntityMeta {
  return 'fields' in entity && entity.fields instanceof Map
}

/** MongoDB and Kubernetes know neither. A default is shown where it is what leaving the field out means. */
function annotations(definition: FieldDefinition, dialect: Dialect, view: View): JsonSchema {
  if (dialect === 'mongo') return {}
  const { description, hasDefault, secret } = definition
  const literal = hasDefault && typeof definition.default !== 'function'
  return {
    ...(description === undefined ? {} : { description }),
    ...(dialect === 'plain' && view === 'create' && literal && !secret
      ? { default: toWire(definition, definition.default) }
      : {}),
  }
}

/** The schema of one field's value, null left out. References in it start at its own root. */
export function fieldSchema(definition: FieldDefinition, dialect: Dialect = 'plain'): JsonSchema {
  if (definition.type === 'list') {
    const items = nullableSchema(definition.item as FieldDefinition, dialect)
    const { maxItems } = scalarSchema(definition, dialect)
    return {
      ...typed('array', dialect),
      items: embedded(items, '#/items'),
      ...(maxItems === undefined ? {} : { maxItems }),
    }
  }
  if (definition.type !== 'object') return scalarSchema(definition, dialect)
  const parts = Object.entries(definition.fields ?? {})
  const properties = parts.map(
    ([name, part]) =>
      [name, embedded(nullableSchema(part, dialect), `#/properties/${name}`)] as const,
  )
  const required = parts.filter(([, part]) => !part.hasDefault && !part.nullable)
  return objectSchema(
    Object.fromEntries(properties),
    required.map(([name]) => name),
    dialect,
  )
}

function objectSchema(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
  dialect: Dialect,
): JsonSchema {
  return {
    ...typed('object', dialect),
    properties,
    // MongoDB refuses an empty list.
    ...(required.length === 0 ? {} : { required }),
    // Structural schemas forbid it beside properties; stores keep what they are given by this package alone.
    ...(dialect === 'plain' ? { additionalProperties: false } : {}),
  }
}

function nullableSchema(definition: FieldDefinition, dialect: Dialect): JsonSchema {
  const schema = fieldSchema(definition, dialect)
  return definition.nullable ? orNull(schema, dialect) : schema
}

function orNull(schema: JsonSchema, dialect: Dialect): JsonSchema {
  if (dialect === 'crd') return { ...schema, nullable: true }
  if (Object.keys(schema).length === 0) return schema
  const word = dialect === 'mongo' ? 'bsonType' : 'type'
  const type = schema[word]
  if (type === undefined) return { anyOf: [embedded(schema, '#/anyOf/0'), { [word]: 'null' }] }
  const values = Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {}
  return { ...schema, [word]: [...(Array.isArray(type) ? type : [type]), 'null'], ...values }
}

/** The schema as a part of another, at `pointer`: its references lead there. */
function embedded(schema: JsonSchema, pointer: string): JsonSchema {
  return relocate(schema, pointer) as JsonSchema
}

function relocate(schema: Json, pointer: string): Json {
  if (typeof schema !== 'object' || schema === null) return schema
  if (Array.isArray(schema)) return schema.map((one: Json) => relocate(one, pointer))
  return Object.fromEntries(
    Object.entries(schema).map(([word, value]) =>
      word === '$ref' && typeof value === 'string' && value.startsWith('#')
        ? [word, pointer + value.slice(1)]
        : [word, relocate(value, pointer)],
    ),
  )
}

function keySchema(target: EntityMeta, dialect: Dialect): JsonSchema {
  const parts = target.key.map((name) => {
    const definition = target.fields.get(name)?.definition
    const link = target.relations.get(name)?.target
    return [
      name,
      link ? keySchema(link, dialect) : fieldSchema(definition as FieldDefinition, dialect),
    ] as const
  })
  if (parts.length === 1 && parts[0]) return parts[0][1]
  return objectSchema(Object.fromEntries(parts), target.key, dialect)
}

function typed(type: string, dialect: Dialect): JsonSchema {
  return dialect === 'mongo' ? { bsonType: type } : { type }
}
