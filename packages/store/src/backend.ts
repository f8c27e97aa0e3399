/**
 * What a store must do, in terms of checked values and conditions only. Everything above it (validation, rules, rows with
 * methods, loading of relations, cursors) is written once, in `database.ts` and its neighbours, for all stores.
 */
import type {
  Change,
  Condition,
  EntityMeta,
  ModelDescriptor,
  RelationMeta,
  Values,
} from '@typestead/entity'
import type { ChangeEvent, Cursor } from './change-feed.ts'
import type { Current } from './scope.ts'

/** One field of an order; the terms of a query always end in the primary key, so that no two rows are equal. */
export interface OrderTerm {
  /** A stored name: a field, or a belongsTo relation that is part of the key. */
  readonly name: string
  readonly descending: boolean
  readonly nullable: boolean
}

/** A place between two rows: the values of the order's terms. */
export type Position = readonly unknown[]

export interface SelectQuery {
  readonly meta: EntityMeta
  readonly where: Condition
  readonly order: readonly OrderTerm[]
  /** Rows strictly after this place, in the given order. */
  readonly after?: Position
  /** Rows strictly before this place; with it, the last `limit` rows are taken. */
  readonly before?: Position
  /** Take the last rows instead of the first; they still come in the given order. */
  readonly fromEnd?: boolean
  readonly limit?: number
  /** The stored names to read. Relations come as the key they keep (an object where it has several parts). */
  readonly names: readonly string[]
  /** Keeps others from changing the rows until the transaction ends. */
  readonly lock?: boolean
}

/** The rows of a relation for many parents at once. */
export interface RelatedQuery extends SelectQuery {
  /** The belongsTo on `meta` that points to the parents. */
  readonly link: RelationMeta
  /** The parents' keys. `limit` counts for each parent. */
  readonly keys: readonly unknown[]
}

export interface Write {
  readonly meta: EntityMeta
  /** Who may see the row: others are as if they were not there. */
  readonly visible: Condition
  /** Which of the visible rows may be written; a row outside fails with `FORBIDDEN`. */
  readonly allowed: Condition
}

export interface Insert {
  readonly meta: EntityMeta
  readonly rows: readonly Values[]
  /** What each new row must fulfil; if one does not, none is written: `FORBIDDEN`. */
  readonly allowed: Condition
  /** Which rows of other entities may be linked to, by relation; a link elsewhere is as one to no row. */
  readonly linkable: ReadonlyMap<string, Condition>
}

export interface Update extends Write {
  readonly where: Condition
  readonly values: Values
  /** The optimistic lock: its field, and the value the row must have, when one was named. */
  readonly version?: { readonly field: string; readonly expected?: number }
  /** What the changed row must fulfil; absent when the change cannot touch the answer. */
  readonly allowedAfter?: Condition
  readonly linkable: ReadonlyMap<string, Condition>
  /** Exactly one row is meant: say `STALE` or `FORBIDDEN` where it exists but is not written. */
  readonly single: boolean
  /** What the change feed calls it: a soft deletion is written by an update. */
  readonly event: 'update' | 'delete'
}

export interface Delete extends Write {
  readonly where: Condition
  readonly single: boolean
}

export interface Upsert extends Insert {
  /** The fields that find the row; they are unique together. */
  readonly by: readonly string[]
  /** What is written when the row exists. */
  readonly update: Values
  readonly version?: string
  /** Which existing rows may be updated so. */
  readonly updatable: Condition
  /** What an updated row must fulfil afterwards; absent when the change cannot touch the answer. */
  readonly allowedAfter?: Condition
  /** Rows that are deleted softly are not found; their places are free. */
  readonly live: Condition
}

/** The part of a store that also works inside a transaction. All rows come and go as stored values by name. */
export interface Session {
  select(query: SelectQuery): Promise<Values[]>
  /** The rows of each parent, in the order of `keys`. */
  selectRelated(query: RelatedQuery): Promise<Values[][]>
  count(meta: EntityMeta, where: Condition): Promise<number>
  insert(insert: Insert): Promise<Values[]>
  /** The rows as they are after the update. */
  update(update: Update): Promise<Values[]>
  /** The rows as they were. */
  delete(remove: Delete): Promise<Values[]>
  upsert(upsert: Upsert): Promise<Values>
  /** Runs `work` so that either all or nothing of it stays; nested, it is a savepoint. */
  transaction<R>(work: (session: Session) => Promise<R>, options: TransactionOptions): Promise<R>
  /** The same session acting for someone, where the database itself knows rules; absent elsewhere. */
  scoped?(current: Current): Session
}

export interface TransactionOptions {
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
  readonly readOnly?: boolean
  /** How often work is begun again after a serialization failure or deadlock; `work` must then be repeatable. Default 3. */
  readonly retries?: number
}

/** What differs between stores. A call that needs what is missing fails with `UNSUPPORTED`. */
export interface Capabilities {
  readonly transactions: boolean
  readonly rowLevelSecurity: boolean
  /** The database itself refuses values that the entity does not allow. */
  readonly validators: boolean
}

export interface FeedQuery {
  readonly after: Cursor
  /** By entity: which events may be seen, judged on the row that the event carries. */
  readonly entities: ReadonlyMap<EntityMeta, Condition>
  readonly limit: number
}

export interface FeedPage {
  readonly events: readonly ChangeEvent[]
  /** Where to go on, also when no event was for this query. */
  readonly next: Cursor
  /** More is there but must wait for a transaction that is still under way. */
  readonly pending?: boolean
  /** What `feedWait` is told, so that no wake-up between the two is missed. */
  readonly wakes?: number
}

export interface Backend extends Session, AsyncDisposable {
  readonly kind: 'postgres' | 'mongo'
  readonly capabilities: Capabilities
  /** Answers when the database does. @throws {StoreError} `UNAVAILABLE` */
  ping(signal?: AbortSignal): Promise<void>
  readonly migrator: Migrator
  /** The place after the newest event that can be seen now. */
  feedEnd(): Promise<Cursor>
  /** Events in order of commit. */
  feedRead(query: FeedQuery): Promise<FeedPage>
  /** Resolves when something may have been written since the page of `wakes`, or after `milliseconds` at the latest. */
  feedWait(milliseconds: number, signal: AbortSignal, wakes?: number): Promise<void>
}

/** One statement of a migration, for people to read and for the store to run. */
export interface MigrationStep {
  /** What is done, in one sentence. */
  readonly summary: string
  /** The entity that it concerns, under today's name; of one that is dropped, its last name. */
  readonly entity?: string
  /** SQL, or the MongoDB command as JSON. */
  readonly statement: string
  readonly effect: Change['effect']
  /** Runs by itself after the others were committed (building indexes, validating constraints). */
  readonly online: boolean
}

export interface MigrationPlan {
  readonly before: ModelDescriptor | null
  readonly after: ModelDescriptor
  readonly changes: readonly Change[]
  readonly steps: readonly MigrationStep[]
  /** Changes that cannot be made until the class says more. */
  readonly blocked: readonly Change[]
  /** Changes that destroy values. */
  readonly losing: readonly Change[]
  /** What this server cannot do, and what is done instead. */
  readonly notes: readonly string[]
}

export interface ApplyOptions {
  /** Lets changes that destroy values happen. */
  readonly allowLoss?: boolean
  readonly onStep?: (step: MigrationStep, index: number, total: number) => void
  readonly signal?: AbortSignal
}

export interface AppliedMigration {
  readonly id: string
  readonly appliedAt: Date
  readonly summary: readonly string[]
}

export interface Migrator {
  /** The model that the database was last migrated to; `null` when it is empty. */
  stored(): Promise<ModelDescriptor | null>
  /** What `apply` would do; nothing is written. */
  plan(): Promise<MigrationPlan>
  /**
   * Brings the database to the model. Only one process migrates at a time; others wait and then find nothing to do.
   * @throws {StoreError} `MIGRATION_REFUSED` before anything is done, `MIGRATION_FAILED` after a rollback
   */
  apply(options?: ApplyOptions): Promise<MigrationPlan>
  history(): Promise<readonly AppliedMigration[]>
  /** Removes all entities' data and tables, and the record of migrations. */
  reset(): Promise<void>
}
