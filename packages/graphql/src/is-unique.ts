/** Whether fields or relations name at most one row of an entity. */
import type { EntityMeta } from '@typestead/entity'

export function isUnique(meta: EntityMeta, names: readonly string[]): boolean {
  const same = (group: readonly string[]) =>
    group.length === names.length && group.every((name) => names.includes(name))
  const [only] = names
  const alone =
    names.length === 1 &&
    only !== undefined &&
    (meta.fields.get(only)?.definition.unique || meta.relations.get(only)?.definition.unique)
  return alone === true || same(meta.key) || (meta.options.unique?.some(same) ?? false)
}
