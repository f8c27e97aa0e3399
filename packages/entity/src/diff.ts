/** What changes between two models. Pure: two descriptors in, changes out. */
import { type Change, change, type Details, differ } from './change.ts'
import type { EntityDescriptor, ModelDescriptor } from './descriptor.ts'
import { diffFields } from './diff-fields.ts'
import { pairUp, type Renamed } from './diff-members.ts'
import { diffRelations } from './diff-relations.ts'

/** Changes in the order in which a store can make them: renames, then additions and alterations, then removals. */
export function diff(before: ModelDescriptor, after: ModelDescriptor): Change[] {
  const { pairs, gone } = pairUp(before.entities, after.entities)
  // Relations name their targets, and a new name is no new target.
  const renamed = new Map(pairs.map(([entity, old]) => [old?.name, entity.name]))
  const changes = pairs.flatMap(([entity, old]) =>
    old
      ? diffEntity(old, entity, renamed)
      : change('addEntity', entity.name, 'safe', `new entity ${entity.name}`, { after: entity }),
  )
  for (const entity of gone) {
    const summary = `${entity.name} is gone, with all its rows`
    changes.push(change('dropEntity', entity.name, 'loses', summary, { before: entity }))
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

/** The groups of fields that an entity may have, and the options by the names that people write; `lock` is the option `version`. */
const groups = [
  ['Unique', 'unique', 'unique group'],
  ['Index', 'indexes', 'index'],
] as const
const options = [
  ['allow', 'rules'],
  ['tenant', 'tenant'],
  ['softDelete', 'softDelete'],
  ['lock', 'version'],
  ['description', 'description'],
] as const

function diffEntity(
  before: EntityDescriptor,
  after: EntityDescriptor,
  renamedEntities: Renamed,
): Change[] {
  const entity = after.name
  const renames = new Map<string, string>()
  const renamed = (name: string) => renames.get(name) ?? name
  const changes: Change[] = []
  const say = <K extends Change['kind']>(kind: K, summary: string, details: Details<K>) =>
    changes.push(change(kind, entity, 'safe', summary, details))
  if (before.name !== entity || before.table !== after.table) {
    const summary = `${before.name} (table ${before.table}) becomes ${entity} (table ${after.table})`
    say('renameEntity', summary, { before, after })
  }
  changes.push(
    ...diffFields(before, after, renames),
    ...diffRelations(before, after, renames, renamedEntities),
  )
  const key = before.key.map(renamed)
  if (differ(key, after.key)) {
    const summary = `${entity}: the primary key becomes ${after.key.join(', ')}`
    say('changeKey', summary, { before: key, after: after.key })
  }
  for (const [what, option, noun] of groups) {
    const old = before[option].map((names) => names.map(renamed))
    for (const names of without(old, after[option])) {
      say(`drop${what}`, `${entity}: ${noun} (${names.join(', ')}) is gone`, { names })
    }
    for (const names of without(after[option], old)) {
      say(`add${what}`, `${entity}: new ${noun} (${names.join(', ')})`, { names })
    }
  }
  const changed = options.filter(([option]) => {
    const old = before[option]
    const isName = typeof old === 'string' && option !== 'description'
    return differ(isName ? renamed(old) : old, after[option])
  })
  if (changed.length > 0) {
    const summary = `${entity}: ${changed.map(([, name]) => name).join(', ')} changed`
    say('changeOptions', summary, { options: changed.map(([option]) => option) })
  }
  return changes
}

type Groups = readonly (readonly string[])[]

function without(all: Groups, others: Groups): Groups {
  return all.filter((names) => others.every((other) => differ(names, other)))
}
