/**
 * A Zod schema as this package passes it around: the one property that tells what it outputs. Comparing two of Zod's full
 * types costs the compiler some 75,000 instantiations; comparing with this costs a handful, in every program that
 * imports an entity.
 */
import { z } from 'zod'
import { invalid } from './errors.ts'

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

/**
 * What a schema makes of a value.
 * @throws {EntityError} `INVALID_DEFINITION` when the schema has an asynchronous check
 */
export function parsed(schema: ValueSchema, value: unknown): Checked {
  try {
    return methods(schema).safeParse(value)
  } catch (cause) {
    if (!(cause instanceof z.core.$ZodAsyncError)) throw cause
    throw invalid(
      'a field has an asynchronous check; make it before the values are given to create or update',
      { cause },
    )
  }
}

/** What Zod keeps of a schema and of each check on it (zod.dev/packages/core). */
export interface SchemaDefinition {
  readonly type?: string
  readonly check?: string
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly value?: unknown
  readonly inclusive?: boolean
  readonly pattern?: RegExp
  readonly checks?: readonly { readonly _zod: { readonly def: SchemaDefinition } }[]
  /** What a wrapper wraps, and what a pipe leads into. */
  readonly innerType?: ValueSchema
  readonly out?: ValueSchema
}

interface Inside {
  readonly def: SchemaDefinition
  /** The values of a choice or a literal. */
  readonly values?: ReadonlySet<unknown>
}

/** The compiler knows only the output of a ValueSchema; the rest is there in every schema. */
export function insideOf(schema: ValueSchema): Inside {
  return schema._zod as unknown as Inside
}
