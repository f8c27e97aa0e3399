/** The part of the plan that bots see: slot types and vocabularies whose values are a field that is renamed, gone, or no text any more. */
import type { BotDefinition } from '@typestead/bot'
import type { Change } from '@typestead/entity'
import { metaOf, problemOf, type ValueReader, valueReaders } from '../bots/value-readers.ts'
import type { AppConfig } from '../config/define-config.ts'
import type { PlanConsumer, PlanContext, PlanEffect } from './consumer.ts'

/** @param define the app's bots; may ask the database, whose tables are not yet as the classes say */
export function slotTypeConsumer(
  { nlu }: Pick<AppConfig, 'nlu'>,
  define: () => Promise<readonly BotDefinition[]>,
): PlanConsumer {
  return {
    name: 'Slot types',
    async effects(context) {
      const { definitions, problem } = await asked(define)
      const { readers } = valueReaders({ vocabularies: nlu?.vocabularies, definitions })
      const effects = readers.flatMap((reader) => effectsOf(reader, context))
      if (problem === undefined || context.changes.length === 0) return effects
      const summary = `the bots could not be asked what their slot types read: ${problem}`
      return [...effects, { summary, severity: 'dangerous' }]
    },
  }
}

async function asked(define: () => Promise<readonly BotDefinition[]>): Promise<{
  readonly definitions: readonly BotDefinition[]
  readonly problem?: string
}> {
  try {
    return { definitions: await define() }
  } catch (error) {
    return { definitions: [], problem: error instanceof Error ? error.message : String(error) }
  }
}

function effectsOf(reader: ValueReader, { model, changes }: PlanContext): readonly PlanEffect[] {
  const meta = metaOf(model.metas, reader.entity)
  const place = `${meta?.name ?? reader.entityName}.${reader.field}`
  const problem = problemOf(model.metas, reader)
  if (problem === undefined) {
    const before = earlierName(reader, meta?.name, changes)
    if (before === undefined) return []
    const summary = `${reader.what} reads ${place}, which was ${before}`
    return [{ ...entityOf(meta?.name), summary, severity: 'safe' }]
  }
  const { reason, detail } = explained(reader, problem, changes)
  const summary = `${reader.what} reads ${place}, ${reason}`
  return [{ ...entityOf(meta?.name), summary, detail, severity: 'blocked' }]
}

function entityOf(entity: string | undefined): { readonly entity?: string } {
  return entity === undefined ? {} : { entity }
}

/** What the place was called, where the plan renames it. */
function earlierName(
  { field }: ValueReader,
  entity: string | undefined,
  changes: readonly Change[],
): string | undefined {
  let before: string | undefined
  for (const change of changes) {
    if (change.entity !== entity) continue
    if (change.kind === 'renameField' && change.after.name === field)
      before = `${entity}.${change.before.name}`
    if (change.kind === 'renameEntity') before ??= `${change.before.name}.${field}`
  }
  return before
}

/** Why it can't be read any more, and what to write. */
function explained(
  { entityName, field, path }: ValueReader,
  problem: string,
  changes: readonly Change[],
): { readonly reason: string; readonly detail: string } {
  for (const change of changes) {
    if (change.kind === 'renameEntity' && change.before.name === entityName) {
      const { name } = change.after
      return { reason: `which is ${name} now`, detail: `write entity: ${name} at ${path}` }
    }
    if (change.kind === 'dropEntity' && change.before.name === entityName)
      return { reason: 'which is gone', detail: `take it away at ${path}, or read another entity` }
    if (change.entity !== entityName) continue
    if (change.kind === 'renameField' && change.before.name === field) {
      const { name } = change.after
      return {
        reason: `which is ${entityName}.${name} now`,
        detail: `write field: '${name}' at ${path}`,
      }
    }
    if (change.kind === 'dropField' && change.before.name === field)
      return { reason: 'which is gone', detail: `read another field at ${path}` }
    if (change.kind === 'changeField' && change.after.name === field)
      return {
        reason: 'which is no text that may be seen any more',
        detail: `read another field at ${path}`,
      }
  }
  return { reason: 'which cannot be read', detail: `${problem}: see ${path}` }
}
