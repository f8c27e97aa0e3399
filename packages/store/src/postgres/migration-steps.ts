/**
 * From the catalogue that is to the one that should be, as steps. What must hold together happens in one transaction; what
 * would lock a large table for long (indexes, validation, back-fill) happens afterwards, step by step, each of which may be
 * run again. A catalogue migrated so equals a fresh one.
 */
import { type Change, diff, type ModelDescriptor } from '@typestead/entity'
import type { MigrationStep } from '../backend.ts'
import { type ColumnSpec, catalogueOf, type TableSpec } from './catalogue.ts'
import { addColumn, alterColumn } from './column-steps.ts'
import { checkSteps, dropConstraint, indexSteps, keySteps, linkSteps } from './constraint-steps.ts'
import { addForeignKey, createIndex, createTable, createTriggers, dropTriggers } from './ddl.ts'
import { loses, type Step, safe, type TableSteps } from './step.ts'
import { literal, quote } from './table.ts'

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
  const parts = existing.map((pair) =>
    ofEntity(pair.table.entity, tableSteps(pair, rename, changes)),
  )
  return [
    ...parts.flatMap((part) => part.renames),
    ...dropped.flatMap((table) => named(table.entity, dropLinks(table))),
    ...parts.flatMap((part) => part.drops),
    ...fresh.flatMap((table) => named(table.entity, freshTable(table))),
    ...parts.flatMap((part) => part.alters),
    ...fresh.flatMap((table) =>
      named(
        table.entity,
        table.foreignKeys.map((key) =>
          safe(`${table.name} links to ${key.target}`, addForeignKey(table.name, key, true)),
        ),
      ),
    ),
    ...parts.flatMap((part) => part.constraints),
    ...parts.flatMap((part) => part.removals),
    ...dropped.map((table) => ({
      ...loses(`drop table ${table.name}`, `drop table ${quote(table.name)}`),
      entity: table.entity,
    })),
    ...parts.flatMap((part) => part.online),
  ]
}

/** The statements that bring tables of one model to another; pure, for those who only want to read them. */
export function postgresSteps(
  before: ModelDescriptor | null,
  after: ModelDescriptor,
): readonly MigrationStep[] {
  return migrationSteps(before, after, diff(before ?? { version: 1, entities: [] }, after))
}

function named(entity: string, steps: readonly Step[]): Step[] {
  return steps.map((step) => ({ entity, ...step }))
}

function ofEntity(entity: string, steps: TableSteps): TableSteps {
  const phases = Object.entries(steps).map(([phase, own]) => [phase, named(entity, own)])
  // The same phases, each with the same steps.
  return Object.fromEntries(phases) as TableSteps
}

interface Pair {
  readonly table: TableSpec
  readonly was: TableSpec
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
