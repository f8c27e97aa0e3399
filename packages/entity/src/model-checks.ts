/** What of a model can be wrong beside its relations: keys, options, tables and earlier names. Each check adds sentences. */
import { isOrdered } from './comparison.ts'
import type { FieldDefinition } from './field.ts'
import { type EntityMeta, snakeCase, storedNames } from './model.ts'
import { actions } from './rules.ts'

type Metas = ReadonlyMap<string, EntityMeta>

/** Adds a sentence about one entity when something is wrong. */
type Complain = (wrong: unknown, sentence: string) => void

function complainOf({ name }: EntityMeta, problems: string[]): Complain {
  return (wrong, sentence) => {
    if (wrong) problems.push(`${name}${sentence}`)
  }
}

export function checkOptions(meta: EntityMeta, problems: string[]): void {
  const { options, fields } = meta
  const complain = complainOf(meta, problems)
  const stored = storedNames(meta)
  for (const option of Object.keys(options)) {
    complain(
      !known.includes(option),
      `: there is no option "${option}"; there are ${known.join(', ')}`,
    )
  }
  for (const action of Object.keys(options.allow ?? {})) {
    const unknown = !actions.some((one) => one === action)
    complain(unknown, `: allow.${action}: is none of ${actions.join(', ')}`)
  }
  const checkStored = (option: string, names: readonly string[]) => {
    for (const name of names) {
      complain(
        !stored.includes(name),
        `: the option ${option} names "${name}", which is not a stored field`,
      )
    }
  }
  checkKey(meta, complain)
  checkStored('key', meta.key)
  for (const option of ['unique', 'indexes'] as const) {
    for (const group of options[option] ?? []) {
      const distinct = new Set(group).size
      complain(
        distinct === 0 || distinct !== group.length,
        `: a group in ${option} needs at least one field, each once`,
      )
      checkStored(option, group)
    }
  }
  const checkField = (
    option: 'softDelete' | 'version',
    expected: string,
    holds: (definition: FieldDefinition) => unknown,
  ) => {
    const name = options[option]
    const definition = fields.get(name ?? '')?.definition
    complain(
      name !== undefined && !(definition && holds(definition)),
      `: the option ${option} needs ${expected}, "${name}" is none`,
    )
  }
  checkField(
    'softDelete',
    'a datetime().nullable()',
    ({ type, nullable }) => type === 'datetime' && nullable,
  )
  checkField(
    'version',
    'an int() with default(…)',
    ({ type, hasDefault }) => type === 'int4' && hasDefault,
  )
  checkStored('tenant', [options.tenant ?? []].flat())
}

const known = [
  'key',
  'unique',
  'indexes',
  'softDelete',
  'version',
  'tenant',
  'allow',
  'was',
  'table',
  'description',
]

function checkKey({ key, options, fields, relations }: EntityMeta, complain: Complain): void {
  complain(key.length === 0, ': has no primary key; add id: id(), or the option key: [ … ]')
  complain(
    !options.key && key.length > 1,
    `: has the ids ${key.join(' and ')}; make all but one uuid(), or say key: [ … ]`,
  )
  for (const name of key) {
    const definition = fields.get(name)?.definition
    complain(
      definition?.nullable || relations.get(name)?.definition.nullable,
      `.${name}: part of the primary key, so it cannot be nullable()`,
    )
    complain(definition?.secret, `.${name}: a key cannot be secret()`)
    complain(
      definition && !isOrdered(definition),
      `.${name}: values of type ${definition?.type} cannot be a key`,
    )
  }
}

export function checkTables(metas: Metas, problems: string[]): void {
  const owners = new Map<string, string>()
  for (const meta of metas.values()) {
    const { name, table } = meta
    const complain = complainOf(meta, problems)
    const owner = owners.get(table)
    complain(owner, `: its table "${table}" is ${owner}'s; give one of them the option table`)
    complain(
      !/^(?!typestead_)[a-z_][a-z0-9_]{0,47}$/.test(table),
      `: "${table}" cannot be a table: small letters, digits and _, at most 48, not starting with typestead_`,
    )
    owners.set(table, name)
  }
}

/** An earlier name must be free now, and claimed once. */
export function checkNames(metas: Metas, problems: string[]): void {
  const claimed = new Set<string>()
  for (const meta of metas.values()) {
    const complain = complainOf(meta, problems)
    const { was } = meta.options
    if (was !== undefined) {
      complain(metas.has(was), `: was "${was}", but there is an entity of that name`)
      complain(claimed.has(was), `: was "${was}", as another entity says too`)
      claimed.add(was)
    }
    checkFieldNames(meta, complain)
  }
}

function checkFieldNames(meta: EntityMeta, complain: Complain): void {
  const stored = storedNames(meta)
  const claimed = new Set<string>()
  for (const { name, definition } of [...meta.fields.values(), ...meta.relations.values()]) {
    for (const was of definition.was ?? []) {
      const taken = stored.includes(was)
      complain(
        taken,
        `.${name}: was("${was}"), but there is a field of that name; names that swap or shift go by a third name, in two migrations`,
      )
      complain(claimed.has(was), `.${name}: was("${was}") is said twice`)
      claimed.add(was)
    }
  }
}

/** A key may be made of relations, but must end in fields. */
export function checkKeys(metas: Metas, problems: string[]): void {
  for (const meta of metas.values()) {
    const cycle = keyCycle(meta, [])
    complainOf(meta, problems)(
      cycle,
      `: its key is made of itself (${cycle?.join(' → ')}); key it by fields`,
    )
  }
}

function keyCycle(meta: EntityMeta, above: readonly string[]): readonly string[] | undefined {
  const path = [...above, meta.name]
  if (above.includes(meta.name)) return above[0] === meta.name ? path : undefined
  for (const name of meta.key) {
    const target = meta.relations.get(name)?.target
    const cycle = target && keyCycle(target, path)
    if (cycle) return cycle
  }
  return undefined
}

/** Each column holds one thing. Keys end in fields by then: see checkKeys. */
export function checkColumns(metas: Metas, problems: string[]): void {
  for (const meta of metas.values()) {
    const complain = complainOf(meta, problems)
    const owners = new Map<string, string>()
    for (const name of storedNames(meta)) {
      for (const column of columnsOf(meta, name)) {
        const owner = owners.get(column)
        complain(
          owner,
          `: ${owner} and ${name} are both kept in the column "${column}"; give one of them another name`,
        )
        complain(
          noColumns.test(column),
          `.${name}: PostgreSQL has no room for "${column}" in a table; give it another name`,
        )
        owners.set(column, name)
      }
    }
  }
}

/**
 * Those that every table has (https://www.postgresql.org/docs/current/ddl-system-columns.html), and those that would be cut
 * off without an error: names have 63 bytes, ours are of ASCII.
 */
const noColumns = /^(tableoid|[cx]m(in|ax)|ctid|.{64,})$/

/** What a stored name is called in a table: a link is kept as the key that it leads to, `author` as `author_id`. */
function columnsOf(meta: EntityMeta, name: string): string[] {
  const target = meta.relations.get(name)?.target
  const own = snakeCase(name)
  if (!target) return [own]
  return target.key.flatMap((part) => columnsOf(target, part)).map((column) => `${own}_${column}`)
}
