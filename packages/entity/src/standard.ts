/**
 * An entity as a Standard Schema and a Standard JSON Schema (both version 1, https://standardschema.dev): what form,
 * AI and API tools accept in place of a schema of their own. It checks and describes what `create` takes.
 */
import { ValidationError } from './errors.ts'
import type { Written } from './inputs.ts'
import { type JsonSchema, rewrite, toJsonSchema } from './json-schema.ts'
import { metaOf } from './model.ts'
import { present } from './record.ts'
import type { EntityLike } from './relation.ts'
import { checkCreate } from './validate.ts'

export interface StandardEntity<F> {
  readonly '~standard': StandardProps<F>
}

export type StandardResult<T> =
  | { readonly value: T; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string
        readonly path?: readonly PropertyKey[]
      }[]
    }

type StoredRow<F> = { [K in keyof F]: Written<F[K]> }

export interface StandardProps<F> {
  readonly version: 1
  readonly vendor: 'typestead'
  readonly validate: (value: unknown) => StandardResult<StoredRow<F>>
  readonly types?: { readonly input: unknown; readonly output: StoredRow<F> } | undefined
  readonly jsonSchema: {
    readonly input: (options: { readonly target: string }) => Record<string, unknown>
    readonly output: (options: { readonly target: string }) => Record<string, unknown>
  }
}

/** The `~standard` property of an entity class. */
export function standardOf(entity: EntityLike): StandardProps<never> {
  return {
    version: 1,
    vendor: 'typestead',
    validate(value) {
      try {
        return { value: checkCreate(metaOf(entity), value) as never }
      } catch (error) {
        if (error instanceof ValidationError) return { issues: error.issues }
        throw error
      }
    },
    jsonSchema: {
      input: ({ target }) => forTarget(target, toJsonSchema(entity, 'plain', 'create')),
      output: ({ target }) => forTarget(target, toJsonSchema(entity, 'plain', 'row')),
    },
  }
}

/** @throws {TypeError} for a target that is not available, as Standard JSON Schema asks */
function forTarget(target: string, schema: JsonSchema): Record<string, unknown> {
  if (target === 'draft-2020-12') return schema
  if (target === 'draft-07') {
    return { ...rewrite(schema, draft7), $schema: 'http://json-schema.org/draft-07/schema#' }
  }
  throw new TypeError(
    `JSON Schema for "${target}" is not available; ask for draft-2020-12 or draft-07`,
  )
}

/** Of what this package writes, the drafts differ only in how they say tuples. `$defs` are found by their pointers in both. */
function draft7(words: JsonSchema): JsonSchema {
  const { prefixItems, items, ...others } = words
  if (prefixItems === undefined) return words
  return present<JsonSchema>({ ...others, items: prefixItems, additionalItems: items })
}
