/** `field()`: a field that any Zod schema checks. */
import { z } from 'zod'
import { EntityError } from './errors.ts'
import { Field, type FieldDefinition } from './field.ts'
import { digits } from './number-field.ts'
import { instant } from './temporal-field.ts'
import { methods, type ValueSchema } from './value-schema.ts'

/**
 * A field that any Zod schema checks: `field(z.string().regex(/^[A-Z]{3}$/))`. What it outputs is what the row has. Text, numbers,
 * booleans, enums and dates get a column of their own kind; everything else is kept as JSON.
 * @throws {EntityError} `INVALID_DEFINITION` when the schema lets null or undefined in by itself, or outputs what JSON cannot hold
 */
export function field<S extends ValueSchema>(schema: S): Field<S['_zod']['output']> {
  const { type, values } = storageOf(schema)
  if (type === 'json') refuseUnwritable(schema)
  return new Field<S['_zod']['output']>({
    type,
    schema: fromJson(schema),
    ...(values === undefined ? {} : { values }),
  })
}

/** Bare dates and bigints are read from their JSON forms too, as `datetime()` and `int8()` are. */
function fromJson(schema: ValueSchema): ValueSchema {
  if (schema instanceof z.ZodDate) return z.pipe(instant, schema)
  if (schema instanceof z.ZodBigInt)
    return methods(z.pipe(digits, schema)).refine(fits64, 'must be a whole number of 64 bits')
  return schema
}

function fits64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value
}

type Storage = Pick<FieldDefinition, 'type' | 'values'>

// What a Zod schema wraps is a Zod schema, hence a ValueSchema; its own types stay out.
function storageOf(schema: ValueSchema): Storage {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    throw invalid("write field(…).nullable() instead of Zod's optional(), nullable() and nullish()")
  }
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    throw invalid("write field(…).default(…) instead of Zod's default() and prefault()")
  }
  if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat) return { type: 'text' }
  if (schema instanceof z.ZodNumber) return { type: schema.format === 'int32' ? 'int4' : 'double' }
  if (schema instanceof z.ZodBigInt) return { type: 'int8' }
  if (schema instanceof z.ZodBoolean) return { type: 'boolean' }
  if (schema instanceof z.ZodDate) return { type: 'datetime' }
  if (schema instanceof z.ZodEnum) return choice(schema.options)
  if (schema instanceof z.ZodLiteral) return choice([...schema.values])
  if (schema instanceof z.ZodReadonly) return storageOf(schema.unwrap() as ValueSchema)
  // The output of a bare transform is not known before it runs.
  if (schema instanceof z.ZodPipe && !(schema.out instanceof z.ZodTransform))
    return storageOf(schema.out as ValueSchema)
  return { type: 'json' }
}

function choice(options: readonly unknown[]): Storage {
  const values = options.filter((option) => typeof option === 'string')
  return values.length === options.length ? { type: 'enum', values } : { type: 'json' }
}

const unwritable = new Set([
  'bigint',
  'date',
  'file',
  'function',
  'map',
  'nan',
  'promise',
  'set',
  'symbol',
])

/** A Date inside JSON would come back from the store as text, though its type says otherwise. */
function refuseUnwritable(schema: ValueSchema): void {
  z.toJSONSchema(schema as never, {
    io: 'output',
    unrepresentable: 'any',
    override({ zodSchema }) {
      const { type } = zodSchema._zod.def
      if (!unwritable.has(type)) return
      throw invalid(
        `the schema outputs a ${type} inside other values, which JSON cannot hold; use fields such as object({ at: datetime() }), or text`,
      )
    },
  })
}

function invalid(message: string): EntityError {
  return new EntityError('INVALID_DEFINITION', `field(): ${message}`)
}
