/** The `$jsonSchema` that a collection's documents must fulfil: the entity's, in the form that documents have. */
import { type EntityMeta, type Json, type JsonSchema, toJsonSchema } from '@typestead/entity'

export function validatorOf(meta: EntityMeta): { readonly $jsonSchema: JsonSchema } {
  const { properties, required, title } = toJsonSchema(meta, 'mongo') as {
    properties: Record<string, JsonSchema>
    required?: string[]
    title: string
  }
  const inKey = new Set(meta.key)
  const own = Object.entries(properties).filter(([name]) => !inKey.has(name))
  const parts = meta.key.map((name) => [name, stored(properties[name] ?? {})] as const)
  const key: JsonSchema =
    parts.length === 1 && parts[0]
      ? parts[0][1]
      : { bsonType: 'object', properties: Object.fromEntries(parts), required: meta.key }
  return {
    $jsonSchema: {
      bsonType: 'object',
      title,
      properties: {
        ...Object.fromEntries(own.map(([name, schema]) => [name, stored(schema)])),
        _id: key,
        _rev: { bsonType: ['int', 'long', 'double'] },
      },
      required: ['_id', '_rev', ...(required ?? []).filter((name) => !inKey.has(name))],
    },
  }
}

/** A list in a list is kept as an object (see `json-values.ts`). */
function stored(schema: JsonSchema, insideArray = false): JsonSchema {
  const { items, properties, ...rest } = schema
  if (insideArray && [rest.bsonType].flat().includes('array')) return {}
  return {
    ...rest,
    ...(items === undefined ? {} : { items: stored(items as JsonSchema, true) }),
    ...(properties === undefined ? {} : { properties: storedParts(properties) }),
  }
}

function storedParts(properties: Json): Json {
  const parts = Object.entries(properties as Record<string, JsonSchema>)
  return Object.fromEntries(parts.map(([name, schema]) => [name, stored(schema)]))
}
