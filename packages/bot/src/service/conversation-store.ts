/**
 * Conversations in the database: load, claim, commit. Callers at the same time share a statement (loads, claims) or a
 * transaction (commits). Queues are bounded: whoever finds them full waits for room.
 */
import { Batcher, type Journal, type SqlRunner } from '@typestead/journal'
import type { Session } from '../dialogue/session.ts'
import { commitTurns, heldSql } from './commit-turns.ts'
import type {
  ConversationRow,
  Loaded,
  LoadRequest,
  Target,
  TurnCommit,
} from './conversation-rows.ts'
import { runRows } from './each-row.ts'
import { isTransient } from './storage-error.ts'

/** Conversations of one transaction at most: a group holds an SQLite file for some milliseconds. */
const groupSize = 256
const capacity = 10_000

/** A claim makes the row of a conversation that is not there. */
const firstRevision = 1

export type NewConversation = Pick<
  ConversationRow,
  'id' | 'bot' | 'alias' | 'who' | 'channel' | 'started'
>

interface ClaimRequest {
  readonly row: NewConversation
  readonly revision: number
  readonly token: string
  readonly owner: string
}

export class ConversationStore {
  readonly #journal: Journal
  readonly #claimFor: number
  readonly #loads: Batcher<LoadRequest, Loaded>
  readonly #claims: Batcher<ClaimRequest, boolean>
  readonly #commits: Batcher<TurnCommit, boolean>

  /** `claimFor`: milliseconds after which a claim is over, whatever its process does. */
  constructor(journal: Journal, claimFor: number) {
    const options = { size: groupSize, capacity }
    this.#journal = journal
    this.#claimFor = claimFor
    this.#loads = new Batcher((requests) => this.#load(requests), options)
    this.#claims = new Batcher((requests) => this.#claim(requests), options)
    this.#commits = new Batcher((commits) => this.#commit(commits), options)
  }

  load(request: LoadRequest): Promise<Loaded> {
    return this.#loads.add(request)
  }

  /**
   * Makes the conversation this turn's while its hooks run: others wait, also those in other processes.
   * @returns the revision to commit on, or null when somebody was first
   */
  async claim(row: NewConversation, revision: number, token: string): Promise<number | null> {
    const { owner } = await this.#journal.database.presence()
    const claimed = await this.#claims.add({ row, revision, token, owner })
    return claimed ? Math.max(revision, firstRevision) : null
  }

  /** Gives up a claim whose turn came to nothing. */
  async release(id: string, token: string): Promise<void> {
    await this.#journal.transaction((tx) =>
      tx.run({
        text: `update ${this.#table('conversation')} set claim = null, claim_token = null, claim_until = null where id = $1 and claim_token = $2`,
        values: [id, token],
      }),
    )
  }

  /** @returns false when the conversation moved on meanwhile; nothing was kept then */
  commit(commit: TurnCommit): Promise<boolean> {
    return this.#commits.add(commit)
  }

  /** In a transaction of the caller's, on the same database. */
  async commitIn(tx: SqlRunner, commit: TurnCommit): Promise<boolean> {
    const [kept] = await commitTurns(this.#journal, this.#journal.database.callers(tx), [commit])
    return kept === true
  }

  /** @returns whether there was one that had not run out */
  async deleteSession(id: string, now: number): Promise<boolean> {
    const { database } = this.#journal
    const table = this.#table('conversation')
    const [row] = await this.#journal.transaction(async (tx) => {
      const found = await tx.run({
        text: `select s.after from ${table} c join ${this.#table('turn')} s on s.conversation = c.id and s.n = c.session_n where c.id = $1`,
        values: [id],
      })
      await tx.run({
        text: `update ${table} set session_n = null, revision = revision + 1, claim = null, claim_token = null, claim_until = null,
person = null where id = $1 and session_n is not null returning ${database.dialect.notify(`'bot'`)}`,
        values: [id],
      })
      return found
    })
    // Written by a commit, of a session.
    return row !== undefined && (JSON.parse(String(row[0])) as Session).expiresAt > now
  }

  /** What is known of a user beyond sessions. */
  async memory(bot: string, who: string): Promise<Record<string, string>> {
    const rows = await this.#journal.database.read({
      text: `select name, value from ${this.#table('memory')} where bot = $1 and who = $2 order by updated desc, name limit 100`,
      values: [bot, who],
    })
    return Object.fromEntries(rows.map(([name, value]) => [String(name), String(value)]))
  }

  async drained(): Promise<void> {
    await this.#loads.drained()
    await this.#claims.drained()
    await this.#commits.drained()
  }

  async #load(requests: readonly LoadRequest[]): Promise<Loaded[]> {
    const { database } = this.#journal
    const { dialect } = database
    const found = await runRows((one) => database.read(one), dialect, {
      columns: { n: 'bigint', id: 'text', bot: 'text', alias: 'text', request: 'text' },
      rows: requests.map((one, n) => ({ n, ...one })),
      time: database.time(),
      text: (
        from,
      ) => `select r.n, c.revision, s.after, c.turns, c.target, c.started, c.last_text, c.last_reply,
case when c.id is not null and ${heldSql(dialect, 'c')} then 1 else 0 end,
a.version, d.hash, t.turn, t.reply, t.failure, t.after
from ${from}
left join ${this.#table('conversation')} c on c.id = r.id
left join ${this.#table('turn')} s on s.conversation = c.id and s.n = c.session_n
left join ${this.#table('alias')} a on a.bot = r.bot and a.alias = r.alias
left join ${this.#table('draft')} d on d.bot = r.bot
left join ${this.#table('turn')} t on t.conversation = r.id and t.request = r.request`,
    })
    const loaded: Loaded[] = []
    for (const row of found) loaded[Number(row[0])] = loadedOf(row)
    return loaded
  }

  async #claim(requests: readonly ClaimRequest[]): Promise<boolean[]> {
    const { database } = this.#journal
    const { dialect } = database
    const table = this.#table('conversation')
    const claimed = await this.#transaction(async (tx) => {
      const fresh = requests.filter(({ revision }) => revision === 0)
      if (fresh.length > 0) {
        await tx.run({
          text: `insert into ${table} (id, bot, alias, who, channel, revision, turns, last_text, last_reply, dialog_state, search, started, updated)
select r.id, r.bot, r.alias, r.who, r.channel, ${firstRevision}, 0, '', '', 'ElicitIntent', '', r.started, r.started
from ${dialect.rows('$1', { id: 'text', bot: 'text', alias: 'text', who: 'text', channel: 'text', started: 'bigint' })} where true
on conflict (id) do nothing`,
          values: [JSON.stringify(fresh.map(({ row }) => row))],
        })
      }
      const rows = dialect.rows('$2', {
        key: 'text',
        expected: 'bigint',
        token: 'text',
        owner: 'text',
      })
      const given = requests.map((one) => ({
        key: one.row.id,
        expected: Math.max(one.revision, firstRevision),
        token: one.token,
        owner: one.owner,
      }))
      return tx.run({
        text: `update ${table} as c set claim = r.owner, claim_token = r.token, claim_until = ${dialect.now} + $3::bigint
from ${rows} where c.id = r.key and c.revision = r.expected and not ${heldSql(dialect, 'c')} returning claim_token`,
        values: [
          database.time(),
          JSON.stringify(given.sort((a, b) => (a.key < b.key ? -1 : 1))),
          this.#claimFor,
        ],
      })
    })
    const tokens = new Set(claimed.map(([token]) => String(token)))
    return requests.map(({ token }) => tokens.has(token))
  }

  async #commit(commits: readonly TurnCommit[]): Promise<boolean[]> {
    const kept = await this.#transaction((tx) => commitTurns(this.#journal, tx, commits))
    const queues = new Set(commits.flatMap(({ outbox }) => outbox.map(({ queue }) => queue)))
    for (const queue of queues) this.#journal.database.wake(`q:${queue}`)
    return kept
  }

  /** A group that met another's locks did nothing, and is sent again. */
  async #transaction<R>(work: (tx: SqlRunner) => Promise<R>): Promise<R> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#journal.transaction(work)
      } catch (error) {
        if (!isTransient(error) || attempt >= 10) throw error
      }
    }
  }

  #table(name: string): string {
    return this.#journal.database.dialect.table(`bot_${name}`)
  }
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
    version,
    hash,
    turn,
    reply,
    failure,
    after,
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
    aliasVersion: textOf(version),
    draftHash: textOf(hash),
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
