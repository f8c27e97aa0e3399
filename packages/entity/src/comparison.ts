/** One comparison with a value: checked, brought to the few operators that stores compile, folded where it cannot hold. */
import { type Condition, never, not, type Operator, or } from './condition.ts'
import type { FieldDefinition } from './field.ts'
import { coerceOperand, NoSuchValue } from './operand.ts'
import { isStorable } from './storable.ts'

/** Why an operand is refused, returned and not thrown; `at` is its index in the list of an `in`. */
export interface Refusal extends Error {
  readonly at?: number
}

/** What may be compared: `make` is given `eq`, `in`, `has`, an order or a text operator, and a value rows can have. */
export interface Comparable {
  readonly definition: FieldDefinition
  readonly make: (operator: Operator, value: unknown) => Condition
}

/** More operands of one `in` than this are refused. */
const maximumOperands = 10_000

const textOperator = /^(contains|startsWith|endsWith)$/
const unordered = /^(json|bytes|object|list)$/

export function isTextOperator(operator: string): boolean {
  return textOperator.test(operator)
}

/** Whether rows can be sorted and keyed by such a field. */
export function isOrdered({ type }: FieldDefinition): boolean {
  return !unordered.test(type)
}

export function compareWith(
  { definition, make }: Comparable,
  operator: Operator,
  value: unknown,
): Condition | Refusal {
  const problem = operatorProblem(definition, operator)
  if (problem) return new TypeError(problem)
  const positive = positiveOf(operator)
  if (positive) {
    const result = compareWith({ definition, make }, positive, value)
    return result instanceof Error ? result : not(result)
  }
  if (operator === 'in') return oneOf({ definition, make }, value)
  if (operator === 'contains' && definition.item) {
    return withOperand(definition.item, value, (item) => make('has', item))
  }
  if (isTextOperator(operator)) {
    if (typeof value !== 'string') return new TypeError('must be text')
    if (!isStorable(value)) return never
    return value === '' ? not(make('eq', null)) : make(operator, value)
  }
  if (operator !== 'eq' && value === null) return new TypeError('must not be null')
  return withOperand(definition, value, (operand) => make(operator, operand))
}

/** What the operator is the complement of. */
export function positiveOf(operator: Operator): Operator | undefined {
  if (operator === 'ne') return 'eq'
  return operator === 'notIn' ? 'in' : undefined
}

/** Why values of this field cannot be compared so; undefined when they can. */
export function operatorProblem(
  definition: FieldDefinition,
  operator: Operator,
): string | undefined {
  const { type } = definition
  if (isTextOperator(operator)) {
    const fits = type === 'text' || type === 'enum' || (operator === 'contains' && type === 'list')
    return fits ? undefined : 'is for text'
  }
  return /^(eq|ne|in|notIn)$/.test(operator) || isOrdered(definition)
    ? undefined
    : `values of type ${type} have no order`
}

function withOperand(
  definition: FieldDefinition,
  value: unknown,
  make: (operand: unknown) => Condition,
): Condition | Refusal {
  const operand = coerceOperand(definition, value)
  if (operand instanceof Error) return operand
  return operand === NoSuchValue ? never : make(operand)
}

function oneOf({ definition, make }: Comparable, value: unknown): Condition | Refusal {
  if (!Array.isArray(value)) return new TypeError('must be a list')
  if (value.length > maximumOperands) {
    return new TypeError(`has ${value.length} values; at most ${maximumOperands} may be given`)
  }
  const operands: unknown[] = []
  for (const [at, one] of value.entries()) {
    const operand = coerceOperand(definition, one)
    if (operand instanceof Error) return Object.assign(operand, { at })
    if (operand !== NoSuchValue) operands.push(operand)
  }
  const present = operands.filter((operand) => operand !== null)
  return or([
    present.length === 0 ? never : make('in', present),
    present.length === operands.length ? never : make('eq', null),
  ])
}
