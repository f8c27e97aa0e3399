/**
 * The service's tables, beside the journal's and in its database, and their version. A model is kept once by its hash; drafts,
 * versions and turns name it. A conversation's session is what its last turn (`session_n`) left: it is written once, in the log. Torn writes are the database's business; the version's row is written with the tables.
 */
import type { Dialect, Journal, SqlRunner } from '@typestead/journal'
import { BotError } from '../../bot-error.ts'

/** The format that this code writes. A newer one is refused; an older one would be migrated step by step here. */
export const tablesFormat = 1

const formatRow = 'bot format'

/** @throws {BotError} FORMAT when the tables were written by newer code */
export async function prepareTables(journal: Journal): Promise<void> {
  const { dialect } = journal.database
  await journal.transaction(async (tx) => {
    // Two processes that begin at once would both make the tables; the lock ends with the transaction.
    if (dialect.kind === 'postgres')
      await tx.run({
        text: `select pg_advisory_xact_lock(hashtext('typestead bot'))`,
        values: [],
      })
    const [row] = await tx.run({
      text: `select value from ${dialect.table('meta')} where name = $1`,
      values: [formatRow],
    })
    if (row === undefined) return create(dialect, tx)
    const found = Number(row[0])
    if (found === tablesFormat) return
    throw new BotError(
      'FORMAT',
      found > tablesFormat
        ? `the bots' tables have format ${found}, this code knows ${tablesFormat}; deploy the newer code here too`
        : `the bots' tables have format ${row[0]}, which no release wrote; restore them from a backup`,
    )
  })
}

async function create(dialect: Dialect, tx: SqlRunner): Promise<void> {
  for (const text of tables(dialect)) await tx.run({ text, values: [] })
  await tx.run({
    text: `insert into ${dialect.table('meta')} (name, value) values ($1, $2)`,
    values: [formatRow, String(tablesFormat)],
  })
}

function tables({ kind, table }: Dialect): string[] {
  const conversation = table('bot_conversation')
  const turn = table('bot_turn')
  const sequence =
    kind === 'sqlite' ? 'integer primary key' : 'bigint generated always as identity primary key'
  // Conversations are written at each turn: room beside the row spares the indexes.
  const busy = kind === 'sqlite' ? '' : ' with (fillfactor = 70)'
  return [
    `create table ${table('bot_model')} (hash text primary key, model text not null, created bigint not null)`,
    // A deleted bot keeps its row, without a model, so that its version numbers are never given again.
    `create table ${table('bot_draft')} (
  bot text primary key, hash text, revision bigint not null, last_version bigint not null, updated bigint not null)`,
    `create table ${table('bot_version')} (
  bot text not null, version text not null, n bigint not null, hash text not null, description text not null,
  created bigint not null, primary key (bot, version))`,
    `create table ${table('bot_alias')} (
  bot text not null, alias text not null, version text not null, revision bigint not null, updated bigint not null,
  primary key (bot, alias))`,
    `create table ${conversation} (
  id text primary key, bot text not null, alias text not null, who text not null, channel text not null, target text,
  session_n bigint, revision bigint not null, claim text, claim_token text, claim_until bigint,
  turns bigint not null, last_text text not null, last_reply text not null, dialog_state text not null, intent text,
  person text, search text not null, started bigint not null, updated bigint not null)${busy}`,
    `create index journal_bot_conversation_updated on ${conversation} (updated, id)`,
    `create table ${turn} (
  seq ${sequence}, conversation text not null, n bigint not null, turn text not null, request text, at bigint not null, version text not null,
  hash text not null, speaker text not null, said text not null, opened text, events text not null, effects text not null,
  reply text, failure text, after text not null, took text not null)`,
    `create unique index journal_bot_turn_n on ${turn} (conversation, n)`,
    `create unique index journal_bot_turn_request on ${turn} (conversation, request) where request is not null`,
    `create table ${table('bot_seen')} (id text primary key, at bigint not null)`,
    `create index journal_bot_seen_at on ${table('bot_seen')} (at)`,
    `create table ${table('bot_memory')} (
  bot text not null, who text not null, name text not null, value text not null, updated bigint not null,
  primary key (bot, who, name))`,
  ]
}
