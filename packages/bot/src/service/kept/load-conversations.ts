/** Conversations read for their turns, many in one statement: the session, who holds it, what waits, and whether this is a repeat. */
import type { Journal } from '@typestead/journal'
import { heldSql } from './commit-turns.ts'
import type { Loaded, LoadRequest, Target } from './conversation-rows.ts'
import { runRows } from './each-row.ts'
import { forgettingsSql } from './forgettings.ts'

export async function loadConversations(
  { database }: Journal,
  requests: readonly LoadRequest[],
): Promise<Loaded[]> {
  const { dialect } = database
  const { table } = dialect
  const { owner } = await database.presence()
  const found = await runRows((one) => database.read(one), dialect, {
    columns: {
      n: 'bigint',
      id: 'text',
      bot: 'text',
      alias: 'text',
      request: 'text',
      queue: 'text',
      ids: 'text',
      owner: 'text',
    },
    rows: requests.map((one, n) => ({ n, ...one, owner })),
    time: database.time(),
    text: (
      from,
    ) => `select r.n, c.revision, s.after, c.turns, c.target, c.started, c.last_text, c.last_reply,
case when c.id is not null and ${heldSql(dialect, 'c')} then 1 else 0 end,
case when r.queue is not null and exists (select 1 from ${table('task')} w where w.queue = r.queue and w.key = r.id) then 1 else 0 end,
case when r.ids is not null and exists (select 1 from ${table('bot_seen')} k where k.id in (${dialect.list('r.ids', 'text')})) then 1 else 0 end,
case when exists (select 1 from ${table('process')} o where o.expires > ${dialect.now} and o.id <> r.owner) then 1 else 0 end,
a.version, d.hash, t.turn, t.reply, t.failure, t.after, ${forgettingsSql(dialect)}
from ${from}
left join ${table('bot_conversation')} c on c.id = r.id
left join ${table('bot_turn')} s on s.conversation = c.id and s.n = c.session_n
left join ${table('bot_alias')} a on a.bot = r.bot and a.alias = r.alias
left join ${table('bot_draft')} d on d.bot = r.bot
left join ${table('bot_turn')} t on t.conversation = r.id and t.request = r.request`,
  })
  const loaded: Loaded[] = []
  for (const row of found) loaded[Number(row[0])] = loadedOf(row)
  return loaded
}

function loadedOf(row: readonly unknown[]): Loaded {
  const [
    ,
    revision,
    session,
    turns,
    target,
    started,
    lastText,
    lastReply,
    held,
    waits,
    seen,
    others,
    version,
    hash,
    turn,
    reply,
    failure,
    after,
    forgettings,
  ] = row
  return {
    revision: Number(revision ?? 0),
    session: textOf(session),
    turns: Number(turns ?? 0),
    // Written by a commit, of a Target.
    target: target === null ? null : (JSON.parse(String(target)) as Target),
    startedAt: Number(started ?? 0),
    lastText: textOf(lastText) ?? '',
    lastReply: textOf(lastReply) ?? '',
    held: Number(held) === 1,
    waits: Number(waits) === 1,
    seen: Number(seen) === 1,
    alone: Number(others) === 0,
    aliasVersion: textOf(version),
    draftHash: textOf(hash),
    forgettings: String(forgettings),
    recorded:
      turn === null
        ? null
        : {
            turn: String(turn),
            reply: textOf(reply),
            failure: textOf(failure),
            after: String(after),
          },
  }
}

function textOf(cell: unknown): string | null {
  return cell === null || cell === undefined ? null : String(cell)
}
