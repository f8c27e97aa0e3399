/**
 * A Zod schema as this package passes it around: the one property that tells what it outputs. Comparing two of Zod's full
 * types costs the compiler some 75,000 instantiations; comparing with this costs a handful, in every program that
 * imports an entity.
 */
import { z } from 'zod'
import { EntityError } from './errors.ts'

export interface ValueSchema<O = unknown> {
  readonly _zod: { readonly output: O }
}

export interface Checked {
  readonly success: boolean
  readonly data?: unknown
  readonly error?: { readonly issues: readonly z.core.$ZodIssue[] }
}

/** The methods of every Zod schema that this package calls. */
interface Methods {
  safeParse(value: unknown): Checked
  nullable(): ValueSchema
  prefault(value: unknown): ValueSchema
  refine(accepts: (value: never) => boolean, message: string): ValueSchema
}

/** Every schema here was made by Zod's classic API, which has these methods. */
export function methods(schema: ValueSchema): Methods {
  return schema as unknown as Methods
}

interface Run {
  readonly value: unknown
  readonly issues: readonly unknown[]
}

interface Runnable {
  readonly _zod: {
    run(payload: { value: unknown; issues: unknown[] }, context: typeof synchronous): Run
  }
}

const synchronous = { async: false } as const

/**
 * What `safeParse` does, without making messages: Zod's core interface for libraries (`_zod.run`, see zod.dev/packages/core).
 * @throws {EntityError} `INVALID_DEFINITION` when the schema has an asynchronous check
 */
export function run(schema: ValueSchema, value: unknown): Run {
  try {
    return (schema as unknown as Runnable)._zod.run({ value, issues: [] }, synchronous)
  } catch (cause) {
    if (!(cause instanceof z.core.$ZodAsyncError)) throw cause
    const message =
      'a field has an asynchronous check; make it before the values are given to create or update'
    throw new EntityError('INVALID_DEFINITION', message, { cause })
  }
}
