/** An entity as its table: which columns each stored name has. A link has one column for each part of the other key. */
import {
  type EntityMeta,
  type FieldDefinition,
  type Model,
  type RelationMeta,
  snakeCase,
  storedNames,
} from '@typestead/entity'
import { decode, encode, sqlType } from './column-type.ts'

export interface Column {
  /** As in SQL, without quotes. */
  readonly name: string
  readonly type: string
  readonly definition: FieldDefinition
}

export interface Table {
  readonly meta: EntityMeta
  /** Quoted. */
  readonly name: string
  readonly key: readonly Column[]
  columns(storedName: string): readonly Column[]
  /** All columns, in the order of the stored names. */
  readonly all: readonly Column[]
  /** The columns of `names` as text parameters, in order. */
  encodeRow(names: readonly string[], row: Readonly<Record<string, unknown>>): (string | null)[]
  /** The values of `names` out of a result row, whose columns start at `from`. */
  decodeRow(
    names: readonly string[],
    cells: readonly unknown[],
    from: number,
  ): Record<string, unknown>
}

/** The columns that a link keeps: `author` to a User with the key `id` is `author_id`. */
export function linkColumns(relation: RelationMeta): Column[] {
  return keyColumns(relation.target).map((column) => ({
    ...column,
    name: `${snakeCase(relation.name)}_${column.name}`,
  }))
}

function keyColumns(meta: EntityMeta): Column[] {
  return meta.key.flatMap((name) => columnsOf(meta, name))
}

function columnsOf(meta: EntityMeta, name: string): Column[] {
  const field = meta.fields.get(name)
  if (field)
    return [
      { name: snakeCase(name), type: sqlType(field.definition), definition: field.definition },
    ]
  return linkColumns(meta.relations.get(name) as RelationMeta)
}

/** The table of one entity. */
export function tableOf(meta: EntityMeta): Table {
  const columns = new Map(storedNames(meta).map((name) => [name, columnsOf(meta, name)]))
  const get = (name: string): readonly Column[] => {
    const found = columns.get(name)
    if (!found) throw new TypeError(`${meta.name}.${name} is not stored`)
    return found
  }
  return {
    meta,
    name: quote(meta.table),
    key: keyColumns(meta),
    columns: get,
    all: [...columns.values()].flat(),
    encodeRow: (names, row) =>
      names.flatMap((name) => encodeValue(meta, get(name), name, row[name])),
    decodeRow(names, cells, from) {
      const row: Record<string, unknown> = {}
      let at = from
      for (const name of names) {
        const own = get(name)
        row[name] = decodeValue(meta, own, name, cells, at)
        at += own.length
      }
      return row
    },
  }
}

/** Tables by entity, made once for a model. */
export function tablesOf(model: Model): (meta: EntityMeta) => Table {
  const tables = new Map(model.metas.map((meta) => [meta.entity, tableOf(meta)]))
  return (meta) => {
    const table = tables.get(meta.entity)
    if (!table) throw new TypeError(`${meta.name} is not of this model`)
    return table
  }
}

function encodeValue(
  meta: EntityMeta,
  columns: readonly Column[],
  name: string,
  value: unknown,
): (string | null)[] {
  const [first] = columns
  if (columns.length === 1 && first) return [encode(first.definition, value)]
  if (value === null || value === undefined) return columns.map(() => null)
  return encodeKey((meta.relations.get(name) as RelationMeta).target, value)
}

/** A key, single or of parts, as the texts of its columns. */
export function encodeKey(target: EntityMeta, key: unknown): (string | null)[] {
  const [only, ...others] = target.key
  const parts = others.length === 0 ? { [only as string]: key } : (key as Record<string, unknown>)
  return target.key.flatMap((name) =>
    encodeValue(target, columnsOf(target, name), name, parts[name]),
  )
}

function decodeValue(
  meta: EntityMeta,
  columns: readonly Column[],
  name: string,
  cells: readonly unknown[],
  at: number,
): unknown {
  const [first] = columns
  if (columns.length === 1 && first) return decode(first.definition, cells[at] ?? null)
  if (cells[at] === null) return null
  const { target } = meta.relations.get(name) as RelationMeta
  const key: Record<string, unknown> = {}
  let next = at
  for (const part of target.key) {
    const own = columnsOf(target, part)
    key[part] = decodeValue(target, own, part, cells, next)
    next += own.length
  }
  return key
}

/** An identifier; names are checked when a model is made, this is the second wall. */
export function quote(name: string): string {
  return name.includes('"') ? `"${name.replaceAll('"', '""')}"` : `"${name}"`
}

/** A text constant, for the few places where PostgreSQL takes no parameter (definitions, policies). */
export function literal(text: string): string {
  const escaped = text.replaceAll("'", "''")
  return escaped.includes('\\') ? `E'${escaped.replaceAll('\\', '\\\\')}'` : `'${escaped}'`
}
