/**
 * Writing rows: one statement each, rules included, so that nothing can happen between the check and the write.
 * Events for the change feed are written by triggers (see `catalogue.ts`), so no writer can leave them out.
 */
import { type Condition, type EntityMeta, storedNames, type Values } from '@typestead/entity'
import type { Delete, Insert, Update, Upsert } from '../backend.ts'
import { arrayLiteral } from './column-type.ts'
import { columnList, type Statement } from './select.ts'
import { quote, type Table } from './table.ts'
import { joinSql, Parameters, type WhereContext, whereSql } from './where.ts'

type TableOf = (meta: EntityMeta) => Table

/** Inserts the rows that fulfil `allowed` and whose links lead to linkable rows; returns them, unordered. */
export function insertSql(insert: Insert, tableOf: TableOf): Statement {
  const table = tableOf(insert.meta)
  const context: WhereContext = { parameters: new Parameters(), tableOf }
  const text = `${insertHead(insert, table, context)} returning ${columnList(table, storedNames(insert.meta), 't')}`
  return { text, values: context.parameters.values }
}

/** Returns no row when the existing one may not be updated, or the new one not be made. The last cell tells whether it is new. */
export function upsertSql(upsert: Upsert, tableOf: TableOf): Statement {
  const table = tableOf(upsert.meta)
  const context: WhereContext = { parameters: new Parameters(), tableOf }
  const head = insertHead(upsert, table, context)
  const target = upsert.by.flatMap((name) =>
    table.columns(name).map((column) => quote(column.name)),
  )
  const partial =
    upsert.live.op === 'always'
      ? ''
      : ` where ${unqualified(whereSql(upsert.live, table, 't', context))}`
  const conflict = `on conflict (${target.join(', ')})${partial}`
  // No transaction has ended or locked a row version that was just inserted.
  const returning = `returning ${columnList(table, storedNames(upsert.meta), 't')}, t.xmax = 0`
  const sets = assignments(table, upsert.update, upsert.version, context)
  if (sets.length === 0)
    return {
      text: `${head} ${conflict} do nothing ${returning}`,
      values: context.parameters.values,
    }
  const links = linkChecks(upsert.update, upsert.linkable, table, context)
  const where = [whereSql(upsert.updatable, table, 't', context), ...links].join(' and ')
  const text = `${head} ${conflict} do update set ${sets.join(', ')} where ${where} ${returning}`
  return { text, values: context.parameters.values }
}

export function updateSql(update: Update, tableOf: TableOf): Statement {
  const table = tableOf(update.meta)
  const context: WhereContext = { parameters: new Parameters(), tableOf }
  const sets = assignments(table, update.values, update.version?.field, context)
  const where = [update.where, update.visible, update.allowed].map((one) =>
    whereSql(one, table, 't', context),
  )
  where.push(...linkChecks(update.values, update.linkable, table, context))
  const { version } = update
  if (version?.expected !== undefined) {
    const [column] = table.columns(version.field)
    where.push(
      `t.${quote(column?.name ?? '')} = ${context.parameters.add(String(version.expected), 'int4')}`,
    )
  }
  const returning = columnList(table, storedNames(update.meta), 't')
  const text = `update ${table.name} t set ${sets.join(', ')} where ${where.join(' and ')} returning ${returning}`
  return { text, values: context.parameters.values }
}

export function deleteSql(remove: Delete, tableOf: TableOf): Statement {
  const table = tableOf(remove.meta)
  const context: WhereContext = { parameters: new Parameters(), tableOf }
  const where = [remove.where, remove.visible, remove.allowed]
    .map((one) => whereSql(one, table, 't', context))
    .join(' and ')
  const returning = columnList(table, storedNames(remove.meta), 't')
  return {
    text: `delete from ${table.name} t where ${where} returning ${returning}`,
    values: context.parameters.values,
  }
}

/** How many of the keys lead to rows that may be linked to. */
export function linkableSql(
  target: Table,
  keys: readonly (readonly (string | null)[])[],
  linkable: Condition,
  tableOf: TableOf,
): Statement {
  const context: WhereContext = { parameters: new Parameters(), tableOf }
  const lists = target.key.map((column, index) => {
    return context.parameters.add(
      arrayLiteral(keys.map((key) => key[index] ?? null)),
      `${column.type}[]`,
    )
  })
  const names = target.key.map((_, index) => `k${index}`)
  const join = target.key
    .map((column, index) => `t0.${quote(column.name)} = k.k${index}`)
    .join(' and ')
  const where = whereSql(linkable, target, 't0', context)
  const from = `unnest(${lists.join(', ')}) as k(${names.join(', ')})`
  return {
    text: `select count(*) from ${from} join ${target.name} t0 on ${join} where ${where}`,
    values: context.parameters.values,
  }
}

/**
 * Rows come as one text array for each column, so that the statement is the same however many there are. Inside, they
 * are a table of their own, `v`, over which the rules are asked before anything is written.
 */
function insertHead(insert: Insert, table: Table, context: WhereContext): string {
  const names = storedNames(insert.meta)
  const rows = insert.rows.map((row) => table.encodeRow(names, row))
  const lists = table.all.map((_, index) =>
    context.parameters.add(arrayLiteral(rows.map((row) => row[index] ?? null)), 'text[]'),
  )
  const cells = table.all.map((_, index) => `c${index}`)
  const typed = table.all.map(
    (column, index) => `u.c${index}::${column.type} as ${quote(column.name)}`,
  )
  const columns = table.all.map((column) => quote(column.name)).join(', ')
  const checks = linkChecksOf(insert.meta, insert.linkable, table, context)
  const where = [whereSql(insert.allowed, table, 'v', context), ...checks].filter(
    (check) => check !== 'true',
  )
  const filter = where.length === 0 ? '' : ` where ${where.join(' and ')}`
  const source = `(select ${typed.join(', ')} from unnest(${lists.join(', ')}) as u(${cells.join(', ')})) v`
  return `insert into ${table.name} as t (${columns}) select ${columns} from ${source}${filter}`
}

function linkChecksOf(
  meta: EntityMeta,
  linkable: Insert['linkable'],
  table: Table,
  context: WhereContext,
): string[] {
  return [...linkable].map(([name, condition]) => {
    const relation = meta.relations.get(name)
    if (!relation) throw new TypeError(`${meta.name}.${name} is no relation`)
    const target = context.tableOf(relation.target)
    const depth = (context.depth ?? 0) + 1
    const inner = `t${depth}`
    const join = joinSql(relation, table, 'v', target, inner)
    const seen = whereSql(condition, target, inner, { ...context, depth })
    const found = `exists (select 1 from ${target.name} ${inner} where ${join} and ${seen})`
    const [column] = table.columns(name)
    return relation.definition.nullable
      ? `(v.${quote(column?.name ?? '')} is null or ${found})`
      : found
  })
}

/** For an update the new links are parameters. */
function linkChecks(
  values: Values,
  linkable: Insert['linkable'],
  table: Table,
  context: WhereContext,
): string[] {
  return [...linkable].flatMap(([name, condition]) => {
    const value = values[name]
    if (value === null || value === undefined) return []
    const relation = table.meta.relations.get(name)
    if (!relation) return []
    const target = context.tableOf(relation.target)
    const depth = (context.depth ?? 0) + 1
    const inner = `t${depth}`
    const key = table.encodeRow([name], values)
    const join = target.key.map(
      (column, index) =>
        `${inner}.${quote(column.name)} = ${context.parameters.add(key[index] ?? null, column.type)}`,
    )
    const seen = whereSql(condition, target, inner, { ...context, depth })
    return [
      `exists (select 1 from ${target.name} ${inner} where ${join.join(' and ')} and ${seen})`,
    ]
  })
}

function assignments(
  table: Table,
  values: Values,
  version: string | undefined,
  context: WhereContext,
): string[] {
  const names = Object.keys(values).filter((name) => name !== version)
  const cells = table.encodeRow(names, values)
  const columns = names.flatMap((name) => table.columns(name))
  const sets = columns.map(
    (column, index) =>
      `${quote(column.name)} = ${context.parameters.add(cells[index] ?? null, column.type)}`,
  )
  if (version === undefined || sets.length === 0) return sets
  const column = quote(table.columns(version)[0]?.name ?? '')
  return [...sets, `${column} = t.${column} + 1`]
}

/** The predicate of a partial index is written over its columns alone. */
function unqualified(sql: string): string {
  return sql.replaceAll('t."', '"')
}
