/** The operations of a store on MongoDB, by themselves or inside a transaction. */
import type { Condition, EntityMeta, Values } from '@typestead/entity'
import type { ClientSession } from 'mongodb'
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
import { keyText } from '../hydrate.ts'
import { collectionOf, type MongoContext, settings, stored } from './context.ts'
import { encodeKey, fromDocument, type StoredDocument } from './documents.ts'
import { guarded } from './errors.ts'
import { insertRows } from './insert.ts'
import type { Told } from './outbox.ts'
import { beyond, type Filter, filterOf, sortOf, visibleAnd } from './query.ts'
import { deleteRows } from './remove.ts'
import { resolve } from './resolve.ts'
import { lockRows, runTransaction } from './transaction.ts'
import { updateRows } from './update.ts'
import { upsertRow } from './upsert.ts'

/** A transaction under way. */
export interface Running {
  readonly session: ClientSession
  /** What is told to the change feed after the commit. */
  readonly told: Told[]
  /** A transaction inside this one failed; without savepoints the whole must not be kept. */
  broken?: unknown
}

export class MongoSession implements Session {
  readonly context: MongoContext
  readonly running: Running | undefined

  constructor(context: MongoContext, running?: Running) {
    this.context = context
    this.running = running
  }

  select(query: SelectQuery): Promise<Values[]> {
    return guarded(async () => {
      if (query.limit === 0) return []
      const filter = await this.#filterOf(query)
      const documents = await this.#find(query, filter).toArray()
      if (query.fromEnd) documents.reverse()
      if (query.lock && this.running) await lockRows(this, query.meta, documents.map(stored))
      return documents.map((document) => fromDocument(query.meta, stored(document), query.names))
    })
  }

  selectRelated(query: RelatedQuery): Promise<Values[][]> {
    return guarded(async () => {
      const { meta, keys, link, limit, fromEnd = false } = query
      const groups: Values[][] = keys.map(() => [])
      if (keys.length === 0 || limit === 0) return groups
      const places = new Map<string, number[]>()
      for (const [index, key] of keys.entries()) {
        const text = keyText(key)
        places.set(text, [...(places.get(text) ?? []), index])
      }
      const known = {
        op: 'keyIn',
        link,
        keys: keys.map((key) => encodeKey(link.target, key)),
      } as const
      const filter = await this.#filterOf(query, filterOf(meta, known))
      const { limit: _, ...unlimited } = query
      const names = query.names.includes(link.name) ? query.names : [...query.names, link.name]
      let full = 0
      // The rows of all parents in one order; of each parent no more than its limit is kept.
      for await (const document of this.#find({ ...unlimited, names }, filter)) {
        const values = fromDocument(meta, stored(document), names)
        for (const index of places.get(keyText(values[link.name])) ?? []) {
          const group = groups[index] as Values[]
          if (limit !== undefined && group.length === limit) continue
          group.push(values)
          if (group.length === limit) full++
        }
        if (full === keys.length) break
      }
      if (fromEnd) for (const group of groups) group.reverse()
      return groups
    })
  }

  count(meta: EntityMeta, where: Condition): Promise<number> {
    return guarded(async () => {
      if (where.op === 'never') return 0
      const filter = visibleAnd(filterOf(meta, await resolve(this.read, meta, where)))
      return Number(await collectionOf(this.context, meta).countDocuments(filter, this.settings))
    })
  }

  insert(insert: Insert): Promise<Values[]> {
    return guarded(() => insertRows(this, insert))
  }

  update(update: Update): Promise<Values[]> {
    return guarded(() =>
      update.single
        ? updateRows(this, update)
        : this.atomic((session) => updateRows(session, update)),
    )
  }

  delete(remove: Delete): Promise<Values[]> {
    return guarded(() => this.atomic((session) => deleteRows(session, remove)))
  }

  upsert(upsert: Upsert): Promise<Values> {
    return guarded(() => upsertRow(this, upsert))
  }

  async transaction<R>(
    work: (session: Session) => Promise<R>,
    options: TransactionOptions,
  ): Promise<R> {
    if (!this.context.traits.transactions) {
      throw new StoreError(
        'UNSUPPORTED',
        'transactions need a replica set or a sharded cluster of MongoDB; this server is neither (a single server can be made a replica set of one: mongod --replSet rs0, then rs.initiate())',
      )
    }
    return runTransaction(this, work, options)
  }

  /** Several documents at once: in a transaction, where the server has them. */
  atomic<R>(work: (session: MongoSession) => Promise<R>): Promise<R> {
    if (this.running || !this.context.traits.transactions) return work(this)
    return runTransaction(this, work, {})
  }

  /** The documents that fulfil the condition, whole. */
  async documents(meta: EntityMeta, where: Condition, and: Filter = {}): Promise<StoredDocument[]> {
    if (where.op === 'never') return []
    const filter = visibleAnd(filterOf(meta, await resolve(this.read, meta, where)), and)
    const found = await collectionOf(this.context, meta).find(filter, this.settings).toArray()
    return found.map(stored)
  }

  /** See `ReadPath` in `resolve.ts`. */
  readonly read = async (
    meta: EntityMeta,
    filter: Filter,
    path: string,
    limit: number,
  ): Promise<unknown[]> => {
    const found = new Map<string, unknown>()
    const cursor = collectionOf(this.context, meta)
      .find(filter, this.settings)
      .project({ [path]: 1 })
    for await (const document of cursor) {
      const value = path.split('.').reduce<unknown>((at, name) => (at as Values)[name], document)
      found.set(keyText(value), value)
      if (found.size === limit) break
    }
    return [...found.values()]
  }

  /** Has the change feed told of these documents: now, or after the transaction was committed. */
  async tell(told: readonly Told[]): Promise<void> {
    if (this.running) {
      this.running.told.push(...told)
      return
    }
    await this.context.at('written')
    // The rows are written, and their events with them: if the outbox cannot be reached now, a sweep tells them later.
    await this.context.outbox.relay(told).catch(() => {})
  }

  get settings(): ReturnType<typeof settings> {
    return settings(this.context, this.running?.session)
  }

  async #filterOf(query: SelectQuery, also: Filter = {}): Promise<Filter> {
    const { meta, order } = query
    const filters = [also, filterOf(meta, await resolve(this.read, meta, query.where))]
    if (query.after) filters.push(beyond(meta, order, query.after, false))
    if (query.before) filters.push(beyond(meta, order, query.before, true))
    return visibleAnd(...filters)
  }

  #find(query: SelectQuery, filter: Filter) {
    const { meta, order, limit, names } = query
    const kept = names.filter((name) => !meta.key.includes(name))
    const projection = Object.fromEntries(['_id', ...kept].map((name) => [name, 1]))
    const cursor = collectionOf(this.context, meta).find(filter, { ...this.settings, projection })
    const sort = sortOf(meta, order, query.fromEnd === true)
    if (sort.length > 0) cursor.sort(sort)
    if (limit !== undefined) cursor.limit(limit)
    return cursor
  }
}
