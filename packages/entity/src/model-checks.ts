/** What of a model can be wrong beside its relations: keys, options, tables and earlier names. Each check adds sentences. */
import { isOrdered } from './comparison.ts'
import type { FieldDefinition } from './field.ts'
import { type EntityMeta, storedNames } from './model.ts'
import { actions } from './rules.ts'

type Metas = ReadonlyMap<string, EntityMeta>

export function checkOptions(meta: EntityMeta, problems: string[]): void {
  const { name, options } = meta
  const stored = new Set(storedNames(meta))
  for (const option of Object.keys(options)) {
    if (!known.has(option)) {
      problems.push(`${name}: there is no option "${option}"; there are ${[...known].join(', ')}`)
    }
  }
  for (const action of Object.keys(options.allow ?? {})) {
    if (!(actions as readonly string[]).includes(action)) {
      problems.push(`${name}: allow.${action}: is none of ${actions.join(', ')}`)
    }
  }
  checkKey(meta, stored, problems)
  for (const option of ['unique', 'indexes'] as const) {
    for (const group of options[option] ?? []) {
      const twice = new Set(group).size !== group.length
      if (group.length === 0 || twice) {
        problems.push(`${name}: a group in ${option} needs at least one field, each once`)
      }
      for (const field of group) expectStored(meta, option, field, stored, problems)
    }
  }
  expectField(
    meta,
    'softDelete',
    'a datetime().nullable()',
    problems,
    (definition) => definition.type === 'datetime' && definition.nullable === true,
  )
  expectField(
    meta,
    'version',
    'an int() with default(…)',
    problems,
    (definition) => definition.type === 'int4' && definition.hasDefault === true,
  )
  if (options.tenant !== undefined) expectStored(meta, 'tenant', options.tenant, stored, problems)
}

const known = new Set([
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
])

function checkKey(meta: EntityMeta, stored: ReadonlySet<string>, problems: string[]): void {
  const { name, key } = meta
  if (key.length === 0) {
    problems.push(`${name}: has no primary key; add id: id(), or the option key: [ … ]`)
  } else if (!meta.options.key && key.length > 1) {
    problems.push(
      `${name}: has the ids ${key.join(' and ')}; make all but one uuid(), or say key: [ … ]`,
    )
  }
  for (const field of key) {
    expectStored(meta, 'key', field, stored, problems)
    const definition = meta.fields.get(field)?.definition
    if (definition?.nullable || meta.relations.get(field)?.definition.nullable) {
      problems.push(`${name}.${field}: part of the primary key, so it cannot be nullable()`)
    }
    if (definition?.secret) problems.push(`${name}.${field}: a key cannot be secret()`)
    if (definition && !isOrdered(definition)) {
      problems.push(`${name}.${field}: values of type ${definition.type} cannot be a key`)
    }
  }
}

function expectStored(
  meta: EntityMeta,
  option: string,
  field: string,
  stored: ReadonlySet<string>,
  problems: string[],
): void {
  if (!stored.has(field)) {
    problems.push(
      `${meta.name}: the option ${option} names "${field}", which is not a stored field`,
    )
  }
}

function expectField(
  meta: EntityMeta,
  option: 'softDelete' | 'version',
  expected: string,
  problems: string[],
  holds: (definition: FieldDefinition) => boolean,
): void {
  const field = meta.options[option]
  if (field === undefined) return
  const definition = meta.fields.get(field)?.definition
  if (!definition || !holds(definition)) {
    problems.push(`${meta.name}: the option ${option} needs ${expected}, "${field}" is none`)
  }
}

export function checkTables(metas: Metas, problems: string[]): void {
  const owners = new Map<string, string>()
  for (const { name, table } of metas.values()) {
    const owner = owners.get(table)
    if (owner) {
      problems.push(
        `${name}: its table "${table}" is ${owner}'s; give one of them the option table`,
      )
    }
    if (!/^[a-z_][a-z0-9_]{0,47}$/.test(table) || table.startsWith('typestead_')) {
      problems.push(
        `${name}: "${table}" cannot be a table: small letters, digits and _, at most 48, not starting with typestead_`,
      )
    }
    owners.set(table, name)
  }
}

/** An earlier name must be free now, and claimed once. */
export function checkNames(metas: Metas, problems: string[]): void {
  const claimed = new Set<string>()
  for (const meta of metas.values()) {
    const { was } = meta.options
    if (was !== undefined) {
      if (metas.has(was)) {
        problems.push(`${meta.name}: was "${was}", but there is an entity of that name`)
      }
      if (claimed.has(was)) problems.push(`${meta.name}: was "${was}", as another entity says too`)
      claimed.add(was)
    }
    checkFieldNames(meta, problems)
  }
}

function checkFieldNames(meta: EntityMeta, problems: string[]): void {
  const stored = new Set(storedNames(meta))
  const claimed = new Set<string>()
  for (const part of [...meta.fields.values(), ...meta.relations.values()]) {
    for (const was of part.definition.was ?? []) {
      const path = `${meta.name}.${part.name}`
      if (stored.has(was))
        problems.push(`${path}: was("${was}"), but there is a field of that name`)
      if (claimed.has(was)) problems.push(`${path}: was("${was}") is said twice`)
      claimed.add(was)
    }
  }
}

/** A key may be made of relations, but must end in fields. */
export function checkKeys(metas: Metas, problems: string[]): void {
  for (const meta of metas.values()) {
    const cycle = keyCycle(meta, [])
    if (cycle) {
      problems.push(
        `${meta.name}: its key is made of itself (${cycle.join(' → ')}); key it by fields`,
      )
    }
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
