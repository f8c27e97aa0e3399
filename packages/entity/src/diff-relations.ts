/** What changes in the relations of one entity. Only a belongsTo keeps something in the store. */
import { type Change, differ } from './change.ts'
import type { EntityDescriptor, RelationDescriptor } from './descriptor.ts'

/** Adds to `renames` the links that have a new name; `renamedEntities` leads from an entity's old name to its new one. */
export function diffRelations(
  before: EntityDescriptor,
  after: EntityDescriptor,
  renames: Map<string, string>,
  renamedEntities: ReadonlyMap<string, string>,
): Change[] {
  const entity = after.name
  const changes: Change[] = []
  const left = new Map(
    before.relations.map((relation) => {
      const target = renamedEntities.get(relation.target) ?? relation.target
      return [relation.name, { ...relation, target }]
    }),
  )
  for (const relation of after.relations) {
    const same = left.get(relation.name)
    const old =
      same ?? relation.was.map((name) => left.get(name)).find((found) => found !== undefined)
    if (!old || old.kind !== relation.kind) {
      changes.push(addRelation(entity, relation))
      continue
    }
    left.delete(old.name)
    if (!same) {
      renames.set(old.name, relation.name)
      const summary = `${entity}.${old.name} becomes ${entity}.${relation.name}`
      changes.push({
        kind: 'renameRelation',
        entity,
        effect: 'safe',
        summary,
        before: old,
        after: relation,
      })
    }
    if (differ({ ...old, ...ignored }, { ...relation, ...ignored }))
      changes.push(changeRelation(entity, old, relation))
  }
  for (const relation of left.values()) {
    const kept = relation.kind === 'belongsTo'
    const summary = kept
      ? `${entity}.${relation.name} is gone, with its links`
      : `${entity}.${relation.name} is no longer seen`
    changes.push({
      kind: 'dropRelation',
      entity,
      effect: kept ? 'loses' : 'safe',
      summary,
      before: relation,
    })
  }
  return changes
}

// Said by renameRelation, and no change of the relation itself.
const ignored = { name: '', was: [] }

function addRelation(entity: string, relation: RelationDescriptor): Change {
  const path = `${entity}.${relation.name}`
  const common = { kind: 'addRelation', entity, after: relation } as const
  if (relation.kind !== 'belongsTo' || relation.nullable)
    return { ...common, effect: 'safe', summary: `new relation ${path}` }
  const blocked = `older rows have no ${relation.target} for ${path}; add .nullable()`
  return { ...common, effect: 'fills', summary: `new required relation ${path}`, blocked }
}

function changeRelation(
  entity: string,
  before: RelationDescriptor,
  after: RelationDescriptor,
): Change {
  const path = `${entity}.${after.name}`
  const common = { kind: 'changeRelation', entity, before, after } as const
  if (before.target !== after.target && before.kind === 'belongsTo') {
    return {
      ...common,
      effect: 'loses',
      summary: `${path}: points to ${after.target} instead of ${before.target}; its links are lost`,
    }
  }
  // Links have no default: the store refuses this while there are such rows.
  if (before.nullable && !after.nullable) {
    const summary = `${path}: required from now on; refused while rows have none`
    return { ...common, effect: 'fills', summary }
  }
  return { ...common, effect: 'safe', summary: `${path} changed` }
}
