/** `field()`: a field that any Zod schema checks. */
import { z } from 'zod'
import { type EntityError, invalid } from './errors.ts'
import { Field, type FieldDefinition, type StorageType } from './field.ts'
import { digits, fits64 } from './number-field.ts'
import { instant } from './temporal-field.ts'
import { insideOf, methods, type ValueSchema } from './value-schema.ts'

/**
 * A field that any Zod schema checks: `field(z.string().regex(/^[A-Z]{3}$/))`. What it outputs is what the row has. Text, numbers,
 * booleans, enums and dates get a column of their own kind; everything else is kept as JSON.
 * @throws {EntityError} `INVALID_DEFINITION` when the schema lets null or undefined in by itself, or outputs what JSON cannot hold
 */
export function field<S extends ValueSchema>(schema: S): Field<S['_zod']['output']> {
  const storage = storageOf(schema)
  if (storage.type === 'json') refuseUnwritable(schema)
  return new Field<S['_zod']['output']>({ ...storage, schema: fromJson(schema) })
}

/** Bare dates and bigints are read from their JSON forms too, as `datetime()` and `int8()` are. */
function fromJson(schema: ValueSchema): ValueSchema {
  const { type } = insideOf(schema).def
  // Zod's own types stay out: see ValueSchema.
  if (type === 'date') return z.pipe(instant, schema as never)
  return type === 'bigint'
    ? methods(z.pipe(digits, schema as never)).refine(fits64, 'must be a whole number of 64 bits')
    : schema
}

type Storage = Pick<FieldDefinition, 'type' | 'values'>

/** By what Zod calls the kinds of its schemas; the others are kept as JSON. */
const storageTypes: Readonly<Record<string, StorageType>> = {
  string: 'text',
  number: 'double',
  bigint: 'int8',
  boolean: 'boolean',
  date: 'datetime',
}

function storageOf(schema: ValueSchema): Storage {
  const { def, values } = insideOf(schema)
  const { type = '', innerType, out } = def
  if (/^(optional|nullable)$/.test(type)) {
    throw wrong("write field(…).nullable() instead of Zod's optional(), nullable() and nullish()")
  }
  if (/^(default|prefault)$/.test(type)) {
    throw wrong("write field(…).default(…) instead of Zod's default() and prefault()")
  }
  if ('format' in schema && schema.format === 'int32') return { type: 'int4' }
  if (/^(enum|literal)$/.test(type)) {
    const options = [...(values ?? [])]
    if (options.every((option) => typeof option === 'string')) {
      return { type: 'enum', values: options }
    }
  }
  if (type === 'readonly' && innerType) return storageOf(innerType)
  // The output of a bare transform is not known before it runs.
  if (out && insideOf(out).def.type !== 'transform') return storageOf(out)
  return { type: storageTypes[type] ?? 'json' }
}

const unwritable = /^(bigint|date|file|function|map|nan|promise|set|symbol)$/

/** A Date inside JSON would come back from the store as text, though its type says otherwise. */
function refuseUnwritable(schema: ValueSchema): void {
  z.toJSONSchema(schema as never, {
    io: 'output',
    unrepresentable: 'any',
    override({ zodSchema }) {
      const { type } = zodSchema._zod.def
      if (!unwritable.test(type)) return
      throw wrong(
        `the schema outputs a ${type} inside other values, which JSON cannot hold; use fields such as object({ at: datetime() }), or text`,
      )
    },
  })
}

function wrong(message: string): EntityError {
  return invalid(`field(): ${message}`)
}
