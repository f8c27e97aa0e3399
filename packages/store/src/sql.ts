/**
 * `@typestead/store/sql`: the store's tables, rules and orders as SQL, for packages that compile statements of their own
 * (one for a whole GraphQL query, or a bulk read). Not for applications.
 */
import { and, type Condition, type EntityMeta, parseWhere } from '@typestead/entity'
import { cursorVersion, decodeCursor, orderTerms, signature } from './cursor.ts'
import type { Database } from './database.ts'
import type { PostgresBackend } from './postgres/connect.ts'

import { beyondSql, orderSql, type Statement } from './postgres/select.ts'
import type { PostgresSession } from './postgres/session.ts'
import {
  type Column,
  encodeKey,
  linkColumns,
  literal,
  quote,
  type Table,
} from './postgres/table.ts'
import type { Parameters } from './postgres/where.ts'
import { type Scope, secured, visible } from './scope.ts'

export { hydrate, keyOf } from './hydrate.ts'
export { encode, isArray, sqlType } from './postgres/column-type.ts'
export type { Statement } from './postgres/select.ts'
export type { Column, Table } from './postgres/table.ts'
export { joinSql, Parameters, type WhereContext, whereSql } from './postgres/where.ts'
export type { Condition, PostgresBackend }
export { encodeKey, linkColumns, literal, quote }

export interface SqlStore {
  tableOf(meta: EntityMeta): Table
  /** The rows that whoever asks may see. */
  visible(meta: EntityMeta): Condition
  /** Those of them that the filter names; hidden rows have no part in it either. */
  where(meta: EntityMeta, filter: unknown): Condition
  /** `order by …` over the rows of an alias; ends in the key, so it is total. */
  order(meta: EntityMeta, orderBy: unknown, alias: string): string
  /** An order with places in it, for lists by cursor. */
  keyset(meta: EntityMeta, orderBy: unknown): Keyset
  /** The rows of a statement, each an array of its cells. */
  run(statement: Statement): Promise<unknown[][]>
}

/** The rows of a filter that whoever asks may see; for packages that judge rows by themselves. */
export function visibleWhere(scope: Scope, meta: EntityMeta, filter: unknown): Condition {
  return filter === undefined
    ? visible(scope, meta)
    : and([secured(scope, parseWhere(meta, filter)), visible(scope, meta)])
}

export interface Keyset {
  readonly terms: readonly KeysetTerm[]
  /** The start of every cursor's JSON, up to its values. */
  readonly cursorStart: string
  order(alias: string, reversed: boolean): string
  /**
   * The rows after the cursor (before it, when `backwards`).
   * @throws {StoreError} `BAD_CURSOR`
   */
  beyond(cursor: string, backwards: boolean, alias: string, parameters: Parameters): string
}

export interface KeysetTerm {
  readonly columns: readonly Column[]
  readonly nullable: boolean
}

/** Where the store's server is, for packages that connect on their own; null where it is not PostgreSQL. */
export function connectionOf(db: Database): PostgresBackend['connections']['target'] | null {
  return db.kind === 'postgres' ? (db.backend as PostgresBackend).connections.target : null
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
    keyset(meta, orderBy) {
      const table = backend.tableOf(meta)
      const terms = orderTerms(meta, orderBy)
      return {
        terms: terms.map(({ name, nullable }) => ({ columns: table.columns(name), nullable })),
        cursorStart: `[${cursorVersion},${JSON.stringify(signature(terms))},`,
        order: (alias, reversed) => orderSql(terms, table, alias, reversed),
        beyond: (cursor, backwards, alias, parameters) =>
          beyondSql(terms, decodeCursor(meta, terms, cursor), backwards, table, parameters, alias),
      }
    },
    // The session of a PostgreSQL backend is one, on its pool or inside a transaction.
    run: (statement) => (db.running as PostgresSession).run(statement),
  }
}
