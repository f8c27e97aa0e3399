/**
 * JSON Schema of an entity in three dialects: `plain` (draft 2020-12, values as in JSON), `mongo` (MongoDB's
 * `$jsonSchema`, values as in BSON) and `crd` (Kubernetes structural schemas, apiextensions.k8s.io/v1).
 */
import type { FieldDefinition } from './field.ts'
import { type EntityMeta, metaOf, storedParts } from './model.ts'
import { isObject, mapRecord, present } from './record.ts'
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
  for (const part of storedParts(meta)) {
    const { name } = part
    const definition: Partial<FieldDefinition> = part.definition
    const { secret, readonly, hasDefault, nullable, description } = definition
    const hidden =
      (view === 'row' && secret) ||
      (view === 'create' && readonly && hasDefault) ||
      (view === 'update' && readonly)
    if (hidden && !stored) continue
    const schema =
      part.kind === 'field'
        ? fieldSchema(part.definition, dialect)
        : keySchema(part.target, dialect)
    const literal = hasDefault && typeof definition.default !== 'function' && !secret
    properties[name] = {
      ...embedded(nullable ? orNull(schema, dialect) : schema, `#/properties/${name}`),
      ...(description !== undefined && !stored && { description }),
      // Shown where it is what leaving the field out means; Kubernetes fills in none.
      ...(part.kind === 'field' &&
        literal &&
        view === 'create' &&
        dialect === 'plain' && { default: toWire(part.definition, definition.default) }),
    }
    if (stored || view === 'row' || !(hasDefault || nullable)) required.push(name)
  }
  const { description } = meta.options
  return {
    ...(dialect === 'plain' && { $schema: 'https://json-schema.org/draft/2020-12/schema' }),
    ...(dialect !== 'crd' && { title: meta.name }),
    ...(description && !stored && { description }),
    ...objectSchema(properties, view === 'update' && !stored ? [] : required, dialect),
  }
}

function isMeta(entity: EntityLike | EntityMeta): entity is EntityMeta {
  return 'fields' in entity && entity.fields instanceof Map
}

/** The schema of one field's value, null left out. References in it start at its own root. */
export function fieldSchema(definition: FieldDefinition, dialect: Dialect = 'plain'): JsonSchema {
  const { type, item, fields = {} } = definition
  if (item) {
    return present<JsonSchema>({
      ...typed('array', dialect),
      items: partSchema(item, '#/items', dialect),
      maxItems: scalarSchema(definition, dialect).maxItems,
    })
  }
  if (type !== 'object') return scalarSchema(definition, dialect)
  return objectSchema(
    mapRecord(fields, (part, name) => partSchema(part, `#/properties/${name}`, dialect)),
    Object.keys(fields).filter((name) => !fields[name]?.hasDefault && !fields[name]?.nullable),
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
    ...(required.length > 0 && { required }),
    // Structural schemas forbid it beside properties; stores keep what they are given by this package alone.
    ...(dialect === 'plain' && { additionalProperties: false }),
  }
}

function partSchema(definition: FieldDefinition, pointer: string, dialect: Dialect): JsonSchema {
  const schema = fieldSchema(definition, dialect)
  return embedded(definition.nullable ? orNull(schema, dialect) : schema, pointer)
}

function orNull(schema: JsonSchema, dialect: Dialect): JsonSchema {
  if (dialect === 'crd') return { ...schema, nullable: true }
  if (Object.keys(schema).length === 0) return schema
  const word = dialect === 'mongo' ? 'bsonType' : 'type'
  const type = schema[word]
  if (type === undefined) return { anyOf: [embedded(schema, '#/anyOf/0'), { [word]: 'null' }] }
  return {
    ...schema,
    [word]: [type, 'null'].flat(),
    ...(Array.isArray(schema.enum) && { enum: [...schema.enum, null] }),
  }
}

/** The schema as a part of another, at `pointer`: its references lead there. */
function embedded(schema: JsonSchema, pointer: string): JsonSchema {
  return rewrite(schema, (words) =>
    typeof words.$ref === 'string' && words.$ref.startsWith('#')
      ? { ...words, $ref: pointer + words.$ref.slice(1) }
      : words,
  )
}

/** The schema with every object inside changed, from the outside in. */
export function rewrite(schema: JsonSchema, change: (words: JsonSchema) => JsonSchema): JsonSchema {
  const inside = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(inside)
    return isObject(value) ? rewrite(value as JsonSchema, change) : value
  }
  return mapRecord(change(schema), inside)
}

function keySchema(target: EntityMeta, dialect: Dialect): JsonSchema {
  const parts = target.key.map((name): [string, JsonSchema] => {
    const link = target.relations.get(name)?.target
    const definition = target.fields.get(name)?.definition as FieldDefinition
    return [name, link ? keySchema(link, dialect) : fieldSchema(definition, dialect)]
  })
  const [only, ...others] = parts
  return only && others.length === 0
    ? only[1]
    : objectSchema(Object.fromEntries(parts), target.key, dialect)
}

function typed(type: string, dialect: Dialect): JsonSchema {
  return { [dialect === 'mongo' ? 'bsonType' : 'type']: type }
}
