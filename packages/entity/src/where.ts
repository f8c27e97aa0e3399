/** The type of a filter over an entity: a condition for each field, joined by and; `and`, `or` and `not` combine filters. */
import type { EntityLike } from './relation.ts'

export type Where<T extends EntityLike> = WhereFields<T, T['fields']>

type Logic = 'and' | 'or' | 'not'

// One mapped type, not an intersection: the compiler then looks at a relation only when a filter names it.
type WhereFields<T extends EntityLike, F> = {
  readonly [K in keyof F | Logic]?: K extends keyof F
    ? F[K] extends { readonly '~where': infer W }
      ? W
      : never
    : K extends 'not'
      ? Where<T>
      : readonly Where<T>[]
}

/** The order of a list: fields in order of weight; no secrets and no relations. Nulls are the smallest. */
export type OrderBy<T extends EntityLike> = {
  readonly [K in keyof T['fields']]?: Direction<T['fields'][K]>
}

type Direction<A> = A extends { readonly '~target': unknown }
  ? never
  : A extends { readonly '~where': infer W }
    ? [W] extends [never]
      ? never
      : 'asc' | 'desc'
    : never

/** Which relations to load with a row, and of them which rows. */
export type Load<T extends EntityLike> = {
  readonly [K in keyof T['fields']]?: T['fields'][K] extends {
    readonly '~target': infer R extends EntityLike
  }
    ? true | Selection<R>
    : never
}

export interface Selection<T extends EntityLike> {
  readonly where?: Where<T>
  readonly orderBy?: OrderBy<T> | readonly OrderBy<T>[]
  /** At most this many rows of each parent. */
  readonly first?: number
  readonly load?: Load<T>
}
