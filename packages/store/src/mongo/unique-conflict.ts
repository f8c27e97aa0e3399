/**
 * Which unique group a refused write clashed in. MongoDB names the index, FerretDB nothing, and inside a transaction that
 * was aborted by the refusal nothing can be asked; so first the server's word, then a look for the other row.
 */
import type { EntityMeta } from '@typestead/entity'
import { type Document, MongoServerError } from 'mongodb'
import { StoreError } from '../errors.ts'
import { collectionOf, settings, stored } from './context.ts'
import { type StoredDocument, uniqueGroups } from './documents.ts'
import { abandonedAfter } from './outbox.ts'
import type { MongoSession } from './session.ts'

/** `'gone'` when what was in the way is no row, and is out of the way now: try again. */
export async function conflictOf(
  session: MongoSession,
  meta: EntityMeta,
  document: StoredDocument,
  error: unknown,
  inserting: boolean,
): Promise<StoreError | 'gone'> {
  const { context, running } = session
  const named = namedBy(meta, error)
  if (running) return conflict(meta, named ?? [])
  const collection = collectionOf(context, meta)
  const places = [
    ...(inserting ? [{ fields: meta.key, filter: { _id: document._id } }] : []),
    ...uniqueGroups(meta).map(({ name, fields }) => ({
      fields,
      filter: { [`_unique.${name}`]: document._unique?.[name], _id: { $ne: document._id } },
    })),
  ]
  for (const { fields, filter } of places) {
    const found = await collection.findOne(filter as Document, settings(context))
    if (!found) continue
    const other = stored(found)
    if (!isAbandoned(other)) return conflict(meta, fields)
    await context.outbox.recover(meta, other)
    return 'gone'
  }
  return named ? conflict(meta, named) : 'gone'
}

/** "… index: unique_email dup key: …": bulk writes carry the index in their message alone. */
function namedBy(meta: EntityMeta, error: unknown): readonly string[] | undefined {
  const message = error instanceof MongoServerError ? error.message : ''
  const [, index] = /\bindex: (\S+) dup key/.exec(message) ?? []
  if (index === '_id_') return meta.key
  return uniqueGroups(meta).find(({ name }) => index === `unique_${name}`)?.fields
}

/** Left by a writer that was killed, or about to go. */
function isAbandoned({ _hidden }: StoredDocument): boolean {
  if (_hidden === undefined) return false
  return _hidden.kind === 'deleted' || Date.now() - _hidden.at.getTime() > abandonedAfter
}

export function conflict(meta: EntityMeta, fields: readonly string[]): StoreError {
  const message =
    fields.length === 0
      ? `a ${meta.name} with the same unique values exists already`
      : `a ${meta.name} with this ${fields.join(' and ')} exists already`
  return new StoreError('CONFLICT', message, { entity: meta.name, fields })
}
