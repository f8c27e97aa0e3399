/** A list of rows as SQL: the rows of an operation or of a relation, in their order, as many as were asked for. */
import type { FieldNode, GraphQLOutputType } from 'graphql'
import { orderOf } from '../filter-types.ts'
import { sizeOf } from '../list-size.ts'
import type { ViewPlan } from '../view-plan.ts'
import type { Binding } from './binding.ts'
import type { Compilation, FieldArguments } from './compilation.ts'
import { objectSql } from './object-sql.ts'
import { type Part, sql } from './part.ts'

export interface Rows {
  /** What the declaration says. */
  readonly where?: unknown
  readonly orderBy?: unknown
  /** What the caller may say: `where`, `orderBy` and `first`. */
  readonly args?: FieldArguments
  /** How many rows when the caller does not say; every row where it is undefined. */
  readonly size?: number | undefined
  /** The condition that ties the rows to a row outside. */
  readonly link?: (alias: string) => string
}

export function rowsSql(
  compilation: Compilation,
  view: ViewPlan,
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  rows: Rows,
): Part {
  const { filters, mostRows } = compilation
  const { meta } = view
  const alias = compilation.alias()
  const filter = (binding: Binding) => {
    const asked = filters.where(view, rows.args?.of(binding).where)
    if (asked === undefined) return rows.where
    return rows.where === undefined ? asked : { and: [rows.where, asked] }
  }
  const visible = compilation.where(meta, alias, filter)
  const link = rows.link?.(alias)
  const where = compilation.site((binding) => joined([link, visible(binding)]))
  const place = compilation.site((binding) => {
    const { first, orderBy } = rows.args?.of(binding) ?? {}
    const terms = orderOf(view, orderBy)
    const order = binding.store.order(meta, terms.length > 0 ? terms : rows.orderBy, alias)
    const most = rows.args && sizeOf(first, rows.size, mostRows)
    if (most === undefined) return order
    return `${order} limit ${binding.parameters.add(String(most), 'int8')}`
  })
  const object = objectSql(compilation, view, type, nodes, alias)
  const table = compilation.table(meta).name
  const from = `(select * from ${table} ${alias} where ${where} ${place}) ${alias}`
  return sql(`(select '[' || coalesce(string_agg(${object}, ','), '') || ']' from ${from})`)
}

/** Conditions joined by and, without those that always hold. */
export function joined(conditions: readonly (string | undefined)[]): string {
  return conditions.filter((one) => one !== undefined && one !== 'true').join(' and ') || 'true'
}
