/** Rows with their methods out of stored values: a link becomes a reference that has only the other row's key. */
import { type EntityMeta, instantiate } from '@typestead/entity'

/** A row of the entity's class. What was not read is absent. */
export function hydrate(meta: EntityMeta, values: Readonly<Record<string, unknown>>): object {
  const row: Record<string, unknown> = {}
  for (const name in values) {
    const relation = meta.relations.get(name)
    const value = values[name]
    row[name] =
      relation && value !== null && value !== undefined ? reference(relation.target, value) : value
  }
  return instantiate(meta.entity, row) as object
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
