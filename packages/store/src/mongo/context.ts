/** What all of one open MongoDB store shares, and the writes of documents, which some servers want one at a time. */
import type { EntityMeta, Model } from '@typestead/entity'
import type { ClientSession, Collection, Db, Document, MongoClient } from 'mongodb'
import type { StoredDocument } from './documents.ts'
import type { Outbox } from './outbox.ts'

/** What differs between servers that speak MongoDB's protocol; asked at connect. */
export interface ServerTraits {
  /** A replica set or a sharded cluster. */
  readonly transactions: boolean
  /** False once the server said that it has no `$jsonSchema` validators. */
  validators: boolean
  /** One update of one document is not disturbed by another (FerretDB 1 on SQLite loses one of two). */
  readonly atomicUpdates: boolean
  /** Updates that one command may hold (FerretDB 1 on SQLite stops answering somewhere above 60). */
  readonly batch: number
}

/** Where a process can die; tests do so there. */
export type CrashPoint = 'staged' | 'committed' | 'written' | 'relayed' | 'migrating'

export interface MongoContext {
  readonly client: MongoClient
  readonly db: Db
  readonly model: Model
  readonly traits: ServerTraits
  /** Milliseconds. */
  readonly statementTimeout: number
  readonly outbox: Outbox
  /** Runs one command that changes documents. */
  readonly write: <R>(command: () => Promise<R>) => Promise<R>
  readonly at: (point: CrashPoint) => Promise<void> | void
}

export function collectionOf(context: MongoContext, meta: EntityMeta): Collection<Document> {
  return context.db.collection(meta.table)
}

/** The options of every operation. */
export function settings(
  context: Pick<MongoContext, 'statementTimeout'>,
  session?: ClientSession,
): { readonly maxTimeMS: number; readonly session?: ClientSession } {
  return { maxTimeMS: context.statementTimeout, ...(session ? { session } : {}) }
}

/** What the driver gives is a document of ours: only this package writes these collections. */
export function stored(document: Document): StoredDocument {
  return document as StoredDocument
}

/** Everything that is given to it runs one after the other; a failure is its caller's alone. */
export function inTurn(): <R>(work: () => Promise<R>) => Promise<R> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }
}

const turns = new Map<string, ReturnType<typeof inTurn>>()

/** One queue for each server, whichever store in this process writes to it. */
export function turnsOf(server: string): ReturnType<typeof inTurn> {
  const known = turns.get(server) ?? inTurn()
  turns.set(server, known)
  return known
}
