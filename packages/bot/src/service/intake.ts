/**
 * Messages of messengers on their way in: known repeats are told by any of their ids, the others are put into their channel's
 * queue, ids and message in one commit; those of callers at the same time share it. Acknowledge only what this has answered.
 */
import { createHash } from 'node:crypto'
import { Batcher, type Journal, type Message } from '@typestead/journal'
import type { IncomingMessage } from '../adapters/adapter.ts'
import { BotError } from '../bot-error.ts'
import { conversationId, messengerUser } from './conversation-id.ts'
import type { SessionKey } from './service-contract.ts'
import { asBotError, isTransient } from './storage-error.ts'
import { plain } from './turn-commit.ts'

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

interface Arrival extends Waiting {
  readonly ids: readonly string[]
}

export function incomingQueue(channel: string): string {
  return `bot.in/${channel}`
}

export class Intake {
  readonly #journal: Journal
  readonly #batcher: Batcher<Arrival, Received>

  constructor(journal: Journal) {
    this.#journal = journal
    this.#batcher = new Batcher((arrivals) => this.#keep(arrivals), { size: 500, capacity: 10_000 })
  }

  /** @throws {BotError} BAD_INPUT, LIMIT, UNAVAILABLE */
  async receive(
    message: IncomingMessage,
    target: { readonly bot: string; readonly alias: string },
  ): Promise<Received> {
    try {
      return await this.#batcher.add(arrivalOf(message, target))
    } catch (error) {
      throw asBotError(error)
    }
  }

  drained(): Promise<void> {
    return this.#batcher.drained()
  }

  async #keep(arrivals: readonly Arrival[]): Promise<Received[]> {
    // Of repeats in one group the first is the message.
    const seen = new Set<string>()
    const fresh = arrivals.filter(({ ids }) => {
      const isNew = !ids.some((id) => seen.has(id))
      for (const id of ids) seen.add(id)
      return isNew
    })
    for (let attempt = 0; ; attempt++) {
      try {
        const accepted = await this.#insert(fresh, [...seen])
        for (const queue of new Set([...accepted].map(({ message }) => message.channel)))
          this.#journal.database.wake(`q:${incomingQueue(queue)}`)
        return arrivals.map((one) => (accepted.has(one) ? 'accepted' : 'repeated'))
      } catch (error) {
        if (!isTransient(error) || attempt >= 10) throw error
      }
    }
  }

  #insert(fresh: readonly Arrival[], ids: readonly string[]): Promise<Set<Arrival>> {
    const { database } = this.#journal
    const { dialect } = database
    return this.#journal.transaction(async (tx) => {
      // In one order, so that two processes with the same ids do not wait for each other in a ring.
      const rows = await tx.run({
        text: `insert into ${dialect.table('bot_seen')} (id, at) select r.id, ${dialect.now}
from ${dialect.rows('$2', { id: 'text' })} where true on conflict (id) do nothing returning id`,
        values: [database.time(), JSON.stringify(ids.toSorted().map((id) => ({ id })))],
      })
      const inserted = new Set(rows.map(([id]) => String(id)))
      const accepted = new Set(fresh.filter((one) => one.ids.every((id) => inserted.has(id))))
      const messages = [...accepted].map(
        ({ ids: _, ...waiting }): Message => ({
          queue: incomingQueue(waiting.message.channel),
          id: `${waiting.turn}/in`,
          key: waiting.id,
          payload: waiting satisfies Waiting,
        }),
      )
      if (messages.length > 0) await this.#journal.sendAll(messages, { in: tx })
      return accepted
    })
  }
}

function arrivalOf(
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

/** Ids of one channel say nothing about another's. */
function seenId(channel: string, id: string): string {
  const own = plain(`${channel}:${id}`)
  return own.length <= 300 ? own : createHash('sha256').update(own).digest('hex')
}
