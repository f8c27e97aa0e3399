/** A new row, or an update of the one that has the same unique values; whoever comes between makes it look again. */
import {
  and,
  type Condition,
  type EntityMeta,
  storedNames,
  ValidationError,
  type Values,
} from '@typestead/entity'
import type { Update, Upsert } from '../backend.ts'
import { StoreError } from '../errors.ts'
import { fromDocument } from './documents.ts'
import { matching } from './evaluate.ts'
import { insertRows } from './insert.ts'
import type { MongoSession } from './session.ts'
import { updateRows } from './update.ts'
import { forbidden } from './write.ts'

export async function upsertRow(session: MongoSession, upsert: Upsert): Promise<Values> {
  const { meta, by, rows } = upsert
  const given = rows[0] as Values
  const same = and([...by.map((name) => equal(meta, name, given[name])), upsert.live])
  // A null is equal to nothing: there is no row to update.
  const findable = by.every((name) => given[name] !== null && given[name] !== undefined)
  for (let attempt = 0; ; attempt++) {
    const [document] = findable ? await session.documents(meta, same) : []
    if (document) {
      const row = fromDocument(meta, document, storedNames(meta))
      const [updatable] = await matching(session.read, meta, upsert.updatable, [row])
      if (!updatable) throw forbidden(meta)
      if (Object.keys(upsert.update).length === 0) return row
      const [written] = await updateRows(session, updateOf(upsert, same))
      if (written) return written
    } else {
      try {
        return (await insertRows(session, upsert))[0] as Values
      } catch (error) {
        const raced =
          findable &&
          error instanceof StoreError &&
          error.code === 'CONFLICT' &&
          error.fields?.join() === by.join()
        if (!raced || attempt >= 5 || session.running) throw error
      }
    }
    if (attempt >= 20)
      throw new StoreError('STALE', `this ${meta.name} kept changing; try again`, {
        entity: meta.name,
      })
  }
}

function updateOf(upsert: Upsert, where: Condition): Update {
  const { meta, update, version, updatable, allowedAfter, linkable } = upsert
  return {
    meta,
    where,
    values: update,
    visible: { op: 'always' },
    allowed: updatable,
    linkable,
    single: true,
    event: 'update',
    ...(allowedAfter === undefined ? {} : { allowedAfter }),
    ...(version === undefined ? {} : { version: { field: version } }),
  }
}

function equal(meta: EntityMeta, name: string, value: unknown): Condition {
  const relation = meta.relations.get(name)
  if (relation) return { op: 'key', relation, operator: 'eq', value }
  const definition = meta.fields.get(name)?.definition
  if (!definition)
    throw new ValidationError(
      [{ path: ['by'], message: `${meta.name} has no field "${name}"` }],
      'upsert',
    )
  return {
    op: 'compare',
    field: name,
    path: [],
    definition,
    operator: 'eq',
    value,
    ignoreCase: false,
  }
}
