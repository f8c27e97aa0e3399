/**
 * What a migration does to each document of an entity: rename, fill, convert, let go, and bring the store's own parts up to
 * date. A pure function of the document (but for back-fill functions), and one that changes nothing when it is run again.
 */
import {
  type Change,
  defaultOf,
  type EntityMeta,
  type FieldDefinition,
  storedNames,
  type Values,
} from '@typestead/entity'
import { convert } from './convert.ts'
import {
  companions,
  encodeValue,
  fromDocument,
  type StoredDocument,
  uniqueGroups,
} from './documents.ts'

export interface Rewritten {
  readonly changed: boolean
  /** The document as it then is. */
  readonly after: StoredDocument
}

/** Whether documents have to be looked at for these changes of one entity. */
export function touchesDocuments(changes: readonly Change[]): boolean {
  return changes.some((change) => {
    switch (change.kind) {
      case 'renameField':
      case 'renameRelation':
      case 'addField':
      case 'dropField':
      case 'addUnique':
      case 'dropUnique':
        return true
      case 'changeField':
        return change.aspects.some((aspect) =>
          ['type', 'nullable', 'values', 'unique', 'shape'].includes(aspect),
        )
      case 'addRelation':
        return change.after.kind === 'belongsTo'
      case 'dropRelation':
        return change.before.kind === 'belongsTo'
      case 'changeRelation':
        return change.after.kind === 'belongsTo'
      case 'changeOptions':
        return change.options.includes('softDelete')
      default:
        return false
    }
  })
}

/** @throws {Error} that says which field of which entity cannot be brought over; no value is told */
export function rewrite(
  meta: EntityMeta,
  changes: readonly Change[],
  before: StoredDocument,
): Rewritten {
  const fields: Record<string, unknown> = { ...before }
  for (const change of changes) applyRename(meta, change, fields)
  for (const change of changes) applyValues(meta, change, fields)
  for (const change of changes) applyDrop(change, fields)
  const values = fromDocument(meta, fields as StoredDocument, storedNames(meta))
  for (const name of ['_sort', '_unique']) delete fields[name]
  Object.assign(fields, companions(meta, values))
  const names = new Set([...Object.keys(before), ...Object.keys(fields)])
  const changed = [...names].some((name) => textOf(before[name]) !== textOf(fields[name]))
  return { changed, after: fields as StoredDocument }
}

/** The texts of unique groups that count, by group, of a document. */
export function countedUniques(
  meta: EntityMeta,
  document: StoredDocument,
): { names: readonly string[]; text: string }[] {
  return uniqueGroups(meta).flatMap(({ name, fields }) => {
    const text = document._unique?.[name]
    return text?.startsWith('[') ? [{ names: fields, text }] : []
  })
}

function applyRename(meta: EntityMeta, change: Change, fields: Record<string, unknown>): void {
  if (change.kind !== 'renameField' && change.kind !== 'renameRelation') return
  const { before, after } = change
  // A key's value lies in `_id`, under no name.
  if (meta.key.includes(after.name) || !Object.hasOwn(fields, before.name)) return
  if (!Object.hasOwn(fields, after.name)) fields[after.name] = fields[before.name]
  delete fields[before.name]
}

function applyValues(meta: EntityMeta, change: Change, fields: Record<string, unknown>): void {
  switch (change.kind) {
    case 'addField': {
      const { name } = change.after
      const definition = definitionOf(meta, name)
      if (!Object.hasOwn(fields, name)) fields[name] = filled(meta, definition, fields)
      return
    }
    case 'changeField': {
      const { name } = change.after
      if (meta.key.includes(name)) return
      const definition = definitionOf(meta, name)
      try {
        if (change.aspects.includes('type'))
          fields[name] = convert(change.before, definition, fields[name])
      } catch (cause) {
        throw new Error(`${meta.name}.${name}: a value cannot become ${definition.type}`, { cause })
      }
      const gone = (change.before.values ?? []).filter(
        (value) => !change.after.values?.includes(value),
      )
      if (definition.type === 'enum' && gone.includes(fields[name] as string))
        fields[name] = instead(definition)
      if (!definition.nullable && (fields[name] ?? null) === null)
        fields[name] = filled(meta, definition, fields)
      if (!definition.nullable && fields[name] === null)
        throw new Error(
          `${meta.name}.${name}: a row has no value, and there is no default to give it`,
        )
      return
    }
    case 'addRelation':
      if (change.after.kind === 'belongsTo' && !Object.hasOwn(fields, change.after.name)) {
        if (!change.after.nullable)
          throw new Error(
            `${meta.name}.${change.after.name}: rows that exist link to no ${change.after.target}; add .nullable()`,
          )
        fields[change.after.name] = null
      }
      return
    case 'changeRelation': {
      if (change.after.kind !== 'belongsTo') return
      const { name } = change.after
      if (change.before.target !== change.after.target) fields[name] = null
      if (!change.after.nullable && (fields[name] ?? null) === null && !meta.key.includes(name))
        throw new Error(
          `${meta.name}.${name}: a row links to no ${change.after.target}; give it a link, or add .nullable()`,
        )
      return
    }
    default:
  }
}

function applyDrop(change: Change, fields: Record<string, unknown>): void {
  if (change.kind === 'dropField') delete fields[change.before.name]
  if (change.kind === 'dropRelation' && change.before.kind === 'belongsTo')
    delete fields[change.before.name]
}

/** The value for a row that has none: the back-fill, else the default of a required field. */
function filled(
  meta: EntityMeta,
  definition: FieldDefinition,
  fields: Readonly<Record<string, unknown>>,
): unknown {
  if (definition.hasBackfill) {
    const { backfill } = definition
    const value: unknown =
      typeof backfill === 'function' ? backfill(oldRow(meta, fields)) : backfill
    return encodeValue(definition, value)
  }
  return definition.nullable ? null : encodeValue(definition, defaultOf(definition))
}

function oldRow(meta: EntityMeta, fields: Readonly<Record<string, unknown>>): Values {
  const there = storedNames(meta).filter(
    (name) => meta.key.includes(name) || Object.hasOwn(fields, name),
  )
  return fromDocument(meta, fields as StoredDocument, there)
}

function instead(definition: FieldDefinition): unknown {
  const value = defaultOf(definition)
  return value === undefined ? null : encodeValue(definition, value)
}

function definitionOf(meta: EntityMeta, name: string): FieldDefinition {
  const definition = meta.fields.get(name)?.definition
  if (!definition) throw new TypeError(`${meta.name} has no field ${name}`)
  return definition
}

function textOf(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}n` : part))
}
