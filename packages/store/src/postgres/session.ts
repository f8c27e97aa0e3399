/** The operations of a store on PostgreSQL, on the pool or inside a transaction. */
import { and, type EntityMeta, storedNames, ValidationError, type Values } from '@typestead/entity'
import type {
  Delete,
  Insert,
  RelatedQuery,
  SelectQuery,
  Session,
  TransactionOptions,
  Update,
  Upsert,
} from '../backend.ts'
import { StoreError } from '../errors.ts'
import { keyOf, keyText } from '../hydrate.ts'
import { keysCondition } from '../operations.ts'
import type { Current } from '../scope.ts'
import { type Connections, isRetryable, type Rows, type Runner } from './connection.ts'
import { noSuchLink } from './driver-error.ts'
import { GuardedRunner } from './guarded-runner.ts'
import { actAs } from './row-security.ts'
import { countSql, relatedSql, type Statement, selectSql } from './select.ts'
import type { Table } from './table.ts'
import { Turns } from './turns.ts'
import { deleteSql, insertSql, linkableSql, updateSql, upsertSql } from './write-sql.ts'

export interface SessionContext {
  readonly connections: Connections
  readonly tableOf: (meta: EntityMeta) => Table
  /** Called after a write was committed. */
  readonly onWrite: () => void
  /** With row-level security: the statement that makes the connection act for whom this session is. */
  readonly acting?: Statement
  /** With row-level security: the names that rules know of who asks. */
  readonly names?: readonly string[]
}

export class PostgresSession implements Session {
  protected readonly context: SessionContext
  readonly #runner: Runner
  /** 0 outside a transaction, 1 inside one, more inside nested ones. */
  readonly #depth: number
  /** While a nested transaction is open, the statements of this one and further nested ones wait. */
  readonly #turns: Turns

  constructor(
    context: SessionContext,
    runner: Runner = context.connections,
    depth = 0,
    turns: Turns = new Turns(),
  ) {
    this.#turns = turns
    this.context = context
    this.#runner = runner
    this.#depth = depth
  }

  /** The same session acting for someone: with row-level security the database's own rules hold too. */
  scoped(current: Current): PostgresSession {
    const { names } = this.context
    if (!names) return this
    return new PostgresSession(
      { ...this.context, acting: actAs(names, current) },
      this.#runner,
      this.#depth,
      this.#turns,
    )
  }

  /** A statement of a package that compiles its own, inside the transaction where there is one. */
  run(statement: Statement): Promise<Rows> {
    return this.#depth === 0 ? this.#read(statement) : this.#send(statement)
  }

  async select(query: SelectQuery): Promise<Values[]> {
    const { reversed, ...statement } = selectSql(query, this.context.tableOf)
    const rows = await this.#read(statement)
    if (reversed) rows.reverse()
    return this.#decode(query.meta, query.names, rows)
  }

  async selectRelated(query: RelatedQuery): Promise<Values[][]> {
    const groups: Values[][] = query.keys.map(() => [])
    if (query.keys.length === 0) return groups
    const table = this.context.tableOf(query.meta)
    for (const cells of await this.#read(relatedSql(query, this.context.tableOf))) {
      groups[(cells[0] as number) - 1]?.push(table.decodeRow(query.names, cells, 1))
    }
    return groups
  }

  async count(meta: EntityMeta, where: SelectQuery['where']): Promise<number> {
    if (where.op === 'never') return 0
    const [[count]] = (await this.#read(countSql({ meta, where }, this.context.tableOf))) as [
      [bigint],
    ]
    return Number(count)
  }

  async insert(insert: Insert): Promise<Values[]> {
    const { meta, rows } = insert
    const open = insert.allowed.op === 'always' && insert.linkable.size === 0
    // With several rows and a rule some might pass and some not: then none may stay.
    if (!open && rows.length > 1 && this.#depth === 0)
      return this.#atomic((session) => session.insert(insert))
    const names = storedNames(meta)
    const written = this.#decode(
      meta,
      names,
      await this.#write(insertSql(insert, this.context.tableOf)),
    )
    if (written.length < rows.length) throw await this.#refused(insert, rows)
    if (rows.length === 1) return written
    const byKey = new Map(written.map((row) => [keyText(keyOf(meta, row)), row]))
    return rows.map((row) => byKey.get(keyText(keyOf(meta, row))) as Values)
  }

  async upsert(upsert: Upsert): Promise<Values> {
    if (upsert.allowedAfter && this.#depth === 0)
      return this.#atomic((session) => session.upsert(upsert))
    const { meta } = upsert
    const names = storedNames(meta)
    const [cells] = await this.#write(upsertSql(upsert, this.context.tableOf))
    if (cells) {
      const row = this.context.tableOf(meta).decodeRow(names, cells, 0)
      const isNew = cells.at(-1) === true
      if (!isNew && upsert.allowedAfter) await this.#stillAllowed(meta, [row], upsert.allowedAfter)
      return row
    }
    if (Object.keys(upsert.update).length === 0) {
      const given = upsert.rows[0] ?? {}
      const found = upsert.by.map((name) => equal(meta, name, given[name]))
      const [existing] = await this.select({
        meta,
        where: and([...found, upsert.updatable]),
        order: [],
        names,
        limit: 1,
      })
      if (existing) return existing
    }
    throw await this.#refused(upsert, [...upsert.rows, upsert.update])
  }

  async update(update: Update): Promise<Values[]> {
    if (update.allowedAfter && this.#depth === 0)
      return this.#atomic((session) => session.update(update))
    const { meta } = update
    const rows = this.#decode(
      meta,
      storedNames(meta),
      await this.#write(updateSql(update, this.context.tableOf)),
    )
    if (rows.length === 0 && update.single) await this.#explain(update)
    if (update.allowedAfter && rows.length > 0)
      await this.#stillAllowed(meta, rows, update.allowedAfter)
    return rows
  }

  async delete(remove: Delete): Promise<Values[]> {
    const { meta } = remove
    const rows = this.#decode(
      meta,
      storedNames(meta),
      await this.#write(deleteSql(remove, this.context.tableOf)),
    )
    if (rows.length === 0 && remove.single && remove.allowed.op !== 'always') {
      if ((await this.count(meta, and([remove.where, remove.visible]))) > 0) throw forbidden(meta)
    }
    return rows
  }

  async transaction<R>(
    work: (session: Session) => Promise<R>,
    options: TransactionOptions,
  ): Promise<R> {
    if (this.#depth > 0) return this.#turns.take(() => this.#savepoint(work))
    const retries = options.retries ?? 3
    for (let attempt = 0; ; attempt++) {
      try {
        const result = await this.#begin(work, options)
        if (!options.readOnly) this.context.onWrite()
        return result
      } catch (error) {
        if (!isRetryable(error)) throw error
        if (attempt >= retries) {
          throw new StoreError(
            'CONFLICT',
            'others changed the same rows at the same time; try again',
            { cause: error },
          )
        }
      }
    }
  }

  async #begin<R>(work: (session: Session) => Promise<R>, options: TransactionOptions): Promise<R> {
    return this.context.connections.withClient(async (client) => {
      const isolation = options.isolation ?? 'read committed'
      await client.run(
        plain(`begin isolation level ${isolation}${options.readOnly ? ' read only' : ''}`),
      )
      const inside = new GuardedRunner(client)
      try {
        const result = await work(new PostgresSession(this.context, inside, 1))
        inside.end()
        await client.run(plain('commit'))
        return result
      } catch (error) {
        inside.end()
        // When the connection is gone the server rolls back by itself; the first error is the one that matters.
        await client.run(plain('rollback')).catch(() => {})
        throw error
      }
    })
  }

  async #savepoint<R>(work: (session: Session) => Promise<R>): Promise<R> {
    const name = `typestead_${this.#depth}`
    const outside = this.#runner
    await outside.run(plain(`savepoint ${name}`))
    const inside = new GuardedRunner(outside)
    try {
      const result = await work(new PostgresSession(this.context, inside, this.#depth + 1))
      inside.end()
      await outside.run(plain(`release savepoint ${name}`))
      return result
    } catch (error) {
      inside.end()
      await outside.run(plain(`rollback to savepoint ${name}`)).catch(() => {})
      throw error
    }
  }

  /** A statement inside a transaction; before it the connection is made to act for whom this session is. */
  #send(statement: Statement): Promise<Rows> {
    const { acting } = this.context
    return this.#turns.take(() => this.#runner.run(statement, acting))
  }

  #atomic<R>(work: (session: Session) => Promise<R>): Promise<R> {
    return this.transaction(work, {})
  }

  async #read(statement: Statement): Promise<Rows> {
    if (this.#depth > 0) return this.#send(statement)
    if (!this.context.acting) return this.#runner.run(statement)
    return this.#begin((session) => (session as PostgresSession).#send(statement), {
      readOnly: true,
    })
  }

  async #write(statement: Statement): Promise<Rows> {
    if (this.#depth > 0) return this.#send(statement)
    if (this.context.acting) {
      return this.#atomic((session) => (session as PostgresSession).#send(statement))
    }
    for (let attempt = 0; ; attempt++) {
      try {
        const rows = await this.#runner.run(statement)
        this.context.onWrite()
        return rows
      } catch (error) {
        // A single statement that lost a deadlock did nothing and may be sent again.
        if (!isRetryable(error) || attempt >= 3) throw error
      }
    }
  }

  #decode(meta: EntityMeta, names: readonly string[], rows: Rows): Values[] {
    const table = this.context.tableOf(meta)
    return rows.map((cells) => table.decodeRow(names, cells, 0))
  }

  /** Rows that were changed must still be the writer's to change. */
  async #stillAllowed(
    meta: EntityMeta,
    rows: readonly Values[],
    allowed: SelectQuery['where'],
  ): Promise<void> {
    const keys = keysCondition(
      meta,
      rows.map((row) => keyOf(meta, row)),
    )
    if ((await this.count(meta, and([keys, allowed]))) < rows.length) throw forbidden(meta)
  }

  /** Why an insert wrote fewer rows than given: a link to a row that is not there (for whoever asks), or a rule. */
  async #refused(insert: Insert, rows: readonly Values[]): Promise<Error> {
    for (const [name, condition] of insert.linkable) {
      if (await this.#linksNowhere(insert.meta, name, condition, rows)) {
        return noSuchLink(
          name,
          insert.meta.relations.get(name)?.target.name ?? 'row',
          insert.meta.name,
        )
      }
    }
    return forbidden(insert.meta)
  }

  async #linksNowhere(
    meta: EntityMeta,
    name: string,
    condition: SelectQuery['where'],
    rows: readonly Values[],
  ): Promise<boolean> {
    const target = meta.relations.get(name)?.target
    if (!target) return false
    const table = this.context.tableOf(meta)
    const links = rows.filter((row) => row[name] !== null && row[name] !== undefined)
    const keys = new Map(links.map((row) => [keyText(row[name]), table.encodeRow([name], row)]))
    if (keys.size === 0) return false
    const statement = linkableSql(
      this.context.tableOf(target),
      [...keys.values()],
      condition,
      this.context.tableOf,
    )
    const [[count]] = (await this.#read(statement)) as [[bigint]]
    return Number(count) < keys.size
  }

  /** Why one row was not updated: it is not there (then nothing is thrown), has changed, or may not be. */
  async #explain(update: Update): Promise<void> {
    const { meta, version } = update
    const where = and([update.where, update.visible])
    const names = version ? [version.field] : [meta.key[0] as string]
    const [row] = await this.select({ meta, where, order: [], names, limit: 1 })
    if (!row) return
    for (const [name, condition] of update.linkable) {
      if (await this.#linksNowhere(meta, name, condition, [update.values])) {
        throw noSuchLink(name, meta.relations.get(name)?.target.name ?? 'row', meta.name)
      }
    }
    if (version?.expected !== undefined && row[version.field] !== version.expected) {
      throw new StoreError(
        'STALE',
        `this ${meta.name} was changed by someone else; read it again`,
        { entity: meta.name },
      )
    }
    if (update.allowed.op !== 'always') throw forbidden(meta)
    throw new StoreError(
      'STALE',
      `this ${meta.name} was changed while it was being updated; try again`,
      { entity: meta.name },
    )
  }
}

function plain(text: string): { readonly text: string; readonly values: readonly string[] } {
  return { text, values: [] }
}

function equal(meta: EntityMeta, name: string, value: unknown) {
  const relation = meta.relations.get(name)
  if (relation) return { op: 'key', relation, operator: 'eq', value } as const
  const definition = meta.fields.get(name)?.definition
  if (!definition)
    throw new ValidationError([{ path: ['by'], message: `${meta.name} has no field "${name}"` }])
  return {
    op: 'compare',
    field: name,
    path: [],
    definition,
    operator: 'eq',
    value,
    ignoreCase: false,
  } as const
}

function forbidden(meta: EntityMeta): StoreError {
  return new StoreError('FORBIDDEN', `a rule of ${meta.name} does not allow this`, {
    entity: meta.name,
  })
}
