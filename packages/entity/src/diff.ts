/** What changes between two models. Pure: two descriptors in, changes out. */
import { type Change, differ } from './change.ts'
import type { EntityDescriptor, ModelDescriptor } from './descriptor.ts'
import { diffFields } from './diff-fields.ts'
import { diffRelations } from './diff-relations.ts'

/** Changes in the order in which a store can make them: renames, then additions and alterations, then removals. */
export function diff(before: ModelDescriptor, after: ModelDescriptor): Change[] {
  const changes: Change[] = []
  const left = new Map(before.entities.map((entity) => [entity.name, entity]))
  const pairs = after.entities.map((entity) => {
    const earlier = left.get(entity.name) ?? left.get(entity.was ?? '')
    if (earlier) left.delete(earlier.name)
    return { entity, earlier }
  })
  // Relations name their targets, and a new name is no new target.
  const renamed = new Map(
    pairs.flatMap(({ entity, earlier }) =>
      earlier && earlier.name !== entity.name ? [[earlier.name, entity.name]] : [],
    ),
  )
  for (const { entity, earlier } of pairs) {
    if (earlier) changes.push(...diffEntity(earlier, entity, renamed))
    else {
      const summary = `new entity ${entity.name}`
      changes.push({
        kind: 'addEntity',
        entity: entity.name,
        effect: 'safe',
        summary,
        after: entity,
      })
    }
  }
  for (const entity of left.values()) {
    const summary = `${entity.name} is gone, with all its rows`
    changes.push({
      kind: 'dropEntity',
      entity: entity.name,
      effect: 'loses',
      summary,
      before: entity,
    })
  }
  // Array.prototype.sort is stable: within a phase the order stays.
  return changes.sort((a, b) => phases[a.kind] - phases[b.kind])
}

const phases: Readonly<Record<Change['kind'], number>> = {
  renameEntity: 0,
  renameField: 1,
  renameRelation: 1,
  dropUnique: 2,
  dropIndex: 2,
  addEntity: 3,
  addField: 4,
  addRelation: 4,
  changeField: 5,
  changeRelation: 5,
  changeKey: 6,
  changeOptions: 6,
  addUnique: 7,
  addIndex: 7,
  dropRelation: 8,
  dropField: 8,
  dropEntity: 9,
}

function diffEntity(
  before: EntityDescriptor,
  after: EntityDescriptor,
  renamedEntities: ReadonlyMap<string, string>,
): Change[] {
  const entity = after.name
  const renames = new Map<string, string>()
  const renamed = (name: string) => renames.get(name) ?? name
  const changes: Change[] = []
  if (before.name !== after.name || before.table !== after.table) {
    const summary = `${before.name} (table ${before.table}) becomes ${entity} (table ${after.table})`
    changes.push({ kind: 'renameEntity', entity, effect: 'safe', summary, before, after })
  }
  changes.push(
    ...diffFields(before, after, renames),
    ...diffRelations(before, after, renames, renamedEntities),
  )
  const key = before.key.map(renamed)
  if (differ(key, after.key)) {
    const summary = `${entity}: the primary key becomes ${after.key.join(', ')}`
    changes.push({
      kind: 'changeKey',
      entity,
      effect: 'safe',
      summary,
      before: key,
      after: after.key,
    })
  }
  const groups = (all: readonly (readonly string[])[]) => all.map((names) => names.map(renamed))
  changes.push(
    ...diffGroups(entity, 'Unique', groups(before.unique), after.unique),
    ...diffGroups(entity, 'Index', groups(before.indexes), after.indexes),
    ...diffOptions(before, after, renamed),
  )
  return changes
}

function diffGroups(
  entity: string,
  what: 'Unique' | 'Index',
  before: readonly (readonly string[])[],
  after: readonly (readonly string[])[],
): Change[] {
  const noun = what === 'Unique' ? 'unique group' : 'index'
  const without = (all: readonly (readonly string[])[], others: readonly (readonly string[])[]) =>
    all.filter((names) => others.every((other) => differ(names, other)))
  const change = (kind: `${'add' | 'drop'}${typeof what}`, names: readonly string[]): Change => {
    const listed = `(${names.join(', ')})`
    const summary = kind.startsWith('add')
      ? `${entity}: new ${noun} ${listed}`
      : `${entity}: ${noun} ${listed} is gone`
    return { kind, entity, effect: 'safe', summary, names }
  }
  return [
    ...without(before, after).map((names) => change(`drop${what}`, names)),
    ...without(after, before).map((names) => change(`add${what}`, names)),
  ]
}

/** The options by the names that people write; `lock` is the option `version`. */
const optionNames = {
  allow: 'rules',
  tenant: 'tenant',
  softDelete: 'softDelete',
  lock: 'version',
  description: 'description',
} as const

function diffOptions(
  before: EntityDescriptor,
  after: EntityDescriptor,
  renamed: (name: string) => string,
): Change[] {
  const field = (name: string | undefined) => (name === undefined ? undefined : renamed(name))
  const old = {
    ...before,
    tenant: field(before.tenant),
    softDelete: field(before.softDelete),
    lock: field(before.lock),
  }
  const options = (['allow', 'tenant', 'softDelete', 'lock', 'description'] as const).filter(
    (option) => differ(old[option], after[option]),
  )
  if (options.length === 0) return []
  const summary = `${after.name}: ${options.map((option) => optionNames[option]).join(', ')} changed`
  return [{ kind: 'changeOptions', entity: after.name, effect: 'safe', summary, options }]
}
