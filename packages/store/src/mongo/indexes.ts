/** The indexes of a collection, which follow from the entity. Ours are named `unique_…`, `index_…` and `pending`. */
import type { EntityDescriptor } from '@typestead/entity'

export interface IndexSpec {
  readonly name: string
  readonly keys: Readonly<Record<string, 1>>
  readonly unique: boolean
  readonly sparse: boolean
}

export function indexesOf(entity: EntityDescriptor): IndexSpec[] {
  const links = entity.relations.filter((relation) => relation.kind === 'belongsTo')
  const groups = uniqueNames(entity)
  const indexed = [
    ...groups,
    ...entity.fields.filter((field) => field.indexed).map((field) => [field.name]),
    ...links.map((link) => [link.name]),
    ...entity.indexes,
  ].filter((names) => names.join() !== entity.key.join())
  const plain = new Map(indexed.map((names) => [names.join('_'), names]))
  return [
    ...groups.map((names) => ({
      name: `unique_${names.join('_')}`,
      keys: { [`_unique.${names.join('_')}`]: 1 } as const,
      unique: true,
      sparse: false,
    })),
    ...[...plain].map(([name, names]) => ({
      name: `index_${name}`,
      keys: Object.fromEntries(names.map((one) => [pathIn(entity, one), 1] as const)),
      unique: false,
      sparse: false,
    })),
    // What the change feed has not been told yet is found by this.
    { name: 'pending', keys: { _pending: 1 }, unique: false, sparse: true },
  ]
}

/** The groups of names that are unique together, beside the key; the same as `uniqueGroups` finds in the entity itself. */
export function uniqueNames(entity: EntityDescriptor): (readonly string[])[] {
  const alone = [
    ...entity.fields.filter((field) => field.unique),
    ...entity.relations.filter((relation) => relation.kind === 'belongsTo' && relation.unique),
  ].map((part) => [part.name])
  return [
    ...new Map([...alone, ...entity.unique].map((names) => [names.join('_'), names])).values(),
  ]
}

function pathIn(entity: EntityDescriptor, name: string): string {
  if (entity.fields.find((field) => field.name === name)?.type === 'decimal') return `_sort.${name}`
  if (!entity.key.includes(name)) return name
  return entity.key.length === 1 ? '_id' : `_id.${name}`
}
