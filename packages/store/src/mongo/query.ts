/**
 * Conditions as MongoDB filters. Every value stands behind an operator of ours (`$eq`, `$in`, …), so none can be read as
 * one. Logic is two-valued: `$nor` is the exact complement, and comparisons of order never match null.
 */
import type {
  Compare,
  Condition,
  EntityMeta,
  FieldDefinition,
  RelationMeta,
} from '@typestead/entity'
import type { OrderTerm, Position } from '../backend.ts'
import { decimalKey } from './decimal-key.ts'
import { comparedPath, encodeKey, encodeValue, pathOf } from './documents.ts'

export type Filter = Readonly<Record<string, unknown>>

/** A condition whose relations were looked up: the keys that they came to. */
export type Resolved =
  | Exclude<Condition, { op: 'and' | 'or' | 'not' | 'related' | 'when' }>
  | { readonly op: 'and' | 'or'; readonly of: readonly Resolved[] }
  | { readonly op: 'not'; readonly of: Resolved }
  /** The row's own key, or its link, is one of these, as documents have them. */
  | { readonly op: 'keyIn'; readonly link?: RelationMeta; readonly keys: readonly unknown[] }

/** Matches nothing, on every server. */
const nothing: Filter = { _id: { $in: [] } }

/** Documents that are rows, and fulfil all of the filters. */
export function visibleAnd(...filters: readonly Filter[]): Filter {
  return allOf([...filters, { _hidden: { $eq: null } }])
}

/** Filters over different paths are one document: servers look for `_id` at its top. */
export function allOf(filters: readonly Filter[]): Filter {
  const merged: Record<string, unknown> = {}
  const rest: Filter[] = []
  for (const filter of filters) {
    const names = Object.keys(filter)
    if (names.some((name) => Object.hasOwn(merged, name) || name.startsWith('$'))) rest.push(filter)
    else Object.assign(merged, filter)
  }
  if (rest.length === 0) return merged
  return Object.keys(merged).length === 0 && rest.length === 1
    ? (rest[0] as Filter)
    : { ...merged, $and: rest }
}

export function filterOf(meta: EntityMeta, condition: Resolved): Filter {
  switch (condition.op) {
    case 'always':
      return {}
    case 'never':
      return nothing
    case 'and':
      return allOf(condition.of.map((one) => filterOf(meta, one)))
    case 'or':
      return { $or: condition.of.map((one) => filterOf(meta, one)) }
    case 'not':
      return { $nor: [filterOf(meta, condition.of)] }
    case 'isNull':
      return { [pathOf(meta, condition.relation.name)]: { $eq: null } }
    case 'key': {
      const { target, name } = condition.relation
      const keys = condition.operator === 'eq' ? [condition.value] : (condition.value as unknown[])
      return { [pathOf(meta, name)]: { $in: keys.map((key) => encodeKey(target, key)) } }
    }
    case 'keyIn':
      return {
        [condition.link ? pathOf(meta, condition.link.name) : '_id']: { $in: condition.keys },
      }
    case 'compare':
      return comparison(meta, condition)
  }
}

function comparison(meta: EntityMeta, compare: Compare): Filter {
  const { definition, operator, value } = compare
  const path = comparedPath(meta, compare.field, compare.path, definition)
  switch (operator) {
    case 'eq':
      return equal(path, definition, value)
    case 'in': {
      const values = value as readonly unknown[]
      if (spreads(definition)) return { $or: values.map((one) => equal(path, definition, one)) }
      return { [path]: { $in: values.map((one) => operand(definition, one)) } }
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return { [path]: { [`$${operator}`]: operand(definition, value) } }
    case 'has':
      return {
        [path]: {
          $elemMatch: { $eq: encodeValue(definition.item as FieldDefinition, value, true) },
        },
      }
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return partOf(path, operator, String(value), compare.ignoreCase)
    default:
      throw new TypeError(`the operator ${operator} does not stand in a condition`)
  }
}

/** JSON may be an array, of which MongoDB would also compare each item. */
function spreads(definition: FieldDefinition): boolean {
  return definition.type === 'json'
}

function equal(path: string, definition: FieldDefinition, value: unknown): Filter {
  const wanted = operand(definition, value)
  const filter = { [path]: { $eq: wanted } }
  // An item of an array in an array is no array itself (see `json-values.ts`), so an array equals only a whole one.
  if (!spreads(definition) || wanted === null || Array.isArray(wanted)) return filter
  return { $and: [filter, { [path]: { $not: { $type: 'array' } } }] }
}

function operand(definition: FieldDefinition, value: unknown): unknown {
  if (value !== null && definition.type === 'decimal') return decimalKey(value as string)
  return encodeValue(definition, value)
}

/** The text as a regular expression that both PCRE and RE2 read as the text itself. */
function partOf(
  path: string,
  operator: 'contains' | 'startsWith' | 'endsWith',
  text: string,
  ignoreCase: boolean,
): Filter {
  // No stored text has either (see entity's `storable.ts`), and servers refuse or change such patterns.
  if (text.includes('\0') || !text.isWellFormed()) return nothing
  const escaped = text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  const pattern = `${operator === 'startsWith' ? '^' : ''}${escaped}${operator === 'endsWith' ? '\\z' : ''}`
  return { [path]: { $regex: pattern, $options: ignoreCase ? 'i' : '' } }
}

/** One path of an order, since a link to a key of several parts is several. */
interface SortTerm {
  readonly path: string
  readonly descending: boolean
  readonly nullable: boolean
  readonly encode: (value: unknown) => unknown
}

/** MongoDB's own order has nulls first and texts by code point, as the contract wants. */
export function sortOf(
  meta: EntityMeta,
  order: readonly OrderTerm[],
  reversed: boolean,
): [string, 1 | -1][] {
  return sortTerms(meta, order).map(({ path, descending }) => [
    path,
    descending === reversed ? 1 : -1,
  ])
}

/** The rows after a place in the order (before it, when `backwards`). */
export function beyond(
  meta: EntityMeta,
  order: readonly OrderTerm[],
  position: Position,
  backwards: boolean,
): Filter {
  const branches: Filter[] = []
  const equals: Filter[] = []
  const values = order.flatMap((term, index) =>
    sortTerms(meta, [term]).map((one) => one.encode(position[index])),
  )
  for (const [index, term] of sortTerms(meta, order).entries()) {
    const value = values[index] ?? null
    const down = term.descending !== backwards
    const further = furtherThan(term, value, down)
    if (further) branches.push(allOf([...equals, further]))
    equals.push({ [term.path]: { $eq: value } })
  }
  return branches.length === 0 ? nothing : { $or: branches }
}

function furtherThan(
  { path, nullable }: SortTerm,
  value: unknown,
  down: boolean,
): Filter | undefined {
  if (value === null) return down ? undefined : { [path]: { $ne: null } }
  if (!down) return { [path]: { $gt: value } }
  return nullable
    ? { $or: [{ [path]: { $lt: value } }, { [path]: { $eq: null } }] }
    : { [path]: { $lt: value } }
}

function sortTerms(meta: EntityMeta, order: readonly OrderTerm[]): SortTerm[] {
  return order.flatMap(({ name, descending, nullable }) => {
    const definition = meta.fields.get(name)?.definition
    if (definition) {
      const path = comparedPath(meta, name, [], definition)
      return [
        {
          path,
          descending,
          nullable,
          encode: (value: unknown) => operand(definition, value ?? null),
        },
      ]
    }
    const { target } = meta.relations.get(name) as RelationMeta
    return keyPaths(target).map((parts) => ({
      path: [pathOf(meta, name), ...parts].join('.'),
      descending,
      nullable,
      encode: (value: unknown) => inside(encodeKey(target, value), parts),
    }))
  })
}

/** The paths to the plain values inside a key; one empty path where it has one part. */
function keyPaths(meta: EntityMeta): string[][] {
  const [only, ...others] = meta.key
  const inner = (name: string) => {
    const relation = meta.relations.get(name)
    return relation ? keyPaths(relation.target) : [[]]
  }
  if (others.length === 0) return inner(only as string)
  return meta.key.flatMap((name) => inner(name).map((path) => [name, ...path]))
}

function inside(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) =>
      typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : null,
    value,
  )
}
