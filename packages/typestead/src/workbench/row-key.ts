/**
 * Rows in JSON as the workbench shows them, and their keys in addresses. A key of one part stands as it is, one of
 * several parts as JSON. Secret fields are left out.
 */
import { type EntityMeta, fromWire, type Json, toWire } from '@typestead/entity'

export type Values = Readonly<Record<string, unknown>>

/** The JSON form of a row: its fields but the secret ones, and the keys of the rows it belongs to. */
export function rowValues(meta: EntityMeta, row: Values): Readonly<Record<string, Json>> {
  const values: Record<string, Json> = {}
  for (const { name, definition } of meta.fields.values()) {
    if (!definition.secret) values[name] = toWire(definition, row[name])
  }
  for (const { name, kind, target } of meta.relations.values()) {
    if (kind === 'belongsTo') values[name] = linkKey(target, row[name])
  }
  return values
}

/** What a row is called among others of its kind: by its title or name, else by its first text, else by its key. */
export function rowLabel(meta: EntityMeta, row: Values): string {
  const isText = (name: string) => {
    const definition = meta.fields.get(name)?.definition
    return definition?.type === 'text' && !definition.secret
  }
  const names = ['title', 'name', 'label', 'email', ...meta.fields.keys()]
  const found = names.find((name) => isText(name) && row[name] !== '' && row[name] != null)
  return found === undefined ? keyText(rowKey(meta, row)) : String(row[found])
}

/** The key of a row in JSON. */
export function rowKey(meta: EntityMeta, row: Values): Json {
  const part = (name: string): Json => {
    const definition = meta.fields.get(name)?.definition
    if (definition !== undefined) return toWire(definition, row[name])
    const target = meta.relations.get(name)?.target
    return target === undefined ? null : linkKey(target, row[name])
  }
  const [only, ...others] = meta.key
  if (only !== undefined && others.length === 0) return part(only)
  return Object.fromEntries(meta.key.map((name) => [name, part(name)]))
}

export function keyText(key: Json): string {
  return typeof key === 'string' ? key : JSON.stringify(key)
}

/** The key in an address, as the store takes it; undefined for a text that no key can have. */
export function readKey(meta: EntityMeta, text: string): unknown {
  const [only, ...others] = meta.key
  if (only !== undefined && others.length === 0) {
    const definition = meta.fields.get(only)?.definition
    if (definition === undefined) return parsed(text) ?? text
    const isText = ['text', 'uuid', 'enum', 'decimal', 'date', 'datetime', 'int8'].includes(
      definition.type,
    )
    const json = isText ? text : parsed(text)
    return json === undefined ? undefined : fromWire(definition, json as Json)
  }
  const parts = parsed(text)
  return typeof parts === 'object' && parts !== null ? parts : undefined
}

/** A row that is loaded, or only a reference to one. */
function linkKey(target: EntityMeta, value: unknown): Json {
  if (value === null || value === undefined) return null
  return typeof value === 'object' ? rowKey(target, value as Values) : (value as Json)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // no JSON
  }
}
