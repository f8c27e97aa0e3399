/**
 * Relations between entities. `belongsTo` is kept in the row as the other row's key; `hasMany` and `hasOne` are the
 * same link seen from the other side and keep nothing. Write them as getters, so that two entities may name each other:
 * `get posts() { return hasMany(Post, 'author') }`.
 */
import type { Instance, KeyOf } from './entity.ts'
import { isObject } from './record.ts'
import type { Where } from './where.ts'

/** Shared by every copy of this package in a program, so that each knows the others' relations. */
const brand: unique symbol = Symbol.for('typestead.relation')

/** What happens to this row when the one it belongs to is deleted. */
export type OnDelete = 'restrict' | 'cascade' | 'setNull'

/** A class made by `Entity()`, with as little said as the compiler needs. */
export interface EntityLike {
  readonly entityName: string
  readonly fields: object
  readonly prototype: object
}

export interface RelationDefinition {
  readonly kind: 'belongsTo' | 'hasMany' | 'hasOne'
  readonly target: EntityLike
  /** The `belongsTo` on the target that this is the other side of. */
  readonly inverse?: string
  readonly nullable?: boolean
  readonly readonly?: boolean
  readonly onDelete?: OnDelete
  readonly unique?: boolean
  readonly was?: readonly string[]
  readonly description?: string
}

/** The base of every relation. */
export class Relation {
  readonly definition: RelationDefinition

  constructor(definition: RelationDefinition) {
    this.definition = definition
  }

  /** One sentence for people; shown in the API's schema and in forms. */
  describe(description: string): this {
    return this.with({ description })
  }

  get [brand](): true {
    return true
  }

  protected with(changes: Partial<RelationDefinition>): this {
    const Kind = this.constructor as new (definition: RelationDefinition) => this
    return new Kind({ ...this.definition, ...changes })
  }
}

/** Whether `value` is a relation, made by this or another copy of this package. */
export function isRelation(value: unknown): value is Relation {
  return isObject(value) && brand in value
}

/** The key of a row that is not loaded: only its `id` can be read. */
export type Reference<I> = I extends { readonly id: infer K } ? { readonly id: K } : Partial<I>

/** This row points to one row of `T`. `N` is `null` where it may point to none. */
export class BelongsTo<T extends EntityLike, N = never, M extends string = never> extends Relation {
  declare readonly '~target': T
  declare readonly '~loaded': Instance<T> | N
  declare readonly '~row': Reference<Instance<T>> | N
  declare readonly '~marks': M
  declare readonly '~write': KeyOf<T> | Reference<Instance<T>> | N
  declare readonly '~where':
    | KeyOf<T>
    | Where<T>
    | LinkWhere<KeyOf<T> | Reference<Instance<T>> | N>
    | N

  // Marks live in the type alone: see Field about `as never`.

  /** May point to no row. */
  nullable(): BelongsTo<T, null, M | 'optional'> {
    return this.with({ nullable: true }) as never
  }

  /** Set on create only. */
  readonly(): BelongsTo<T, N, M | 'readonly'> {
    return this.with({ readonly: true }) as never
  }

  /** At most one row points to each: the other side is then `hasOne`. */
  unique(): this {
    return this.with({ unique: true })
  }

  /** 'restrict' (the default) refuses the other row's deletion, 'cascade' deletes this row with it, 'setNull' lets go. */
  onDelete(action: OnDelete): this {
    return this.with({ onDelete: action })
  }

  /** The relation was called `name` before: a migration renames it and keeps the links. */
  was(name: string): this {
    return this.with({ was: [...(this.definition.was ?? []), name] })
  }
}

/** Many rows of `T` point to this one. On a row it is undefined until it is loaded. */
export class HasMany<T extends EntityLike> extends Relation {
  declare readonly '~target': T
  declare readonly '~loaded': readonly Instance<T>[]
  declare readonly '~row': readonly Instance<T>[] | undefined
  declare readonly '~marks': 'virtual'
  declare readonly '~write': never
  declare readonly '~where': ManyWhere<T>
}

/** At most one row of `T` points to this one. On a row it is undefined until it is loaded. */
export class HasOne<T extends EntityLike> extends Relation {
  declare readonly '~target': T
  declare readonly '~loaded': Instance<T> | null
  declare readonly '~row': Instance<T> | null | undefined
  declare readonly '~marks': 'virtual'
  declare readonly '~write': never
  declare readonly '~where': Where<T> | null
}

/** What a filter may say of a link itself, by keys or whole rows; `null` stands for "points to no row". */
export interface LinkWhere<K> {
  readonly eq?: K
  /** Any other row, or none. */
  readonly ne?: K
  readonly in?: readonly K[]
  readonly notIn?: readonly K[]
}

/** What a filter may say of the rows on the other side. */
export interface ManyWhere<T extends EntityLike> {
  readonly some?: Where<T>
  readonly every?: Where<T>
  readonly none?: Where<T>
}

/** `get author() { return belongsTo(User) }` */
export function belongsTo<T extends EntityLike>(target: T): BelongsTo<T> {
  return new BelongsTo({ kind: 'belongsTo', target })
}

/** `get posts() { return hasMany(Post, 'author') }`: every Post whose `author` is this row. */
export function hasMany<T extends EntityLike>(
  target: T,
  inverse: keyof T['fields'] & string,
): HasMany<T> {
  return new HasMany({ kind: 'hasMany', target, inverse })
}

/** `get profile() { return hasOne(Profile, 'user') }`: the Profile whose unique `user` is this row. */
export function hasOne<T extends EntityLike>(
  target: T,
  inverse: keyof T['fields'] & string,
): HasOne<T> {
  return new HasOne({ kind: 'hasOne', target, inverse })
}
