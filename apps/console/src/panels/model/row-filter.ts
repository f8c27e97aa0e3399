/** Filters of rows: which comparisons a field offers, and what the workbench is asked for them. Pure. */
import type { EntityShape } from './entities.ts'

export interface Comparison {
  readonly name: string
  readonly label: string
  /** It needs a value. */
  readonly takesValue: boolean
}

export interface RowFilter {
  readonly field: string | undefined
  readonly compare: string | undefined
  readonly value: string | undefined
}

type Field = EntityShape['fields'][number]

const equal = { name: 'eq', label: 'is', takesValue: true }
const other = { name: 'ne', label: 'is not', takesValue: true }
const texts: readonly Comparison[] = [
  { name: 'contains', label: 'contains', takesValue: true },
  { name: 'startsWith', label: 'begins with', takesValue: true },
  equal,
  other,
]
const ordered: readonly Comparison[] = [
  equal,
  { name: 'gte', label: 'at least', takesValue: true },
  { name: 'lte', label: 'at most', takesValue: true },
  other,
]
const nothing: readonly Comparison[] = [
  { name: 'null', label: 'is null', takesValue: false },
  { name: 'notNull', label: 'is not null', takesValue: false },
]

/** Fields that rows can be found by. */
export function filterable(entity: EntityShape): readonly Field[] {
  return entity.fields.filter(
    ({ type, secret }) => !secret && !/^(json|object|list|bytes)$/.test(type),
  )
}

export function comparisonsOf({ type, nullable }: Field): readonly Comparison[] {
  const own =
    type === 'text' ? texts : /^(enum|boolean|uuid)$/.test(type) ? [equal, other] : ordered
  return nullable ? [...own, ...nothing] : own
}

/** The filter as the store takes it; undefined while it is not complete. */
export function whereOf(entity: EntityShape, filter: RowFilter): object | undefined {
  const field = filterable(entity).find(({ name }) => name === filter.field)
  if (field === undefined) return undefined
  const comparison = comparisonsOf(field).find(({ name }) => name === filter.compare)
  const { name: compare, takesValue } = comparison ?? comparisonsOf(field)[0] ?? equal
  if (!takesValue) return { [field.name]: compare === 'null' ? null : { ne: null } }
  if (filter.value === undefined || filter.value === '') return undefined
  const value = operandOf(field, filter.value)
  const isText = compare === 'contains' || compare === 'startsWith'
  return { [field.name]: { [compare]: value, ...(isText ? { ignoreCase: true } : {}) } }
}

/** `-title` is descending. */
export function orderOf(order: string | undefined): object | undefined {
  if (order === undefined || order === '' || order === '-') return undefined
  return order.startsWith('-') ? { [order.slice(1)]: 'desc' } : { [order]: 'asc' }
}

function operandOf({ type }: Field, text: string): unknown {
  switch (type) {
    case 'int4':
    case 'double': {
      const value = Number(text)
      // What is no number is told by the server, with the field's name.
      return text.trim() === '' || Number.isNaN(value) ? text : value
    }
    case 'boolean':
      return text === 'true'
    default:
      return text
  }
}
