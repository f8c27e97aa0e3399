/** Values in JSON: bigint as digits, instants as ISO 8601 in UTC, bytes as base64; everything else as it is. */
import { fromBase64, toBase64 } from './base64.ts'
import { defaultOf, type FieldDefinition } from './field.ts'
import { mapRecord } from './record.ts'

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
      return mapRecord(definition.fields ?? {}, (part, name) =>
        toWire(part, (value as Readonly<Record<string, unknown>>)[name]),
      )
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
      return mapRecord(definition.fields ?? {}, (part, name) => {
        const given = (value as Readonly<Record<string, Json>>)[name]
        // A part that is newer than the row gets its default.
        return given === undefined ? (defaultOf(part) ?? null) : fromWire(part, given)
      })
    default:
      return value
  }
}
