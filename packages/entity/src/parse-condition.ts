/** Filters and rules as users write them, read into conditions. Everything unknown or of the wrong type is refused by its path. */
import {
  type Comparable,
  compareWith,
  isTextOperator,
  operatorProblem,
  positiveOf,
} from './comparison.ts'
import {
  always,
  and,
  type Condition,
  join,
  never,
  not,
  type Operator,
  or,
  related,
} from './condition.ts'
import { ValidationError } from './errors.ts'
import type { FieldDefinition } from './field.ts'
import { coerceKey, keyDefinition } from './key.ts'
import type { EntityMeta, RelationMeta } from './model.ts'
import { NoSuchValue } from './operand.ts'
import { isObject, isPlainObject } from './record.ts'
import { isCurrent, isWhen } from './rules.ts'

/** Deeper filters than this are refused before anything is compiled. */
const maximumDepth = 12
/** A filter with more comparisons than this is refused. */
const maximumComparisons = 1000

/**
 * The condition of a filter over an entity; `{}` holds for every row.
 * @throws {ValidationError} that names the path of what is unknown, secret, too much or of the wrong type
 */
export function parseWhere(meta: EntityMeta, where: unknown): Condition {
  return parse(meta, where, start(false))
}

/**
 * The same for a rule, where `current()` and `when()` may stand.
 * @throws {ValidationError}
 */
export function parseRule(meta: EntityMeta, rule: unknown): Condition {
  if (typeof rule === 'boolean') return rule ? always : never
  const place = start(true)
  return Array.isArray(rule) ? or(branches(meta, rule, place)) : parse(meta, rule, place)
}

/** Where in a filter or rule the parser is. */
interface Place {
  readonly path: readonly (string | number)[]
  readonly depth: number
  readonly rule: boolean
  /** Shared by all places of one filter. */
  readonly count: { comparisons: number }
}

function start(rule: boolean): Place {
  return { path: [], depth: 0, rule, count: { comparisons: 0 } }
}

function inside(place: Place, name: string | number): Place {
  return { ...place, path: [...place.path, name] }
}

function parse(meta: EntityMeta, where: unknown, place: Place): Condition {
  if (place.rule && isWhen(where)) return { op: 'when', values: where.$when }
  const record = plainObject(where, place, `a filter over ${meta.name}`)
  if (place.depth > maximumDepth) fail(place, `filters may be nested ${maximumDepth} deep`)
  const inner = { ...place, depth: place.depth + 1 }
  return eachOf(record, inner, (name, value, at) => {
    if (name === 'not') return not(parse(meta, value, at))
    return name === 'and' || name === 'or'
      ? join(name, branches(meta, value, at))
      : parseMember(meta, name, value, at)
  })
}

/** What holds for all that a record says; what is undefined is not said. */
function eachOf(
  record: Readonly<Record<string, unknown>>,
  place: Place,
  read: (name: string, value: unknown, at: Place) => Condition,
): Condition {
  return and(
    Object.entries(record).map(([name, value]) =>
      value === undefined ? always : read(name, value, inside(place, name)),
    ),
  )
}

function branches(meta: EntityMeta, value: unknown, place: Place): Condition[] {
  if (!Array.isArray(value)) return fail(place, 'must be a list of filters')
  return value.map((one, index) => parse(meta, one, inside(place, index)))
}

function parseMember(meta: EntityMeta, name: string, value: unknown, place: Place): Condition {
  if (++place.count.comparisons > maximumComparisons) {
    return fail({ ...place, path: [] }, `has more than ${maximumComparisons} comparisons`)
  }
  const definition = meta.fields.get(name)?.definition
  if (definition?.secret) return fail(place, 'is secret and cannot be filtered')
  if (definition) return parseComparisons(name, [], definition, value, place)
  const relation = meta.relations.get(name)
  return relation
    ? parseRelation(relation, value, place)
    : fail(place, `${meta.name} has no field "${name}"`)
}

const operators: ReadonlySet<string> = new Set<Operator>([
  'eq',
  'ne',
  'lt',
  'lte',
  'gt',
  'gte',
  'in',
  'notIn',
  'contains',
  'startsWith',
  'endsWith',
])

/** A plain object holds comparisons; everything else is a value, meant as `eq`. Lists and JSON are given by `eq` too. */
function parseComparisons(
  field: string,
  path: readonly string[],
  definition: FieldDefinition,
  given: unknown,
  place: Place,
): Condition {
  const comparisons = isComparisons(given) ? given : { eq: given }
  const comparable: Comparable = {
    definition,
    make: (operator, value) => ({
      op: 'compare',
      field,
      path,
      definition,
      operator,
      value,
      ignoreCase: comparisons.ignoreCase === true && isTextOperator(operator),
    }),
  }
  if (comparisons !== given) return compare(comparable, 'eq', given, place)
  return eachOf(comparisons, place, (name, operand, at) => {
    const { fields = {} } = definition
    const part = Object.hasOwn(fields, name) && fields[name]
    if (part) return parseComparisons(field, [...path, name], part, operand, at)
    if (operators.has(name)) return compare(comparable, name as Operator, operand, at)
    if (name !== 'ignoreCase') {
      return fail(at, `is no comparison; there are ${[...operators].join(', ')}`)
    }
    return typeof operand === 'boolean' ? always : fail(at, 'must be true or false')
  })
}

/** A value in which operators may stand. */
function isComparisons(value: unknown): value is Readonly<Record<string, unknown>> {
  return isPlainObject(value) && !isCurrent(value)
}

function compare(
  comparable: Comparable,
  operator: Operator,
  value: unknown,
  place: Place,
): Condition {
  if (!isCurrent(value)) {
    const result = compareWith(comparable, operator, value)
    if (!(result instanceof Error)) return result
    return fail(result.at === undefined ? place : inside(place, result.at), result.message)
  }
  if (!place.rule) return fail(place, 'current() is for rules')
  const { definition, make } = comparable
  const problem = operatorProblem(definition, operator)
  if (problem) return fail(place, problem)
  const positive = positiveOf(operator)
  if (positive) return not(make(positive, value))
  return make(operator === 'contains' && definition.item ? 'has' : operator, value)
}

function parseRelation(relation: RelationMeta, value: unknown, place: Place): Condition {
  const { kind, target } = relation
  if (kind === 'hasMany') {
    return eachOf(plainObject(value, place, 'some, every or none'), place, (name, where, at) => {
      if (name !== 'some' && name !== 'every' && name !== 'none') {
        return fail(at, 'is none of some, every and none')
      }
      return related(relation, name, parse(target, where, at))
    })
  }
  if (kind === 'belongsTo' && !isFilter(value)) return parseLink(relation, value, place)
  return value === null
    ? related(relation, 'none', always)
    : related(relation, 'some', parse(target, value, place))
}

/** A filter over the other row, as opposed to a key, a row, or comparisons of keys: `{ in: [key, …] }`. */
function isFilter(value: unknown): boolean {
  if (!isComparisons(value)) return false
  const names = Object.keys(value)
  return names.length === 0 || !names.every((name) => positiveNames.test(name))
}

const positiveNames = /^(eq|ne|in|notIn)$/

/** `author: id`, `author: { in: [id, …] }`, `author: current('userId')`: the link itself, no other table needed. */
function parseLink(relation: RelationMeta, value: unknown, place: Place): Condition {
  const { target } = relation
  const definition = keyDefinition(target)
  const read = (operator: Operator, operand: unknown, at: Place): Condition => {
    if (!definition) return compareParts(relation, operator, operand, at)
    const keys = Array.isArray(operand)
      ? operand.map((one) => keyOf(target, one))
      : keyOf(target, operand)
    return compare({ definition, make }, operator, keys, at)
  }
  const make: Comparable['make'] = (operator, operand) =>
    operand === null
      ? { op: 'isNull', relation }
      : // A link has no order and is no text: nothing but eq and in gets here.
        { op: 'key', relation, operator: operator as 'eq' | 'in', value: operand }
  return isComparisons(value)
    ? eachOf(value, place, (name, operand, at) => read(name as Operator, operand, at))
    : read('eq', value, place)
}

/** A link to a key of several parts: a filter by each of them. */
function compareParts(
  relation: RelationMeta,
  operator: Operator,
  value: unknown,
  place: Place,
): Condition {
  const { target } = relation
  const positive = positiveOf(operator)
  if (positive) return not(compareParts(relation, positive, value, place))
  if (operator === 'in') {
    if (!Array.isArray(value)) return fail(place, 'must be a list')
    return or(value.map((one, at) => compareParts(relation, 'eq', one, inside(place, at))))
  }
  if (value === null) return { op: 'isNull', relation }
  const key = coerceKey(target, value)
  if (key === NoSuchValue) return never
  if (key !== undefined) return related(relation, 'some', parse(target, key, place))
  return fail(
    place,
    `${target.name} has a key of several parts; filter by them: { ${target.key.join(', ')} }`,
  )
}

/** The key of a row given whole; everything else as it is. */
function keyOf(target: EntityMeta, value: unknown): unknown {
  if (!isObject(value) || Array.isArray(value) || isCurrent(value) || value instanceof Date) {
    return value
  }
  const key = coerceKey(target, value)
  return key === undefined || key === NoSuchValue ? value : key
}

function plainObject(value: unknown, place: Place, expected: string): Record<string, unknown> {
  return isPlainObject(value) ? value : fail(place, `must be an object with ${expected}`)
}

function fail({ path }: Place, message: string): never {
  throw new ValidationError([{ path, message }], 'filter')
}
