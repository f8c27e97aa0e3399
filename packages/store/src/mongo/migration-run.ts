/** Carrying out the steps of a migration. Each may find its work done already, wholly or in part, and then does the rest. */
import type { Change } from '@typestead/entity'
import type { AnyBulkWriteOperation, Document } from 'mongodb'
import { StoreError } from '../errors.ts'
import { type MongoContext, settings, stored } from './context.ts'
import { codeOf, isDuplicate, isNotImplemented, translate } from './errors.ts'
import { rowsOf } from './migration-precheck.ts'
import type { Step } from './migration-steps.ts'
import { rewrite } from './rewrite.ts'
import { validatorOf } from './validator.ts'

type Tell = (summary: string) => void

/** Every step but the last, which records the model. */
export async function runStep(context: MongoContext, step: Step, tell: Tell): Promise<void> {
  const { action } = step
  const { db, traits } = context
  switch (action.kind) {
    case 'create':
      await db.createCollection(action.table).catch(unlessExists)
      return
    case 'rename':
      await db.renameCollection(action.from, action.to).catch(unlessMissing)
      return
    case 'events':
      return renameEvents(context, action.changes)
    case 'relax':
      if (traits.validators)
        await modify(context, { collMod: action.table, validationLevel: 'off' })
      return
    case 'rewrite':
      return rewriteRows(context, step.summary, action.entity, action.changes, tell)
    case 'createIndex': {
      const { name, keys, unique, sparse } = action.index
      const options = { name, ...(unique ? { unique } : {}), ...(sparse ? { sparse } : {}) }
      await db.collection(action.table).createIndex(keys, options)
      return
    }
    case 'dropIndex':
      await db.collection(action.table).dropIndex(action.name).catch(unlessMissing)
      return
    case 'validate':
      if (traits.validators) {
        await modify(context, {
          collMod: action.table,
          validator: validatorOf(context.model.meta(action.entity)),
          validationLevel: 'strict',
          validationAction: 'error',
        })
      }
      return
    case 'drop':
      await db.dropCollection(action.table).catch(unlessMissing)
      return
    case 'record':
      throw new TypeError('the model is recorded by the migrator')
  }
}

/** What a failed step leaves, and what to do. */
export function stepFailed(step: Step, error: unknown): StoreError {
  const translated = translate(error)
  if (
    translated instanceof StoreError &&
    (translated.code === 'UNAVAILABLE' || translated.code === 'TIMEOUT')
  ) {
    return new StoreError(
      translated.code,
      `"${step.summary}" was broken off: ${translated.message}. Migrate again; what was done is skipped`,
      { cause: translated },
    )
  }
  const why = isDuplicate(error)
    ? 'rows share values that are to be unique'
    : translated instanceof Error
      ? translated.message
      : String(translated)
  return new StoreError(
    'MIGRATION_FAILED',
    `"${step.summary}" failed: ${why}. The stored model is still the old one; mend this and migrate again, what was done is skipped`,
    { cause: translated },
  )
}

/** 26 NamespaceNotFound, 27 IndexNotFound: an earlier try did it. */
export function unlessMissing(error: unknown): void {
  if (codeOf(error) !== 26 && codeOf(error) !== 27) throw error
}

/** 48 NamespaceExists. */
function unlessExists(error: unknown): void {
  if (codeOf(error) !== 48) throw error
}

/** A server that turns out to have no validators does without. */
async function modify(context: MongoContext, command: Document): Promise<void> {
  try {
    await context.db.command(command)
  } catch (error) {
    if (!isNotImplemented(error)) throw error
    context.traits.validators = false
  }
}

/** Writes each document that changes, on condition that it is the one read; those written meanwhile are read again. */
async function rewriteRows(
  context: MongoContext,
  summary: string,
  entity: string,
  changes: readonly Change[],
  tell: Tell,
): Promise<void> {
  const meta = context.model.meta(entity)
  const collection = context.db.collection(meta.table)
  const total = Number(await collection.countDocuments({}, settings(context)))
  for (let missed = 1; missed > 0; ) {
    missed = 0
    let done = 0
    let batch: AnyBulkWriteOperation<Document>[] = []
    const flush = async () => {
      if (batch.length === 0) return
      const operations = batch
      batch = []
      const result = await context.write(() => collection.bulkWrite(operations, settings(context)))
      missed += operations.length - Number(result.matchedCount)
      tell(`${summary} (${done} of ${total})`)
    }
    for await (const document of rowsOf(context, meta.table)) {
      done++
      const { changed, after } = rewrite(meta, changes, stored(document))
      if (!changed) continue
      const { _id, _rev } = document
      const replacement = { ...after, _rev: Number(_rev) + 1 }
      batch.push({ replaceOne: { filter: { _id, _rev }, replacement } })
      if (batch.length === context.traits.batch) await flush()
    }
    await flush()
  }
}

/** Events that lie in documents are told first, under the old names; then all are renamed. */
async function renameEvents(context: MongoContext, changes: readonly Change[]): Promise<void> {
  const { outbox } = context
  await outbox.sweep(true)
  await outbox.ready()
  for (const change of changes) {
    if (change.kind === 'renameEntity') {
      const update = { $set: { entity: change.after.name } }
      const old = { entity: change.before.name }
      await outbox.collection().updateMany(old, update, settings(context))
    } else if (change.kind === 'renameField' || change.kind === 'renameRelation') {
      const [from, to] = [`row.${change.before.name}`, `row.${change.after.name}`]
      const still = { entity: change.entity, [from]: { $exists: true } }
      await outbox.collection().updateMany(still, { $rename: { [from]: to } }, settings(context))
    }
  }
}
