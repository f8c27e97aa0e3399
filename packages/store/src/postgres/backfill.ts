/** Values for rows that are older than a field, computed by the application in batches, each a transaction of its own. */
import { type FieldDefinition, storedNames } from '@typestead/entity'
import type pg from 'pg'
import { arrayLiteral, encode } from './column-type.ts'
import { stepFailed } from './migration-error.ts'
import type { MigratorContext } from './migrator.ts'
import { typeParsers } from './parsers.ts'
import type { Step } from './step.ts'
import { quote, type Table } from './table.ts'

const backfillBatch = 1000

/** Fills a field of older rows in batches of its own transactions; rows that have a value by now are left alone. */
export async function backfill(
  context: MigratorContext,
  client: pg.Client,
  step: Step,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { entity, field } = step.backfill as { entity: string; field: string }
  const meta = context.model.meta(entity)
  const table = context.tableOf(meta)
  const definition = meta.fields.get(field)?.definition
  const [column] = table.columns(field)
  if (!definition || !column) return
  const names = storedNames(meta)
  const columns = names
    .flatMap((name) => table.columns(name).map((one) => `t.${quote(one.name)}`))
    .join(', ')
  const keys = table.key.map((one) => quote(one.name))
  for (;;) {
    signal?.throwIfAborted()
    const { rows } = await client.query({
      text: `select ${columns} from ${table.name} t where ${quote(column.name)} is null limit ${backfillBatch}`,
      rowMode: 'array',
      types: typeParsers,
    })
    if (rows.length === 0) return
    const old = rows.map((cells: unknown[]) => table.decodeRow(names, cells, 0))
    let values: (string | null)[]
    try {
      values = old.map((row) => encode(definition, valueFor(`${entity}.${field}`, definition, row)))
    } catch (cause) {
      throw stepFailed(step, cause)
    }
    const parameters = [
      ...table.key.map((_, at) => arrayLiteral(old.map((row) => keyTexts(table, row)[at] ?? null))),
      arrayLiteral(values),
    ]
    const casts = parameters.map((_, at) => `$${at + 1}::text[]`).join(', ')
    const join = table.key.map((one, at) => `t.${keys[at]} = v.k${at}::${one.type}`).join(' and ')
    const names_ = [...table.key.map((_, at) => `k${at}`), 'value'].join(', ')
    try {
      await client.query(
        `update ${table.name} t set ${quote(column.name)} = v.value::${column.type} from unnest(${casts}) as v(${names_}) where ${join} and t.${quote(column.name)} is null`,
        parameters,
      )
    } catch (cause) {
      throw stepFailed(step, cause)
    }
  }
}

function keyTexts(table: Table, row: Record<string, unknown>): (string | null)[] {
  return table.encodeRow(table.meta.key, row)
}

/** The value as a create of it would be checked. The message does not repeat it: the field may be secret. */
function valueFor(
  path: string,
  definition: FieldDefinition,
  row: Record<string, unknown>,
): unknown {
  const source = definition.hasBackfill ? definition.backfill : definition.default
  const value = typeof source === 'function' ? source(row) : source
  if (value === null || value === undefined) {
    throw new TypeError(`${path}: the back-fill function returned no value`)
  }
  // Every field's schema is one of Zod's; its type here is kept small for the compiler.
  const schema = definition.schema as unknown as {
    safeParse(value: unknown): {
      success: boolean
      data?: unknown
      error?: { issues: { message: string }[] }
    }
  }
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  throw new TypeError(
    `${path}: the back-fill function returned a wrong value: ${checked.error?.issues[0]?.message}`,
  )
}
