/**
 * The common checks without Zod: a function that accepts a value at once, or leaves it to the field's schema, which alone
 * refuses and makes messages. Only schemas made wholly of checks that are known here have one.
 */
import type { FieldDefinition } from './field.ts'
import { isStorable } from './storable.ts'
import { instant } from './temporal-field.ts'
import { anyUuid } from './text-field.ts'
import type { ValueSchema } from './value-schema.ts'

/** The value as rows have it; undefined when only the schema can tell. */
export type QuickCheck = (value: unknown) => unknown

/** What Zod keeps of a schema and of each check on it (zod.dev/packages/core). */
interface Definition {
  readonly type?: string
  readonly check?: string
  readonly format?: string
  readonly coerce?: boolean
  readonly minimum?: number
  readonly maximum?: number
  readonly value?: unknown
  readonly inclusive?: boolean
  readonly pattern?: RegExp
  readonly checks?: readonly { readonly _zod: { readonly def: Definition } }[]
}

export function quickCheck(definition: FieldDefinition): QuickCheck | undefined {
  const { schema } = definition
  // The compiler knows only the output of a ValueSchema.
  const {
    type,
    format,
    checks = [],
  } = (schema as ValueSchema & { _zod: { def: Definition } })._zod.def
  if (schema === anyUuid) return quickUuid
  if (schema === instant) return quickInstant
  if (definition.type === 'list' && type === 'array') return quickList(definition, checks)
  const accepts = checks.map(({ _zod }) => quickBound(_zod.def))
  if (accepts.includes(undefined)) return undefined
  const bounds = accepts as ((value: never) => boolean)[]
  const holds = (value: unknown) => bounds.every((bound) => bound(value as never))
  switch (definition.type) {
    case 'text':
      if (type !== 'string' || format !== undefined) return undefined
      return (value) =>
        typeof value === 'string' && isStorable(value) && holds(value) ? value : undefined
    case 'int4':
      if (type !== 'number' || format !== 'int32') return undefined
      return (value) => (isInt32(value) && holds(value) ? value : undefined)
    case 'double':
      if (type !== 'number' || format !== undefined) return undefined
      return (value) => (Number.isFinite(value) && holds(value) ? value : undefined)
    case 'boolean':
      if (type !== 'boolean' || checks.length > 0) return undefined
      return (value) => (typeof value === 'boolean' ? value : undefined)
    case 'enum': {
      if (type !== 'enum' || checks.length > 0) return undefined
      const values = new Set<unknown>(definition.values)
      return (value) => (values.has(value) ? value : undefined)
    }
    default:
      return undefined
  }
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

function quickUuid(value: unknown): unknown {
  return typeof value === 'string' && uuidPattern.test(value) ? value : undefined
}

function quickInstant(value: unknown): unknown {
  if (!(value instanceof Date)) return undefined
  const time = value.getTime()
  // From 1970 to 9999; the years before are the schema's.
  return time >= 0 && time <= 253_402_300_799_999 ? value : undefined
}

function isInt32(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value
}

/** A copy, as the schema makes one: the row must not change with the input. */
function quickList(
  { item }: FieldDefinition,
  checks: NonNullable<Definition['checks']>,
): QuickCheck | undefined {
  const quickItem = item && !item.nullable ? quickCheck(item) : undefined
  const [bound, ...others] = checks.map(({ _zod }) => _zod.def)
  if (!quickItem || bound?.check !== 'max_length' || others.length > 0) return undefined
  const most = bound.maximum ?? 0
  return (value) => {
    if (!Array.isArray(value) || value.length > most) return undefined
    const items: unknown[] = []
    for (const one of value) {
      const accepted = quickItem(one)
      if (accepted === undefined) return undefined
      items.push(accepted)
    }
    return items
  }
}

function quickBound(bound: Definition): ((value: never) => boolean) | undefined {
  const { check, minimum = 0, maximum = 0, value: limit, inclusive, pattern } = bound
  switch (check) {
    case 'min_length':
      return (text: string) => text.length >= minimum
    case 'max_length':
      return (text: string) => text.length <= maximum
    case 'greater_than':
      return (value: number) => (inclusive ? value >= (limit as number) : value > (limit as number))
    case 'less_than':
      return (value: number) => (inclusive ? value <= (limit as number) : value < (limit as number))
    case 'string_format': {
      const plain = bound.format === 'email' || bound.format === 'regex'
      if (!plain || !pattern || pattern.global || pattern.sticky) return undefined
      return (text: string) => pattern.test(text)
    }
    default:
      return undefined
  }
}
