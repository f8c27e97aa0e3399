/**
 * Filters and rules as one small tree of plain data, checked against the entity: names resolved, operands of the right
 * type. Stores compile it; nothing a user wrote gets past this point unread. Logic is two-valued: a comparison with
 * null is false, and `not` is its exact complement.
 */
import type { FieldDefinition } from './field.ts'
import type { RelationMeta } from './model.ts'

/** Parsed conditions have neither `ne` nor `notIn`: they are the `not` of `eq` and `in`. */
export type Operator =
  | 'eq'
  | 'ne'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'in'
  | 'notIn'
  | 'contains'
  | 'startsWith'
  | 'endsWith'
  | 'has'

export type Condition =
  | { readonly op: 'always' }
  | { readonly op: 'never' }
  | { readonly op: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly op: 'not'; readonly of: Condition }
  | Compare
  | {
      readonly op: 'key'
      readonly relation: RelationMeta
      readonly operator: 'eq' | 'in'
      readonly value: unknown
    }
  | { readonly op: 'isNull'; readonly relation: RelationMeta }
  | Related
  | { readonly op: 'when'; readonly values: Readonly<Record<string, string | number | boolean>> }

/**
 * A field against a value. `path` leads into an object field, whose part `definition` then is; `value` may be a `Current`.
 * `eq` with null asks whether there is no value; the list of an `in` has no null and at least one value; of a list,
 * `has` asks for one item.
 */
export interface Compare {
  readonly op: 'compare'
  readonly field: string
  readonly path: readonly string[]
  readonly definition: FieldDefinition
  readonly operator: Operator
  readonly value: unknown
  /** Upper and lower case are the same; only with `contains`, `startsWith` and `endsWith`. */
  readonly ignoreCase: boolean
}

export interface Related {
  readonly op: 'related'
  readonly relation: RelationMeta
  readonly quantifier: 'some' | 'every' | 'none'
  readonly where: Condition
}

export const always: Condition = { op: 'always' }
export const never: Condition = { op: 'never' }

/** All of them; folds what is known already. */
export function and(conditions: readonly Condition[]): Condition {
  return join('and', conditions)
}

/** Any of them; folds what is known already. */
export function or(conditions: readonly Condition[]): Condition {
  return join('or', conditions)
}

/** All or any of them; folds what is known already. */
export function join(op: 'and' | 'or', conditions: readonly Condition[]): Condition {
  const [neutral, decisive] = op === 'and' ? [always, never] : [never, always]
  const open = conditions.filter((condition) => condition.op !== neutral.op)
  if (open.some((condition) => condition.op === decisive.op)) return decisive
  const [only = neutral, ...others] = open
  return others.length === 0 ? only : { op, of: open }
}

export function not(condition: Condition): Condition {
  if (condition.op === 'always') return never
  if (condition.op === 'never') return always
  return condition.op === 'not' ? condition.of : { op: 'not', of: condition }
}

/** Rows on the other side of a relation; folds what holds whatever these rows are. */
export function related(
  relation: RelationMeta,
  quantifier: Related['quantifier'],
  where: Condition,
): Condition {
  if (where.op === (quantifier === 'every' ? 'always' : 'never')) {
    return quantifier === 'some' ? never : always
  }
  return { op: 'related', relation, quantifier, where }
}

/** The stored names of the row that the condition looks at; `null` when it looks at other rows too. */
export function namesIn(condition: Condition): ReadonlySet<string> | null {
  const names = new Set<string>()
  return collectNames(condition, names) ? names : null
}

/** False when the condition looks at other rows. */
function collectNames(condition: Condition, names: Set<string>): boolean {
  if (condition.op === 'related') return false
  if (condition.op === 'compare') names.add(condition.field)
  if ('relation' in condition) names.add(condition.relation.name)
  return !('of' in condition) || [condition.of].flat().every((one) => collectNames(one, names))
}
