/**
 * A mailbox in the journal's database, shared by the processes on it. A conversation's row is locked while a number is taken, so
 * numbers are seen in their order; puts of callers at the same time are one commit. Entries go after 90 days. A crash leaves a put
 * whole or not at all: its caller, who was told nothing, puts it again under the same id.
 */
import { Batcher, type Journal, type SqlRunner } from '@typestead/journal'
import { BotError } from '../../bot-error.ts'
import { fields, list, text } from '../webhook-request.ts'
import {
  type Mailbox,
  type MailboxEntry,
  mostKept,
  type NumberedEntry,
  Watchers,
} from './mailbox.ts'

interface Put {
  readonly conversation: string
  readonly entry: MailboxEntry
}

const format = 1
const lifetime = 90 * 86_400_000

const tables = [
  `create table if not exists typestead_chat (
     conversation text primary key, last bigint not null, at bigint not null)`,
  `create table if not exists typestead_chat_entry (
     conversation text not null, seq bigint not null, id text not null, at bigint not null, body text not null,
     primary key (conversation, seq))`,
  `create unique index if not exists typestead_chat_entry_id on typestead_chat_entry (conversation, id)`,
  `create index if not exists typestead_chat_entry_at on typestead_chat_entry (at)`,
]

/** @param poll milliseconds after which what other processes put is seen */
export class JournalMailbox implements Mailbox {
  readonly durable = true
  readonly epoch = `journal-${format}`
  readonly #journal: Journal
  readonly #watchers = new Watchers()
  readonly #lastSeen = new Map<string, number>()
  readonly #now: () => number
  readonly #poll: number
  readonly #batcher = new Batcher<Put, undefined>((puts) => this.#write(puts), {
    size: 200,
    capacity: 2_000,
  })
  #tables: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #puts = 0

  constructor(journal: Journal, { now = Date.now, poll = 1_000 } = {}) {
    this.#journal = journal
    this.#now = now
    this.#poll = poll
  }

  watch(conversation: string, changed: () => void): () => void {
    const end = this.#watchers.add(conversation, changed)
    this.#timer ??= setTimeout(() => void this.#look(), this.#poll).unref()
    return end
  }

  async put(conversation: string, entry: MailboxEntry): Promise<void> {
    await this.#batcher.add({ conversation, entry })
    this.#watchers.tell(conversation)
  }

  async after(conversation: string, seq: number): Promise<readonly NumberedEntry[]> {
    const rows = await this.#read(
      'select seq, body from typestead_chat_entry where conversation = $1 and seq > $2 order by seq',
      [conversation, seq],
    )
    return rows.map(([number, body]) => readEntry(Number(number), String(body)))
  }

  async forget(conversation: string): Promise<void> {
    await this.#ready()
    await this.#journal.transaction((tx) =>
      tx.run({
        text: 'delete from typestead_chat_entry where conversation = $1',
        values: [conversation],
      }),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer)
    await this.#batcher.drained()
  }

  async #write(puts: readonly Put[]): Promise<undefined[]> {
    await this.#ready()
    await this.#journal.transaction(async (tx) => {
      const run = this.#journal.database.callers(tx)
      // In the order of their names, so that no two processes wait for each other.
      for (const put of puts.toSorted((a, b) => compare(a.conversation, b.conversation))) {
        await this.#putOne(run, put)
      }
    })
    return puts.map(() => undefined)
  }

  async #putOne(tx: SqlRunner, { conversation, entry }: Put): Promise<void> {
    const now = this.#now()
    const [row] = await tx.run({
      text: `insert into typestead_chat (conversation, last, at) values ($1, 0, $2)
             on conflict (conversation) do update set at = $2 returning last`,
      values: [conversation, now],
    })
    const seq = Number(row?.[0]) + 1
    const put = await tx.run({
      text: `insert into typestead_chat_entry (conversation, seq, id, at, body) values ($1, $2, $3, $4, $5)
             on conflict (conversation, id) do nothing returning seq`,
      values: [conversation, seq, entry.id, now, JSON.stringify({ ...entry, format })],
    })
    if (put.length === 0) return
    await tx.run({
      text: 'update typestead_chat set last = $2 where conversation = $1',
      values: [conversation, seq],
    })
    await tx.run({
      text: 'delete from typestead_chat_entry where conversation = $1 and seq <= $2',
      values: [conversation, seq - mostKept],
    })
    if (this.#puts++ % 1_000 !== 0) return
    await tx.run({
      text: 'delete from typestead_chat_entry where at < $1',
      values: [now - lifetime],
    })
  }

  /** What other processes put into conversations that are watched here. */
  async #look(): Promise<void> {
    const watched = this.#watchers.conversations()
    this.#timer = undefined
    try {
      for (let at = 0; at < watched.length; at += 500) {
        const some = watched.slice(at, at + 500)
        const places = some.map((_, n) => `$${n + 1}`).join(', ')
        const rows = await this.#read(
          `select conversation, last from typestead_chat where conversation in (${places})`,
          some,
        )
        for (const [conversation, last] of rows) this.#saw(String(conversation), Number(last))
      }
    } catch {
      // The next look tells; whoever puts or reads is told now.
    }
    for (const conversation of this.#lastSeen.keys()) {
      if (!watched.includes(conversation)) this.#lastSeen.delete(conversation)
    }
    if (watched.length > 0) this.#timer ??= setTimeout(() => void this.#look(), this.#poll).unref()
  }

  #saw(conversation: string, last: number): void {
    if (this.#lastSeen.get(conversation) === last) return
    this.#lastSeen.set(conversation, last)
    this.#watchers.tell(conversation)
  }

  async #read(text: string, values: (string | number)[]): Promise<readonly (readonly unknown[])[]> {
    await this.#ready()
    return this.#journal.database.read({ text, values })
  }

  #ready(): Promise<void> {
    this.#tables ??= this.#makeTables().catch((error) => {
      this.#tables = undefined
      throw error
    })
    return this.#tables
  }

  /** Two processes may make them at the same time; the second finds them made. */
  async #makeTables(): Promise<void> {
    const make = () =>
      this.#journal.transaction(async (tx) => {
        for (const text of tables) await tx.run({ text, values: [] })
      })
    await make().catch(make)
  }
}

function readEntry(seq: number, body: string): NumberedEntry {
  const entry = fields(JSON.parse(body))
  if (entry.format !== format) {
    throw new BotError('FORMAT', 'a chat mailbox was written by a newer version of this package')
  }
  const { from, at } = entry
  return {
    seq,
    id: text(entry.id),
    from: from === 'visitor' || from === 'person' ? from : 'bot',
    texts: list(entry.texts).map(text),
    // Written by `put`, whose type they have.
    cards: list(entry.cards) as NumberedEntry['cards'],
    at: Number(at),
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
