/**
 * Messages of messengers on their way in: known repeats are told by any of their ids; what becomes of the others is kept in the
 * same commit as their ids, and those of callers at the same time share it. A message is kept as one that waits in its channel's
 * queue, as one that this process holds, or with its whole turn. Acknowledge only what this has answered.
 */
import { createHash } from 'node:crypto'
import {
  Batcher,
  type Journal,
  type Message,
  type OwnMessage,
  type Presence,
  type SqlRunner,
} from '@typestead/journal'
import type { IncomingMessage } from '../../adapters/adapter.ts'
import { BotError } from '../../bot-error.ts'
import { type AfterCommit, commitTurns } from '../kept/commit-turns.ts'
import { conversationId, messengerUser } from '../kept/conversation-id.ts'
import type { TurnCommit } from '../kept/conversation-rows.ts'
import type { ClaimRequest, ConversationStore } from '../kept/conversation-store.ts'
import { runRows } from '../kept/each-row.ts'
import { committed } from '../kept/in-transaction.ts'
import type { SessionKey } from '../service-contract.ts'
import { plain } from '../turns/turn-commit.ts'

/** Characters of a text that are kept: what is beyond is cut off. */
const textLimit = 8_000
const attributesLimit = 20_000
const mostIds = 20

/** What waits in a channel's queue. */
export interface Waiting {
  readonly key: SessionKey
  readonly id: string
  /** The turn's, and the request's: stable however often this is processed. */
  readonly turn: string
  readonly message: IncomingMessage
}

export type Received = 'accepted' | 'repeated'

export interface Arrival extends Waiting {
  readonly ids: readonly string[]
}

/** How a message is to be kept, if it is no repeat. Where that can't be, it waits in its queue. */
export type Keeping =
  | { readonly as: 'waiting' }
  /** Others wait for this process, which plays its turn; the conversation is claimed where hooks are to run. */
  | { readonly as: 'held'; readonly claim: Omit<ClaimRequest, 'owner'> | null }
  | { readonly as: 'turn'; readonly commit: TurnCommit }

export type Kept =
  | { readonly as: 'repeated' | 'waiting' | 'turn' }
  | { readonly as: 'held'; readonly own: OwnMessage }

interface Item {
  readonly arrival: Arrival
  readonly keeping: Keeping
}

interface KeptItems {
  readonly kept: ReadonlyMap<Item, Kept>
  /** Held in vain: the claim was another's. */
  readonly vain: readonly OwnMessage[]
  readonly after: AfterCommit
}

export function incomingQueue(channel: string): string {
  return `bot.in/${channel}`
}

const repeated: Kept = { as: 'repeated' }
const waiting: Kept = { as: 'waiting' }

export class Intake {
  readonly #journal: Journal
  readonly #store: ConversationStore
  readonly #batcher: Batcher<Item, Kept>

  constructor(journal: Journal, store: ConversationStore) {
    this.#journal = journal
    this.#store = store
    this.#batcher = new Batcher((items) => this.#keep(items), {
      size: 256,
      capacity: 10_000,
      turns: 16,
    })
  }

  /** @throws {JournalError} */
  keep(arrival: Arrival, keeping: Keeping): Promise<Kept> {
    return this.#batcher.add({ arrival, keeping })
  }

  /** The message waits in its channel's queue. */
  async queue(arrival: Arrival): Promise<Received> {
    const { as } = await this.keep(arrival, { as: 'waiting' })
    return as === 'repeated' ? 'repeated' : 'accepted'
  }

  drained(): Promise<void> {
    return this.#batcher.drained()
  }

  async #keep(items: readonly Item[]): Promise<Kept[]> {
    // Of repeats in one group the first is the message.
    const seen = new Set<string>()
    const fresh = items.filter(({ arrival: { ids } }) => {
      const isNew = !ids.some((id) => seen.has(id))
      for (const id of ids) seen.add(id)
      return isNew
    })
    const presence = await this.#journal.database.presence()
    const { kept, vain } = await committed(this.#journal, (tx) =>
      this.#write(tx, fresh, [...seen], presence),
    )
    if (vain.length > 0) await this.#journal.own.release(vain)
    return items.map((item) => kept.get(item) ?? repeated)
  }

  async #write(
    tx: SqlRunner,
    fresh: readonly Item[],
    ids: readonly string[],
    presence: Presence,
  ): Promise<KeptItems> {
    const unseen = await this.#markSeen(tx, ids)
    const items = fresh.filter(({ arrival }) => arrival.ids.every((id) => unseen.has(id)))
    const kept = new Map<Item, Kept>()
    const turns = items.flatMap((item) =>
      item.keeping.as === 'turn' ? [{ item, commit: item.keeping.commit }] : [],
    )
    const commits = turns.map(({ commit }) => commit)
    const { kept: swapped, after } = await commitTurns(this.#journal, tx, commits, presence)
    turns.forEach(({ item }, n) => {
      if (swapped[n] === true) kept.set(item, { as: 'turn' })
    })
    const vain = await this.#hold(tx, items, presence, kept)
    // Turns whose conversation moved on meanwhile are among these.
    const rest = items.filter((item) => !kept.has(item))
    const messages = rest.map(({ arrival }) => messageOf(arrival))
    if (messages.length > 0) await this.#journal.sendAll(messages, { in: tx })
    for (const item of rest) kept.set(item, waiting)
    return { kept, vain, after }
  }

  async #markSeen(tx: SqlRunner, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const { database } = this.#journal
    const { dialect } = database
    // In one order, so that two processes with the same ids do not wait for each other in a ring.
    const rows = await runRows(tx.run.bind(tx), dialect, {
      columns: { id: 'text' },
      rows: ids.toSorted().map((id) => ({ id })),
      time: database.time(),
      text: (from) => `insert into ${dialect.table('bot_seen')} (id, at) select r.id, ${dialect.now}
from ${from} where true on conflict (id) do nothing returning id`,
    })
    return new Set(rows.map(([id]) => String(id)))
  }

  /** @returns what was held for a claim that another has */
  async #hold(
    tx: SqlRunner,
    items: readonly Item[],
    presence: Presence,
    kept: Map<Item, Kept>,
  ): Promise<OwnMessage[]> {
    const held = items.filter(({ keeping }) => keeping.as === 'held')
    if (held.length === 0) return []
    const messages = held.map(({ arrival }) => messageOf(arrival))
    const { own } = await this.#journal.own.send(messages, { in: tx, presence, for: 'holder' })
    const claims: ClaimRequest[] = []
    for (const item of held) {
      const message = own.get(messageId(item.arrival))
      // Those that stand behind others of their conversation wait as these do.
      kept.set(item, message ? { as: 'held', own: message } : waiting)
      const { keeping } = item
      if (message && keeping.as === 'held' && keeping.claim)
        claims.push({ ...keeping.claim, owner: presence.owner })
    }
    if (claims.length === 0) return []
    const tokens = await this.#store.claimIn(tx, claims)
    const vain: OwnMessage[] = []
    for (const item of held) {
      const { keeping } = item
      const one = kept.get(item)
      if (one?.as !== 'held' || keeping.as !== 'held' || keeping.claim === null) continue
      if (tokens.has(keeping.claim.token)) continue
      vain.push(one.own)
      kept.set(item, waiting)
    }
    return vain
  }
}

function messageId({ turn }: Arrival): string {
  return `${turn}/in`
}

function messageOf(arrival: Arrival): Message {
  const { ids: _, ...payload } = arrival
  return {
    queue: incomingQueue(payload.message.channel),
    id: messageId(arrival),
    key: payload.id,
    payload: payload satisfies Waiting,
  }
}

/** @throws {BotError} BAD_INPUT, LIMIT */
export function arrivalOf(
  message: IncomingMessage,
  { bot, alias }: { readonly bot: string; readonly alias: string },
): Arrival {
  const { channel, ids } = message
  if (ids.length === 0 || ids.length > mostIds || ids.some((id) => id === '')) {
    throw new BotError(
      'BAD_INPUT',
      `a message of ${channel} needs 1 to ${mostIds} ids by which a repeat is told`,
    )
  }
  const attributes = JSON.stringify(message.attributes)
  if (attributes.length > attributesLimit) {
    throw new BotError(
      'LIMIT',
      `a message's attributes take ${attributes.length} characters; ${attributesLimit} are allowed`,
    )
  }
  const key = { bot, alias, user: messengerUser(message) }
  const id = conversationId(key)
  const first = ids[0] ?? ''
  const turn = createHash('sha256')
    .update(JSON.stringify([id, channel, first]))
    .digest('hex')
    .slice(0, 32)
  return {
    key,
    id,
    turn,
    ids: [...new Set(ids.map((one) => seenId(channel, one)))],
    message: { ...message, text: plain(message.text).slice(0, textLimit).toWellFormed() },
  }
}

/** Messages that were known are new again. */
export async function forgetIds(
  { database }: Journal,
  tx: SqlRunner,
  messages: readonly IncomingMessage[],
): Promise<void> {
  const ids = messages.flatMap((one) => one.ids.map((id) => seenId(one.channel, id)))
  if (ids.length === 0) return
  const { dialect } = database
  await tx.run({
    text: `delete from ${dialect.table('bot_seen')} where id in (${dialect.list('$1', 'text')})`,
    values: [JSON.stringify(ids)],
  })
}

/** Ids of one channel say nothing about another's. */
function seenId(channel: string, id: string): string {
  const own = plain(`${channel}:${id}`)
  return own.length <= 300 ? own : createHash('sha256').update(own).digest('hex')
}
