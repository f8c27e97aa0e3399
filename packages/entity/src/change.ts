/** The changes between two models, as plain data that stores, APIs and people read. */
import type { EntityDescriptor, FieldDescriptor, RelationDescriptor } from './descriptor.ts'
import { isObject, present } from './record.ts'

/**
 * What a change does to what exists: `safe` loses nothing, `fills` needs a value for older rows, `loses` destroys stored
 * values, so it is refused unless told otherwise.
 */
export type Effect = 'safe' | 'fills' | 'loses'

interface Common {
  readonly entity: string
  readonly effect: Effect
  /** One sentence for people. */
  readonly summary: string
  /** Why it cannot be done as it stands, and what to write in the class. */
  readonly blocked?: string
}

interface Pair<D> {
  readonly before: D
  readonly after: D
}

export type Change = Common &
  (
    | { readonly kind: 'addEntity'; readonly after: EntityDescriptor }
    | { readonly kind: 'dropEntity'; readonly before: EntityDescriptor }
    | ({ readonly kind: 'renameEntity' } & Pair<EntityDescriptor>)
    | { readonly kind: 'addField'; readonly after: FieldDescriptor }
    | { readonly kind: 'dropField'; readonly before: FieldDescriptor }
    | ({ readonly kind: 'renameField' } & Pair<FieldDescriptor>)
    | ({
        readonly kind: 'changeField'
        readonly aspects: readonly Aspect[]
      } & Pair<FieldDescriptor>)
    | { readonly kind: 'addRelation'; readonly after: RelationDescriptor }
    | { readonly kind: 'dropRelation'; readonly before: RelationDescriptor }
    | ({ readonly kind: 'renameRelation' } & Pair<RelationDescriptor>)
    | ({ readonly kind: 'changeRelation' } & Pair<RelationDescriptor>)
    | {
        readonly kind: 'addUnique' | 'dropUnique' | 'addIndex' | 'dropIndex'
        readonly names: readonly string[]
      }
    | ({ readonly kind: 'changeKey' } & Pair<readonly string[]>)
    | { readonly kind: 'changeOptions'; readonly options: readonly string[] }
  )

/** What of a field changed. `shape` is the inside of an object or list; `checks` are validations that stores do not keep. */
export type Aspect =
  | 'type'
  | 'nullable'
  | 'values'
  | 'default'
  | 'unique'
  | 'indexed'
  | 'secret'
  | 'readonly'
  | 'shape'
  | 'checks'

/** What a change says beside the words that all have. */
export type Details<K extends Change['kind']> = Omit<
  Change & { readonly kind: K },
  'kind' | 'entity' | 'effect' | 'summary'
>

/** A change of one kind. */
export function change<K extends Change['kind']>(
  kind: K,
  entity: string,
  effect: Effect,
  summary: string,
  details: Details<K>,
): Change {
  // The compiler does not put the kind and its details together again.
  return { kind, entity, effect, summary, ...details } as unknown as Change
}

/** Whether two plain values differ; the order of an object's keys means nothing (PostgreSQL's jsonb keeps none). */
export function differ(before: unknown, after: unknown): boolean {
  if (Object.is(before, after)) return false
  if (!isObject(before) || !isObject(after)) return true
  const [left, right] = [Object.entries(present(before)), present<object>(after)]
  return (
    Array.isArray(before) !== Array.isArray(after) ||
    left.length !== Object.keys(right).length ||
    left.some(
      ([name, value]) => !Object.hasOwn(right, name) || differ(value, Reflect.get(right, name)),
    )
  )
}
