/** What inserts, updates and deletes have in common: events, writes on condition of the revision, links, refusals. */
import { randomUUID } from 'node:crypto'
import {
  type Condition,
  type EntityMeta,
  storedNames,
  ValidationError,
  type Values,
} from '@typestead/entity'
import type { Document } from 'mongodb'
import { StoreError } from '../errors.ts'
import { keyText } from '../hydrate.ts'
import { collectionOf } from './context.ts'
import {
  encodeKey,
  encodeNamed,
  keyIn,
  type StoredDocument,
  type StoredEvent,
} from './documents.ts'
import { isDuplicate } from './errors.ts'
import { matching } from './evaluate.ts'
import { filterOf, visibleAnd } from './query.ts'
import { resolve } from './resolve.ts'
import type { MongoSession } from './session.ts'
import { conflict, conflictOf } from './unique-conflict.ts'

/** What the change feed will say of a write. */
export function eventOf(meta: EntityMeta, op: StoredEvent['op'], values: Values): StoredEvent {
  const open = storedNames(meta).filter((name) => !meta.fields.get(name)?.definition.secret)
  return {
    event: randomUUID(),
    entity: meta.name,
    op,
    key: encodeKey(meta, keyIn(meta, values)),
    row: Object.fromEntries(open.map((name) => [name, encodeNamed(meta, name, values[name])])),
    at: new Date(),
  }
}

/**
 * Writes `changes` and the event to the document, if it is still the one that was read; undefined when it is not.
 * @throws {StoreError} `CONFLICT`
 */
export async function revise(
  session: MongoSession,
  meta: EntityMeta,
  before: StoredDocument,
  changes: Readonly<Record<string, unknown>>,
  event: StoredEvent,
): Promise<StoredDocument | undefined> {
  const after: StoredDocument = {
    ...before,
    ...changes,
    _id: before._id,
    _rev: before._rev + 1,
    _events: [...(before._events ?? []), event],
    _pending: before._pending ?? event.at,
  }
  const collection = collectionOf(session.context, meta)
  for (let attempt = 0; ; attempt++) {
    try {
      // The whole document: FerretDB 1 takes { a: 1 } and { b: 1 } as equal in a $set, and leaves the old one.
      const { matchedCount } = await session.context.write(() =>
        collection.replaceOne(
          { _id: before._id, _rev: before._rev } as Document,
          after as Document,
          session.settings,
        ),
      )
      return Number(matchedCount) === 0 ? undefined : after
    } catch (error) {
      if (!isDuplicate(error)) throw error
      const refusal = await conflictOf(session, meta, after, error, false)
      if (refusal !== 'gone') throw refusal
      if (attempt >= 3) throw conflict(meta, [])
    }
  }
}

/**
 * Every link that is written leads to a row that is there and may be linked to; `rows` that are written together may link
 * to each other. Without a transaction the other row may still be deleted between this check and the write.
 * @throws {ValidationError} on the relation's path
 */
export async function checkLinks(
  session: MongoSession,
  meta: EntityMeta,
  rows: readonly Values[],
  linkable: ReadonlyMap<string, Condition>,
): Promise<void> {
  for (const relation of meta.relations.values()) {
    if (relation.kind !== 'belongsTo') continue
    const { name, target } = relation
    const links = rows.map((row) => row[name]).filter((link) => link !== null && link !== undefined)
    const missing = new Map(links.map((link) => [keyText(encodeKey(target, link)), link]))
    if (missing.size === 0) continue
    const allowed = linkable.get(name) ?? { op: 'always' as const }
    if (target === meta) {
      const seen = await matching(session.read, meta, allowed, rows)
      const fresh = rows.filter(
        (row, index) => seen[index] && Object.hasOwn(row, meta.key[0] as string),
      )
      for (const row of fresh) missing.delete(keyText(encodeKey(meta, keyIn(meta, row))))
    }
    if (missing.size === 0) continue
    const keys = {
      op: 'keyIn',
      keys: [...missing.values()].map((link) => encodeKey(target, link)),
    } as const
    const rule = filterOf(target, await resolve(session.read, target, allowed))
    const filter = visibleAnd(filterOf(target, keys), rule)
    const found = await session.read(target, filter, '_id', missing.size + 1)
    if (found.length < missing.size) {
      throw new ValidationError(
        [{ path: [name], message: `there is no such ${target.name}` }],
        meta.name,
      )
    }
  }
}

export function forbidden(meta: EntityMeta): StoreError {
  return new StoreError('FORBIDDEN', `a rule of ${meta.name} does not allow this`, {
    entity: meta.name,
  })
}
