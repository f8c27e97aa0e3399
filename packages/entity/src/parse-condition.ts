/** Filters and rules as users write them, read into conditions. Everything unknown or of the wrong type is refused by its path. */
import { type Comparable, compareWith, operatorProblem, type Refusal } from './comparison.ts'
import { always, and, type Condition, never, not, type Operator, or, related } from './condition.ts'
import { ValidationError } from './errors.ts'
import type { FieldDefinition } from './field.ts'
import { coerceKey, keyDefinition } from './key.ts'
import type { EntityMeta, RelationMeta } from './model.ts'
import { NoSuchValue } from './operand.ts'
import { isCurrent, isWhen } from './rules.ts'
import { isPlainObject } from './storable.ts'

/** Deeper filters than this are refused before anything is compiled. */
const maximumDepth = 12
/** A filter with more comparisons than this is refused. */
const maximumComparisons = 1000

/**
 * The condition of a filter over an entity; `{}` holds for every row.
 * @throws {ValidationError} that names the path of what is unknown, secret, too much or of the wrong type
 */
export function parseWhere(meta: EntityMeta, where: unknown): Condition {
  return parse(meta, where, [], { depth: 0, rule: false, count: { comparisons: 0 } })
}

/**
 * The same for a rule, where `current()` and `when()` may stand.
 * @throws {ValidationError}
 */
export function parseRule(meta: EntityMeta, rule: unknown): Condition {
  if (typeof rule === 'boolean') return rule ? always : never
  const context = { depth: 0, rule: true, count: { comparisons: 0 } }
  if (Array.isArray(rule)) return or(rule.map((one, index) => parse(meta, one, [index], context)))
  return parse(meta, rule, [], context)
}

interface Context {
  readonly depth: number
  readonly rule: boolean
  readonly count: { comparisons: number }
}
type Path = readonly (string | number)[]

function parse(meta: EntityMeta, where: unknown, path: Path, context: Context): Condition {
  if (context.rule && isWhen(where)) return { op: 'when', values: where.$when }
  const record = plainObject(where, path, `a filter over ${meta.name}`)
  if (context.depth > maximumDepth) fail(path, `filters may be nested ${maximumDepth} deep`)
  const inner = { ...context, depth: context.depth + 1 }
  const parts: Condition[] = []
  for (const [name, value] of Object.entries(record)) {
    if (value === undefined) continue
    const at = [...path, name]
    if (name === 'and') parts.push(and(branches(meta, value, at, inner)))
    else if (name === 'or') parts.push(or(branches(meta, value, at, inner)))
    else if (name === 'not') parts.push(not(parse(meta, value, at, inner)))
    else parts.push(parseMember(meta, name, value, at, inner))
  }
  return and(parts)
}

function branches(meta: EntityMeta, value: unknown, path: Path, context: Context): Condition[] {
  if (!Array.isArray(value)) return fail(path, 'must be a list of filters')
  return value.map((one, index) => parse(meta, one, [...path, index], context))
}

function parseMember(
  meta: EntityMeta,
  name: string,
  value: unknown,
  path: Path,
  context: Context,
): Condition {
  if (++context.count.comparisons > maximumComparisons) {
    return fail([], `has more than ${maximumComparisons} comparisons`)
  }
  const field = meta.fields.get(name)
  if (field) {
    if (field.definition.secret) return fail(path, 'is secret and cannot be filtered')
    return parseComparisons(name, [], field.definition, value, path, context)
  }
  const relation = meta.relations.get(name)
  if (relation) return parseRelation(relation, value, path, context)
  return fail(path, `${meta.name} has no field "${name}"`)
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
  inside: readonly string[],
  definition: FieldDefinition,
  value: unknown,
  path: Path,
  context: Context,
): Condition {
  const ignoreCase = isPlainObject(value) && value.ignoreCase === true
  const comparable: Comparable = {
    definition,
    make(operator, operand) {
      const folds = operator === 'contains' || operator === 'startsWith' || operator === 'endsWith'
      return {
        op: 'compare',
        field,
        path: inside,
        definition,
        operator,
        value: operand,
        ignoreCase: ignoreCase && folds,
      }
    },
  }
  if (!isPlainObject(value) || isCurrent(value)) {
    return compare(comparable, 'eq', value, path, context)
  }
  const parts = Object.entries(value).map(([key, operand]) => {
    if (operand === undefined) return always
    const at = [...path, key]
    const nested = definition.fields?.[key]
    if (nested) return parseComparisons(field, [...inside, key], nested, operand, at, context)
    if (operators.has(key)) return compare(comparable, key as Operator, operand, at, context)
    if (key !== 'ignoreCase') {
      return fail(at, `is no comparison; there are ${[...operators].join(', ')}`)
    }
    return typeof operand === 'boolean' ? always : fail(at, 'must be true or false')
  })
  return and(parts)
}

function compare(
  comparable: Comparable,
  operator: Operator,
  value: unknown,
  path: Path,
  context: Context,
): Condition {
  if (!isCurrent(value)) return accept(compareWith(comparable, operator, value), path)
  if (!context.rule) return fail(path, 'current() is for rules')
  const { definition, make } = comparable
  const problem = operatorProblem(definition, operator)
  if (problem) return fail(path, problem)
  if (operator === 'ne') return not(make('eq', value))
  if (operator === 'notIn') return not(make('in', value))
  return make(operator === 'contains' && definition.type === 'list' ? 'has' : operator, value)
}

function accept(result: Condition | Refusal, path: Path): Condition {
  if (!('refused' in result)) return result
  return fail(result.at === undefined ? path : [...path, result.at], result.refused)
}

function parseRelation(
  relation: RelationMeta,
  value: unknown,
  path: Path,
  context: Context,
): Condition {
  const { kind, target } = relation
  if (kind === 'hasMany') {
    const record = plainObject(value, path, 'some, every or none')
    return and(
      Object.entries(record).map(([quantifier, where]) => {
        if (where === undefined) return always
        const at = [...path, quantifier]
        if (quantifier !== 'some' && quantifier !== 'every' && quantifier !== 'none') {
          return fail(at, 'is none of some, every and none')
        }
        return related(relation, quantifier, parse(target, where, at, context))
      }),
    )
  }
  if (value === null) {
    return kind === 'belongsTo' ? { op: 'isNull', relation } : related(relation, 'none', always)
  }
  if (kind === 'belongsTo' && !isFilter(value)) return parseLink(relation, value, path, context)
  return related(relation, 'some', parse(target, value, path, context))
}

const linkOperators = new Set(['eq', 'ne', 'in', 'notIn'])

/** A filter over the other row, as opposed to a key, a row, or `{ in: [key, …] }`. */
function isFilter(value: unknown): boolean {
  if (!isPlainObject(value) || isCurrent(value)) return false
  const [only, ...others] = Object.keys(value)
  return only === undefined || others.length > 0 || !linkOperators.has(only)
}

/** `author: id`, `author: { in: [id, …] }`, `author: current('userId')`: the link itself, no other table needed. */
function parseLink(
  relation: RelationMeta,
  value: unknown,
  path: Path,
  context: Context,
): Condition {
  const { target } = relation
  const definition = keyDefinition(target)
  if (!definition) {
    const key = isPlainObject(value) ? undefined : coerceKey(target, value)
    if (key === NoSuchValue) return never
    if (key !== undefined) return related(relation, 'some', parse(target, key, path, context))
    return fail(
      path,
      `${target.name} has a key of several parts; filter by them: { ${target.key.join(', ')} }`,
    )
  }
  const comparable: Comparable = {
    definition,
    make: (operator, operand) =>
      operand === null
        ? { op: 'isNull', relation }
        : // A link has no order and is no text: nothing but eq and in gets here.
          { op: 'key', relation, operator: operator as 'eq' | 'in', value: operand },
  }
  if (isPlainObject(value) && !isCurrent(value)) {
    const [[operator, operand]] = Object.entries(value) as [[Operator, unknown]]
    const keys = Array.isArray(operand)
      ? operand.map((one) => keyOf(target, one))
      : keyOf(target, operand)
    return compare(comparable, operator, keys, [...path, operator], context)
  }
  return compare(comparable, 'eq', keyOf(target, value), path, context)
}

/** The key of a row given whole; everything else as it is. */
function keyOf(target: EntityMeta, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  if (isCurrent(value) || value instanceof Date) return value
  const key = coerceKey(target, value)
  return key === undefined || key === NoSuchValue ? value : key
}

function plainObject(value: unknown, path: Path, expected: string): Record<string, unknown> {
  if (isPlainObject(value)) return value
  return fail(path, `must be an object with ${expected}`)
}

function fail(path: Path, message: string): never {
  throw new ValidationError([{ path, message }], 'filter')
}
