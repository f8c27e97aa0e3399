/**
 * The tables and their version. Finished work leaves `task` at once, so its indexes hold live work only, however much was
 * done before. Torn writes are the databases' business (write-ahead logs); the version row is written with the tables.
 */
import { JournalError } from './errors.ts'
import type { Dialect, SqlRunner, Storage } from './storage.ts'

/** The format that this code writes. A newer one is refused; an older one would be migrated step by step here. */
export const formatVersion = 1

/** @throws {JournalError} FORMAT when the tables were written by newer code */
export async function prepareTables(storage: Storage): Promise<void> {
  await storage.transaction(async (tx) => {
    for (const text of prelude(storage.dialect)) await tx.run({ text, values: [] })
    const [row] = await tx.run({
      text: `select value from ${storage.dialect.table('meta')} where name = 'format'`,
      values: [],
    })
    if (row === undefined) return create(storage.dialect, tx)
    const found = Number(row[0])
    if (found === formatVersion) return
    throw new JournalError(
      'FORMAT',
      found > formatVersion
        ? `the journal has format ${found}, this code knows ${formatVersion}; deploy the newer code here too`
        : `the journal has format ${row[0]}, which no release wrote; restore it from a backup`,
    )
  })
}

function prelude(dialect: Dialect): string[] {
  const meta = `create table if not exists ${dialect.table('meta')} (name text primary key, value text not null)`
  if (dialect.kind === 'sqlite') return [meta]
  const schema = dialect.table('meta').split('.')[0]
  return [
    // Two processes that begin at once would both make the tables; the lock ends with the transaction.
    `select pg_advisory_xact_lock(hashtext('typestead journal'))`,
    `create schema if not exists ${schema}`,
    meta,
  ]
}

async function create(dialect: Dialect, tx: SqlRunner): Promise<void> {
  for (const text of tables(dialect)) await tx.run({ text, values: [] })
  await tx.run({
    text: `insert into ${dialect.table('meta')} values ('format', $1)`,
    values: [String(formatVersion)],
  })
}

function tables({ kind, table }: Dialect): string[] {
  const sequence =
    kind === 'sqlite'
      ? 'integer primary key autoincrement'
      : 'bigint generated always as identity primary key'
  const task = table('task')
  // Rows come and go quickly: dead ones are to be cleared before they slow the scans.
  const busy =
    kind === 'sqlite' ? '' : ' with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02)'
  return [
    `create table ${table('process')} (
  id text primary key, expires bigint not null, started bigint not null, host text not null, pid bigint not null)`,
    `create table ${task} (
  seq ${sequence}, id text not null unique, kind text not null, queue text not null, key text, payload text,
  version bigint not null, due bigint not null, earliest bigint not null, created bigint not null,
  owner text, attempts bigint not null default 0, lost bigint not null default 0,
  resumed bigint not null default 0,
  signalled bigint not null default 0, waits text, error text)${busy}`,
    `create index journal_task_due on ${task} (queue, due, seq) where owner is null`,
    `create index journal_task_line on ${task} (queue, due, seq) where owner is null and key is not null`,
    `create index journal_task_key on ${task} (queue, key, seq) where key is not null`,
    // Two messages of one key are never under way at once, whatever two takers saw.
    `create unique index journal_task_running on ${task} (queue, key) where owner is not null and key is not null`,
    `create index journal_task_owner on ${task} (owner) where owner is not null`,
    `create table ${table('step')} (
  task bigint not null, place bigint not null, name text not null, result text, at bigint not null, primary key (task, place))`,
    `create table ${table('signal')} (
  seq ${sequence}, task bigint not null, name text not null, payload text)`,
    `create index journal_signal_task on ${table('signal')} (task, name, seq)`,
    `create table ${table('finished')} (
  id text primary key, queue text not null, status text not null, result text, at bigint not null, expires bigint not null)`,
    `create index journal_finished_expires on ${table('finished')} (expires)`,
    `create table ${table('dead')} (
  seq ${sequence}, task bigint not null, id text not null unique, kind text not null, queue text not null, key text, payload text,
  version bigint not null, attempts bigint not null, created bigint not null, at bigint not null, reason text not null)`,
    `create table ${table('once')} (
  key text primary key, owner text, token bigint not null, result text, done bigint not null, expires bigint not null)`,
    `create index journal_once_expires on ${table('once')} (expires) where done = 1`,
    `create table ${table('lease')} (
  key text primary key, token bigint not null, owner text, expires bigint not null)`,
    `create table ${table('schedule')} (
  name text primary key, cron text not null, zone text not null, missed text not null, kind text not null, queue text not null,
  key text, payload text, version bigint not null, next bigint not null, last bigint)`,
  ]
}
