/** Reading rows: queries as SQL. Lists go on from a place in their order, never by counting rows off. */
import type { EntityMeta } from '@typestead/entity'
import type { OrderTerm, Position, RelatedQuery, SelectQuery } from '../backend.ts'
import { arrayLiteral } from './column-type.ts'
import { encodeKey, linkColumns, quote, type Table } from './table.ts'
import { Parameters, type WhereContext, whereSql } from './where.ts'

export interface Statement {
  readonly text: string
  readonly values: readonly (string | null)[]
}

type TableOf = (meta: EntityMeta) => Table

/** Rows whose columns are those of `query.names`. When `reversed`, they come in the opposite order. */
export function selectSql(
  query: SelectQuery,
  tableOf: TableOf,
): Statement & { readonly reversed: boolean } {
  const table = tableOf(query.meta)
  const parameters = new Parameters()
  const context: WhereContext = { parameters, tableOf }
  const reversed = query.fromEnd === true
  const where = [whereSql(query.where, table, 't0', context)]
  if (query.after) where.push(beyondSql(query.order, query.after, false, table, parameters))
  if (query.before) where.push(beyondSql(query.order, query.before, true, table, parameters))
  const text = [
    `select ${columnList(table, query.names, 't0')} from ${table.name} t0 where ${where.join(' and ')}`,
    orderSql(query.order, table, 't0', reversed),
    query.limit === undefined ? '' : `limit ${parameters.add(String(query.limit), 'int8')}`,
    query.lock ? 'for update of t0' : '',
  ]
  return { text: text.filter((part) => part !== '').join(' '), values: parameters.values, reversed }
}

/** Rows of many parents: first the parent's number from 1, then the columns of `query.names`. */
export function relatedSql(query: RelatedQuery, tableOf: TableOf): Statement {
  const table = tableOf(query.meta)
  const parameters = new Parameters()
  const context: WhereContext = { parameters, tableOf }
  const link = linkColumns(query.link)
  const keys = query.keys.map((key) => encodeKey(query.link.target, key))
  const lists = link.map((column, index) =>
    parameters.add(arrayLiteral(keys.map((key) => key[index] ?? null)), `${column.type}[]`),
  )
  const names = link.map((_, index) => `k${index}`)
  const parents = `unnest(${lists.join(', ')}) with ordinality as k(${[...names, 'n'].join(', ')})`
  const join = link.map((column, index) => `t0.${quote(column.name)} = k.k${index}`).join(' and ')
  const where = whereSql(query.where, table, 't0', context)
  const columns = columnList(table, query.names, 't0')
  const order = orderSql(query.order, table, 't0', false)
  if (query.limit === undefined) {
    return {
      text: `select k.n::int4, ${columns} from ${parents} join ${table.name} t0 on ${join} where ${where} ${order}`,
      values: parameters.values,
    }
  }
  const limit = parameters.add(String(query.limit), 'int8')
  const inner = `select ${columns} from ${table.name} t0 where ${join} and ${where} ${order} limit ${limit}`
  return {
    text: `select k.n::int4, t1.* from ${parents} cross join lateral (${inner}) t1 order by k.n`,
    values: parameters.values,
  }
}

export function countSql(query: Pick<SelectQuery, 'meta' | 'where'>, tableOf: TableOf): Statement {
  const table = tableOf(query.meta)
  const parameters = new Parameters()
  const where = whereSql(query.where, table, 't0', { parameters, tableOf })
  return { text: `select count(*) from ${table.name} t0 where ${where}`, values: parameters.values }
}

/** Lists of names that are kept, as those of whole rows are, are written once. */
const lists = new WeakMap<readonly string[], Map<string, string>>()

export function columnList(table: Table, names: readonly string[], alias: string): string {
  const known = lists.get(names) ?? new Map<string, string>()
  lists.set(names, known)
  const key = `${alias} ${table.name}`
  const found = known.get(key)
  if (found !== undefined) return found
  const list = names
    .flatMap((name) => table.columns(name).map((column) => `${alias}.${quote(column.name)}`))
    .join(', ')
  known.set(key, list)
  return list
}

/** Nulls are the smallest, as in every store. For columns without null nothing is said, so that plain indexes serve. */
export function orderSql(
  order: readonly OrderTerm[],
  table: Table,
  alias: string,
  reversed: boolean,
): string {
  const terms = columnsOf(order, table).map(({ column, descending, nullable }) => {
    const down = descending !== reversed
    const nulls = nullable ? (down ? ' nulls last' : ' nulls first') : ''
    return `${alias}.${quote(column.name)}${down ? ' desc' : ''}${nulls}`
  })
  return terms.length === 0 ? '' : `order by ${terms.join(', ')}`
}

interface TermColumn {
  readonly column: Table['all'][number]
  readonly descending: boolean
  readonly nullable: boolean
}

function columnsOf(order: readonly OrderTerm[], table: Table): TermColumn[] {
  return order.flatMap(({ name, descending, nullable }) =>
    table.columns(name).map((column) => ({ column, descending, nullable })),
  )
}

/** The rows after a place in the order (before it, when `backwards`). */
export function beyondSql(
  order: readonly OrderTerm[],
  position: Position,
  backwards: boolean,
  table: Table,
  parameters: Parameters,
  alias = 't0',
): string {
  const terms = columnsOf(order, table)
  const row = Object.fromEntries(order.map(({ name }, index) => [name, position[index]]))
  const names = order.map(({ name }) => name)
  const values = table.encodeRow(names, row)
  const places = terms.map(({ column }, index) => {
    const value = values[index] ?? null
    return value === null ? null : parameters.add(value, column.type)
  })
  const down = (term: TermColumn) => term.descending !== backwards
  const first = terms[0]
  if (first && terms.every((term) => !term.nullable && down(term) === down(first))) {
    // One row comparison: PostgreSQL starts in the index at this place.
    const columns = terms.map(({ column }) => `${alias}.${quote(column.name)}`)
    return `(${columns.join(', ')}) ${down(first) ? '<' : '>'} (${places.join(', ')})`
  }
  const branches: string[] = []
  const equal: string[] = []
  for (const [index, term] of terms.entries()) {
    const column = `${alias}.${quote(term.column.name)}`
    const place = places[index] ?? null
    const further = furtherSql(column, place, down(term), term.nullable)
    if (further !== null) branches.push([...equal, further].join(' and '))
    equal.push(place === null ? `${column} is null` : `${column} = ${place}`)
  }
  return `(${branches.map((branch) => `(${branch})`).join(' or ') || 'false'})`
}

function furtherSql(
  column: string,
  place: string | null,
  down: boolean,
  nullable: boolean,
): string | null {
  if (place === null) return down ? null : `${column} is not null`
  if (!down) return `${column} > ${place}`
  return nullable ? `(${column} < ${place} or ${column} is null)` : `${column} < ${place}`
}
