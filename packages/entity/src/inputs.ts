/** The types of rows and of the values given to create and update. Inputs are worked out only where they are used, never by a class. */
import type { EntityLike } from './relation.ts'

/** The values of one row: fields as they are stored, relations as keys or as loaded rows. */
export type Row<F> = { [K in keyof F]: F[K] extends { readonly '~row': infer R } ? R : never }

/** What `create` takes: required fields, then those that have a default or may be null. */
export type CreateInput<T extends EntityLike> = Creatable<T['fields']>

/** The same for the parts of an `object()`. */
export type Creatable<F> = {
  -readonly [K in keyof F as Presence<F[K]> extends 'required' ? K : never]: Written<F[K]>
} & {
  -readonly [K in keyof F as Presence<F[K]> extends 'optional' ? K : never]?: Written<F[K]>
}

/** What `update` takes: any of the fields that are not read-only. */
export type UpdateInput<T extends EntityLike> = Updatable<T['fields']>

type Updatable<F> = {
  -readonly [K in keyof F as Changes<F[K]> extends true ? K : never]?: Written<F[K]>
}

/** What may be written to a field or relation. */
export type Written<A> = A extends { readonly '~write': infer W } ? W : never

type Presence<A> = A extends { readonly '~marks': infer M }
  ? 'virtual' extends M
    ? 'absent'
    : 'optional' extends M
      ? 'optional'
      : 'required'
  : 'absent'

type Changes<A> = A extends { readonly '~marks': infer M }
  ? 'virtual' extends M
    ? false
    : 'readonly' extends M
      ? false
      : true
  : false

/** A row of `T` with the relations that `L` names loaded, at every level. */
export type Loaded<T extends EntityLike, L> = [keyof L] extends [never]
  ? InstanceOf<T>
  : // What is loaded stands first: the methods of an intersection of lists are those of its first one.
    {
      readonly [K in keyof L & keyof T['fields']]: LoadedRelation<T['fields'][K], L[K]>
    } & InstanceOf<T>

type InstanceOf<T> = T extends { readonly prototype: infer I } ? I : never

type LoadedRelation<A, S> = S extends { readonly load: infer L }
  ? A extends { readonly '~target': infer R extends EntityLike; readonly '~loaded': infer W }
    ? W extends readonly unknown[]
      ? readonly Loaded<R, L>[]
      : Loaded<R, L> | Extract<W, null>
    : never
  : A extends { readonly '~loaded': infer W }
    ? W
    : never
