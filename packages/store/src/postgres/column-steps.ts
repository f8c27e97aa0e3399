/** Columns that come or change: what can be done at once, and what older rows need afterwards. */
import type { Change } from '@typestead/entity'
import { type ColumnSpec, constant, shortName, type TableSpec } from './catalogue.ts'
import { columnDefinition } from './ddl.ts'
import { loses, type Step, safe, step, type TableSteps } from './step.ts'
import { literal, quote } from './table.ts'

export function addColumn(
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

export function alterColumn(
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
    steps.alters.push(convertEvents(table.entity, column, old))
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
  if (field?.type === 'enum' && change?.effect === 'loses') {
    // Rows whose value is allowed no longer cannot stay as they are.
    const instead = column.default ?? 'null'
    const values = (field.values ?? []).map((value) => literal(value)).join(', ')
    const statement = `update ${quote(table.name)} set ${quote(column.name)} = ${instead} where ${quote(column.name)} not in (${values})`
    steps.alters.push(loses(`${path}: any other value becomes ${instead}`, statement))
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

/** Events that readers have yet to see: their values are converted too, and those that do not fit become null. */
function convertEvents(entity: string, column: ColumnSpec, old: ColumnSpec): Step {
  const was = old.type.replace(' collate "C"', '')
  const text = `(e.row ->> ${literal(column.name)})`
  const value = conversion(`(${text}::${was})`, old.type, column.type)
  const matches = `entity = ${literal(entity)} and row ->> ${literal(column.name)} is not null`
  const statement = `do $events$ declare e record; begin
  for e in select xid, seq, row from typestead_outbox where ${matches} loop
    begin
      update typestead_outbox set row = e.row || jsonb_build_object(${literal(column.name)}, ${value}) where xid = e.xid and seq = e.seq;
    exception when others then
      update typestead_outbox set row = e.row - ${literal(column.name)} where xid = e.xid and seq = e.seq;
    end;
  end loop;
end $events$`
  return safe(`events of ${entity}: ${column.name} becomes ${column.type}`, statement)
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
