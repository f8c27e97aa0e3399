/**
 * The change feed's outbox. A write of a document carries its event inside the document, so both are there or neither is,
 * without transactions. A relay then copies events into the collection `typestead_outbox` and takes them out of the
 * document; whoever finds an event left behind by a killed process does the same.
 *
 * Order: an event's `_id` is its number in the feed, and a relay inserts at (number of the newest) + 1. Of two that try the same
 * number, the unique `_id` lets one through and the other looks again. So an event is only ever added after the newest that
 * exists, there are no gaps, and a reader that has seen number n never misses one that comes to lie before it. No lease, no
 * clock and no counter is needed, and a relay that sleeps in the middle and wakes an hour later does no harm.
 * A write is acknowledged after its event lies in the outbox; a write begun then comes later in the feed.
 * Events of one document keep their order, since a write is made on the revision it read and relays what that still held.
 * Once: `event` is unique in the outbox, so an event relayed twice enters it once.
 *
 * What a killed process leaves, and who repairs it (each at connect, and while a feed is being read):
 * - killed after the document's write: the event lies in the document. `sweep` relays it.
 * - killed after the outbox's insert: the event lies in both. `sweep` relays it again (nothing happens) and takes it out.
 * - killed before a marked document was removed: it is invisible already. `sweep` relays its event and removes it.
 * - killed while a batch was being inserted: its rows are invisible. With the batch's commit record, `sweep` shows them;
 *   without it, it removes them once they are older than `abandonedAfter`.
 */
import { randomUUID } from 'node:crypto'
import type { EntityMeta, Model } from '@typestead/entity'
import type { Collection, Db, Document } from 'mongodb'
import { type MongoContext, settings, stored } from './context.ts'
import type { StoredDocument, StoredEvent } from './documents.ts'
import { isDuplicate } from './errors.ts'

/** A document that was written, with what it still has to tell. */
export interface Told {
  readonly meta: EntityMeta
  readonly document: StoredDocument
}

export interface OutboxEvent extends StoredEvent {
  /** The number in the feed. */
  readonly _id: number
}

/** Milliseconds after which a batch that was not committed is taken to be its writer's last. */
export const abandonedAfter = 60_000
/** Milliseconds that a writer is given to relay its own events before others do. */
const grace = 2_000
/** Events are kept this long, in milliseconds: 24 hours. A reader that comes later is told so. */
const keptFor = 24 * 3_600_000
/** After this many events that this process told, old ones are removed. */
const trimAfter = 1_000

export class Outbox {
  readonly #db: Db
  readonly #model: Model
  readonly #write: MongoContext['write']
  readonly #timeout: number
  readonly #at: MongoContext['at']
  #ready: Promise<string> | undefined
  #queue: { told: readonly Told[]; done: (error?: unknown) => void }[] = []
  #draining: Promise<void> | undefined
  /** The highest number known to be taken; others may have gone further. */
  #tail = 0
  #toldSinceTrim = 0
  readonly #listeners = new Set<() => void>()
  /** Removing told events goes on after the write was acknowledged. */
  readonly #background = new Set<Promise<unknown>>()

  constructor(context: Pick<MongoContext, 'db' | 'model' | 'write' | 'statementTimeout' | 'at'>) {
    this.#db = context.db
    this.#model = context.model
    this.#write = context.write
    this.#timeout = context.statementTimeout
    this.#at = context.at
  }

  /** Resolves when all events of these documents lie in the outbox, and the deleted ones are gone. */
  async relay(told: readonly Told[]): Promise<void> {
    if (told.length === 0) return
    const done = new Promise<void>((resolve, reject) => {
      this.#queue.push({ told, done: (error) => (error === undefined ? resolve() : reject(error)) })
    })
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined
    })
    await done
  }

  /** Relays what killed or disconnected writers left behind. With `all`, also what may still be on its way. */
  async sweep(all: boolean): Promise<void> {
    const pending = all ? { $exists: true } : { $lte: new Date(Date.now() - grace) }
    for (const meta of this.#model.metas) {
      const left = this.#db
        .collection(meta.table)
        .find({ _pending: pending }, this.#settings())
        .batchSize(200)
      for await (const document of left) await this.recover(meta, stored(document))
    }
  }

  /** Brings one document that was left in the middle of a write to its end. */
  async recover(meta: EntityMeta, document: StoredDocument): Promise<void> {
    const hidden = document._hidden
    if (hidden?.kind !== 'staged') return this.relay([{ meta, document }])
    const committed = await this.batches().findOne({ _id: hidden.batch as never }, this.#settings())
    const collection = this.#db.collection(meta.table)
    const mine = { _id: document._id, '_hidden.batch': hidden.batch } as Document
    if (committed) {
      await this.#write(() =>
        collection.updateOne(mine, { $unset: { _hidden: '' } }, this.#settings()),
      )
      const { _hidden, ...shown } = document
      return this.relay([{ meta, document: shown as StoredDocument }])
    }
    if (Date.now() - hidden.at.getTime() > abandonedAfter)
      await this.#write(() => collection.deleteOne(mine, this.#settings()))
  }

  /** Records of batches whose rows are all inserted. */
  batches(): Collection<Document> {
    return this.#db.collection('typestead_batches')
  }

  collection(): Collection<Document> {
    return this.#db.collection('typestead_outbox')
  }

  /** The feed's name: another one after the store was reset. Makes the outbox when it is not there. */
  ready(): Promise<string> {
    this.#ready ??= this.#make().catch((error) => {
      this.#ready = undefined
      throw error
    })
    return this.#ready
  }

  /** The number of the newest event; 0 when there is none. */
  async tail(): Promise<number> {
    await this.ready()
    const newest = await this.collection()
      .find({}, { ...this.#settings(), readConcern: { level: 'majority' } })
      .sort({ _id: -1 })
      .limit(1)
      .project({ _id: 1 })
      .next()
    const tail = Number(newest?._id ?? 0)
    this.#advance(tail)
    return tail
  }

  /** Calls back when this process learns of newer events. */
  onAdvance(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The newest number that this process knows of. */
  get known(): number {
    return this.#tail
  }

  /** Forgets the collection, which was dropped. */
  forget(): void {
    this.#ready = undefined
    this.#tail = 0
  }

  /** Removes events that are older than the time they are kept, but never the newest: it is where numbers go on. */
  async trim(): Promise<void> {
    const newest = await this.tail()
    await this.collection().deleteMany(
      { _id: { $gt: 0, $lt: newest }, at: { $lt: new Date(Date.now() - keptFor) } } as Document,
      this.#settings(),
    )
  }

  /** Resolves when nothing is on its way any more. */
  async settled(): Promise<void> {
    while (this.#draining || this.#background.size > 0) {
      await Promise.allSettled([this.#draining, ...this.#background])
    }
  }

  async #make(): Promise<string> {
    await this.collection().createIndex({ event: 1 }, { unique: true, name: 'event' })
    const head = { _id: 0, event: randomUUID(), at: new Date() }
    try {
      await this.collection().insertOne(head as Document)
      return head.event
    } catch (error) {
      if (!isDuplicate(error)) throw error
      const there = await this.collection().findOne({ _id: 0 as never }, this.#settings())
      return String(there?.event)
    }
  }

  /** One relay at a time in a process: what comes meanwhile goes together. */
  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue
      this.#queue = []
      const told = batch.flatMap((one) => one.told)
      try {
        await this.ready()
        await this.#insert(told.flatMap(({ document }) => document._events ?? []))
        await this.#at('relayed')
        await this.#clear(told.filter(({ document }) => document._hidden?.kind === 'deleted'))
        for (const one of batch) one.done()
      } catch (error) {
        for (const one of batch) one.done(error)
        continue
      }
      this.#later(this.#clear(told.filter(({ document }) => document._hidden === undefined)))
      this.#toldSinceTrim += told.length
      if (this.#toldSinceTrim < trimAfter) continue
      this.#toldSinceTrim = 0
      this.#later(this.trim())
    }
  }

  async #insert(events: readonly StoredEvent[]): Promise<void> {
    let rest = [...new Map(events.map((event) => [event.event, event])).values()]
    let tail = this.#tail
    while (rest.length > 0) {
      const numbered = rest.map((event, index) => ({ _id: tail + 1 + index, ...event }))
      let inserted = 0
      try {
        await this.collection().insertMany(numbered as Document[], { ordered: true })
        inserted = numbered.length
      } catch (error) {
        if (!isDuplicate(error)) throw error
        // The event itself, or the number? In order, so everything before the refused one is in.
        const known = await this.collection()
          .find({ event: { $in: rest.map(({ event }) => event) } }, this.#settings())
          .project({ _id: 1, event: 1 })
          .toArray()
        const there = new Set(known.map(({ event }) => event))
        rest = rest.filter(({ event }) => !there.has(event))
        tail = await this.tail()
        continue
      }
      tail += inserted
      rest = rest.slice(inserted)
    }
    this.#advance(tail)
  }

  /** Takes told events out of documents that nobody wrote since; who did will tell them again and take them out. */
  async #clear(told: readonly Told[]): Promise<void> {
    const groups = Map.groupBy(told, ({ meta, document }) => {
      return `${meta.name} ${document._rev} ${document._hidden?.kind}`
    })
    for (const [first, ...others] of groups.values()) {
      if (!first) continue
      const { meta, document } = first
      const collection = this.#db.collection(meta.table)
      const ids = [first, ...others].map((one) => one.document._id)
      const unchanged = { _id: { $in: ids }, _rev: document._rev } as Document
      const update = { $unset: { _events: '', _pending: '' } }
      await this.#write(async () => {
        if (document._hidden) await collection.deleteMany(unchanged, this.#settings())
        else await collection.updateMany(unchanged, update, this.#settings())
      })
    }
  }

  #advance(tail: number): void {
    if (tail <= this.#tail) return
    this.#tail = tail
    for (const listener of this.#listeners) listener()
  }

  /** A failure here loses nothing: the events are found again by the next sweep. */
  #later(work: Promise<unknown>): void {
    const settled = work.catch(() => {}).finally(() => this.#background.delete(settled))
    this.#background.add(settled)
  }

  #settings(): { readonly maxTimeMS: number } {
    return settings({ statementTimeout: this.#timeout })
  }
}
