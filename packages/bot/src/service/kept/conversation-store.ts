/**
 * Conversations in the database: load, claim, commit. Callers at the same time share a statement (loads, claims) or a
 * transaction (commits). Queues are bounded: whoever finds them full waits for room.
 */
import { setTimeout as delay } from 'node:timers/promises'
import {
  Batcher,
  type Journal,
  JournalError,
  type Presence,
  type SqlRunner,
} from '@typestead/journal'
import type { Session } from '../../dialogue/session.ts'
import { moment } from '../turns/moment.ts'
import { type AfterCommit, claimedAnew, commitTurns, heldSql } from './commit-turns.ts'
import type { ConversationRow, Loaded, LoadRequest, TurnCommit } from './conversation-rows.ts'
import { runRows } from './each-row.ts'
import { committed, inTransaction } from './in-transaction.ts'
import { loadConversations } from './load-conversations.ts'

/** Conversations of one transaction at most: a group holds an SQLite file for some milliseconds. */
const groupSize = 256
const capacity = 10_000

export type NewConversation = Pick<
  ConversationRow,
  'id' | 'bot' | 'alias' | 'who' | 'channel' | 'started'
>

export interface ClaimRequest {
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
  #arrival = { owner: '', settled: 0 }

  /** `claimFor`: milliseconds after which a claim is over, whatever its process does. */
  constructor(journal: Journal, claimFor: number) {
    const options = { size: groupSize, capacity }
    this.#journal = journal
    this.#claimFor = claimFor
    this.#loads = new Batcher((requests) => loadConversations(journal, requests), options)
    this.#claims = new Batcher((requests) => this.#claim(requests), options)
    this.#commits = new Batcher((commits) => this.#commit(commits), { ...options, turns: 8 })
  }

  /**
   * Turns that found no other process call their first hooks without a claim, which is made a moment later. A process that has just
   * come lets that moment pass before its own first hook.
   */
  async settled(): Promise<void> {
    const { database } = this.#journal
    const { dialect } = database
    const { owner } = await database.presence()
    if (this.#arrival.owner !== owner) {
      const others = await database.read({
        text: `select id from ${dialect.table('process')} where expires > ${dialect.now} and id <> $2 limit 1`,
        values: [database.time(), owner],
      })
      const wait = others.length === 0 ? 0 : 3 * moment
      this.#arrival = { owner, settled: performance.now() + wait }
    }
    const left = this.#arrival.settled - performance.now()
    if (left > 0) await delay(left)
  }

  load(request: LoadRequest): Promise<Loaded> {
    return this.#loads.add(request)
  }

  /**
   * Makes the conversation this turn's while its hooks run: others wait, also those in other processes.
   * @returns false when somebody was first
   */
  async claim(request: Omit<ClaimRequest, 'owner'>): Promise<boolean> {
    const { owner } = await this.#journal.database.presence()
    try {
      return await this.#claims.add({ ...request, owner })
    } catch (error) {
      // It may be the conversation's although its answer was lost.
      void this.#freeLater(request.row.id, request.token)
      throw error
    }
  }

  /** Gives up a claim whose turn came to nothing; where the database is away, as soon as it is back. */
  async release(id: string, token: string): Promise<void> {
    try {
      await this.#free(id, token)
    } catch {
      void this.#freeLater(id, token)
    }
  }

  async #free(id: string, token: string): Promise<void> {
    await this.#journal.transaction((tx) =>
      tx.run({
        text: `update ${this.#table('conversation')} set claim = null, claim_token = null, claim_until = null where id = $1 and claim_token = $2`,
        values: [id, token],
      }),
    )
  }

  /** This process lives, so others would wait for it until the claim is over. */
  async #freeLater(id: string, token: string): Promise<void> {
    const end = performance.now() + this.#claimFor
    for (let pause = 50; performance.now() < end; pause = Math.min(pause * 2, 5_000)) {
      await delay(pause, undefined, { ref: false })
      try {
        return await this.#free(id, token)
      } catch (error) {
        if (error instanceof JournalError && error.code === 'CLOSED') return
      }
    }
  }

  /** @returns false when the conversation moved on meanwhile; nothing was kept then */
  commit(commit: TurnCommit): Promise<boolean> {
    return this.#commits.add(commit)
  }

  /**
   * In a transaction of the caller's, on the same database, with the presence that was taken before it began.
   * @returns what to do after its commit; null when the conversation moved on
   */
  async commitIn(
    tx: SqlRunner,
    commit: TurnCommit,
    presence: Presence,
  ): Promise<AfterCommit | null> {
    const runner = this.#journal.database.callers(tx)
    const { kept, after } = await commitTurns(this.#journal, runner, [commit], presence)
    return kept[0] === true ? after : null
  }

  /** Claims in a transaction. @returns the tokens that have their conversations */
  async claimIn(tx: SqlRunner, requests: readonly ClaimRequest[]): Promise<ReadonlySet<string>> {
    const { database } = this.#journal
    const { dialect } = database
    const table = this.#table('conversation')
    const fresh = requests.filter(({ revision }) => revision === 0)
    await runRows(tx.run.bind(tx), dialect, {
      columns: {
        id: 'text',
        bot: 'text',
        alias: 'text',
        who: 'text',
        channel: 'text',
        started: 'bigint',
      },
      rows: fresh.map(({ row }) => row),
      text: (
        from,
      ) => `insert into ${table} (id, bot, alias, who, channel, revision, turns, last_text, last_reply, dialog_state, search, started, updated)
select r.id, r.bot, r.alias, r.who, r.channel, ${claimedAnew}, 0, '', '', 'ElicitIntent', '', r.started, r.started
from ${from} where true on conflict (id) do nothing`,
    })
    const rows = requests.map((one) => ({
      key: one.row.id,
      expected: claimedRevision(one.revision),
      token: one.token,
      owner: one.owner,
    }))
    const claimed = await runRows(tx.run.bind(tx), dialect, {
      columns: { key: 'text', expected: 'bigint', token: 'text', owner: 'text' },
      rows: rows.sort((a, b) => (a.key < b.key ? -1 : 1)),
      time: database.time(),
      text: (
        from,
      ) => `update ${table} as c set claim = r.owner, claim_token = r.token, claim_until = ${dialect.now} + ${this.#claimFor}
from ${from} where c.id = r.key and c.revision = r.expected and not ${heldSql(dialect, 'c')} returning claim_token`,
    })
    return new Set(claimed.map(([token]) => String(token)))
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

  async #claim(requests: readonly ClaimRequest[]): Promise<boolean[]> {
    const tokens = await inTransaction(this.#journal, (tx) => this.claimIn(tx, requests))
    return requests.map(({ token }) => tokens.has(token))
  }

  async #commit(commits: readonly TurnCommit[]): Promise<readonly boolean[]> {
    const presence = await this.#journal.database.presence()
    const { kept } = await committed(this.#journal, (tx) =>
      commitTurns(this.#journal, tx, commits, presence),
    )
    return kept
  }

  #table(name: string): string {
    return this.#journal.database.dialect.table(`bot_${name}`)
  }
}

/** The revision to commit on, of a conversation that was claimed at `revision`. */
export function claimedRevision(revision: number): number {
  return Math.max(revision, claimedAnew)
}
