/** Values in JSON: bigint as digits, instants as ISO 8601 in UTC, bytes as base64; everything else as it is. */
import { fromBase64, toBase64 } from './base64.ts'
import { defaultOf, type FieldDefinition } from './field.ts'

/** A JSON value. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }

/** The JSON form of a row's value. */
export function toWire(definition: FieldDefinition, value: unknown): Json {
  if (value === null || value === undefined) return null
  switch (definition.type) {
    case 'int8':
      return String(value)
    case 'datetime':
      return (value as Date).toISOString()
    case 'bytes':
      return toBase64(value as Uint8Array)
    case 'list':
      return (value as unknown[]).map((item) => toWire(definition.item as FieldDefinition, item))
    case 'object':
      return partsToWire(definition.fields ?? {}, value as Record<string, unknown>)
    default:
      return value as Json
  }
}

/** The row's value of its JSON form. The form is trusted: it was written by `toWire`. */
export function fromWire(definition: FieldDefinition, value: Json): unknown {
  if (value === null) return null
  switch (definition.type) {
    case 'int8':
      return BigInt(value as string)
    case 'datetime':
      return new Date(value as string)
    case 'bytes':
      return fromBase64(value as string)
    case 'list':
      return (value as Json[]).map((item) => fromWire(definition.item as FieldDefinition, item))
    case 'object':
      return partsFromWire(definition.fields ?? {}, value as Readonly<Record<string, Json>>)
    default:
      return value
  }
}

type Parts = Readonly<Record<string, FieldDefinition>>

function partsToWire(fields: Parts, value: Readonly<Record<string, unknown>>): Json {
  return Object.fromEntries(
    Object.entries(fields).map(([name, definition]) => [name, toWire(definition, value[name])]),
  )
}

/** A part that is newer than the row gets its default. */
function partsFromWire(
  fields: Parts,
  value: Readonly<Record<string, Json>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, definition]) => {
      const part = value[name]
      return [
        name,
        part === undefined ? (defaultOf(definition) ?? null) : fromWire(definition, part),
      ]
    }),
  )
}
