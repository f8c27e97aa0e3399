/** A PostgreSQL server as a store's backend. */
import { describe, type EntityMeta, type Model } from '@typestead/entity'
import type pg from 'pg'
import type { Backend } from '../backend.ts'
import type { EmbeddedServer } from '../embedded/embedded-server.ts'
import { StoreError } from '../errors.ts'
import type { PostgresOptions } from '../sources.ts'
import { catalogueOf } from './catalogue.ts'
import { type Connections, connections } from './connection.ts'
import type { ConstraintSubject } from './driver-error.ts'
import { postgresFeed } from './feed.ts'
import { postgresMigrator } from './migrator.ts'
import { assertSettings, namesInRules } from './row-security.ts'
import { PostgresSession, type SessionContext } from './session.ts'
import { tablesOf } from './table.ts'

/** The oldest server version that has all that is used here (xid8, statement triggers, concurrent builds). */
const minimumVersion = 140_000

/** For packages that compile their own SQL over the same tables. */
export interface PostgresBackend extends Backend {
  readonly kind: 'postgres'
  readonly connections: Connections
  readonly tableOf: (meta: EntityMeta) => import('./table.ts').Table
}

/** @throws {StoreError} `UNAVAILABLE`, or `UNSUPPORTED` for a server that is too old */
export async function connectPostgres(
  model: Model,
  target: pg.ClientConfig,
  options: PostgresOptions,
  server?: EmbeddedServer,
): Promise<PostgresBackend> {
  if (options.rowLevelSecurity) assertSettings(namesInRules(model))
  const pool = connections(target, options, constraintSubjects(model))
  try {
    await checkVersion(pool)
  } catch (error) {
    await pool[Symbol.asyncDispose]()
    throw error
  }
  const tableOf = tablesOf(model)
  const feed = postgresFeed(pool, tableOf)
  const rowLevelSecurity = options.rowLevelSecurity ?? false
  const context: SessionContext = {
    connections: pool,
    tableOf,
    onWrite: feed.written,
    ...(rowLevelSecurity ? { names: namesInRules(model) } : {}),
  }
  return Object.assign(new PostgresSession(context), {
    kind: 'postgres' as const,
    connections: pool,
    tableOf,
    capabilities: { transactions: true, rowLevelSecurity, validators: true },
    migrator: postgresMigrator({ model, connections: pool, tableOf, rowLevelSecurity }),
    async ping() {
      await pool.run({ text: 'select 1', values: [] })
    },
    feedEnd: feed.end,
    feedRead: feed.read,
    feedWait: feed.wait,
    async [Symbol.asyncDispose]() {
      await feed[Symbol.asyncDispose]()
      await pool[Symbol.asyncDispose]()
      await server?.[Symbol.asyncDispose]()
    },
  })
}

async function checkVersion(pool: Connections): Promise<void> {
  const [[version]] = (await pool.run({
    text: `select current_setting('server_version_num')::int`,
    values: [],
  })) as [[number]]
  if (version < minimumVersion) {
    throw new StoreError(
      'UNSUPPORTED',
      `PostgreSQL ${Math.floor(version / 10_000)} is too old; version 14 or later is needed`,
    )
  }
}

/** What each constraint and unique index is about, to name fields in errors. */
function constraintSubjects(model: Model): Map<string, ConstraintSubject> {
  const subjects = new Map<string, ConstraintSubject>()
  for (const table of catalogueOf(describe(model))) {
    const fieldsOf = (columns: readonly string[]) => {
      const origins = columns.map(
        (name) => table.columns.find((column) => column.name === name)?.origin ?? '',
      )
      return [...new Set(origins.map((origin) => origin.split('/')[0]?.split('.')[1] ?? ''))]
    }
    const add = (name: string, subject: Omit<ConstraintSubject, 'entity'>) =>
      subjects.set(name, { entity: table.entity, ...subject })
    add(table.primaryKey.name, { kind: 'unique', fields: fieldsOf(table.primaryKey.columns) })
    for (const index of table.indexes)
      add(index.name, {
        kind: 'unique',
        fields: fieldsOf(index.columns.map((column) => column.name)),
      })
    for (const key of table.foreignKeys)
      add(key.name, { kind: 'link', fields: [key.relation], target: key.targetEntity })
    for (const check of table.checks)
      add(check.name, { kind: 'check', fields: fieldsOf([check.column]) })
  }
  return subjects
}
