/**
 * The rows of each entity, for the system: no rule hides any. `GET /_typestead/rows/Book?where=&order=&after=&first=`,
 * `GET|PATCH|DELETE /_typestead/rows/Book/<key>`, `POST /_typestead/rows/Book`. Secret fields never leave; the password
 * that sign-in checks is hashed before it is kept.
 */
import { checkUpdate, type EntityMeta, type Json, ValidationError } from '@typestead/entity'
import type { Database } from '@typestead/store'
import type { AppConfig } from '../config/define-config.ts'
import { HttpError } from '../server/error-response.ts'
import { hashPassword } from '../sign-in/password.ts'
import { readKey, rowKey, rowLabel, rowValues, type Values } from './row-key.ts'

/** One row as it is answered. */
export interface RowAnswer {
  readonly key: Json
  readonly values: Readonly<Record<string, Json>>
  /** What the rows that it belongs to are called, by relation. */
  readonly links: Readonly<Record<string, string>>
}

const mostRows = 200

export class RowsApi {
  readonly #db: Database
  readonly #config: Pick<AppConfig, 'model' | 'signIn'>

  constructor(db: Database, config: Pick<AppConfig, 'model' | 'signIn'>) {
    this.#db = db
    this.#config = config
  }

  async list(entity: string, search: URLSearchParams): Promise<object> {
    const meta = this.#meta(entity)
    const where = jsonParameter(search, 'where')
    const orderBy = jsonParameter(search, 'order')
    const after = search.get('after') ?? undefined
    const before = search.get('before') ?? undefined
    const size = sizeOf(search.get('first'))
    // What comes from outside has no type; the store checks it all.
    const options = {
      where,
      orderBy,
      load: linksOf(meta),
      ...(before === undefined ? { first: size } : { last: size, before }),
      ...(after === undefined ? {} : { after }),
    } as object
    const page = await this.#db.page(meta.entity, options)
    const total =
      search.get('count') === null ? {} : { total: await this.#db.count(meta.entity, where as {}) }
    return {
      rows: page.items.map((row) => answer(meta, row as Values)),
      cursors: page.cursors,
      hasNext: page.hasNext,
      hasPrevious: page.hasPrevious,
      ...total,
    }
  }

  async get(entity: string, key: string): Promise<RowAnswer> {
    const meta = this.#meta(entity)
    const row = await this.#db.get(meta.entity, keyOf(meta, key), { load: linksOf(meta) as {} })
    return answer(meta, found(row, meta, key))
  }

  async create(entity: string, request: Request): Promise<RowAnswer> {
    const meta = this.#meta(entity)
    const { values } = await readBody(request)
    const row = await this.#db.create(meta.entity, (await this.#hashed(meta, values)) as never)
    return answer(meta, row as Values)
  }

  async update(entity: string, key: string, request: Request): Promise<RowAnswer> {
    const meta = this.#meta(entity)
    const { values, version } = await readBody(request)
    const input = (await this.#hashed(meta, values)) as never // checked by the store
    const options = version === undefined ? {} : { version }
    const row = await this.#db.update(meta.entity, keyOf(meta, key), input, options)
    found(row, meta, key)
    return this.get(entity, key)
  }

  async delete(entity: string, key: string): Promise<RowAnswer> {
    const meta = this.#meta(entity)
    const row = await this.#db.delete(meta.entity, keyOf(meta, key))
    return answer(meta, found(row, meta, key))
  }

  #meta(entity: string): EntityMeta {
    const { metas } = this.#config.model
    const meta = metas.find(({ name }) => name === entity)
    if (meta !== undefined) return meta
    const names = metas.map(({ name }) => name).join(', ')
    throw new HttpError(404, 'NOT_FOUND', `the model has no entity ${entity}; it has ${names}`)
  }

  /** What `POST /sessions` compares with is a hash, so what is typed here must become one. */
  async #hashed(meta: EntityMeta, values: Values): Promise<Values> {
    const { signIn } = this.#config
    if (signIn === undefined || signIn.user !== meta.entity) return values
    const typed = values[signIn.password]
    if (typeof typed !== 'string' || typed === '') return values
    // A hash is always long enough, so what was typed is checked before.
    checkUpdate(meta, { [signIn.password]: typed })
    return { ...values, [signIn.password]: await hashPassword(typed) }
  }
}

function answer(meta: EntityMeta, row: Values): RowAnswer {
  const links: Record<string, string> = {}
  for (const { name, kind, target } of meta.relations.values()) {
    const value = row[name]
    if (kind === 'belongsTo' && typeof value === 'object' && value !== null) {
      links[name] = rowLabel(target, value as Values)
    }
  }
  return { key: rowKey(meta, row), values: rowValues(meta, row), links }
}

function linksOf(meta: EntityMeta): Readonly<Record<string, true>> {
  const names = [...meta.relations.values()].filter(({ kind }) => kind === 'belongsTo')
  return Object.fromEntries(names.map(({ name }) => [name, true as const]))
}

function found(row: unknown, meta: EntityMeta, key: string): Values {
  if (typeof row === 'object' && row !== null) return row as Values
  throw noRow(meta, key)
}

/** The type of a key is the entity's own, which is not known here. */
function keyOf(meta: EntityMeta, text: string): never {
  const key = readKey(meta, text)
  if (key === undefined) throw noRow(meta, text)
  return key as never
}

function noRow(meta: EntityMeta, key: string): HttpError {
  return new HttpError(404, 'NOT_FOUND', `there is no ${meta.name} ${key}; it may be deleted`)
}

function jsonParameter(search: URLSearchParams, name: string): unknown {
  const text = search.get(name)
  if (text === null || text === '') return undefined
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ValidationError([{ path: [name], message: `is no JSON: ${reason}` }], 'rows')
  }
}

function sizeOf(text: string | null): number {
  if (text === null) return 50
  const size = Number(text)
  if (/^\d{1,3}$/.test(text) && size >= 1 && size <= mostRows) return size
  throw new ValidationError(
    [{ path: ['first'], message: `must be a whole number from 1 to ${mostRows}` }],
    'rows',
  )
}

interface Body {
  readonly values: Values
  readonly version?: number
}

/** `{ "values": { … }, "version": 3 }` */
async function readBody(request: Request): Promise<Body> {
  const refuse = (path: string[], message: string) =>
    new ValidationError([{ path, message }], 'the body')
  let body: unknown
  try {
    body = JSON.parse(await request.text())
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw refuse([], `is no JSON: ${cause.message}`)
  }
  const { values, version } = (typeof body === 'object' && body !== null ? body : {}) as Partial<
    Record<keyof Body, unknown>
  >
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw refuse(['values'], 'must be an object of fields')
  }
  if (version !== undefined && !Number.isInteger(version)) {
    throw refuse(['version'], 'must be the whole number that was read')
  }
  return {
    values: values as Values,
    ...(version === undefined ? {} : { version: Number(version) }),
  }
}
