/**
 * The common checks without Zod: a function that accepts a value at once, or leaves it to the field's schema, which alone
 * refuses and makes messages. Only schemas made wholly of checks that are known here have one.
 */
import type { FieldDefinition } from './field.ts'
import { isStorable } from './storable.ts'
import { instant, lastMillisecond } from './temporal-field.ts'
import { anyUuid, uuidPattern } from './text-field.ts'
import { insideOf, type SchemaDefinition } from './value-schema.ts'

/** The value as rows have it; undefined when only the schema can tell. */
export type QuickCheck = (value: unknown) => unknown

type Accepts = (value: never) => boolean

export function quickCheck({ schema, values, item }: FieldDefinition): QuickCheck {
  const { type = '', format = type, checks = [] } = insideOf(schema).def
  if (schema === anyUuid) return quickly(isUuid)
  if (schema === instant) return quickly(isInstant)
  const bounds: Accepts[] = []
  for (const { _zod } of checks) {
    const bound = boundOf(_zod.def)
    if (!bound) return unsure
    bounds.push(bound)
  }
  if (item && !item.nullable && type === 'array') return quickList(quickCheck(item), bounds)
  const allowed = new Set<unknown>(values)
  const accepts = type === 'enum' ? (value: unknown) => allowed.has(value) : guards[format]
  return accepts ? quickly(accepts, bounds) : unsure
}

/** For what no quick check is known. */
export function unsure(): undefined {}

function quickly(
  accepts: (value: unknown) => boolean,
  bounds: readonly Accepts[] = [],
): QuickCheck {
  return (value) => (accepts(value) && holds(bounds, value) ? value : undefined)
}

function holds(bounds: readonly Accepts[], value: unknown): boolean {
  for (const bound of bounds) if (!bound(value as never)) return false
  return true
}

/** A copy, as the schema makes one: the row must not change with the input. */
function quickList(quickItem: QuickCheck, bounds: readonly Accepts[]): QuickCheck {
  return (value) => {
    if (!Array.isArray(value) || !holds(bounds, value)) return undefined
    const items = value.map(quickItem)
    return items.includes(undefined) ? undefined : items
  }
}

/** By the format of a schema, or its kind where it has none. */
const guards: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string' && isStorable(value),
  int32: (value) => typeof value === 'number' && (value | 0) === value,
  number: Number.isFinite,
  boolean: (value) => typeof value === 'boolean',
}

function isUuid(value: unknown): boolean {
  return typeof value === 'string' && uuidPattern.test(value)
}

/** From 1970 to 9999; the years before are the schema's. */
function isInstant(value: unknown): boolean {
  return value instanceof Date && value.getTime() >= 0 && value.getTime() <= lastMillisecond
}

/** Whether a value that the guard let in holds to one check; undefined for a check that is not known here. */
function boundOf(bound: SchemaDefinition): Accepts | undefined {
  const { check, minimum = 0, maximum = 0, inclusive, pattern, format } = bound
  // The limit of a number is a number.
  const limit = bound.value as number
  switch (check) {
    case 'min_length':
      return (text: string) => text.length >= minimum
    case 'max_length':
      return (text: string) => text.length <= maximum
    case 'greater_than':
      return (value: number) => (inclusive ? value >= limit : value > limit)
    case 'less_than':
      return (value: number) => (inclusive ? value <= limit : value < limit)
    case 'string_format':
      return (format === 'email' || format === 'regex') && pattern && !/[gy]/.test(pattern.flags)
        ? (text: string) => pattern.test(text)
        : undefined
    default:
      return undefined
  }
}
