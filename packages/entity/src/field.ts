/**
 * A field: how one value of an entity is typed, checked, stored and shown. Fields are immutable; each
 * method returns a new one. The type parameters carry what the row and the inputs need:
 * `T` is the value on a row, `M` the union of the marks 'optional' (may be left out on create),
 * 'readonly' (cannot be updated) and 'secret' (never filtered or sorted by; see `secret()` for where it is seen).
 */
import { invalid } from './errors.ts'
import { isObject, mapRecord, present } from './record.ts'
import { methods, parsed, type ValueSchema } from './value-schema.ts'

/** Shared by every copy of this package in a program, so that each knows the others' fields. */
const brand: unique symbol = Symbol.for('typestead.field')

/** Where and how a value is kept. The stores, the API and the forms each map this one list. */
export type StorageType =
  | 'uuid'
  | 'text'
  | 'int4'
  | 'int8'
  | 'double'
  | 'decimal'
  | 'boolean'
  | 'enum'
  | 'datetime'
  | 'date'
  | 'json'
  | 'bytes'
  | 'object'
  | 'list'

/** All that a field says of itself. `schema` checks a present, non-null value. */
export interface FieldDefinition {
  readonly type: StorageType
  readonly schema: ValueSchema
  readonly nullable?: boolean
  /** The value for a create that leaves the field out; a function is called once a row. */
  readonly default?: unknown
  readonly hasDefault?: boolean
  /** The value that every update sets when the update leaves the field out. */
  readonly onUpdate?: () => unknown
  readonly unique?: boolean
  readonly indexed?: boolean
  readonly readonly?: boolean
  readonly secret?: boolean
  /** Earlier names, in the order of the `was()` calls: migrations rename instead of dropping, the API keeps them as deprecated aliases. */
  readonly was?: readonly string[]
  /** The value for rows older than the field; a function sees the old row. Used by migrations alone. */
  readonly backfill?: unknown
  readonly hasBackfill?: boolean
  readonly description?: string
  /** Allowed values of an 'enum'. */
  readonly values?: readonly string[]
  /** Total digits and digits after the point of a 'decimal'. */
  readonly precision?: number
  readonly scale?: number
  /** The item of a 'list'. */
  readonly item?: FieldDefinition
  /** The fields of an 'object'. */
  readonly fields?: Readonly<Record<string, FieldDefinition>>
}

/**
 * The base of every field; made by `string()`, `int()` and their like, never with `new`. `W` is what a create or
 * update takes; it differs from `T` where parts of an object may be left out.
 */
export class Field<T = unknown, M extends string = never, W = T> {
  // Marks live in the type alone, so each method below says what the compiler cannot see: `as never`.
  declare readonly '~row': T
  declare readonly '~marks': M
  declare readonly '~write': W
  declare readonly '~where': 'secret' extends M ? never : ScalarWhere<T>
  readonly definition: FieldDefinition

  constructor(definition: FieldDefinition) {
    this.definition = definition
  }

  /** May be null, and may be left out on create (then null, unless there is a default). */
  nullable(): Field<T | null, M | 'optional', W | null> {
    return this.with({ nullable: true }) as never
  }

  /** The value when a create leaves the field out; it passes the field's checks as any other. A function is called for each row. */
  default(value: NonNullable<W> | (() => NonNullable<W>)): Field<T, M | 'optional', W> {
    return this.with({ default: value, hasDefault: true }) as never
  }

  /** Set on create only. API inputs have it only where nothing else gives a value (no default). */
  readonly(): Field<T, M | 'readonly', W> {
    return this.with({ readonly: true }) as never
  }

  /**
   * Never in an API answer, a filter, an order, an issue of a ValidationError or the change feed. A row that `instantiate`
   * made, as stores do, has it by name (`user.password`) but not enumerable, so spreading, `Object.keys`, `JSON.stringify` and
   * `console.log` leave it out. It is in what `checkCreate` and `checkUpdate` give back, for a store to keep as it is: hash a
   * password before.
   */
  secret(): Field<T, M | 'secret', W> {
    return this.with({ secret: true }) as never
  }

  /** No two rows may have the same value; nulls do not count. */
  unique(): this {
    return this.with({ unique: true })
  }

  /** Kept in an index of its own, for filters and orders on this field alone. */
  index(): this {
    return this.with({ indexed: true })
  }

  /** The field was called `name` before: a migration renames it and keeps its values. */
  was(name: string): this {
    return this.with({ was: [...(this.definition.was ?? []), name] })
  }

  /** The value that a migration gives to rows which are older than this field. */
  backfill(
    value: NonNullable<T> | ((row: Readonly<Record<string, unknown>>) => NonNullable<T>),
  ): this {
    return this.with({ backfill: value, hasBackfill: true })
  }

  /** One sentence for people; shown in the API's schema and in forms. */
  describe(description: string): this {
    return this.with({ description })
  }

  /** Also holds `accepts` over the value as rows have it; the message is shown to the user. */
  check(accepts: (value: NonNullable<T>) => boolean, message: string): this {
    const schema = methods(this.definition.schema).refine((value) => accepts(value), message)
    return this.with({ schema })
  }

  get [brand](): true {
    return true
  }

  /** The same kind of field with parts of its definition replaced. */
  protected with(changes: Partial<FieldDefinition>): this {
    const Kind = this.constructor as new (definition: FieldDefinition) => this
    return new Kind({ ...this.definition, ...changes })
  }
}

/** What a filter may say of one value. `null` stands for "has no value"; a bare value means `eq`. */
export type ScalarWhere<T> = T | Comparison<T>

export interface Comparison<T> {
  readonly eq?: T
  /** Any other value, null included. */
  readonly ne?: T
  readonly in?: readonly T[]
  readonly notIn?: readonly T[]
  readonly lt?: NonNullable<T>
  readonly lte?: NonNullable<T>
  readonly gt?: NonNullable<T>
  readonly gte?: NonNullable<T>
  /** Of text: has this part. Of a list: has this item. */
  readonly contains?: T extends readonly (infer I)[] ? I : string
  readonly startsWith?: string
  readonly endsWith?: string
  /** Lets contains, startsWith and endsWith take upper and lower case as the same. */
  readonly ignoreCase?: boolean
}

/** Whether `value` is a field, made by this or another copy of this package. */
export function isField(value: unknown): value is Field {
  return isObject(value) && brand in value
}

/**
 * The value a create gives to a left-out field; `undefined` when there is none. Literal objects are copied, so no two
 * rows share one.
 */
export function defaultOf(definition: Partial<FieldDefinition>): unknown {
  if (!definition.hasDefault) return definition.nullable ? null : undefined
  const value = definition.default
  if (typeof value === 'function') return value()
  return typeof value === 'object' ? structuredClone(value) : value
}

/**
 * The definition with its literal default and backfill, and those of its parts, in the form that rows have: `'7.50'` for
 * `decimal().default('7.5')`.
 * @throws {EntityError} `INVALID_DEFINITION` when one does not pass the field's own checks
 */
export function settle(path: string, definition: FieldDefinition): FieldDefinition {
  const { hasDefault, hasBackfill, item, fields } = definition
  return present<FieldDefinition>({
    ...definition,
    default: hasDefault ? settled(path, 'default', definition) : undefined,
    backfill: hasBackfill ? settled(path, 'backfill', definition) : undefined,
    item: item && settle(path, item),
    fields: fields && mapRecord(fields, (part, name) => settle(`${path}.${name}`, part)),
  })
}

function settled(path: string, what: 'default' | 'backfill', definition: FieldDefinition): unknown {
  const value = definition[what]
  if (typeof value === 'function') return value
  const { success, data, error } = parsed(definition.schema, value)
  if (success) return data
  // The value itself is not told: it may be a secret's.
  throw invalid(
    `${path}: the ${what} is not a valid value (${error?.issues[0]?.message}); change it or the checks`,
  )
}
