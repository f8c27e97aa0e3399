/** Reading the change feed: see `outbox.ts` for why its order can be trusted. A cursor is the feed's name and an event's number. */
import type { Condition, EntityMeta, Values } from '@typestead/entity'
import type { Document } from 'mongodb'
import type { FeedQuery } from '../backend.ts'
import type { ChangeEvent, Cursor } from '../change-feed.ts'
import { StoreError } from '../errors.ts'
import { type MongoContext, settings } from './context.ts'
import { decodeKey, decodeNamed } from './documents.ts'
import { matching } from './evaluate.ts'
import type { Outbox, OutboxEvent } from './outbox.ts'
import type { ReadPath } from './resolve.ts'

/** While someone waits, the outbox's end is looked at this often, in milliseconds: other processes write too. */
const pollEvery = 25
/** And events left behind are looked for this often. */
const sweepEvery = 2_000

export class Feed {
  readonly #context: MongoContext
  readonly #read: ReadPath
  /** Where the last reader that found nothing stood. */
  #emptyAt = 0
  readonly #waiting = new Set<{ readonly from: number; readonly wake: () => void }>()
  #polling: Promise<void> | undefined
  #swept = 0

  constructor(context: MongoContext, read: ReadPath) {
    this.#context = context
    this.#read = read
    context.outbox.onAdvance(() => this.#wakeBefore(context.outbox.known))
  }

  get #outbox(): Outbox {
    return this.#context.outbox
  }

  async end(): Promise<Cursor> {
    const name = await this.#outbox.ready()
    return cursorOf(name, await this.#outbox.tail())
  }

  /** @throws {StoreError} `BAD_CURSOR` */
  async read({
    after,
    entities,
    limit,
  }: FeedQuery): Promise<{ events: ChangeEvent[]; next: Cursor }> {
    const name = await this.#outbox.ready()
    const from = numberOf(name, after)
    const found = (await this.#outbox
      .collection()
      .find({ _id: { $gt: from } } as Document, {
        ...settings(this.#context),
        readConcern: { level: 'majority' },
      })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray()) as unknown as OutboxEvent[]
    const [first] = found
    if (!first) {
      if (from > (await this.#outbox.tail())) throw badCursor()
      this.#emptyAt = from
      return { events: [], next: after }
    }
    // Numbers have no gaps, so events are missing only where they were removed for their age.
    if (first._id !== from + 1) throw badCursor()
    const events = await this.#seen(name, found, entities)
    return { events, next: cursorOf(name, found.at(-1)?._id ?? from) }
  }

  /** Resolves when there may be more than the reader found that came last. */
  async wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#outbox.known > this.#emptyAt) return
    await new Promise<void>((resolve) => {
      const waiter = { from: this.#emptyAt, wake: () => stop() }
      const timer = setTimeout(() => stop(), milliseconds)
      const stop = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', stop)
        this.#waiting.delete(waiter)
        resolve()
      }
      signal.addEventListener('abort', stop, { once: true })
      this.#waiting.add(waiter)
      this.#polling ??= this.#poll().finally(() => {
        this.#polling = undefined
      })
    })
  }

  /** Wakes everyone: the store is being closed. */
  async close(): Promise<void> {
    for (const waiter of [...this.#waiting]) waiter.wake()
    await this.#polling
  }

  async #poll(): Promise<void> {
    while (this.#waiting.size > 0) {
      try {
        if (Date.now() - this.#swept >= sweepEvery) {
          this.#swept = Date.now()
          await this.#outbox.sweep(false)
        }
        // The outbox calls back when this finds more.
        await this.#outbox.tail()
      } catch {
        // Readers try for themselves, and say what is wrong.
        for (const waiter of [...this.#waiting]) waiter.wake()
        return
      }
      if (this.#waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, pollEvery))
    }
  }

  #wakeBefore(tail: number): void {
    for (const waiter of [...this.#waiting]) if (waiter.from < tail) waiter.wake()
  }

  /** The events that may be seen, judged on the row that each carries. */
  async #seen(
    name: string,
    found: readonly OutboxEvent[],
    entities: FeedQuery['entities'],
  ): Promise<ChangeEvent[]> {
    const seen = new Map<number, ChangeEvent>()
    for (const [meta, condition] of entities) {
      const mine = found.filter((event) => event.entity === meta.name)
      const rows = mine.map((event) => rowOf(meta, event))
      const allowed = await this.#judged(meta, condition, rows)
      for (const [index, event] of mine.entries()) {
        if (!allowed[index]) continue
        const { _id, entity, op, at } = event
        const key = decodeKey(meta, event.key)
        seen.set(_id, { cursor: cursorOf(name, _id), entity, op, key, row: rows[index], at })
      }
    }
    return found.flatMap(({ _id }) => seen.get(_id) ?? [])
  }

  #judged(meta: EntityMeta, condition: Condition, rows: readonly Values[]): Promise<boolean[]> {
    return matching(this.#read, meta, condition, rows)
  }
}

/** The values that the event carries of what the entity has today. */
function rowOf(meta: EntityMeta, event: OutboxEvent): Values {
  const values: Values = {}
  for (const [name, value] of Object.entries(event.row)) {
    const known = meta.fields.has(name) || meta.relations.get(name)?.kind === 'belongsTo'
    if (known && !meta.fields.get(name)?.definition.secret)
      values[name] = decodeNamed(meta, name, value)
  }
  return values
}

function cursorOf(name: string, number: number): Cursor {
  // A cursor is text to everyone but this file.
  return `${name}.${number}` as Cursor
}

function numberOf(name: string, cursor: Cursor): number {
  const [, feed, digits] = /^([0-9a-f-]{36})\.(\d{1,15})$/.exec(String(cursor)) ?? []
  if (feed !== name) throw badCursor()
  return Number(digits)
}

function badCursor(): StoreError {
  return new StoreError(
    'BAD_CURSOR',
    'this cursor is not of this feed, or events after it were removed for their age (24 hours); read all rows again and go on from changesEnd()',
  )
}
