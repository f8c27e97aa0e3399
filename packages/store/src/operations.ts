/**
 * Reading and writing rows, typed by the entity's class. One object serves one scope (the system, or someone for whom
 * rules hold) on one session (the pool, or a transaction).
 */
import {
  and,
  type Condition,
  type CreateInput,
  checkCreate,
  checkUpdate,
  type EntityLike,
  type EntityMeta,
  type Instance,
  type KeyOf,
  type Load,
  type Loaded,
  type Model,
  namesIn,
  never,
  type OrderBy,
  or,
  parseWhere,
  storedNames,
  type UpdateInput,
  ValidationError,
  type Values,
  type Where,
} from '@typestead/entity'
import type { SelectQuery, Session } from './backend.ts'
import { decodeCursor, encodeCursor, orderTerms } from './cursor.ts'
import { StoreError } from './errors.ts'
import { hydrate, keyOf } from './hydrate.ts'
import { loadRelations } from './load.ts'
import { allowed, live, type Scope, secured, tenantOf, visible } from './scope.ts'

export interface FindOptions<T extends EntityLike, L extends Load<T> = {}> {
  readonly where?: Where<T>
  readonly orderBy?: OrderBy<T> | readonly OrderBy<T>[]
  /** At most this many rows. Without it, all. */
  readonly first?: number
  /** Only rows after this cursor of a page in the same order. */
  readonly after?: string
  /** Relations to load with the rows: one query for each, however many rows there are. */
  readonly load?: L
  /** Inside a transaction: keeps others from changing the rows until it ends. */
  readonly lock?: boolean
}

export interface PageOptions<T extends EntityLike, L extends Load<T> = {}> {
  readonly where?: Where<T>
  readonly orderBy?: OrderBy<T> | readonly OrderBy<T>[]
  readonly first?: number
  readonly after?: string
  /** With `before`: the last rows of the list, or those just before the cursor. */
  readonly last?: number
  readonly before?: string
  readonly load?: L
}

/** A part of a list, by cursors: the last page costs as much as the first. */
export interface Page<R> {
  readonly items: readonly R[]
  /** The cursor of each item, at the same index. */
  readonly cursors: readonly string[]
  readonly hasNext: boolean
  readonly hasPrevious: boolean
}

export interface UpdateOptions {
  /** The value of the entity's `version` field that was read; another one in the row means `STALE`. */
  readonly version?: number
}

/** Reads and writes. All arguments are checked; see `StoreError` and `ValidationError` for what can fail. */
export class Operations {
  readonly #model: Model
  readonly #session: Session
  readonly #scope: Scope

  constructor(model: Model, session: Session, scope: Scope) {
    this.#model = model
    this.#session = session
    this.#scope = scope
  }

  /** The row with this key, or null. A key that no row can have gives null too. */
  async get<T extends EntityLike, const L extends Load<T> = {}>(
    entity: T,
    key: KeyOf<T>,
    options: { readonly load?: L; readonly lock?: boolean } = {},
  ): Promise<Loaded<T, L> | null> {
    const meta = this.#model.meta(entity)
    const rows = await this.#select(meta, this.#byKey(meta, key), {
      limit: 1,
      lock: options.lock ?? false,
    })
    await this.#load(meta, rows, options.load)
    return (rows[0] as Loaded<T, L> | undefined) ?? null
  }

  /** All rows that match, in order. */
  async find<T extends EntityLike, const L extends Load<T> = {}>(
    entity: T,
    options: FindOptions<T, L> = {},
  ): Promise<Loaded<T, L>[]> {
    const meta = this.#model.meta(entity)
    const order = orderTerms(meta, options.orderBy)
    const rows = await this.#select(meta, this.#where(meta, options.where), {
      order,
      lock: options.lock ?? false,
      ...(options.first === undefined ? {} : { limit: countOf(options.first, 'first') }),
      ...(options.after === undefined ? {} : { after: decodeCursor(meta, order, options.after) }),
    })
    await this.#load(meta, rows, options.load)
    return rows as Loaded<T, L>[]
  }

  /** The first row that matches, or null. */
  async first<T extends EntityLike, const L extends Load<T> = {}>(
    entity: T,
    options: Omit<FindOptions<T, L>, 'first'> = {},
  ): Promise<Loaded<T, L> | null> {
    const rows = await this.find(entity, { ...options, first: 1 } as FindOptions<T, L>)
    return rows[0] ?? null
  }

  /** A page of the rows that match: the first `first` after a cursor, or the last `last` before one. */
  async page<T extends EntityLike, const L extends Load<T> = {}>(
    entity: T,
    options: PageOptions<T, L> = {},
  ): Promise<Page<Loaded<T, L>>> {
    const meta = this.#model.meta(entity)
    const order = orderTerms(meta, options.orderBy)
    if (options.first !== undefined && options.last !== undefined) {
      throw new ValidationError(
        [{ path: ['last'], message: 'give first or last, not both' }],
        'page',
      )
    }
    const fromEnd = options.last !== undefined
    const size = countOf(options.last ?? options.first ?? 20, fromEnd ? 'last' : 'first')
    const rows = await this.#select(meta, this.#where(meta, options.where), {
      order,
      fromEnd,
      // One more than asked for tells whether the list goes on.
      limit: size + 1,
      ...(options.after === undefined ? {} : { after: decodeCursor(meta, order, options.after) }),
      ...(options.before === undefined
        ? {}
        : { before: decodeCursor(meta, order, options.before) }),
    })
    const more = rows.length > size
    if (more) rows.splice(fromEnd ? 0 : size, 1)
    await this.#load(meta, rows, options.load)
    let cursors: readonly string[] | undefined
    return {
      items: rows as Loaded<T, L>[],
      // Most readers want none, or the last.
      get cursors() {
        cursors ??= rows.map((row) => encodeCursor(meta, order, linkValues(meta, row as never)))
        return cursors
      },
      hasNext: fromEnd ? options.before !== undefined : more,
      hasPrevious: fromEnd ? more : options.after !== undefined,
    }
  }

  /** How many rows match. */
  async count<T extends EntityLike>(entity: T, where?: Where<T>): Promise<number> {
    const meta = this.#model.meta(entity)
    return this.#session.count(meta, this.#where(meta, where))
  }

  /** Loads relations into rows that are here already, and returns them with their types. */
  async load<T extends EntityLike, const L extends Load<T>>(
    entity: T,
    row: Instance<T>,
    load: L,
  ): Promise<Loaded<T, L>>
  async load<T extends EntityLike, const L extends Load<T>>(
    entity: T,
    rows: readonly Instance<T>[],
    load: L,
  ): Promise<Loaded<T, L>[]>
  async load(entity: EntityLike, rows: unknown, load: unknown): Promise<unknown> {
    const meta = this.#model.meta(entity)
    await this.#load(meta, (Array.isArray(rows) ? rows : [rows]) as object[], load)
    return rows
  }

  /**
   * Writes a new row and returns it.
   * @throws {ValidationError} naming every field that is wrong
   * @throws {StoreError} `CONFLICT` for a value that must be unique, `FORBIDDEN` by a rule
   */
  async create<T extends EntityLike>(entity: T, input: CreateInput<T>): Promise<Instance<T>> {
    const [row] = await this.createMany(entity, [input])
    return row as Instance<T>
  }

  /** Writes all rows or none. They come back in the order given. */
  async createMany<T extends EntityLike>(
    entity: T,
    inputs: readonly CreateInput<T>[],
  ): Promise<Instance<T>[]> {
    const meta = this.#model.meta(entity)
    if (inputs.length === 0) return []
    const rows = inputs.map((input) => this.#created(meta, input))
    const written = await this.#session.insert({
      meta,
      rows,
      allowed: allowed(this.#scope, meta, 'create'),
      linkable: this.#linkable(meta, rows),
    })
    return written.map((values) => hydrate(meta, values)) as Instance<T>[]
  }

  /**
   * Changes one row, named by its key or by the row itself, and returns it as it then is; null when there is none.
   * An entity with a `version` is changed only if the version is still the one read.
   * @throws {StoreError} `STALE`, `CONFLICT`, `FORBIDDEN`
   */
  async update<T extends EntityLike>(
    entity: T,
    key: KeyOf<T> | Instance<T>,
    input: UpdateInput<T>,
    options: UpdateOptions = {},
  ): Promise<Instance<T> | null> {
    const meta = this.#model.meta(entity)
    const values = checkUpdate(meta, input)
    const expected = options.version ?? this.#versionIn(meta, key)
    if (Object.keys(values).length === 0) {
      const found = await this.get(entity, this.#keyOf(meta, key) as KeyOf<T>)
      if (found !== null && !this.#isAt(meta, found, expected)) throw stale(meta)
      return found as Instance<T> | null
    }
    const [row] = await this.#update(
      meta,
      this.#byKey(meta, this.#keyOf(meta, key)),
      values,
      true,
      expected,
    )
    return row === undefined ? null : (hydrate(meta, row) as Instance<T>)
  }

  /** Changes every row that matches and that may be updated; returns how many. */
  async updateMany<T extends EntityLike>(
    entity: T,
    where: Where<T>,
    input: UpdateInput<T>,
  ): Promise<number> {
    const meta = this.#model.meta(entity)
    const values = checkUpdate(meta, input)
    if (Object.keys(values).length === 0) return 0
    return (await this.#update(meta, secured(this.#scope, parseWhere(meta, where)), values, false))
      .length
  }

  /**
   * Deletes one row and returns it as it was; null when there is none. An entity with a `version` is deleted by a row
   * that was read only if the version is still the one read.
   * @throws {StoreError} `REFERENCED` when other rows point to it and do not follow, `STALE`
   */
  async delete<T extends EntityLike>(
    entity: T,
    key: KeyOf<T> | Instance<T>,
    options: UpdateOptions = {},
  ): Promise<Instance<T> | null> {
    const meta = this.#model.meta(entity)
    const where = this.#byKey(meta, this.#keyOf(meta, key))
    const expected = options.version ?? this.#versionIn(meta, key)
    const field = meta.options.version
    const still =
      field === undefined || expected === undefined
        ? where
        : and([where, parseWhere(meta, { [field]: { eq: expected } })])
    const [row] = await this.#delete(meta, still, true)
    if (row !== undefined) return hydrate(meta, row) as Instance<T>
    if (still !== where) {
      const found = await this.get(entity, this.#keyOf(meta, key) as KeyOf<T>)
      if (found !== null && !this.#isAt(meta, found, expected)) throw stale(meta)
    }
    return null
  }

  /** Deletes every row that matches and that may be deleted; returns how many. */
  async deleteMany<T extends EntityLike>(entity: T, where: Where<T>): Promise<number> {
    const meta = this.#model.meta(entity)
    return (await this.#delete(meta, secured(this.#scope, parseWhere(meta, where)), false)).length
  }

  /**
   * Writes a new row, or updates the one that has the same values in the unique fields `by`, in one step.
   * `upsert(User, { by: ['email'], create: { … }, update: { … } })`
   */
  async upsert<T extends EntityLike>(
    entity: T,
    options: {
      readonly by: readonly (keyof T['fields'] & string)[]
      readonly create: CreateInput<T>
      readonly update: UpdateInput<T>
    },
  ): Promise<Instance<T>> {
    const meta = this.#model.meta(entity)
    assertUnique(meta, options.by)
    const rows = [this.#created(meta, options.create)]
    const update = checkUpdate(meta, options.update)
    this.#keepTenant(meta, update)
    const mayUpdate = allowed(this.#scope, meta, 'update')
    const written = await this.#session.upsert({
      meta,
      rows,
      by: options.by,
      update,
      allowed: allowed(this.#scope, meta, 'create'),
      updatable: and([visible(this.#scope, meta), mayUpdate]),
      ...(touches(mayUpdate, update) ? { allowedAfter: mayUpdate } : {}),
      live: live({ ...this.#scope, withDeleted: false }, meta),
      linkable: this.#linkable(meta, [...rows, update]),
      ...(meta.options.version === undefined ? {} : { version: meta.options.version }),
    })
    return hydrate(meta, written) as Instance<T>
  }

  async #select(
    meta: EntityMeta,
    where: Condition,
    parts: Partial<Omit<SelectQuery, 'meta' | 'where' | 'names'>>,
  ): Promise<object[]> {
    if (where.op === 'never') return []
    const query = { meta, where, order: parts.order ?? [], names: namesOf(meta), ...parts }
    const rows = await this.#session.select(query)
    return rows.map((values) => hydrate(meta, values))
  }

  async #load(meta: EntityMeta, rows: readonly object[], load: unknown): Promise<void> {
    if (load !== undefined) await loadRelations(this.#session, this.#scope, meta, rows, load)
  }

  #where(meta: EntityMeta, where: unknown): Condition {
    const mine = where === undefined ? [] : [secured(this.#scope, parseWhere(meta, where))]
    return and([...mine, visible(this.#scope, meta)])
  }

  #byKey(meta: EntityMeta, key: unknown): Condition {
    return and([keyCondition(meta, key), visible(this.#scope, meta)])
  }

  #keyOf(meta: EntityMeta, key: unknown): unknown {
    return typeof key === 'object' && key !== null ? keyOf(meta, key as Values) : key
  }

  #versionIn(meta: EntityMeta, row: unknown): number | undefined {
    const field = meta.options.version
    if (field === undefined || typeof row !== 'object' || row === null) return undefined
    const version = (row as Values)[field]
    return typeof version === 'number' ? version : undefined
  }

  #isAt(meta: EntityMeta, row: unknown, expected: number | undefined): boolean {
    return expected === undefined || this.#versionIn(meta, row) === expected
  }

  #created(meta: EntityMeta, input: unknown): Values {
    const tenant = tenantOf(this.#scope, meta)
    const given = tenant ? { ...(input as object), [tenant.name]: tenant.value } : input
    return checkCreate(meta, given)
  }

  async #update(
    meta: EntityMeta,
    where: Condition,
    values: Values,
    single: boolean,
    expected?: number,
    event: 'update' | 'delete' = 'update',
  ): Promise<Values[]> {
    this.#keepTenant(meta, values)
    if (where.op === 'never') return []
    const field = meta.options.version
    const mayUpdate = allowed(this.#scope, meta, event)
    return this.#session.update({
      meta,
      where,
      values,
      single,
      event,
      visible: visible(this.#scope, meta),
      allowed: mayUpdate,
      linkable: this.#linkable(meta, [values]),
      ...(event === 'update' && touches(mayUpdate, values) ? { allowedAfter: mayUpdate } : {}),
      ...(field === undefined
        ? {}
        : { version: { field, ...(expected === undefined ? {} : { expected }) } }),
    })
  }

  /** A row stays with its tenant. */
  #keepTenant(meta: EntityMeta, values: Values): void {
    const tenant = tenantOf(this.#scope, meta)
    if (tenant && Object.hasOwn(values, tenant.name) && values[tenant.name] !== tenant.value) {
      throw new StoreError('FORBIDDEN', `a ${meta.name} cannot be moved to another tenant`, {
        entity: meta.name,
      })
    }
  }

  async #delete(meta: EntityMeta, where: Condition, single: boolean): Promise<Values[]> {
    if (where.op === 'never') return []
    const { softDelete } = meta.options
    if (softDelete !== undefined) {
      return this.#update(
        meta,
        and([where, visible(this.#scope, meta)]),
        { [softDelete]: new Date() },
        single,
        undefined,
        'delete',
      )
    }
    return this.#session.delete({
      meta,
      where,
      single,
      visible: visible(this.#scope, meta),
      allowed: allowed(this.#scope, meta, 'delete'),
    })
  }

  /** For someone with rules, a link must lead to a row that they can see; otherwise it is as if there were none. */
  #linkable(meta: EntityMeta, rows: readonly Values[]): Map<string, Condition> {
    const conditions = new Map<string, Condition>()
    for (const relation of meta.relations.values()) {
      if (relation.kind !== 'belongsTo') continue
      if (!rows.some((row) => row[relation.name] !== null && row[relation.name] !== undefined))
        continue
      const seen = visible(this.#scope, relation.target)
      if (seen.op !== 'always') conditions.set(relation.name, seen)
    }
    return conditions
  }
}

const names = new WeakMap<EntityMeta, readonly string[]>()

/** One list for an entity, so that what is made of it can be kept. */
function namesOf(meta: EntityMeta): readonly string[] {
  const known = names.get(meta) ?? storedNames(meta)
  names.set(meta, known)
  return known
}

function stale({ name }: EntityMeta): StoreError {
  return new StoreError('STALE', `this ${name} was changed by someone else; read it again`, {
    entity: name,
  })
}

/** The condition that finds one row by its key. */
export function keyCondition(meta: EntityMeta, key: unknown): Condition {
  const [only, ...others] = meta.key
  if (others.length === 0) {
    const value = typeof key === 'object' && key !== null ? (key as Values)[only as string] : key
    return value === undefined || value === null
      ? never
      : parseWhere(meta, { [only as string]: value })
  }
  if (typeof key !== 'object' || key === null) {
    throw new ValidationError(
      [{ path: [], message: `the key is an object of ${meta.key.join(', ')}` }],
      meta.name,
    )
  }
  const parts = meta.key.map((name) => [name, (key as Values)[name]] as const)
  if (parts.some(([, value]) => value === undefined || value === null)) return never
  return parseWhere(meta, Object.fromEntries(parts))
}

/** The condition that finds any of the rows by their keys. */
export function keysCondition(meta: EntityMeta, keys: readonly unknown[]): Condition {
  const [only, ...others] = meta.key
  if (others.length > 0) return or(keys.map((key) => keyCondition(meta, key)))
  return parseWhere(meta, { [only as string]: { in: keys } })
}

function touches(condition: Condition, values: Values): boolean {
  const names = namesIn(condition)
  return names === null || Object.keys(values).some((name) => names.has(name))
}

/** A row with its references turned back into keys, as cursors keep them. */
function linkValues(meta: EntityMeta, row: Values): Values {
  const values: Values = { ...row }
  for (const relation of meta.relations.values()) {
    const value = row[relation.name]
    if (typeof value === 'object' && value !== null)
      values[relation.name] = keyOf(relation.target, value as Values)
  }
  return values
}

function countOf(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 1_000_000)
    return value
  throw new ValidationError(
    [{ path: [name], message: 'must be a whole number from 0 to 1,000,000' }],
    'list',
  )
}

function assertUnique(meta: EntityMeta, by: readonly string[]): void {
  const same = (group: readonly string[]) =>
    group.length === by.length && group.every((name) => by.includes(name))
  const single = by.length === 1 ? by[0] : undefined
  const alone =
    single !== undefined &&
    (meta.fields.get(single)?.definition.unique || meta.relations.get(single)?.definition.unique)
  if (alone || same(meta.key) || meta.options.unique?.some(same)) return
  throw new ValidationError(
    [{ path: ['by'], message: `${by.join(', ')} is not unique in ${meta.name}` }],
    'upsert',
  )
}
