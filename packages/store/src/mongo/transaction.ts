/** Transactions of a replica set: begun again when the server says so; what they wrote is told to the change feed after them. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EntityMeta } from '@typestead/entity'
import { type ClientSession, type Document, MongoError } from 'mongodb'
import type { TransactionOptions } from '../backend.ts'
import { StoreError } from '../errors.ts'
import { collectionOf } from './context.ts'
import type { StoredDocument } from './documents.ts'
import { guarded, isTransient } from './errors.ts'
import { MongoSession, type Running } from './session.ts'

/** @throws {StoreError} `CONFLICT` when others kept changing the same rows */
export async function runTransaction<R>(
  outer: MongoSession,
  work: (session: MongoSession) => Promise<R>,
  options: TransactionOptions,
): Promise<R> {
  if (outer.running) return joined(outer.running, () => work(outer))
  const retries = options.retries ?? 3
  for (let attempt = 0; ; attempt++) {
    try {
      return await begin(outer, work)
    } catch (error) {
      if (!isTransient(error)) throw error
      if (attempt >= retries) {
        throw new StoreError(
          'CONFLICT',
          'others changed the same rows at the same time; try again',
          { cause: error },
        )
      }
      // Those that got into each other's way come back at different times.
      await sleep(Math.random() * 20 * Math.min(attempt + 1, 10))
    }
  }
}

/** Every transaction sees one moment (`snapshot`), which is at least what each of the isolation levels asks for. */
async function begin<R>(
  outer: MongoSession,
  work: (session: MongoSession) => Promise<R>,
): Promise<R> {
  const { context } = outer
  const session = context.client.startSession()
  try {
    const running: Running = { session, told: [] }
    session.startTransaction({
      readConcern: { level: 'snapshot' },
      writeConcern: { w: 'majority' },
      readPreference: 'primary',
    })
    const result = await work(new MongoSession(context, running))
    if (running.broken !== undefined) throw running.broken
    await guarded(() => commit(session))
    await new MongoSession(context).tell(running.told)
    return result
  } catch (error) {
    // The first error is the one that matters; a transaction whose client is gone ends by itself.
    if (session.inTransaction()) await session.abortTransaction().catch(() => {})
    throw error
  } finally {
    await session.endSession()
  }
}

/** A commit whose answer was lost may be sent again: the server knows what it did. */
async function commit(session: ClientSession): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await session.commitTransaction()
      return
    } catch (error) {
      const unknown =
        error instanceof MongoError && error.hasErrorLabel('UnknownTransactionCommitResult')
      if (!unknown || attempt >= 3) throw error
    }
  }
}

/** MongoDB has no savepoints: a transaction inside another is part of it, and when it fails the whole fails. */
async function joined<R>(running: Running, work: () => Promise<R>): Promise<R> {
  try {
    return await work()
  } catch (error) {
    running.broken = new StoreError(
      'UNSUPPORTED',
      'a transaction inside this one failed, and MongoDB has no savepoints to go back to; let the error pass',
      { cause: error },
    )
    throw error
  }
}

/** Writes to the rows, so that another transaction that writes to them fails and begins again. */
export async function lockRows(
  session: MongoSession,
  meta: EntityMeta,
  documents: readonly StoredDocument[],
): Promise<void> {
  if (documents.length === 0) return
  const ids = documents.map((document) => document._id)
  await collectionOf(session.context, meta).updateMany(
    { _id: { $in: ids } } as Document,
    { $currentDate: { _locked: true } },
    session.settings,
  )
}
