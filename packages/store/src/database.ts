/** The store of a model: operations of the system, scopes for those who ask, transactions, the change feed, migrations. */
import type { EntityLike, EntityMeta, Instance, Model } from '@typestead/entity'
import type { Backend, Capabilities, Migrator, Session, TransactionOptions } from './backend.ts'
import { type ChangeEvent, type ChangesOptions, type Cursor, readFeed } from './change-feed.ts'
import { hydrate } from './hydrate.ts'
import { Operations } from './operations.ts'
import { type Current, type Scope, systemScope, visible } from './scope.ts'

/** Operations that can also be grouped into a transaction. */
export class Transactional extends Operations {
  protected readonly model: Model
  protected readonly session: Session
  protected readonly scope: Scope

  constructor(model: Model, session: Session, scope: Scope) {
    super(model, session, scope)
    this.model = model
    this.session = session
    this.scope = scope
  }

  /**
   * All that `work` does through `tx` is kept together, or none of it when it throws. A transaction inside one is a savepoint.
   * @throws {StoreError} `UNSUPPORTED` on a store without transactions
   */
  transaction<R>(
    work: (tx: Transactional) => Promise<R>,
    options: TransactionOptions = {},
  ): Promise<R> {
    return this.session.transaction(
      (session) => work(new Transactional(this.model, session, this.scope)),
      options,
    )
  }

  /** The same rows as someone sees them: their rules and their tenant hold in all that follows. */
  as(current: Current): Transactional {
    return new Transactional(this.model, this.session.scoped?.(current) ?? this.session, {
      ...this.scope,
      current,
    })
  }

  /** Rows that were deleted softly are there too. */
  withDeleted(): Transactional {
    return new Transactional(this.model, this.session, { ...this.scope, withDeleted: true })
  }
}

/** An open store. As it is, it is the system: no rule holds. `as(…)` gives what someone may see. */
export class Database<M extends Model = Model> extends Transactional implements AsyncDisposable {
  readonly #backend: Backend
  #inTransaction = false

  constructor(model: M, backend: Backend, scope: Scope = systemScope, session: Session = backend) {
    super(model, session, scope)
    this.#backend = backend
  }

  get kind(): Backend['kind'] {
    return this.#backend.kind
  }

  get capabilities(): Capabilities {
    return this.#backend.capabilities
  }

  get migrations(): Migrator {
    return this.#backend.migrator
  }

  /** The entities of the model; for packages that compile their own queries for this store. */
  get metas(): readonly EntityMeta[] {
    return this.model.metas
  }

  /** Who asks; for packages that compile their own queries for this store. */
  get asking(): Scope {
    return this.scope
  }

  /** For packages that compile their own queries for this store; not for applications. */
  get backend(): Backend {
    return this.#backend
  }

  /** For packages that compile their own queries: the pool's session, or that of the transaction. */
  get running(): Session {
    return this.session
  }

  override as(current: Current): Database<M> {
    const session = this.#inTransaction
      ? (this.session.scoped?.(current) ?? this.session)
      : (this.#backend.scoped?.(current) ?? this.#backend)
    return this.#with({ ...this.scope, current }, session, this.#inTransaction)
  }

  /** As of every store; what `work` gets is a `Database`, so that resolvers can be given it in place of this one. */
  override transaction<R>(
    work: (tx: Database<M>) => Promise<R>,
    options: TransactionOptions = {},
  ): Promise<R> {
    return this.session.transaction(
      (session) => work(this.#with(this.scope, session, true)),
      options,
    )
  }

  #with(scope: Scope, session: Session, inTransaction: boolean): Database<M> {
    const database = new Database(this.model as M, this.#backend, scope, session)
    database.#inTransaction = inTransaction
    return database
  }

  override withDeleted(): Database<M> {
    return this.#with({ ...this.scope, withDeleted: true }, this.session, this.#inTransaction)
  }

  /** @throws {StoreError} `UNAVAILABLE` when the database does not answer */
  ping(signal?: AbortSignal): Promise<void> {
    return this.#backend.ping(signal)
  }

  /** The place in the change feed after everything that is committed now. */
  changesEnd(): Promise<Cursor> {
    return this.#backend.feedEnd()
  }

  /**
   * Every committed write from now on, or from a cursor on, in order of commit. Rules hold on the row that each event
   * carries. Ends when the signal is aborted; throws `UNAVAILABLE` when the database goes away (go on from the last cursor).
   */
  changes<T extends EntityLike = EntityLike>(
    options: ChangesOptions<T> = {},
  ): AsyncGenerator<ChangeEvent<Instance<T>>, void, void> {
    const metas: readonly EntityMeta[] =
      options.entities?.map((entity) => this.model.meta(entity)) ?? this.model.metas
    const scope = { ...this.scope, withDeleted: true }
    const conditions = new Map(metas.map((meta) => [meta, visible(scope, meta)]))
    return readFeed(this.#backend, conditions, hydrate, this.model, options) as AsyncGenerator<
      ChangeEvent<Instance<T>>,
      void,
      void
    >
  }

  /** Closes all connections; waits for what is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#backend[Symbol.asyncDispose]()
  }
}
