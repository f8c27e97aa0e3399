/** Rows with their methods out of stored values: a link becomes a reference that has only the other row's key. */
import { type EntityMeta, instantiate } from '@typestead/entity'

/** A row of the entity's class. What was not read is absent. */
export function hydrate(meta: EntityMeta, values: Readonly<Record<string, unknown>>): object {
  let row = values
  for (const [name, target] of linksOf(meta)) {
    const value = values[name]
    if (value === null || value === undefined) continue
    // Values that others look at too stay as they are.
    if (row === values) row = { ...values }
    ;(row as Record<string, unknown>)[name] = reference(target, value)
  }
  return instantiate(meta.entity, row) as object
}

const links = new WeakMap<EntityMeta, readonly (readonly [string, EntityMeta])[]>()

function linksOf(meta: EntityMeta): readonly (readonly [string, EntityMeta])[] {
  const known = links.get(meta)
  if (known) return known
  const found = [...meta.relations.values()]
    .filter(({ kind }) => kind === 'belongsTo')
    .map(({ name, target }) => [name, target] as const)
  links.set(meta, found)
  return found
}

/** `{ id }`, or the key's parts where it has several; frozen, since it stands for a row that is not here. */
function reference(target: EntityMeta, key: unknown): object {
  const [only, ...others] = target.key
  return Object.freeze(others.length === 0 ? { [only as string]: key } : { ...(key as object) })
}

/** The key of a row as links keep it: the value of the one key field, or an object of the parts. */
export function keyOf(meta: EntityMeta, row: Readonly<Record<string, unknown>>): unknown {
  const part = (name: string) => {
    const value = row[name]
    const relation = meta.relations.get(name)
    return relation && typeof value === 'object' && value !== null
      ? keyOf(relation.target, value as never)
      : value
  }
  const [only, ...others] = meta.key
  if (others.length === 0) return part(only as string)
  return Object.fromEntries(meta.key.map((name) => [name, part(name)]))
}

/** The key as one text, to find rows by in a Map. */
export function keyText(key: unknown): string {
  return typeof key === 'string'
    ? key
    : JSON.stringify(key, (_, value) => (typeof value === 'bigint' ? String(value) : value))
}
