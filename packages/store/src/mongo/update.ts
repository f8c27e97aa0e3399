/**
 * Updates: the rows are read, rules and the optimistic lock are judged on what was read, and each document is written on
 * condition that it still is the one read. One that changed in between is read and judged again.
 */
import { and, type EntityMeta, storedNames, type Values } from '@typestead/entity'
import type { Document } from 'mongodb'
import type { Update } from '../backend.ts'
import { StoreError } from '../errors.ts'
import { collectionOf } from './context.ts'
import {
  companions,
  decodeNamed,
  encodeNamed,
  fromDocument,
  type StoredDocument,
} from './documents.ts'
import { matching } from './evaluate.ts'
import type { Filter } from './query.ts'
import type { MongoSession } from './session.ts'
import { checkLinks, eventOf, forbidden, revise } from './write.ts'

interface Planned {
  readonly document: StoredDocument
  readonly after: Values
}

interface Written extends Planned {
  readonly written: StoredDocument
}

/**
 * The rows as they are afterwards.
 * @throws {StoreError} `FORBIDDEN`, `STALE`, `CONFLICT`; then no row was changed
 */
export async function updateRows(session: MongoSession, update: Update): Promise<Values[]> {
  const { meta } = update
  const started = performance.now()
  const done: Written[] = []
  let only: Filter = {}
  try {
    for (;;) {
      const planned = await plan(session, update, only)
      const missed: Planned[] = []
      for (const one of planned) {
        const event = eventOf(meta, update.event, one.after)
        const written = await revise(
          session,
          meta,
          one.document,
          changesOf(update, one.after),
          event,
        )
        if (written) done.push({ ...one, written })
        else missed.push(one)
      }
      if (missed.length === 0) break
      if (performance.now() - started > session.context.statementTimeout)
        throw new StoreError('TIMEOUT', 'others kept changing the same rows; try again')
      only = { _id: { $in: missed.map(({ document }) => document._id) } }
    }
  } catch (error) {
    // When even this fails the database is gone, and the first error tells why.
    await undo(session, meta, done).catch(() => {})
    throw error
  }
  await session.tell(done.map(({ written }) => ({ meta, document: written })))
  return done.map(({ after }) => after)
}

/** What is to be written, judged as the rows are now. */
async function plan(session: MongoSession, update: Update, only: Filter): Promise<Planned[]> {
  const { meta, values, version } = update
  const names = storedNames(meta)
  const documents = await session.documents(meta, and([update.where, update.visible]), only)
  if (documents.length === 0) return []
  const before = documents.map((document) => fromDocument(meta, document, names))
  const allowed = await matching(session.read, meta, update.allowed, before)
  // Why a single row is not written: in the order in which PostgreSQL's side asks.
  await checkLinks(session, meta, [values], update.linkable)
  if (update.single) {
    const [row] = before
    if (version?.expected !== undefined && row?.[version.field] !== version.expected)
      throw stale(meta)
    if (!allowed[0]) throw forbidden(meta)
  }
  const planned = documents.flatMap((document, index): Planned[] => {
    if (!allowed[index]) return []
    const row = before[index] as Values
    const after = { ...row }
    // As they will be read.
    for (const name of Object.keys(values))
      after[name] = decodeNamed(meta, name, encodeNamed(meta, name, values[name]))
    if (version) after[version.field] = Number(row[version.field]) + 1
    return [{ document, after }]
  })
  if (update.allowedAfter) {
    const still = await matching(
      session.read,
      meta,
      update.allowedAfter,
      planned.map(({ after }) => after),
    )
    if (still.includes(false)) throw forbidden(meta)
  }
  return planned
}

function changesOf(update: Update, after: Values): Record<string, unknown> {
  const { meta, values, version } = update
  const names = new Set([...Object.keys(values), ...(version ? [version.field] : [])])
  const changes = [...names].map((name) => [name, encodeNamed(meta, name, after[name])] as const)
  return { ...Object.fromEntries(changes), ...companions(meta, after) }
}

/**
 * Puts back what this update changed before it failed. In a transaction the server does so. Without one, a row that someone
 * else changed meanwhile stays as they left it, and a feed may have been told of a change that was put back.
 */
async function undo(
  session: MongoSession,
  meta: EntityMeta,
  done: readonly Written[],
): Promise<void> {
  if (session.running) return
  for (const { document, written } of done) {
    const now = { ...document, _rev: written._rev + 1 } as StoredDocument
    await session.context.write(() =>
      collectionOf(session.context, meta).replaceOne(
        { _id: document._id, _rev: written._rev } as Document,
        now as Document,
        session.settings,
      ),
    )
  }
}

function stale(meta: EntityMeta): StoreError {
  return new StoreError('STALE', `this ${meta.name} was changed by someone else; read it again`, {
    entity: meta.name,
  })
}
