/** Text, ids and choices: `string()`, `id()` and `oneOf()`. */
import { z } from 'zod'
import { invalid } from './errors.ts'
import { Field } from './field.ts'
import { uuidv7 } from './uuidv7.ts'
import type { ValueSchema } from './value-schema.ts'

/** Text of any length up to what the store holds. Checks take a message of their own. */
export class TextField<T extends string | null = string, M extends string = never> extends Field<
  T,
  M
> {
  // The methods of Field, giving this kind of field.
  declare nullable: () => TextField<T | null, M | 'optional'>
  declare default: (value: NonNullable<T> | (() => NonNullable<T>)) => TextField<T, M | 'optional'>
  declare readonly: () => TextField<T, M | 'readonly'>
  declare secret: () => TextField<T, M | 'secret'>

  /** At least `length` UTF-16 code units. */
  min(length: number, message?: string): this {
    return this.checked((text) => text.min(length, message))
  }

  /** At most `length` UTF-16 code units. */
  max(length: number, message?: string): this {
    return this.checked((text) => text.max(length, message))
  }

  /** An e-mail address with a domain of at least two parts, as Zod's `email()` reads it. */
  email(message?: string): this {
    return this.checked((text) => text.check(z.email(message)))
  }

  /** An absolute URL. */
  url(message?: string): this {
    return this.checked((text) => text.check(z.url(message)))
  }

  /** Matches `pattern`. */
  regex(pattern: RegExp, message?: string): this {
    return this.checked((text) => text.regex(pattern, message))
  }

  /** White space at both ends is taken off before the checks that follow. */
  trim(): this {
    return this.checked((text) => text.trim())
  }

  /** Made lower case before the checks that follow. */
  lowercase(): this {
    return this.checked((text) => text.toLowerCase())
  }

  private checked(change: (text: z.ZodString) => z.ZodString): this {
    const { schema } = this.definition
    if (schema instanceof z.ZodString) return this.with({ schema: change(schema) })
    throw invalid('text checks such as min() and email() are for string() fields')
  }
}

/** Text. `string().email().unique()` */
export function string(): TextField {
  return new TextField({ type: 'text', schema: z.string() })
}

/** The primary key: a UUID, version 7, made when a create leaves it out, never changed. */
export function id(): Field<string, 'optional' | 'readonly'> {
  return uuid().default(newId).readonly()
}

/** A UUID that is not this entity's key. */
export function uuid(): Field<string> {
  return new Field({ type: 'uuid', schema: anyUuid })
}

/** Any UUID, made lower case as PostgreSQL prints it, so that ids compare as text. */
export const anyUuid: ValueSchema<string> = z
  .guid('must be a UUID')
  .transform((text) => text.toLowerCase())

/** A UUID as rows have it. */
export const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The default of `id()`. */
export function newId(): string {
  return uuidv7()
}

/** One of the texts given. `oneOf('admin', 'reader').default('reader')` */
export function oneOf<const V extends readonly [string, ...string[]]>(
  ...values: V
): Field<V[number]> {
  if (values.length === 0 || new Set(values).size !== values.length) {
    throw invalid('oneOf() needs at least one text, each once')
  }
  return new Field({ type: 'enum', schema: z.enum(values), values })
}
