/** What changes in the relations of one entity. Only a belongsTo keeps something in the store. */
import { type Change, change, differ } from './change.ts'
import type { EntityDescriptor, RelationDescriptor } from './descriptor.ts'
import { diffMembers, type Renamed } from './diff-members.ts'

/** Adds to `renames` the links that have a new name; `renamedEntities` leads from an entity's old name to its new one. */
export function diffRelations(
  before: EntityDescriptor,
  after: EntityDescriptor,
  renames: Map<string, string>,
  renamedEntities: Renamed,
): Change[] {
  const earlier = before.relations.map((relation) => ({
    ...relation,
    target: renamedEntities.get(relation.target) ?? relation.target,
  }))
  const member = { what: 'Relation', add, alter, drop } as const
  return diffMembers(member, after.name, earlier, after.relations, renames)
}

function add(entity: string, after: RelationDescriptor): Change {
  const path = `${entity}.${after.name}`
  if (after.kind !== 'belongsTo' || after.nullable) {
    return change('addRelation', entity, 'safe', `new relation ${path}`, { after })
  }
  const blocked = `older rows have no ${after.target} for ${path}; add .nullable()`
  return change('addRelation', entity, 'fills', `new required relation ${path}`, { after, blocked })
}

// Said by renameRelation, and no change of the relation itself.
const ignored = { name: '', was: [] }

function alter(entity: string, before: RelationDescriptor, after: RelationDescriptor): Change[] {
  if (!differ({ ...before, ...ignored }, { ...after, ...ignored })) return []
  const path = `${entity}.${after.name}`
  const moved = before.target !== after.target && before.kind === 'belongsTo'
  // Links have no default: the store refuses this while there are such rows.
  const required = before.nullable && !after.nullable
  const summary = moved
    ? `${path}: points to ${after.target} instead of ${before.target}; its links are lost`
    : required
      ? `${path}: required from now on; refused while rows have none`
      : `${path} changed`
  const effect = moved ? 'loses' : required ? 'fills' : 'safe'
  return [change('changeRelation', entity, effect, summary, { before, after })]
}

function drop(entity: string, before: RelationDescriptor): Change {
  const path = `${entity}.${before.name}`
  return before.kind === 'belongsTo'
    ? change('dropRelation', entity, 'loses', `${path} is gone, with its links`, { before })
    : change('dropRelation', entity, 'safe', `${path} is no longer seen`, { before })
}
