/** Definitions as SQL: each function writes one statement, or one part of one. */
import type { CheckSpec, ColumnSpec, ForeignKeySpec, IndexSpec, TableSpec } from './catalogue.ts'
import { literal, quote } from './table.ts'

export function createTable(table: TableSpec): string {
  const parts = [
    ...table.columns.map(columnDefinition),
    `constraint ${quote(table.primaryKey.name)} primary key (${list(table.primaryKey.columns)})`,
    ...table.checks.map((check) => `constraint ${quote(check.name)} ${checkExpression(check)}`),
  ]
  return `create table ${quote(table.name)} (\n  ${parts.join(',\n  ')}\n)`
}

export function columnDefinition(column: ColumnSpec): string {
  const parts = [quote(column.name), column.type]
  if (!column.nullable) parts.push('not null')
  if (column.default !== null) parts.push(`default ${column.default}`)
  return parts.join(' ')
}

/** In a nullable column nulls are the smallest, as lists order them, so that the index serves the order too. */
export function createIndex(table: string, index: IndexSpec, concurrently: boolean): string {
  const columns = index.columns
    .map(({ name, nullable }) => `${quote(name)}${nullable ? ' nulls first' : ''}`)
    .join(', ')
  const where = index.whereNull === undefined ? '' : ` where ${quote(index.whereNull)} is null`
  const kind = `${index.unique ? 'unique ' : ''}index${concurrently ? ' concurrently' : ''}`
  return `create ${kind} ${quote(index.name)} on ${quote(table)} (${columns})${where}`
}

export function addForeignKey(table: string, key: ForeignKeySpec, validated: boolean): string {
  const action =
    key.onDelete === 'restrict'
      ? ''
      : ` on delete ${key.onDelete === 'cascade' ? 'cascade' : 'set null'}`
  return (
    `alter table ${quote(table)} add constraint ${quote(key.name)} foreign key (${list(key.columns)}) ` +
    `references ${quote(key.target)} (${list(key.targetColumns)})${action}${validated ? '' : ' not valid'}`
  )
}

export function addCheck(table: string, check: CheckSpec): string {
  return `alter table ${quote(table)} add constraint ${quote(check.name)} ${checkExpression(check)} not valid`
}

export function checkExpression(check: CheckSpec): string {
  const values = check.values.map((value) => literal(value)).join(', ')
  return `check (${quote(check.column)} in (${values}))`
}

export function validate(table: string, constraint: string): string {
  return `alter table ${quote(table)} validate constraint ${quote(constraint)}`
}

/** The triggers that put every write of a table on the change feed, whoever writes. */
export function createTriggers(table: TableSpec): string[] {
  const args = table.feed.map((arg) => literal(arg)).join(', ')
  const on = (event: string, rows: string) =>
    `create trigger typestead_feed_${event} after ${event} on ${quote(table.name)} referencing ${rows} ` +
    `for each statement execute function typestead_feed(${args})`
  return [
    on('insert', 'new table as new_rows'),
    on('update', 'new table as new_rows'),
    on('delete', 'old table as old_rows'),
  ]
}

export function dropTriggers(table: string): string[] {
  return ['insert', 'update', 'delete'].map(
    (event) => `drop trigger if exists typestead_feed_${event} on ${quote(table)}`,
  )
}

function list(columns: readonly string[]): string {
  return columns.map(quote).join(', ')
}
