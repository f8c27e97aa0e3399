/**
 * `@typestead/store/sql`: the store's tables, rules and orders as SQL, for packages that compile statements of their own
 * (one for a whole GraphQL query, or a bulk read). Not for applications.
 */
import { and, type Condition, type EntityMeta, parseWhere } from '@typestead/entity'
import { orderTerms } from './cursor.ts'
import type { Database } from './database.ts'
import type { PostgresBackend } from './postgres/connect.ts'
import { orderSql, type Statement } from './postgres/select.ts'
import type { Table } from './postgres/table.ts'
import { secured, visible } from './scope.ts'

export { encode, isArray, sqlType } from './postgres/column-type.ts'
export type { Statement } from './postgres/select.ts'
export { type Column, linkColumns, literal, quote, type Table } from './postgres/table.ts'
export { joinSql, Parameters, type WhereContext, whereSql } from './postgres/where.ts'
export type { Condition }

export interface SqlStore {
  tableOf(meta: EntityMeta): Table
  /** The rows that whoever asks may see. */
  visible(meta: EntityMeta): Condition
  /** Those of them that the filter names; hidden rows have no part in it either. */
  where(meta: EntityMeta, filter: unknown): Condition
  /** `order by …` over the rows of an alias; ends in the key, so it is total. */
  order(meta: EntityMeta, orderBy: unknown, alias: string): string
  /** The rows of a statement, each an array of its cells. */
  run(statement: Statement): Promise<unknown[][]>
}

/** `null` where a store has no SQL, or where its rules also live in the database and need a transaction for each asker. */
export function sqlStore(db: Database): SqlStore | null {
  if (db.kind !== 'postgres' || db.capabilities.rowLevelSecurity) return null
  const backend = db.backend as PostgresBackend
  const scope = db.asking
  return {
    tableOf: backend.tableOf,
    visible: (meta) => visible(scope, meta),
    where: (meta, filter) => and([secured(scope, parseWhere(meta, filter)), visible(scope, meta)]),
    order: (meta, orderBy, alias) =>
      orderSql(orderTerms(meta, orderBy), backend.tableOf(meta), alias, false),
    run: (statement) => backend.connections.run(statement),
  }
}
