/** Conditions judged in JavaScript on the row of an event, where it has all that they need. */
import type { FieldDefinition } from '@typestead/entity'
import type { Condition } from '@typestead/store/sql'

type Values = Readonly<Record<string, unknown>>

/** `undefined` where only the database can tell: other rows, secret fields, orders and patterns of text. */
export function matches(condition: Condition, row: Values): boolean | undefined {
  switch (condition.op) {
    case 'always':
      return true
    case 'never':
      return false
    case 'and':
    case 'or':
      return several(condition.of, row, condition.op === 'or')
    case 'not': {
      const inner = matches(condition.of, row)
      return inner === undefined ? undefined : !inner
    }
    case 'compare':
      return condition.path.length > 0
        ? undefined
        : compared(condition.definition, condition.operator, row[condition.field], condition.value)
    case 'key': {
      const value = row[condition.relation.name]
      if (typeof value === 'object' && value !== null) return undefined
      if (value === undefined || isCurrent(condition.value)) return undefined
      return condition.operator === 'eq'
        ? value === condition.value
        : (condition.value as unknown[]).includes(value)
    }
    case 'isNull':
      return row[condition.relation.name] === null
    default:
      return undefined
  }
}

/** One part that decides is enough, even where others cannot be judged here. */
function several(of: readonly Condition[], row: Values, decisive: boolean): boolean | undefined {
  let unknown = false
  for (const one of of) {
    const found = matches(one, row)
    if (found === decisive) return decisive
    if (found === undefined) unknown = true
  }
  return unknown ? undefined : !decisive
}

const plain = new Set([
  'uuid',
  'text',
  'enum',
  'int4',
  'int8',
  'boolean',
  'datetime',
  'date',
  'double',
])
const ordered = new Set(['int4', 'int8', 'datetime', 'double'])

function compared(
  { type }: FieldDefinition,
  operator: string,
  value: unknown,
  asked: unknown,
): boolean | undefined {
  if (value === undefined || !plain.has(type) || isCurrent(asked)) return undefined
  if (operator === 'eq' && asked === null) return value === null
  if (operator !== 'eq' && operator !== 'in' && !ordered.has(type)) return undefined
  if (value === null) return false
  const [left, right] = [comparable(value), comparable(asked)]
  switch (operator) {
    case 'eq':
      return left === right
    case 'in':
      return (asked as unknown[]).some((one) => comparable(one) === left)
    case 'lt':
      return left < right
    case 'lte':
      return left <= right
    case 'gt':
      return left > right
    case 'gte':
      return left >= right
    default:
      return undefined
  }
}

function comparable(value: unknown): string | number | bigint {
  if (value instanceof Date) return value.getTime()
  return value as string | number | bigint
}

function isCurrent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '$current' in value
}
