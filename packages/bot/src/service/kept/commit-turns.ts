/**
 * Writes what turns changed, many conversations' in one go: each is kept whole or not at all, by compare-and-swap on its
 * revision, and one that lost does not fail the others. A conversation that others hold is not written. At most one commit of a
 * conversation is in a group (its turns come one after the other).
 */
import { randomInt } from 'node:crypto'
import type { FinishedOwn, Journal, OwnMessage, Presence, SqlRunner } from '@typestead/journal'
import type { MemoryRow, TurnCommit } from './conversation-rows.ts'
import { runRows } from './each-row.ts'
import { forgettingsSql } from './forgettings.ts'

/** The revision of a row that a claim made: no turn is kept in it yet. Kept turns have higher ones, so nobody takes them for it. */
export const claimedAnew = 1
/** First revisions are any up to here: a turn of a conversation that was forgotten never takes the new one for it. */
const mostFirst = 2 ** 47

export interface Committed {
  /** For each commit, whether it was kept. */
  readonly kept: readonly boolean[]
  readonly after: AfterCommit
}

/** What is to be done once the transaction has committed. */
export interface AfterCommit {
  /** Answers that this process delivers at once. */
  readonly own: readonly OwnMessage[]
  /** Messages whose turns these were. */
  readonly finished: FinishedOwn
}

/** `presence`: this process's name, taken before the transaction. Then call `afterCommit` or `release` the `own` of what it gives. */
export async function commitTurns(
  journal: Journal,
  tx: SqlRunner,
  commits: readonly TurnCommit[],
  presence: Presence,
): Promise<Committed> {
  // Two processes that write the same conversations lock them in the same order.
  const sorted = commits.toSorted((a, b) => (a.conversation.id < b.conversation.id ? -1 : 1))
  const kept = await swapSessions(journal, tx, sorted)
  const winners = commits.filter(({ conversation }) => kept.has(conversation.id))
  await logTurns(journal, tx, winners)
  await remember(
    journal,
    tx,
    winners.flatMap(({ memory }) => memory),
  )
  const ends = winners.flatMap(({ ends: one }) => (one === null ? [] : [one]))
  const finished =
    ends.length > 0 ? await journal.own.finish(ends, tx) : { messages: [], finished: [], began: [] }
  const outbox = winners.flatMap((one) => one.outbox)
  const sent =
    outbox.length > 0 ? await journal.own.send(outbox, { in: tx, presence, for: 'runner' }) : null
  return {
    kept: commits.map(({ conversation }) => kept.has(conversation.id)),
    after: { own: [...(sent?.own.values() ?? [])], finished },
  }
}

export function afterCommit(journal: Journal, { own, finished }: AfterCommit): void {
  journal.own.settle(finished)
  journal.own.deliver(own)
}

const columns = {
  bot: 'text',
  alias: 'text',
  who: 'text',
  channel: 'text',
  target: 'text',
  session_n: 'bigint',
  turns: 'bigint',
  last_text: 'text',
  last_reply: 'text',
  dialog_state: 'text',
  intent: 'text',
  person: 'text',
  search: 'text',
  started: 'bigint',
  updated: 'bigint',
} as const

/** Columns that a turn of an old conversation changes. */
const changing = [
  'target',
  'session_n',
  'turns',
  'last_text',
  'last_reply',
  'dialog_state',
  'intent',
  'person',
  'search',
  'updated',
] as const

async function swapSessions(
  { database }: Journal,
  tx: SqlRunner,
  commits: readonly TurnCommit[],
): Promise<Set<string>> {
  const { dialect } = database
  const table = dialect.table('bot_conversation')
  const notify = dialect.notify(`'bot'`)
  const kept = new Set<string>()
  const run = tx.run.bind(tx)
  const set = changing.map((name) => `${name} = r.${name}`).join(', ')
  const swapped = await runRows(run, dialect, {
    columns: { key: 'text', expected: 'bigint', token: 'text', forgettings: 'text', ...columns },
    rows: commits.filter(({ revision }) => revision > 0).map(oldRow),
    time: database.time(),
    text: (
      from,
    ) => `update ${table} as c set ${set}, revision = c.revision + 1, claim = null, claim_token = null, claim_until = null
from ${from} where c.id = r.key and c.revision = r.expected
and (c.revision > ${claimedAnew} or r.forgettings = ${forgettingsSql(dialect)})
and (c.claim_token = r.token or (r.token is null and not ${heldSql(dialect, 'c')})) returning id, ${notify}`,
  })
  const names = Object.keys(columns)
  const added = await runRows(run, dialect, {
    columns: { key: 'text', first: 'bigint', forgettings: 'text', ...columns },
    rows: commits.filter(({ revision }) => revision === 0).map(newRow),
    text: (
      from,
    ) => `insert into ${table} (id, ${names.join(', ')}, revision) select r.key, ${names.map((name) => `r.${name}`).join(', ')}, r.first
from ${from} where r.forgettings = ${forgettingsSql(dialect)} on conflict (id) do nothing returning id, ${notify}`,
  })
  for (const [id] of [...swapped, ...added]) kept.add(String(id))
  return kept
}

/** Whether a living process runs hooks for the conversation, over `$1`. */
export function heldSql(dialect: Journal['database']['dialect'], alias: string): string {
  return `(${alias}.claim is not null and ${alias}.claim_until > ${dialect.now}
and exists (select 1 from ${dialect.table('process')} p where p.id = ${alias}.claim and p.expires > ${dialect.now}))`
}

function oldRow(commit: TurnCommit) {
  const { revision: expected, token, forgettings } = commit
  return { expected, token, forgettings, ...conversationRow(commit) }
}

function newRow(commit: TurnCommit) {
  const first = randomInt(claimedAnew + 1, mostFirst)
  return { first, forgettings: commit.forgettings, ...conversationRow(commit) }
}

function conversationRow({ conversation: row }: TurnCommit) {
  return {
    key: row.id,
    bot: row.bot,
    alias: row.alias,
    who: row.who,
    channel: row.channel,
    target: row.target,
    session_n: row.sessionN,
    turns: row.turns,
    last_text: row.lastText,
    last_reply: row.lastReply,
    dialog_state: row.dialogState,
    intent: row.intent,
    person: row.person,
    search: `${row.who}\n${row.lastText}\n${row.lastReply}`.toLowerCase(),
    started: row.started,
    updated: row.updated,
  }
}

const turnColumns = {
  conversation: 'text',
  n: 'bigint',
  turn: 'text',
  request: 'text',
  at: 'bigint',
  version: 'text',
  hash: 'text',
  speaker: 'text',
  said: 'text',
  opened: 'text',
  events: 'text',
  effects: 'text',
  reply: 'text',
  failure: 'text',
  after: 'text',
  took: 'text',
} as const

async function logTurns(
  { database }: Journal,
  tx: SqlRunner,
  commits: readonly TurnCommit[],
): Promise<void> {
  const rows = commits.flatMap(({ conversation, turn }) =>
    turn === null ? [] : [{ conversation: conversation.id, ...turn }],
  )
  const names = Object.keys(turnColumns)
  await runRows(tx.run.bind(tx), database.dialect, {
    columns: turnColumns,
    rows,
    text: (
      from,
    ) => `insert into ${database.dialect.table('bot_turn')} (${names.join(', ')}) select ${names.map((name) => `r.${name}`).join(', ')}
from ${from} where true`,
  })
}

async function remember(
  { database }: Journal,
  tx: SqlRunner,
  entries: readonly MemoryRow[],
): Promise<void> {
  if (entries.length === 0) return
  const { dialect } = database
  const table = dialect.table('bot_memory')
  // Two conversations of one user may be in a group: the last word counts.
  const last = new Map(entries.map((one) => [JSON.stringify([one.bot, one.who, one.name]), one]))
  const sorted = [...last].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
  const forgotten = sorted.filter(({ value }) => value === null)
  const kept = sorted.filter(({ value }) => value !== null)
  const key = { bot: 'text', who: 'text', name: 'text' } as const
  if (forgotten.length > 0) {
    await tx.run({
      text: `delete from ${table} where (bot, who, name) in (select r.bot, r.who, r.name from ${dialect.rows('$1', key)})`,
      values: [JSON.stringify(forgotten)],
    })
  }
  if (kept.length > 0) {
    await tx.run({
      text: `insert into ${table} (bot, who, name, value, updated) select r.bot, r.who, r.name, r.value, ${dialect.now}
from ${dialect.rows('$2', { ...key, value: 'text' })} where true
on conflict (bot, who, name) do update set value = excluded.value, updated = excluded.updated`,
      values: [database.time(), JSON.stringify(kept)],
    })
  }
}
