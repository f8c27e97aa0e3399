/**
 * From the catalogue that is to the one that should be, as steps. What must hold together happens in one transaction; what
 * would lock a large table for long (indexes, validation, back-fill) happens afterwards, step by step, each of which may be
 * run again. A catalogue migrated so equals a fresh one.
 */
import type { Change, ModelDescriptor } from '@typestead/entity'
import type { MigrationStep } from '../backend.ts'
import {
  type ColumnSpec,
  catalogueOf,
  constant,
  type IndexSpec,
  shortName,
  type TableSpec,
} from './catalogue.ts'
import {
  addCheck,
  addForeignKey,
  columnDefinition,
  createIndex,
  createTable,
  createTriggers,
  dropTriggers,
  validate,
} from './ddl.ts'
import { literal, quote } from './table.ts'

/** A step as it is kept until it is done. */
export interface Step extends MigrationStep {
  /** For a back-fill that only the application can compute. */
  readonly backfill?: { readonly entity: string; readonly field: string }
  /** What must exist for the step to make sense; a later model may have removed it. */
  readonly subject?: {
    readonly table: string
    readonly column?: string
    readonly index?: string
    readonly constraint?: string
  }
}

/** All steps from one model to another; every change must be allowed already. */
export function migrationSteps(
  before: ModelDescriptor | null,
  after: ModelDescriptor,
  changes: readonly Change[],
): Step[] {
  const old = catalogueOf(before ?? { version: 1, entities: [] })
  const target = catalogueOf(after)
  const rename = renamer(changes)
  const pairs = target.map((table) => ({
    table,
    was: old.find((one) => rename(one.entity) === table.entity),
  }))
  const dropped = old.filter((table) => !target.some((one) => one.entity === rename(table.entity)))
  const existing = pairs.filter((pair): pair is Pair => pair.was !== undefined)
  const fresh = pairs.filter((pair) => pair.was === undefined).map((pair) => pair.table)
  const parts = existing.map((pair) => tableSteps(pair, rename, changes))
  return [
    ...parts.flatMap((part) => part.renames),
    ...dropped.flatMap(dropLinks),
    ...parts.flatMap((part) => part.drops),
    ...fresh.flatMap((table) => freshTable(table)),
    ...parts.flatMap((part) => part.alters),
    ...fresh.flatMap((table) =>
      table.foreignKeys.map((key) =>
        safe(`${table.name} links to ${key.target}`, addForeignKey(table.name, key, true)),
      ),
    ),
    ...parts.flatMap((part) => part.constraints),
    ...parts.flatMap((part) => part.removals),
    ...dropped.map((table) => loses(`drop table ${table.name}`, `drop table ${quote(table.name)}`)),
    ...parts.flatMap((part) => part.online),
  ]
}

interface Pair {
  readonly table: TableSpec
  readonly was: TableSpec
}

interface TableSteps {
  readonly renames: Step[]
  readonly drops: Step[]
  readonly alters: Step[]
  readonly constraints: Step[]
  readonly removals: Step[]
  readonly online: Step[]
}

/** Today's name of an entity (`User`) or of a column's origin (`Post.author/User.id`). */
type Rename = (origin: string) => string

function renamer(changes: readonly Change[]): Rename {
  const entities = new Map<string, string>()
  const fields = new Map<string, string>()
  for (const change of changes)
    if (change.kind === 'renameEntity') entities.set(change.before.name, change.after.name)
  for (const change of changes) {
    if (change.kind !== 'renameField' && change.kind !== 'renameRelation') continue
    fields.set(`${change.entity}.${change.before.name}`, `${change.entity}.${change.after.name}`)
  }
  const one = (piece: string) => {
    const [entity = '', field] = piece.split('.')
    const name = entities.get(entity) ?? entity
    if (field === undefined) return name
    return fields.get(`${name}.${field}`) ?? `${name}.${field}`
  }
  return (origin) => origin.split('/').map(one).join('/')
}

function freshTable(table: TableSpec): Step[] {
  return [
    safe(`create table ${table.name}`, createTable(table)),
    ...table.indexes.map((index) =>
      safe(`index ${index.name}`, createIndex(table.name, index, false)),
    ),
    ...createTriggers(table).map((statement) => safe(`change feed of ${table.name}`, statement)),
  ]
}

function dropLinks(table: TableSpec): Step[] {
  return table.foreignKeys.map((key) =>
    safe(`${table.name} no longer links to ${key.target}`, dropConstraint(table.name, key.name)),
  )
}

function tableSteps({ table, was }: Pair, rename: Rename, changes: readonly Change[]): TableSteps {
  const steps: TableSteps = {
    renames: [],
    drops: [],
    alters: [],
    constraints: [],
    removals: [],
    online: [],
  }
  const name = table.name
  if (was.name !== name) {
    steps.renames.push(
      safe(
        `table ${was.name} becomes ${name}`,
        `alter table ${quote(was.name)} rename to ${quote(name)}`,
      ),
    )
  }
  if (was.entity !== table.entity) {
    const statement = `update typestead_outbox set entity = ${literal(table.entity)} where entity = ${literal(was.entity)}`
    steps.renames.push(safe(`events of ${was.entity} become those of ${table.entity}`, statement))
  }
  const columns = table.columns.map((column) => ({
    column,
    old: was.columns.find((one) => rename(one.origin) === column.origin),
  }))
  const columnNames = new Map<string, string>()
  for (const { column, old } of columns) {
    if (!old) continue
    columnNames.set(old.name, column.name)
    if (old.name === column.name) continue
    const statement = `alter table ${quote(name)} rename column ${quote(old.name)} to ${quote(column.name)}`
    steps.renames.push(
      safe(`${name}.${old.name} becomes ${column.name}`, statement),
      renameInEvents(table.entity, old.name, column.name),
    )
  }
  const earlier = withoutDropped(
    renamed(was, columnNames, rename),
    droppedColumns(table, was, rename),
  )
  const mine = changes.filter((change) => change.entity === table.entity)
  indexSteps(table, earlier, steps, mine)
  keySteps(table, earlier, steps)
  linkSteps(table, earlier, steps)
  checkSteps(table, earlier, steps)
  for (const { column, old } of columns) {
    if (old) alterColumn(table, column, old, steps, mine)
    else addColumn(table, column, steps, mine)
  }
  for (const old of droppedColumns(table, was, rename)) {
    const statement = `alter table ${quote(name)} drop column ${quote(old.name)}`
    // A link that leads elsewhere from now on makes room for its successor first.
    const inTheWay = table.columns.some((column) => column.name === old.name)
    const phase = inTheWay ? steps.drops : steps.removals
    phase.push(loses(`drop ${name}.${old.name}`, statement))
  }
  if (table.feed.join('|') !== earlier.feed.join('|')) {
    for (const statement of [...dropTriggers(name), ...createTriggers(table)]) {
      steps.constraints.push(safe(`change feed of ${name}`, statement))
    }
  }
  return steps
}

/** Events that readers have yet to see carry their row under today's names. */
function renameInEvents(entity: string, from: string, to: string): Step {
  const row = `row - ${literal(from)} || jsonb_build_object(${literal(to)}, row -> ${literal(from)})`
  return safe(
    `events of ${entity}: ${from} becomes ${to}`,
    `update typestead_outbox set row = ${row} where entity = ${literal(entity)} and row ? ${literal(from)}`,
  )
}

/** The old table as its renames leave it: columns under today's names, constraints still under their old ones. */
function renamed(was: TableSpec, columns: ReadonlyMap<string, string>, rename: Rename): TableSpec {
  const now = (column: string) => columns.get(column) ?? column
  return {
    ...was,
    primaryKey: { ...was.primaryKey, columns: was.primaryKey.columns.map(now) },
    indexes: was.indexes.map((index) => ({
      ...index,
      columns: index.columns.map((column) => ({ ...column, name: now(column.name) })),
      ...(index.whereNull === undefined ? {} : { whereNull: now(index.whereNull) }),
    })),
    checks: was.checks.map((check) => ({ ...check, column: now(check.column) })),
    foreignKeys: was.foreignKeys.map((key) => ({
      ...key,
      columns: key.columns.map(now),
      targetEntity: rename(key.targetEntity),
    })),
  }
}

function droppedColumns(table: TableSpec, was: TableSpec, rename: Rename): readonly ColumnSpec[] {
  return was.columns.filter(
    (old) => !table.columns.some((column) => rename(old.origin) === column.origin),
  )
}

/** PostgreSQL drops the indexes and constraints of a column with it, so they are made anew even if their names stay. */
function withoutDropped(was: TableSpec, dropped: readonly ColumnSpec[]): TableSpec {
  const gone = new Set(dropped.map((column) => column.name))
  const touched = (columns: readonly string[]) => columns.some((name) => gone.has(name))
  return {
    ...was,
    primaryKey: touched(was.primaryKey.columns)
      ? { ...was.primaryKey, columns: [] }
      : was.primaryKey,
    indexes: was.indexes.filter(
      (index) => !touched([...index.columns.map(({ name }) => name), index.whereNull ?? '']),
    ),
    checks: was.checks.filter((check) => !touched([check.column])),
    foreignKeys: was.foreignKeys.filter((key) => !touched(key.columns)),
  }
}

function indexSteps(
  table: TableSpec,
  was: TableSpec,
  steps: TableSteps,
  changes: readonly Change[],
): void {
  const shape = (index: IndexSpec) => JSON.stringify([index.columns, index.unique, index.whereNull])
  const left = new Map(was.indexes.map((index) => [shape(index), index]))
  for (const index of table.indexes) {
    const same = left.get(shape(index))
    if (!same) {
      steps.online.push(...buildIndex(table, index, changes))
      continue
    }
    left.delete(shape(index))
    if (same.name !== index.name) {
      const statement = `alter index if exists ${quote(same.name)} rename to ${quote(index.name)}`
      steps.renames.push(safe(`index ${same.name} becomes ${index.name}`, statement))
    }
  }
  for (const index of left.values())
    steps.drops.push(safe(`drop index ${index.name}`, `drop index if exists ${quote(index.name)}`))
}

/** A build that failed leaves an invalid index behind, which the next try clears away. */
function buildIndex(table: TableSpec, index: IndexSpec, changes: readonly Change[]): Step[] {
  const subject = { table: table.name, index: index.name }
  // On a column that this migration adds, duplicates can only come from the back-fill.
  const effect = changes.some((change) => change.effect === 'fills') ? 'fills' : 'safe'
  return [
    {
      summary: `clear ${index.name}`,
      statement: `drop index concurrently if exists ${quote(index.name)}`,
      effect: 'safe',
      online: true,
      subject,
    },
    {
      summary: `index ${index.name}`,
      statement: createIndex(table.name, index, true),
      effect,
      online: true,
      subject,
    },
  ]
}

function keySteps(table: TableSpec, was: TableSpec, steps: TableSteps): void {
  const { name, columns } = table.primaryKey
  if (was.primaryKey.columns.join() !== columns.join()) {
    steps.drops.push(
      safe(
        `primary key of ${table.name}`,
        `${dropConstraint(table.name, was.primaryKey.name)} cascade`,
      ),
    )
    const list = columns.map(quote).join(', ')
    steps.constraints.push(
      safe(
        `primary key of ${table.name}`,
        `alter table ${quote(table.name)} add constraint ${quote(name)} primary key (${list})`,
      ),
    )
  } else if (was.primaryKey.name !== name) {
    steps.renames.push(
      safe(
        `${was.primaryKey.name} becomes ${name}`,
        renameConstraint(table.name, was.primaryKey.name, name),
      ),
    )
  }
}

function linkSteps(table: TableSpec, was: TableSpec, steps: TableSteps): void {
  const shape = (key: TableSpec['foreignKeys'][number]) =>
    JSON.stringify([key.columns, key.targetEntity, key.onDelete])
  const left = new Map(was.foreignKeys.map((key) => [shape(key), key]))
  for (const key of table.foreignKeys) {
    const same = left.get(shape(key))
    if (same) {
      left.delete(shape(key))
      if (same.name !== key.name)
        steps.renames.push(
          safe(
            `${same.name} becomes ${key.name}`,
            renameConstraint(table.name, same.name, key.name),
          ),
        )
      continue
    }
    const subject = { table: table.name, constraint: key.name }
    steps.constraints.push(
      safe(`${table.name} links to ${key.target}`, addForeignKey(table.name, key, false)),
    )
    steps.online.push({
      summary: `check the links of ${key.name}`,
      statement: validate(table.name, key.name),
      effect: 'safe',
      online: true,
      subject,
    })
  }
  for (const key of left.values())
    steps.drops.push(safe(`drop ${key.name}`, dropConstraint(table.name, key.name)))
}

function checkSteps(table: TableSpec, was: TableSpec, steps: TableSteps): void {
  const left = new Map(was.checks.map((check) => [check.column, check]))
  for (const check of table.checks) {
    const old = left.get(check.column)
    left.delete(check.column)
    if (old && old.values.join('\n') === check.values.join('\n')) {
      if (old.name !== check.name)
        steps.renames.push(
          safe(
            `${old.name} becomes ${check.name}`,
            renameConstraint(table.name, old.name, check.name),
          ),
        )
      continue
    }
    if (old) steps.drops.push(safe(`drop ${old.name}`, dropConstraint(table.name, old.name)))
    const subject = { table: table.name, constraint: check.name }
    steps.constraints.push(
      safe(
        `${table.name}.${check.column} is one of ${check.values.join(', ')}`,
        addCheck(table.name, check),
      ),
    )
    steps.online.push({
      summary: `check the rows of ${check.name}`,
      statement: validate(table.name, check.name),
      effect: 'safe',
      online: true,
      subject,
    })
  }
  for (const check of left.values())
    steps.drops.push(safe(`drop ${check.name}`, dropConstraint(table.name, check.name)))
}

function addColumn(
  table: TableSpec,
  column: ColumnSpec,
  steps: TableSteps,
  changes: readonly Change[],
): void {
  const change = changes.find(
    (one) => one.kind === 'addField' && `${table.entity}.${one.after.name}` === column.origin,
  )
  const field = change?.kind === 'addField' ? change.after : undefined
  const summary = `add ${table.name}.${column.name}`
  const add = (definition: string) => `alter table ${quote(table.name)} add column ${definition}`
  const source = field?.backfill ?? (column.nullable ? undefined : field?.default)
  if (!field || !source) {
    // A required link stands here only when the table is known to be empty, or the statement fails and all is undone.
    steps.alters.push(safe(summary, add(columnDefinition(column))))
    return
  }
  if ('value' in source) {
    const value = constant(field, source.value)
    // PostgreSQL keeps a constant default for old rows without rewriting the table.
    steps.alters.push(step('fills', summary, add(columnDefinition({ ...column, default: value }))))
    if (column.default !== value)
      steps.alters.push(
        safe(`default of ${table.name}.${column.name}`, setDefault(table.name, column)),
      )
    return
  }
  steps.alters.push(safe(summary, add(columnDefinition({ ...column, nullable: true }))))
  steps.online.push(backfill(table, column, field.name))
  if (!column.nullable) steps.online.push(...requireValue(table, column))
}

function backfill(table: TableSpec, column: ColumnSpec, field: string): Step {
  return {
    summary: `fill ${table.name}.${column.name} of older rows`,
    statement: `-- in batches: update ${quote(table.name)} set ${quote(column.name)} = … where ${quote(column.name)} is null`,
    effect: 'fills',
    online: true,
    backfill: { entity: table.entity, field },
    subject: { table: table.name, column: column.name },
  }
}

/** `set not null` alone reads the whole table under a lock; with a validated check it does not need to. */
function requireValue(table: TableSpec, column: ColumnSpec): Step[] {
  const name = shortName(table.name, [column.name], 'required')
  const subject = { table: table.name, column: column.name }
  const alter = `alter table ${quote(table.name)}`
  const statements = [
    `${alter} drop constraint if exists ${quote(name)}`,
    `${alter} add constraint ${quote(name)} check (${quote(column.name)} is not null) not valid`,
    `${alter} validate constraint ${quote(name)}`,
    `${alter} alter column ${quote(column.name)} set not null`,
    `${alter} drop constraint ${quote(name)}`,
  ]
  return statements.map((statement) => ({
    summary: `${table.name}.${column.name} is required`,
    statement,
    effect: 'safe',
    online: true,
    subject,
  }))
}

function alterColumn(
  table: TableSpec,
  column: ColumnSpec,
  old: ColumnSpec,
  steps: TableSteps,
  changes: readonly Change[],
): void {
  const path = `${table.name}.${column.name}`
  const alter = `alter table ${quote(table.name)} alter column ${quote(column.name)}`
  const change = changes.find(
    (one) => one.kind === 'changeField' && `${table.entity}.${one.after.name}` === column.origin,
  )
  const field = change?.kind === 'changeField' ? change.after : undefined
  if (old.type !== column.type) {
    if (old.default !== null) steps.alters.push(safe(`default of ${path}`, `${alter} drop default`))
    const statement = `${alter} type ${column.type} using ${conversion(quote(column.name), old.type, column.type)}`
    steps.alters.push(
      step(
        change?.effect === 'loses' ? 'loses' : 'safe',
        `${path} becomes ${column.type}`,
        statement,
      ),
    )
    if (column.default !== null)
      steps.alters.push(safe(`default of ${path}`, setDefault(table.name, column)))
  } else if (old.default !== column.default) {
    steps.alters.push(safe(`default of ${path}`, setDefault(table.name, column)))
  }
  if (change?.kind === 'changeField' && change.aspects.includes('values')) {
    const gone = (change.before.values ?? []).filter(
      (value) => !change.after.values?.includes(value),
    )
    if (gone.length > 0) {
      const instead = column.default ?? 'null'
      const list = gone.map((value) => literal(value)).join(', ')
      const statement = `update ${quote(table.name)} set ${quote(column.name)} = ${instead} where ${quote(column.name)} in (${list})`
      steps.alters.push(loses(`${path}: ${gone.join(', ')} becomes ${instead}`, statement))
    }
  }
  if (!old.nullable && column.nullable)
    steps.alters.push(safe(`${path} may be null`, `${alter} drop not null`))
  if (old.nullable && !column.nullable) {
    const source = field?.backfill ?? field?.default
    if (field && source && 'value' in source) {
      const value = constant(field, source.value)
      const statement = `update ${quote(table.name)} set ${quote(column.name)} = ${value} where ${quote(column.name)} is null`
      const subject = { table: table.name, column: column.name }
      steps.online.push({
        summary: `fill ${path} where it is null`,
        statement,
        effect: 'fills',
        online: true,
        subject,
      })
    } else if (field && source) steps.online.push(backfill(table, column, field.name))
    steps.online.push(...requireValue(table, column))
  }
}

/** Values of one type as another; what cannot be converted makes the step fail, and everything is undone. */
function conversion(column: string, from: string, to: string): string {
  const target = to.replace(' collate "C"', '')
  const source = from.replace(' collate "C"', '')
  if (target === 'jsonb') return `to_jsonb(${column})`
  if (target.endsWith('[]') && !source.endsWith('[]'))
    return `case when ${column} is null then null else array[${column}::text]::${target} end`
  if (source === 'timestamptz(3)' && target === 'date')
    return `(${column} at time zone 'UTC')::date`
  if (source === 'date' && target === 'timestamptz(3)')
    return `${column}::timestamp at time zone 'UTC'`
  if (source === 'boolean' && target === 'integer') return `${column}::integer`
  if (source === 'timestamptz(3)' && target === 'text')
    return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
  if (source === 'double precision' && (target === 'integer' || target === 'bigint'))
    return `${column}::${target}`
  if (source.startsWith('numeric') && (target === 'integer' || target === 'bigint'))
    return `${column}::${target}`
  return `${column}::text::${target}`
}

function setDefault(table: string, column: ColumnSpec): string {
  const action = column.default === null ? 'drop default' : `set default ${column.default}`
  return `alter table ${quote(table)} alter column ${quote(column.name)} ${action}`
}

function dropConstraint(table: string, name: string): string {
  return `alter table ${quote(table)} drop constraint if exists ${quote(name)}`
}

function renameConstraint(table: string, from: string, to: string): string {
  return `alter table ${quote(table)} rename constraint ${quote(from)} to ${quote(to)}`
}

function step(effect: Step['effect'], summary: string, statement: string): Step {
  return { summary, statement, effect, online: false }
}

function safe(summary: string, statement: string): Step {
  return step('safe', summary, statement)
}

function loses(summary: string, statement: string): Step {
  return step('loses', summary, statement)
}
