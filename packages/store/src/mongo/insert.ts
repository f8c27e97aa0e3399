/**
 * New rows, all or none. Where the server has no transactions, several rows are inserted hidden, as a batch; the record that
 * says the batch is complete is the moment from which they are there, whatever happens to the process afterwards, and then
 * they are shown. Other readers may see the first of them a moment before the last.
 */
import { randomUUID } from 'node:crypto'
import { type EntityMeta, storedNames, type Values } from '@typestead/entity'
import { type Document, MongoBulkWriteError } from 'mongodb'
import type { Insert } from '../backend.ts'
import { StoreError } from '../errors.ts'
import { collectionOf } from './context.ts'
import { fromDocument, type Hidden, type StoredDocument, toDocument } from './documents.ts'
import { isDuplicate } from './errors.ts'
import { matching } from './evaluate.ts'
import { abandonedAfter } from './outbox.ts'
import type { MongoSession } from './session.ts'
import { conflict, conflictOf } from './unique-conflict.ts'
import { checkLinks, eventOf, forbidden } from './write.ts'

/**
 * @throws {ValidationError} for a link to no row
 * @throws {StoreError} `CONFLICT`, `FORBIDDEN`
 */
export async function insertRows(session: MongoSession, insert: Insert): Promise<Values[]> {
  const { meta, rows } = insert
  if (rows.length === 0) return []
  const documents = rows.map((row) => toDocument(meta, row))
  const names = storedNames(meta)
  // What is written is what is returned: the values as they will be read.
  const values = documents.map((document) => fromDocument(meta, document, names))
  await checkLinks(session, meta, values, insert.linkable)
  const allowed = await matching(session.read, meta, insert.allowed, values)
  if (allowed.includes(false)) throw forbidden(meta)
  const told = documents.map((document, index): StoredDocument => {
    const event = eventOf(meta, 'create', values[index] as Values)
    return { ...document, _events: [event], _pending: event.at }
  })
  if (told.length === 1 || session.running) await insertPlain(session, meta, told)
  else if (session.context.traits.transactions)
    await session.atomic((inside) => insertPlain(inside, meta, told))
  else await insertBatch(session, meta, told)
  return values
}

async function insertPlain(
  session: MongoSession,
  meta: EntityMeta,
  documents: readonly StoredDocument[],
): Promise<void> {
  await insertDocuments(session, meta, documents)
  await session.tell(documents.map((document) => ({ meta, document })))
}

async function insertBatch(
  session: MongoSession,
  meta: EntityMeta,
  documents: readonly StoredDocument[],
): Promise<void> {
  const { context, settings } = session
  const started = performance.now()
  const batch = randomUUID()
  const hidden: Hidden = { kind: 'staged', batch, at: new Date() }
  const collection = collectionOf(context, meta)
  const mine = { '_hidden.batch': batch }
  try {
    await insertDocuments(
      session,
      meta,
      documents.map((document) => ({ ...document, _hidden: hidden })),
    )
    await context.at('staged')
    if (performance.now() - started > abandonedAfter / 2) {
      throw new StoreError(
        'TIMEOUT',
        `inserting ${documents.length} rows took too long; insert them in smaller groups`,
        {
          entity: meta.name,
        },
      )
    }
    await context.outbox
      .batches()
      .insertOne({ _id: batch as never, entity: meta.name, at: hidden.at })
  } catch (error) {
    await context.write(() => collection.deleteMany(mine as Document, settings))
    throw error
  }
  await context.at('committed')
  await context.write(() =>
    collection.updateMany(mine as Document, { $unset: { _hidden: '' } }, settings),
  )
  await session.tell(documents.map((document) => ({ meta, document })))
  await context.outbox.batches().deleteOne({ _id: batch as never }, settings)
}

/** Inserts in order; a document whose place is held by what is no row any more is tried again. */
async function insertDocuments(
  session: MongoSession,
  meta: EntityMeta,
  documents: readonly StoredDocument[],
): Promise<void> {
  const collection = collectionOf(session.context, meta)
  let rest = documents
  for (let attempt = 0; rest.length > 0; attempt++) {
    try {
      if (rest.length === 1) await collection.insertOne(rest[0] as Document, session.settings)
      else
        await collection.insertMany(rest as readonly Document[], {
          ...session.settings,
          ordered: true,
        })
      return
    } catch (error) {
      if (!isDuplicate(error)) throw error
      const at = error instanceof MongoBulkWriteError ? refusedAt(error) : 0
      const refusal = await conflictOf(session, meta, rest[at] as StoredDocument, error, true)
      if (refusal !== 'gone') throw refusal
      if (attempt >= 3) throw conflict(meta, [])
      rest = rest.slice(at)
    }
  }
}

/** The index of the document that an ordered insert stopped at. */
function refusedAt(error: MongoBulkWriteError): number {
  const [first] = [error.writeErrors].flat()
  return first?.index ?? 0
}
