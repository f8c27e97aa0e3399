/**
 * Orders and cursors of lists. A cursor is the values of the order's terms in the row it stands at, with the order
 * itself, so that it is refused under another order. Version 1: base64url of `[1, terms, values]` as JSON.
 */
import {
  type EntityMeta,
  type FieldDefinition,
  fromWire,
  type Json,
  toWire,
  ValidationError,
} from '@typestead/entity'
import type { OrderTerm, Position } from './backend.ts'
import { StoreError } from './errors.ts'

/** Of cursors; also written by statements that make them in the database. */
export const cursorVersion = 1

/**
 * The terms of an order, ended by what is left of the primary key.
 * @throws {ValidationError} for a field that is unknown, secret or without order
 */
export function orderTerms(meta: EntityMeta, orderBy: unknown): OrderTerm[] {
  const parts = orderBy === undefined ? [] : Array.isArray(orderBy) ? orderBy : [orderBy]
  const terms: OrderTerm[] = []
  const add = (name: string, descending: boolean) => {
    if (terms.some((term) => term.name === name)) return
    const nullable =
      meta.fields.get(name)?.definition.nullable ??
      meta.relations.get(name)?.definition.nullable ??
      false
    terms.push({ name, descending, nullable })
  }
  for (const [index, part] of parts.entries()) {
    if (typeof part !== 'object' || part === null)
      refuse([index], 'must be an object such as { createdAt: "desc" }')
    for (const [name, direction] of Object.entries(part as object)) {
      if (direction === undefined) continue
      const definition = meta.fields.get(name)?.definition
      if (!definition || definition.secret)
        refuse([name], `${meta.name} cannot be ordered by "${name}"`)
      if (unordered.has(definition.type))
        refuse([name], `values of type ${definition.type} have no order`)
      if (direction !== 'asc' && direction !== 'desc') refuse([name], 'must be "asc" or "desc"')
      add(name, direction === 'desc')
    }
  }
  // The tie-break follows the direction of the last term, so that one index serves both.
  const descending = terms.at(-1)?.descending ?? false
  for (const name of meta.key) add(name, descending)
  return terms
}

const unordered = new Set(['json', 'object', 'list', 'bytes'])

export function encodeCursor(
  meta: EntityMeta,
  terms: readonly OrderTerm[],
  row: Readonly<Record<string, unknown>>,
): string {
  const values = terms.map(({ name }) => toWireValue(meta, name, row[name]))
  return Buffer.from(JSON.stringify([cursorVersion, signature(terms), values])).toString(
    'base64url',
  )
}

/** @throws {StoreError} `BAD_CURSOR` */
export function decodeCursor(
  meta: EntityMeta,
  terms: readonly OrderTerm[],
  cursor: unknown,
): Position {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(String(cursor), 'base64url').toString())
    if (!Array.isArray(decoded) || decoded[0] !== cursorVersion || decoded[1] !== signature(terms))
      throw badCursor()
    const values = decoded[2] as Json[]
    if (!Array.isArray(values) || values.length !== terms.length) throw badCursor()
    return terms.map(({ name, nullable }, index) => {
      const value = fromWireValue(meta, name, values[index] ?? null)
      if (value === null && !nullable) throw badCursor()
      return value
    })
  } catch (cause) {
    throw cause instanceof StoreError ? cause : badCursor(cause)
  }
}

function badCursor(cause?: unknown): StoreError {
  return new StoreError(
    'BAD_CURSOR',
    'this cursor is not one of this list in this order; start again without it',
    { cause },
  )
}

/** The order as cursors name it. */
export function signature(terms: readonly OrderTerm[]): string {
  return terms.map(({ name, descending }) => (descending ? `-${name}` : name)).join()
}

function toWireValue(meta: EntityMeta, name: string, value: unknown): Json {
  const definition = meta.fields.get(name)?.definition
  return definition ? toWire(definition, value) : (value as Json)
}

/** A cursor comes from outside: its values must have the form that `toWire` gives. */
function fromWireValue(meta: EntityMeta, name: string, value: Json): unknown {
  const definition = meta.fields.get(name)?.definition
  if (!definition || value === null) return value
  const restored = fromWire(definition, value)
  if (
    JSON.stringify(toWire(definition, restored)) !== JSON.stringify(value) ||
    !hasType(definition, restored)
  )
    throw badCursor()
  return restored
}

function hasType({ type }: FieldDefinition, value: unknown): boolean {
  switch (type) {
    case 'int4':
      return Number.isInteger(value) && Math.abs(value as number) <= 0x7fffffff
    case 'double':
      return typeof value === 'number' && Number.isFinite(value)
    case 'int8':
      return typeof value === 'bigint'
    case 'boolean':
      return typeof value === 'boolean'
    case 'datetime':
      return value instanceof Date && !Number.isNaN(value.getTime())
    case 'uuid':
      return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)
    case 'decimal':
      return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)
    default:
      return typeof value === 'string' && !value.includes('\0')
  }
}

function refuse(path: (string | number)[], message: string): never {
  throw new ValidationError([{ path, message }], 'order')
}
