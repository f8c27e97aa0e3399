/** Values with parts: `json()`, `bytes()`, `object()` and `list()`. */
import { z } from 'zod'
import { fromBase64 } from './base64.ts'
import { checkFieldName } from './entity-name.ts'
import { invalid } from './errors.ts'
import { Field, type FieldDefinition } from './field.ts'
import type { Creatable, Row } from './inputs.ts'
import { isJson } from './storable.ts'
import { methods, type ValueSchema } from './value-schema.ts'

/** Any JSON value but a bare null; name its shape by the type parameter, or check it with `field(z.object(…))`. */
export function json<T = unknown>(): Field<T> {
  return new Field<T>({ type: 'json', schema: anyJson })
}

export const anyJson: ValueSchema = z
  .unknown()
  .refine((value) => isJson(value), 'must be a JSON value')

/** Bytes, a `Uint8Array` in TypeScript and base64 in JSON; at most `max` bytes. */
export function bytes(max: number = 16 * 1024 * 1024): Field<Uint8Array> {
  const schema = z
    .union(
      [z.instanceof(Uint8Array), z.base64().transform(fromBase64)],
      'must be bytes, or base64 text',
    )
    .refine((value) => value.length <= max, `must be at most ${max} bytes`)
  return new Field<Uint8Array>({ type: 'bytes', schema })
}

/** A field as a part of another, with as little said as the compiler needs. */
interface Part {
  readonly '~row': unknown
  readonly '~write': unknown
  readonly '~marks': unknown
  readonly definition: FieldDefinition
}

/**
 * An object kept inside the row: `address: object({ street: string(), city: string() })`.
 * @throws {EntityError} `INVALID_DEFINITION` when a part's name cannot be one, or the part is marked as only a field of an entity may be
 */
export function object<F extends Readonly<Record<string, Part>>>(
  fields: F,
): Field<Row<F>, never, Creatable<F>> {
  const definitions: Record<string, FieldDefinition> = {}
  const shape: Record<string, ValueSchema> = {}
  for (const [name, { definition }] of Object.entries(fields)) {
    checkFieldName('object()', name)
    refuseMarks(`object(): ${name}`, definition)
    definitions[name] = definition
    shape[name] = presentOrDefault(definition)
  }
  return new Field<Row<F>, never, Creatable<F>>({
    type: 'object',
    // Zod's own types stay out: see ValueSchema.
    schema: z.strictObject(shape as never),
    fields: definitions,
  })
}

/**
 * Several values of one kind in order: `tags: list(string())`. At most `max` items.
 * @throws {EntityError} `INVALID_DEFINITION` when the item is marked as only a field of an entity may be
 */
export function list<F extends Part>(
  item: F,
  max = 10_000,
): Field<F['~row'][], never, F['~write'][]> {
  const { definition } = item
  refuseMarks('list()', definition)
  if (definition.hasDefault) {
    throw invalid('list(): an item cannot be left out, so it has no default()')
  }
  // Zod's own types stay out: see ValueSchema.
  const schema = z.array(orNull(definition) as never).max(max)
  return new Field<F['~row'][], never, F['~write'][]>({ type: 'list', schema, item: definition })
}

function refuseMarks(
  path: string,
  { unique, secret, readonly, was, indexed }: FieldDefinition,
): void {
  if (!unique && !secret && !readonly && !was && !indexed) return
  throw invalid(
    `${path}: unique(), index(), secret(), readonly() and was() are for fields of an entity, not inside object() and list()`,
  )
}

/** The schema with null let in where the definition allows it. */
function orNull(definition: FieldDefinition): ValueSchema {
  return definition.nullable ? methods(definition.schema).nullable() : definition.schema
}

// prefault, not default: what stands for a left-out part passes the part's checks and takes the form that rows have.
function presentOrDefault(definition: FieldDefinition): ValueSchema {
  const schema = orNull(definition)
  if (definition.hasDefault) return methods(schema).prefault(definition.default)
  return definition.nullable ? methods(schema).prefault(null) : schema
}
