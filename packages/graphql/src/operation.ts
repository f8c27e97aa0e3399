/**
 * Operations: the fields of Query and Mutation, as plain data. Each of the named kinds can be compiled by a plan;
 * `query` and `mutation` are functions of the application.
 */
import type { EntityLike, OrderBy, Where } from '@typestead/entity'
import type { Context, RequestContext } from './context.ts'
import type { ArgumentDefinitions, ArgumentsOf } from './type-text.ts'
import type { AnyEntity, FieldName, View } from './view.ts'

/** A view, or an entity that has one view only. */
export type Target<T extends EntityLike = EntityLike> = View<T> | T

export type Operation =
  | One
  | All
  | List
  | Connection
  | Create
  | Update
  | Upsert
  | UpdateMany
  | Remove
  | RemoveMany
  | Changed
  | Custom

export interface Described {
  readonly description?: string
  readonly deprecated?: string
}

/** One row by its key or by unique fields. */
export interface One {
  readonly kind: 'one'
  readonly target: Target
  readonly options: OneOptions<AnyEntity>
}

export interface OneOptions<T extends EntityLike> extends Described {
  /** The unique field or fields that are its arguments; by default the key. */
  readonly by?: FieldName<T> | readonly FieldName<T>[]
  /** Rows outside this filter are not found. */
  readonly where?: Where<T>
  /** The error when there is no such row, with arguments in braces: `'Post id {id} not found'`. Without it the answer is null. */
  readonly missing?: string
}

export function one<T extends EntityLike>(target: Target<T>, options: OneOptions<T> = {}): One {
  return { kind: 'one', target, options: kept(options) }
}

/** Every row, without arguments. */
export interface All {
  readonly kind: 'all'
  readonly target: Target
  readonly options: ListOptions<AnyEntity>
}

export interface ListOptions<T extends EntityLike> extends Described {
  /** Holds beside what the caller asks for. */
  readonly where?: Where<T>
  /** The order when the caller asks for none. */
  readonly orderBy?: OrderBy<T> | readonly OrderBy<T>[]
}

export function all<T extends EntityLike>(target: Target<T>, options: ListOptions<T> = {}): All {
  return { kind: 'all', target, options: kept(options) }
}

/** Rows by `where`, `orderBy` and `first`, as a plain list. */
export interface List {
  readonly kind: 'list'
  readonly target: Target
  readonly options: SizedListOptions<AnyEntity>
}

export interface SizedListOptions<T extends EntityLike> extends ListOptions<T> {
  /** How many rows when the caller does not say; default 100. */
  readonly first?: number
}

export function list<T extends EntityLike>(
  target: Target<T>,
  options: SizedListOptions<T> = {},
): List {
  return { kind: 'list', target, options: kept(options) }
}

/** Rows in pages by cursor, in Relay's form: edges, nodes, pageInfo and totalCount. */
export interface Connection {
  readonly kind: 'connection'
  readonly target: Target
  readonly options: SizedListOptions<AnyEntity>
}

/** `first` is how many rows when the caller does not say; default 20. */
export function connection<T extends EntityLike>(
  target: Target<T>,
  options: SizedListOptions<T> = {},
): Connection {
  return { kind: 'connection', target, options: kept(options) }
}

/** Which fields of the entity an input has: by the API's name, `true` for the same one. */
export type InputFields<T extends EntityLike> = Readonly<Record<string, true | FieldName<T>>>

export interface InputOptions<T extends EntityLike> {
  /** The name of the input type; by default the view's with CreateInput or UpdateInput. */
  readonly name?: string
  /** The name of the argument; default `data`. */
  readonly argument?: string
  /** Exactly these fields; by default every one that may be written. */
  readonly fields?: InputFields<T>
  readonly omit?: readonly FieldName<T>[]
  /** Whether the argument must be given; default true. */
  readonly required?: boolean
}

interface WriteOptions<T extends EntityLike> extends Described {
  readonly input?: InputOptions<T>
  /** The fields as arguments of their own instead of one input. */
  readonly arguments?: InputFields<T>
  /** Relations whose rows may be written with this one, in one transaction: `{ create: [...], connect: [ids] }`. */
  readonly nested?: readonly FieldName<T>[]
  /** The error when a relation leads to no row, with arguments in braces: `{ author: 'User id {accountsUserId} not found' }`. */
  readonly unlinked?: Readonly<Partial<Record<FieldName<T>, string>>>
}

export interface Create {
  readonly kind: 'create'
  readonly target: Target
  readonly options: CreateOptions<AnyEntity, never>
}

export interface CreateOptions<T extends EntityLike, C extends RequestContext>
  extends WriteOptions<T> {
  /** Writes the row in place of `db.create`: `(values, { db }) => service.create(values)`. Values are checked, and named as in the entity. */
  readonly resolve?: (values: Readonly<Record<string, unknown>>, context: Context<C>) => unknown
}

export function create<T extends EntityLike, C extends RequestContext = RequestContext>(
  target: Target<T>,
  options: CreateOptions<T, C> = {},
): Create {
  return { kind: 'create', target, options: kept(options) }
}

export interface Update {
  readonly kind: 'update'
  readonly target: Target
  readonly options: UpdateOptions<AnyEntity, never>
}

export interface UpdateOptions<T extends EntityLike, C extends RequestContext>
  extends WriteOptions<T> {
  /** The error when there is no such row. Without it the answer is null. */
  readonly missing?: string
  /** Changes the row in place of `db.update`; returns it, or null where there is none. */
  readonly resolve?: (
    key: unknown,
    values: Readonly<Record<string, unknown>>,
    context: Context<C>,
  ) => unknown
}

/** An update without any value returns the row unchanged. */
export function update<T extends EntityLike, C extends RequestContext = RequestContext>(
  target: Target<T>,
  options: UpdateOptions<T, C> = {},
): Update {
  return { kind: 'update', target, options: kept(options) }
}

export interface Remove {
  readonly kind: 'remove'
  readonly target: Target
  readonly options: RemoveOptions
}

export interface RemoveOptions extends Described {
  readonly missing?: string
}

/** Deletes a row and answers with it as it was. */
export function remove<T extends EntityLike>(
  target: Target<T>,
  options: RemoveOptions = {},
): Remove {
  return { kind: 'remove', target, options }
}

/** Writes a new row, or changes the one that has the same values in the unique fields `by`, in one step. */
export interface Upsert {
  readonly kind: 'upsert'
  readonly target: Target
  readonly options: UpsertOptions<AnyEntity>
}

export interface UpsertOptions<T extends EntityLike> extends Described {
  /** Unique fields that are in the input. */
  readonly by: FieldName<T> | readonly FieldName<T>[]
}

/** `upsertUser: upsert(User, { by: 'email' })` takes `create: UserCreateInput!, update: UserUpdateInput` */
export function upsert<T extends EntityLike>(target: Target<T>, options: UpsertOptions<T>): Upsert {
  return { kind: 'upsert', target, options: kept(options) }
}

export interface UpdateMany {
  readonly kind: 'updateMany'
  readonly target: Target
  readonly options: Described
}

/** Changes every row that `where` names and that the caller may change; answers with their number. */
export function updateMany<T extends EntityLike>(
  target: Target<T>,
  options: Described = {},
): UpdateMany {
  return { kind: 'updateMany', target, options }
}

export interface RemoveMany {
  readonly kind: 'removeMany'
  readonly target: Target
  readonly options: Described
}

/** Deletes every row that `where` names and that the caller may delete; answers with their number. */
export function removeMany<T extends EntityLike>(
  target: Target<T>,
  options: Described = {},
): RemoveMany {
  return { kind: 'removeMany', target, options }
}

/** A field of Subscription: each committed write of an entity that the caller may see. */
export interface Changed {
  readonly kind: 'changed'
  readonly target: Target
  readonly options: ChangedOptions<AnyEntity>
}

export interface ChangedOptions<T extends EntityLike> extends Described {
  /** Holds beside what the caller asks for. */
  readonly where?: Where<T>
}

/** `postChanged: changed(Post)` takes where, ops and after; an event has op, key, cursor, at and node. */
export function changed<T extends EntityLike>(
  target: Target<T>,
  options: ChangedOptions<T> = {},
): Changed {
  return { kind: 'changed', target, options: kept(options) }
}

/** A field of Query or Mutation that a function of the application answers. */
export interface Custom {
  readonly kind: 'query' | 'mutation'
  readonly type: string
  readonly arguments: ArgumentDefinitions
  readonly resolve: (args: never, context: never) => unknown
  /** What it counts for the cost limit, for each row that it returns; default 1. */
  readonly cost: number
  readonly options: Described
}

interface CustomOptions<C extends RequestContext, A extends ArgumentDefinitions> extends Described {
  readonly type: string
  readonly arguments?: A
  readonly resolve: (args: ArgumentsOf<A>, context: Context<C>) => unknown
  readonly cost?: number
}

/** `search: query({ type: '[Book!]!', arguments: { text: 'String!' }, resolve: ({ text }, { db }) => db.find(Book, …) })` */
export function query<
  C extends RequestContext = RequestContext,
  const A extends ArgumentDefinitions = {},
>(declared: CustomOptions<C, A>): Custom {
  return custom('query', declared)
}

export function mutation<
  C extends RequestContext = RequestContext,
  const A extends ArgumentDefinitions = {},
>(declared: CustomOptions<C, A>): Custom {
  return custom('mutation', declared)
}

function custom<C extends RequestContext, A extends ArgumentDefinitions>(
  kind: Custom['kind'],
  declared: CustomOptions<C, A>,
): Custom {
  const { type, resolve, cost = 1, description, deprecated } = declared
  return {
    kind,
    type,
    arguments: declared.arguments ?? {},
    resolve: resolve as Custom['resolve'],
    cost,
    options: {
      ...(description === undefined ? {} : { description }),
      ...(deprecated === undefined ? {} : { deprecated }),
    },
  }
}

/** Names and filters were checked against the entity by the compiler; plans check them again against its description. */
function kept<K>(options: object): K {
  return options as K
}
