/**
 * Views: GraphQL object types over entities, as plain data. A view names columns, relations and small functions of
 * columns, so that a plan can compile it; only `resolved()` is opaque. Several views may show one entity.
 */
import type { EntityLike, Instance } from '@typestead/entity'
import type { Context, RequestContext } from './context.ts'
import type { ArgumentDefinitions, ArgumentsOf } from './type-text.ts'

export interface View<T extends EntityLike = EntityLike> {
  readonly kind: 'view'
  readonly entity: T
  readonly options: ViewOptions<AnyEntity>
}

/** An entity of which the compiler knows no field: what declarations are kept as, whatever they were checked against. */
export type AnyEntity = EntityLike & { readonly fields: Readonly<Record<string, unknown>> }

export interface ViewOptions<T extends EntityLike> {
  /** Exactly these fields, by their names in the API. Without it: every field that is not secret, and relations to shown entities. */
  readonly fields?: Readonly<Record<string, ViewField<T>>>
  /** These beside the default ones. */
  readonly add?: Readonly<Record<string, ViewField<T>>>
  /** Without these of the default ones. */
  readonly omit?: readonly FieldName<T>[]
  /** Every output field may be null, and so may items of lists. Default false: as the entity says. */
  readonly nullable?: boolean
  readonly description?: string
}

export type FieldName<T extends EntityLike> = keyof T['fields'] & string

/** `true`: the field or relation of the same name. A text: the one of that name. */
export type ViewField<T extends EntityLike> =
  | true
  | FieldName<T>
  | Shown<T>
  | Computed<T>
  | Resolved<T>

/** A field or relation with something said about how it is shown. */
export interface Shown<T extends EntityLike = AnyEntity> {
  readonly kind: 'shown'
  readonly name: FieldName<T>
  readonly options: ShownOptions
}

export interface ShownOptions {
  /** The view that a relation leads to, where several show its entity. */
  readonly as?: string
  /** A list takes the arguments where, orderBy and first. */
  readonly arguments?: boolean
  /** May be null whatever the entity says. */
  readonly nullable?: boolean
  readonly description?: string
  /** Why, and what to use instead. */
  readonly deprecated?: string
}

/** A value made of columns of the same row, without any wait. */
export interface Computed<T extends EntityLike = AnyEntity> {
  readonly kind: 'computed'
  readonly type: string
  readonly needs: readonly FieldName<T>[]
  readonly value: (row: never) => unknown
  readonly options: Pick<ShownOptions, 'description' | 'deprecated'>
}

/** A value that a function finds, with arguments and the request's context. */
export interface Resolved<T extends EntityLike = AnyEntity> {
  readonly kind: 'resolved'
  readonly type: string
  readonly needs: readonly FieldName<T>[] | undefined
  readonly arguments: ArgumentDefinitions
  readonly resolve: (row: never, args: never, context: never) => unknown
  readonly options: Pick<ShownOptions, 'description' | 'deprecated'>
}

/** `view(User)`, `view(Post, { nullable: true, fields: { id: true, accountsUser: 'author' } })` */
export function view<T extends EntityLike>(entity: T, options: ViewOptions<T> = {}): View<T> {
  // Names were checked against the entity here; plans check them again against its description.
  return { kind: 'view', entity, options: options as ViewOptions<AnyEntity> }
}

/** `accountsUser: show('author', { as: 'AccountsUser' })` */
export function show<const N extends string>(
  name: N,
  options: ShownOptions = {},
): { readonly kind: 'shown'; readonly name: N; readonly options: ShownOptions } {
  return { kind: 'shown', name, options }
}

/** `name: computed('String', ['firstName', 'lastName'], (user) => …)`; the type is written as in GraphQL. */
export function computed<T extends EntityLike, const K extends FieldName<T> & keyof Instance<T>>(
  type: string,
  needs: readonly K[],
  value: (row: Pick<Instance<T>, K>) => unknown,
  options: Computed['options'] = {},
): Computed<T> {
  return { kind: 'computed', type, needs, value: value as Computed['value'], options }
}

/** `recommended: resolved({ type: '[Book!]!', arguments: { first: 'Int' }, resolve: (user, args, context) => … })` */
export function resolved<
  T extends EntityLike,
  C extends RequestContext = RequestContext,
  const A extends ArgumentDefinitions = {},
>(declared: {
  readonly type: string
  /** The columns that the function reads; without it, all. */
  readonly needs?: readonly FieldName<T>[]
  readonly arguments?: A
  readonly resolve: (row: Instance<T>, args: ArgumentsOf<A>, context: Context<C>) => unknown
  readonly description?: string
  readonly deprecated?: string
}): Resolved<T> {
  const { type, needs, resolve, description, deprecated } = declared
  return {
    kind: 'resolved',
    type,
    needs,
    arguments: declared.arguments ?? {},
    resolve: resolve as Resolved['resolve'],
    options: {
      ...(description === undefined ? {} : { description }),
      ...(deprecated === undefined ? {} : { deprecated }),
    },
  }
}

/** An object type that is no entity: `types: { Stats: shape({ total: 'Int!' }) }`. */
export interface Shape {
  readonly kind: 'shape'
  readonly fields: Readonly<Record<string, string>>
  readonly description?: string
}

export function shape(fields: Readonly<Record<string, string>>, description?: string): Shape {
  return { kind: 'shape', fields, ...(description === undefined ? {} : { description }) }
}

/** An enum type of the application: `types: { Mood: choice('HAPPY', 'SAD') }`. */
export interface Choice {
  readonly kind: 'choice'
  readonly values: readonly string[]
}

export function choice(...values: readonly string[]): Choice {
  return { kind: 'choice', values }
}

/** One of several views: `types: { Found: unionOf('Author', 'Book') }`. Rows are told apart by their entity. */
export interface UnionOfViews {
  readonly kind: 'union'
  readonly views: readonly string[]
  readonly description?: string
}

/** A union over views of different entities, by the views' names; for operations that a function answers. */
export function unionOf(...views: readonly string[]): UnionOfViews {
  return { kind: 'union', views }
}

/** Fields that several views have: `types: { Named: interfaceOf({ id: 'ID!', name: 'String!' }, ['Author', 'Shop']) }`. */
export interface InterfaceOfViews {
  readonly kind: 'interface'
  readonly fields: Readonly<Record<string, string>>
  readonly views: readonly string[]
  readonly description?: string
}

/** An interface that the views implement; each must have the fields with types that fit. */
export function interfaceOf(
  fields: Readonly<Record<string, string>>,
  views: readonly string[],
  description?: string,
): InterfaceOfViews {
  return {
    kind: 'interface',
    fields,
    views,
    ...(description === undefined ? {} : { description }),
  }
}
