/** One comparison with a value: checked, brought to the few operators that stores compile, folded where it cannot hold. */
import { type Condition, never, not, type Operator, or } from './condition.ts'
import type { FieldDefinition } from './field.ts'
import { coerceOperand, NoSuchValue } from './operand.ts'
import { isStorable } from './storable.ts'

/** Why an operand is refused; `at` is its index in the list of an `in`. */
export interface Refusal {
  readonly refused: string
  readonly at?: number
}

/** What may be compared: `make` is given `eq`, `in`, `has`, an order or a text operator, and a value rows can have. */
export interface Comparable {
  readonly definition: FieldDefinition
  readonly make: (operator: Operator, value: unknown) => Condition
}

/** More operands of one `in` than this are refused. */
const maximumOperands = 10_000

const textOperators = new Set<Operator>(['contains', 'startsWith', 'endsWith'])
const unordered = new Set<FieldDefinition['type']>(['json', 'bytes', 'object', 'list'])

/** Whether rows can be sorted and keyed by such a field. */
export function isOrdered(definition: FieldDefinition): boolean {
  return !unordered.has(definition.type)
}

export function compareWith(
  { definition, make }: Comparable,
  operator: Operator,
  value: unknown,
): Condition | Refusal {
  const wrongOperator = operatorProblem(definition, operator)
  if (wrongOperator) return { refused: wrongOperator }
  if (operator === 'ne' || operator === 'notIn') {
    const positive = compareWith({ definition, make }, operator === 'ne' ? 'eq' : 'in', value)
    return 'refused' in positive ? positive : not(positive)
  }
  if (operator === 'in') return oneOf({ definition, make }, value)
  if (operator === 'contains' && definition.type === 'list') {
    return withOperand(definition.item as FieldDefinition, value, (item) => make('has', item))
  }
  if (textOperators.has(operator)) return withText(operator, value, make)
  if (operator !== 'eq' && value === null) return { refused: 'must not be null' }
  return withOperand(definition, value, (operand) => make(operator, operand))
}

/** Why values of this field cannot be compared so; undefined when they can. */
export function operatorProblem({ type }: FieldDefinition, operator: Operator): string | undefined {
  if (operator === 'contains' && type === 'list') return undefined
  if (textOperators.has(operator)) {
    return type === 'text' || type === 'enum' ? undefined : 'is for text'
  }
  const equality = ['eq', 'ne', 'in', 'notIn'].includes(operator)
  return equality || !unordered.has(type) ? undefined : `values of type ${type} have no order`
}

function withOperand(
  definition: FieldDefinition,
  value: unknown,
  make: (operand: unknown) => Condition,
): Condition | Refusal {
  const operand = coerceOperand(definition, value)
  if (operand instanceof Error) return { refused: operand.message }
  return operand === NoSuchValue ? never : make(operand)
}

function withText(
  operator: Operator,
  value: unknown,
  make: Comparable['make'],
): Condition | Refusal {
  if (typeof value !== 'string') return { refused: 'must be text' }
  if (!isStorable(value)) return never
  return value === '' ? not(make('eq', null)) : make(operator, value)
}

function oneOf({ definition, make }: Comparable, value: unknown): Condition | Refusal {
  if (!Array.isArray(value)) return { refused: 'must be a list' }
  if (value.length > maximumOperands) {
    return { refused: `has ${value.length} values; at most ${maximumOperands} may be given` }
  }
  const operands: unknown[] = []
  for (const [at, one] of value.entries()) {
    const operand = coerceOperand(definition, one)
    if (operand instanceof Error) return { refused: operand.message, at }
    if (operand !== NoSuchValue) operands.push(operand)
  }
  const present = operands.filter((operand) => operand !== null)
  return or([
    present.length === 0 ? never : make('in', present),
    present.length === operands.length ? never : make('eq', null),
  ])
}
