/**
 * What would fail in a migration, found in the rows before anything is done: each document is rewritten in memory, and its
 * unique values are compared as they will be. Takes memory for the unique values of one entity at a time.
 */
import type { Change, Model } from '@typestead/entity'
import { StoreError } from '../errors.ts'
import { type MongoContext, settings, stored } from './context.ts'
import type { Step } from './migration-steps.ts'
import { countedUniques, rewrite } from './rewrite.ts'

/** @throws {StoreError} `MIGRATION_REFUSED` that names the entity and field, and no value */
export async function refuseRows(
  context: MongoContext,
  changes: readonly Change[],
  steps: readonly Step[],
): Promise<void> {
  for (const { action } of steps) {
    if (action.kind !== 'rewrite') continue
    const meta = context.model.meta(action.entity)
    const taken = new Set<string>()
    // Under the old name, or under the new one when an earlier try came that far.
    for (const table of new Set([tableBefore(context.model, changes, meta.name), meta.table])) {
      for await (const document of rowsOf(context, table)) {
        try {
          const { after } = rewrite(meta, action.changes, stored(document))
          for (const { names, text } of countedUniques(meta, after)) {
            const place = `${names.join('_')} ${text}`
            if (taken.has(place)) throw duplicates(meta.name, names)
            taken.add(place)
          }
        } catch (error) {
          throw refused(error)
        }
      }
    }
  }
}

/** The name that an entity's collection had before these changes. */
export function tableBefore(model: Model, changes: readonly Change[], entity: string): string {
  const renamed = changes.find(
    (change) => change.kind === 'renameEntity' && change.entity === entity,
  )
  return renamed?.kind === 'renameEntity' ? renamed.before.table : model.meta(entity).table
}

/** The documents that are or may become rows. */
export function rowsOf(context: MongoContext, table: string) {
  return context.db
    .collection(table)
    .find({ '_hidden.kind': { $ne: 'deleted' } }, settings(context))
    .sort({ _id: 1 })
    .batchSize(500)
}

function duplicates(entity: string, names: readonly string[]): StoreError {
  return new StoreError(
    'MIGRATION_REFUSED',
    `several rows of ${entity} have the same ${names.join(' and ')}, so it cannot be unique; change them first`,
    { entity, fields: names },
  )
}

function refused(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new StoreError('MIGRATION_REFUSED', message, { cause: error })
}
