/**
 * Rows as documents. `_id` is the key: its value, or an object of its parts in order. Every other field lies under its
 * name, a link under the relation's name as the other row's key. Values: decimals are text, int8 a Long, instants a Date,
 * bytes a Binary, days text, JSON as `json-values.ts` has it, objects and lists nested.
 *
 * Names that start with `_` are the store's own:
 * `_rev`    grows with every write of the document; writes are made on condition that it is the one read
 * `_sort`   the order-preserving key of each decimal (see `decimal-key.ts`)
 * `_unique` for each unique group its values as one text, or, where they do not count (one is null, the row is deleted), a
 *           text that no other row has: so a plain unique index does what PostgreSQL's partial one does
 * `_events` what the change feed has not been told yet, `_pending` since when
 * `_hidden` the row is not there: it is being deleted, or its batch is not complete
 */
import {
  type EntityMeta,
  type FieldDefinition,
  type RelationMeta,
  storedNames,
  toWire,
  type Values,
} from '@typestead/entity'
import { Binary } from 'mongodb'
import { keyText } from '../hydrate.ts'
import { decimalKey } from './decimal-key.ts'
import { decodeJson, encodeJson, nested, unnested } from './json-values.ts'

export interface StoredEvent {
  /** Names the event for ever: it enters the feed once. */
  readonly event: string
  readonly entity: string
  readonly op: 'create' | 'update' | 'delete'
  readonly key: unknown
  /** Field values as in documents, by name, secrets left out. */
  readonly row: Readonly<Record<string, unknown>>
  readonly at: Date
}

export type Hidden =
  | { readonly kind: 'deleted' }
  | { readonly kind: 'staged'; readonly batch: string; readonly at: Date }

export interface StoredDocument {
  readonly _id: unknown
  readonly _rev: number
  readonly _sort?: Readonly<Record<string, unknown>>
  readonly _unique?: Readonly<Record<string, string>>
  readonly _events?: readonly StoredEvent[]
  readonly _pending?: Date
  readonly _hidden?: Hidden
  readonly [name: string]: unknown
}

/** Where a stored name lies in the document. */
export function pathOf(meta: EntityMeta, name: string): string {
  if (!meta.key.includes(name)) return name
  return meta.key.length === 1 ? '_id' : `_id.${name}`
}

/** Where a name is compared and ordered: decimals by their key. */
export function comparedPath(
  meta: EntityMeta,
  name: string,
  inside: readonly string[],
  definition?: FieldDefinition,
): string {
  if (definition?.type === 'decimal') return ['_sort', name, ...inside].join('.')
  return [pathOf(meta, name), ...inside].join('.')
}

/** The value of a stored name, a field or a link, as documents have it. */
export function encodeNamed(meta: EntityMeta, name: string, value: unknown): unknown {
  const definition = meta.fields.get(name)?.definition
  if (definition) return encodeValue(definition, value)
  return encodeKey((meta.relations.get(name) as RelationMeta).target, value)
}

export function decodeNamed(meta: EntityMeta, name: string, value: unknown): unknown {
  const definition = meta.fields.get(name)?.definition
  if (definition) return decodeValue(definition, value)
  return decodeKey((meta.relations.get(name) as RelationMeta).target, value)
}

export function encodeValue(
  definition: FieldDefinition,
  value: unknown,
  insideArray = false,
): unknown {
  if (value === null || value === undefined) return null
  switch (definition.type) {
    case 'double':
      // One zero: some servers have no other.
      return value === 0 ? 0 : value
    case 'int8':
      return BigInt(value as bigint)
    case 'bytes':
      return new Binary(value as Uint8Array)
    case 'json':
      return encodeJson(value, insideArray)
    case 'list': {
      const item = definition.item as FieldDefinition
      return nested(
        (value as unknown[]).map((one) => encodeValue(item, one, true)),
        insideArray,
      )
    }
    case 'object': {
      const parts = Object.entries(definition.fields ?? {})
      return Object.fromEntries(
        parts.map(([name, part]) => [name, encodeValue(part, (value as Values)[name])]),
      )
    }
    default:
      return value
  }
}

export function decodeValue(definition: FieldDefinition, value: unknown): unknown {
  if (value === null || value === undefined) return null
  switch (definition.type) {
    case 'int8':
      return BigInt(value as bigint)
    case 'int4':
    case 'double':
      return Number(value)
    case 'bytes':
      return value instanceof Binary ? Uint8Array.from(value.value()) : value
    case 'json':
      return decodeJson(value)
    case 'list': {
      const item = definition.item as FieldDefinition
      const items = Array.isArray(value) ? value : (unnested(value as object) ?? [])
      return items.map((one) => decodeValue(item, one))
    }
    case 'object': {
      const parts = Object.entries(definition.fields ?? {})
      return Object.fromEntries(
        parts.map(([name, part]) => [name, decodeValue(part, (value as Values)[name])]),
      )
    }
    default:
      return value
  }
}

/** A key as `_id` and links have it. Equal keys are equal documents: parts stand in the key's order. */
export function encodeKey(meta: EntityMeta, key: unknown): unknown {
  if (key === null || key === undefined) return null
  const [only, ...others] = meta.key
  if (others.length === 0) return encodeNamed(meta, only as string, key)
  return Object.fromEntries(
    meta.key.map((name) => [name, encodeNamed(meta, name, (key as Values)[name])]),
  )
}

export function decodeKey(meta: EntityMeta, key: unknown): unknown {
  if (key === null || key === undefined) return null
  const [only, ...others] = meta.key
  if (others.length === 0) return decodeNamed(meta, only as string, key)
  return Object.fromEntries(
    meta.key.map((name) => [name, decodeNamed(meta, name, (key as Values)[name])]),
  )
}

/** The row's key out of its values. */
export function keyIn(meta: EntityMeta, values: Values): unknown {
  const [only, ...others] = meta.key
  if (others.length === 0) return values[only as string]
  return Object.fromEntries(meta.key.map((name) => [name, values[name]]))
}

/** A new document, visible, with nothing to tell. */
export function toDocument(meta: EntityMeta, values: Values): StoredDocument {
  const fields: Record<string, unknown> = { _id: encodeKey(meta, keyIn(meta, values)) }
  for (const name of storedNames(meta)) {
    if (!meta.key.includes(name)) fields[name] = encodeNamed(meta, name, values[name])
  }
  return { ...fields, _rev: 1, ...companions(meta, values) } as StoredDocument
}

/** The values of `names`; a field that the document lacks is null. */
export function fromDocument(
  meta: EntityMeta,
  document: StoredDocument,
  names: readonly string[],
): Values {
  const values: Values = {}
  for (const name of names) {
    const stored = !meta.key.includes(name)
      ? document[name]
      : meta.key.length === 1
        ? document._id
        : (document._id as Values)[name]
    values[name] = decodeNamed(meta, name, stored)
  }
  return values
}

/** The document's `_sort` and `_unique`, where the entity has decimals and unique groups. */
export function companions(
  meta: EntityMeta,
  values: Values,
): Partial<Pick<StoredDocument, '_sort' | '_unique'>> {
  const sort = sortKeys(
    Object.fromEntries([...meta.fields].map(([name, field]) => [name, field.definition])),
    values,
  )
  const groups = uniqueGroups(meta)
  const { softDelete } = meta.options
  const counts =
    softDelete === undefined || values[softDelete] === null || values[softDelete] === undefined
  const unique = groups.map((group) => [
    group.name,
    counts ? uniqueText(meta, group, values) : freeText(meta, values),
  ])
  return {
    ...(Object.keys(sort).length > 0 ? { _sort: sort } : {}),
    ...(groups.length > 0 ? { _unique: Object.fromEntries(unique) } : {}),
  }
}

/** Texts for every unique group that no other row has: the row's places are free. */
export function freed(meta: EntityMeta, values: Values): Record<string, string> {
  return Object.fromEntries(uniqueGroups(meta).map(({ name }) => [name, freeText(meta, values)]))
}

export interface UniqueGroup {
  /** The names joined by `_`, which no name has. */
  readonly name: string
  readonly fields: readonly string[]
}

/** What must be unique beside the key. */
export function uniqueGroups(meta: EntityMeta): UniqueGroup[] {
  const alone = [...meta.fields.values(), ...meta.relations.values()]
    .filter(
      (part) => part.definition.unique && (part.kind === 'field' || part.kind === 'belongsTo'),
    )
    .map((part) => [part.name])
  const groups = [...alone, ...(meta.options.unique ?? [])]
  const byName = new Map(groups.map((fields) => [fields.join('_'), fields]))
  return [...byName].map(([name, fields]) => ({ name, fields }))
}

/** Where the text of a group would count, it starts with `[`; otherwise it is the row's own. */
function uniqueText(meta: EntityMeta, group: UniqueGroup, values: Values): string {
  const parts = group.fields.map((name) => {
    const value = values[name] ?? null
    const definition = meta.fields.get(name)?.definition
    return definition ? encodeJson(toWire(definition, value)) : value
  })
  if (parts.includes(null)) return freeText(meta, values)
  return JSON.stringify(parts, (_, value) => (typeof value === 'bigint' ? String(value) : value))
}

function freeText(meta: EntityMeta, values: Values): string {
  return `free:${keyText(keyIn(meta, values))}`
}

type Definitions = Readonly<Record<string, FieldDefinition>>

function sortKeys(definitions: Definitions, values: Values): Record<string, unknown> {
  const keys: Record<string, unknown> = {}
  for (const [name, definition] of Object.entries(definitions)) {
    const value = values[name]
    if (value === null || value === undefined) continue
    if (definition.type === 'decimal') keys[name] = decimalKey(value as string)
    if (definition.type !== 'object') continue
    const inner = sortKeys(definition.fields ?? {}, value as Values)
    if (Object.keys(inner).length > 0) keys[name] = inner
  }
  return keys
}
