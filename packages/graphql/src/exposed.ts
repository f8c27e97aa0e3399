/** The default operations of an entity: those that its rules leave to someone. */
import type { EntityLike, EntityMeta } from '@typestead/entity'
import { writable } from './input-fields.ts'
import { connection, create, type Operation, one, remove, update } from './operation.ts'
import type { View } from './view.ts'

export interface ExposedOperations {
  readonly queries: Readonly<Record<string, Operation>>
  readonly mutations: Readonly<Record<string, Operation>>
}

/** `author`, `authors`, `createAuthor`, `updateAuthor` and `deleteAuthor`. */
export function exposedOperations(
  view: View<EntityLike>,
  meta: EntityMeta,
  plural: string | undefined,
): ExposedOperations {
  const { name } = meta
  const single = name.charAt(0).toLowerCase() + name.slice(1)
  const may = (action: 'read' | 'create' | 'update' | 'delete') =>
    meta.rules[action]?.op !== 'never'
  const changeable = may('read') && may('update') && writable(meta, 'update').length > 0
  return {
    queries: may('read')
      ? { [single]: one(view), [plural ?? pluralOf(single)]: connection(view) }
      : {},
    mutations: {
      ...(may('create') ? { [`create${name}`]: create(view) } : {}),
      ...(changeable ? { [`update${name}`]: update(view) } : {}),
      ...(may('delete') && may('read') ? { [`delete${name}`]: remove(view) } : {}),
    },
  }
}

/** The regular plural of an English noun; others are named by the option `plurals`. */
export function pluralOf(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`
  return /(s|x|z|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`
}
