/**
 * Scalars beside GraphQL's own. Answers: instants as ISO 8601 in UTC with milliseconds, 64-bit integers and decimals as
 * text, bytes as base64. Inputs are strict, and their messages never repeat the value, which may be a secret.
 */
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql'

interface ScalarDefinition {
  readonly name: string
  readonly description: string
  readonly expected: string
  readonly output: (value: unknown) => unknown
  /** The value, or undefined when it is not one. */
  readonly input: (value: unknown) => unknown
  /** Literals of these kinds are read by their own text. */
  readonly literals: readonly Kind[]
}

const isoInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

export const DateTime = scalar({
  name: 'DateTime',
  description: 'An instant: ISO 8601 in UTC with milliseconds, such as 2026-02-28T12:00:00.000Z.',
  expected: 'an instant such as 2026-02-28T12:00:00.000Z',
  output: (value) => {
    const date = value instanceof Date ? value : new Date(String(value))
    return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
  },
  input: (value) => {
    if (typeof value !== 'string' || !isoInstant.test(value)) return undefined
    const day = value.slice(0, 10)
    const date = new Date(value)
    return isDay(day) && !Number.isNaN(date.getTime()) ? date : undefined
  },
  literals: [Kind.STRING],
})

/** Named apart from the built-in `Date`. */
export const DateOnly = scalar({
  name: 'Date',
  description: 'A day without a time zone, such as 2026-02-28.',
  expected: 'a day such as 2026-02-28',
  output: (value) => (typeof value === 'string' ? value : undefined),
  input: (value) => (typeof value === 'string' && isDay(value) ? value : undefined),
  literals: [Kind.STRING],
})

export const Decimal = scalar({
  name: 'Decimal',
  description: 'An exact decimal number as text, such as "12.50".',
  expected: 'a decimal number as text, such as "12.50"',
  output: (value) => (typeof value === 'string' ? value : String(value)),
  input: (value) =>
    typeof value === 'string' && /^-?\d{1,1000}(\.\d{1,1000})?$/.test(value) ? value : undefined,
  literals: [Kind.STRING, Kind.INT, Kind.FLOAT],
})

export const BigIntScalar = scalar({
  name: 'BigInt',
  description: 'A whole number of 64 bits as text, such as "9007199254740993".',
  expected: 'a whole number of 64 bits as text',
  output: (value) => String(value),
  input: (value) => {
    const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
    if (typeof text !== 'string' || !/^-?\d{1,19}$/.test(text)) return undefined
    const number = BigInt(text)
    return BigInt.asIntN(64, number) === number ? number : undefined
  },
  literals: [Kind.STRING, Kind.INT],
})

export const Bytes = scalar({
  name: 'Bytes',
  description: 'Bytes as base64 text.',
  expected: 'base64 text',
  output: (value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : undefined,
  input: (value) => {
    if (typeof value !== 'string' || !isBase64(value)) return undefined
    return new Uint8Array(Buffer.from(value, 'base64'))
  },
  literals: [Kind.STRING],
})

export const JsonScalar = new GraphQLScalarType({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => plain(valueFromASTUntyped(node, variables)),
})

export const scalars: readonly GraphQLScalarType[] = [
  DateTime,
  DateOnly,
  Decimal,
  BigIntScalar,
  Bytes,
  JsonScalar,
]

function scalar(definition: ScalarDefinition): GraphQLScalarType {
  const { name, description, expected, input, literals } = definition
  const wrong = (node?: ValueNode) =>
    new GraphQLError(`must be ${expected}`, node === undefined ? {} : { nodes: node })
  return new GraphQLScalarType({
    name,
    description,
    serialize: (value) => {
      const output = definition.output(value)
      if (output === undefined) throw new TypeError(`a value of ${name} has an unforeseen form`)
      return output
    },
    parseValue: (value) => {
      const parsed = input(value)
      if (parsed === undefined) throw wrong()
      return parsed
    },
    parseLiteral: (node) => {
      const text = literals.includes(node.kind) && 'value' in node ? node.value : undefined
      const parsed = input(text)
      if (parsed === undefined) throw wrong(node)
      return parsed
    },
  })
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

/** graphql-js makes objects without a prototype; checks of JSON values want plain ones. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const copy: Record<string, unknown> = {}
  for (const [key, part] of Object.entries(value)) {
    // Defined, not assigned: a key named __proto__ stays a key.
    Object.defineProperty(copy, key, {
      value: plain(part),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return copy
}
