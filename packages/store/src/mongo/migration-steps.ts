/** A migration as steps: pure, from two models and what the server can do. Each step may be run again. */
import type { Change, EntityDescriptor, Model, ModelDescriptor } from '@typestead/entity'
import type { MigrationStep } from '../backend.ts'
import { type IndexSpec, indexesOf } from './indexes.ts'
import { touchesDocuments } from './rewrite.ts'
import { validatorOf } from './validator.ts'

export type Action =
  | { readonly kind: 'create' | 'relax' | 'drop'; readonly table: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'rewrite'; readonly entity: string; readonly changes: readonly Change[] }
  | { readonly kind: 'events'; readonly changes: readonly Change[] }
  | { readonly kind: 'createIndex'; readonly table: string; readonly index: IndexSpec }
  | { readonly kind: 'dropIndex'; readonly table: string; readonly name: string }
  | { readonly kind: 'validate'; readonly entity: string; readonly table: string }
  | { readonly kind: 'record' }

export interface Step extends MigrationStep {
  readonly action: Action
}

export function migrationSteps(
  before: ModelDescriptor | null,
  after: ModelDescriptor,
  changes: readonly Change[],
  model: Model,
  validators: boolean,
): Step[] {
  if (changes.length === 0) return []
  const parts = after.entities.map((entity) => {
    const mine = changes.filter((change) => change.entity === entity.name)
    return ofEntity(
      entity.name,
      entitySteps(entity, earlierOf(before, entity, mine), mine, model, validators),
    )
  })
  const renames = changes.filter((change) =>
    ['renameEntity', 'renameField', 'renameRelation'].includes(change.kind),
  )
  const dropped = changes.flatMap((change) => (change.kind === 'dropEntity' ? [change.before] : []))
  return [
    ...parts.flatMap((part) => part.first),
    ...(renames.length > 0 ? [eventsStep(renames)] : []),
    ...parts.flatMap((part) => part.rows),
    ...parts.flatMap((part) => part.last),
    ...dropped.map(({ table }) =>
      step('loses', `drop collection ${table}`, { drop: table }, { kind: 'drop', table }),
    ),
    step(
      'safe',
      'record the model',
      { update: 'typestead_model', updates: [{ q: { _id: 'model' }, u: '…', upsert: true }] },
      { kind: 'record' },
    ),
  ]
}

function ofEntity(entity: string, { first, rows, last }: Parts): Parts {
  const named = (steps: readonly Step[]) => steps.map((step) => ({ entity, ...step }))
  return { first: named(first), rows: named(rows), last: named(last) }
}

interface Parts {
  readonly first: readonly Step[]
  readonly rows: readonly Step[]
  readonly last: readonly Step[]
}

function earlierOf(
  before: ModelDescriptor | null,
  entity: EntityDescriptor,
  changes: readonly Change[],
): EntityDescriptor | undefined {
  const renamed = changes.find((change) => change.kind === 'renameEntity')
  const name = renamed?.kind === 'renameEntity' ? renamed.before.name : entity.name
  return before?.entities.find((one) => one.name === name)
}

function entitySteps(
  entity: EntityDescriptor,
  earlier: EntityDescriptor | undefined,
  changes: readonly Change[],
  model: Model,
  validators: boolean,
): Parts {
  const { table, name } = entity
  const wanted = indexesOf(entity)
  const had = earlier ? indexesOf(earlier) : []
  const first: Step[] = []
  const rows: Step[] = []
  const last: Step[] = []
  if (!earlier)
    first.push(
      step('safe', `create collection ${table}`, { create: table }, { kind: 'create', table }),
    )
  else if (earlier.table !== table) {
    const command = { renameCollection: earlier.table, to: table }
    first.push(
      step('safe', `collection ${earlier.table} becomes ${table}`, command, {
        kind: 'rename',
        from: earlier.table,
        to: table,
      }),
    )
  }
  const same = (one: IndexSpec, other: IndexSpec) => JSON.stringify(one) === JSON.stringify(other)
  for (const index of had.filter((one) => !wanted.some((other) => same(one, other)))) {
    const command = { dropIndexes: table, index: index.name }
    first.push(
      step('safe', `drop index ${table}.${index.name}`, command, {
        kind: 'dropIndex',
        table,
        name: index.name,
      }),
    )
  }
  const touched = earlier !== undefined && touchesDocuments(changes)
  const validated = validators && (!earlier || changes.length > 0)
  if (touched) {
    if (validators) {
      const command = { collMod: table, validationLevel: 'off' }
      rows.push(step('safe', `let ${table} be rewritten`, command, { kind: 'relax', table }))
    }
    rows.push(rewriteStep(entity, changes))
  }
  for (const index of wanted.filter((one) => !had.some((other) => same(one, other)))) {
    const { unique, sparse } = index
    const options = { ...(unique ? { unique } : {}), ...(sparse ? { sparse } : {}) }
    const command = {
      createIndexes: table,
      indexes: [{ key: index.keys, name: index.name, ...options }],
    }
    const made = step('safe', `index ${table}.${index.name}`, command, {
      kind: 'createIndex',
      table,
      index,
    })
    last.push({ ...made, online: earlier !== undefined })
  }
  if (validated) {
    const validator = validatorOf(model.meta(name))
    const command = {
      collMod: table,
      validator,
      validationLevel: 'strict',
      validationAction: 'error',
    }
    last.push(
      step('safe', `validate the documents of ${table}`, command, {
        kind: 'validate',
        entity: name,
        table,
      }),
    )
  }
  return { first, rows, last }
}

/** One pass over the documents for all changes of an entity; computed in batches, told as the updates that they come to. */
function rewriteStep(entity: EntityDescriptor, changes: readonly Change[]): Step {
  const looked = changes.filter((change) => touchesDocuments([change]))
  const effects = looked.map((change) => change.effect)
  const effect = effects.includes('loses') ? 'loses' : effects.includes('fills') ? 'fills' : 'safe'
  const command = {
    update: entity.table,
    updates: [{ q: {}, u: updateOf(looked), multi: true }],
    comment: 'in batches; computed values, _sort and _unique for each document',
  }
  const summary = `rows of ${entity.name}: ${looked.map((change) => change.summary).join('; ')}`
  return step(effect, summary, command, { kind: 'rewrite', entity: entity.name, changes })
}

function updateOf(changes: readonly Change[]): Record<string, Record<string, unknown>> {
  const update: Record<string, Record<string, unknown>> = {}
  const say = (operator: string, name: string, value: unknown) => {
    update[operator] = { ...update[operator], [name]: value }
  }
  for (const change of changes) {
    if (change.kind === 'renameField' || change.kind === 'renameRelation')
      say('$rename', change.before.name, change.after.name)
    if (change.kind === 'dropField' || change.kind === 'dropRelation')
      say('$unset', change.before.name, '')
    if (change.kind === 'addRelation') say('$set', change.after.name, null)
    if (change.kind === 'addField') {
      const source =
        change.after.backfill ?? (change.after.nullable ? undefined : change.after.default)
      say(
        '$set',
        change.after.name,
        source === undefined ? null : 'value' in source ? source.value : '(computed)',
      )
    }
    if (change.kind === 'changeField') say('$set', change.after.name, `(as ${change.after.type})`)
  }
  return update
}

function eventsStep(renames: readonly Change[]): Step {
  const command = {
    update: 'typestead_outbox',
    updates: [{ q: {}, u: updateOf(renames), multi: true }],
  }
  return step('safe', 'rename in the change feed', command, { kind: 'events', changes: renames })
}

function step(effect: Step['effect'], summary: string, command: object, action: Action): Step {
  return { summary, statement: JSON.stringify(command), effect, online: false, action }
}
