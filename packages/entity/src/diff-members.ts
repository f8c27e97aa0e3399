/** What became of the members of one entity, whatever they are: each is paired with what it was, by its name or an earlier one. */
import { type Change, change } from './change.ts'
import type { FieldDescriptor, RelationDescriptor } from './descriptor.ts'

/** From an entity's earlier name to the one it has. */
export type Renamed = ReadonlyMap<string | undefined, string>

/** What a kind of member says of one that is new, of one that may have changed and of one that is gone. */
interface Member<D> {
  readonly what: 'Field' | 'Relation'
  add(entity: string, member: D): Change
  alter(entity: string, before: D, after: D): readonly Change[]
  drop(entity: string, member: D): Change
}

/** Adds to `renames` the members that have a new name. */
export function diffMembers<D extends FieldDescriptor | RelationDescriptor>(
  { what, add, alter, drop }: Member<D>,
  entity: string,
  before: readonly D[],
  after: readonly D[],
  renames: Map<string, string>,
): Change[] {
  const { pairs, gone } = pairUp(before, after)
  const changes = pairs.flatMap(([now, old]) => {
    if (!old) return add(entity, now)
    const altered = alter(entity, old, now)
    if (old.name === now.name) return altered
    renames.set(old.name, now.name)
    const summary = `${entity}.${old.name} becomes ${entity}.${now.name}`
    const details = { before: old, after: now } as never
    return [change(`rename${what}`, entity, 'safe', summary, details), ...altered]
  })
  return [...changes, ...Array.from(gone, (one) => drop(entity, one))]
}

/** A field, relation, part or entity that may have had other names. */
interface Named {
  readonly name: string
  readonly was?: string | readonly string[]
  readonly kind?: unknown
}

/** What each of `after` was, by its name or an earlier one, and what of `before` is gone. */
export function pairUp<D extends Named>(
  before: readonly D[] = [],
  after: readonly D[] = [],
): { readonly pairs: readonly (readonly [D, D | undefined])[]; readonly gone: Iterable<D> } {
  const left = new Map(before.map((one) => [one.name, one]))
  const pairs = after.map((one) => {
    const old = [one.name, ...[one.was ?? []].flat()]
      .map((name) => left.get(name))
      .find((found) => found && found.kind === one.kind)
    if (old) left.delete(old.name)
    return [one, old] as const
  })
  return { pairs, gone: left.values() }
}
