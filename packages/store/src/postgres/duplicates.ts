/** Rows that stand in the way of a unique index, found before a migration begins. */
import { describe } from '@typestead/entity'
import type pg from 'pg'
import { StoreError } from '../errors.ts'
import { catalogueOf } from './catalogue.ts'
import type { MigratorContext } from './migrator.ts'
import type { Step } from './step.ts'
import { quote } from './table.ts'

/** A unique index over rows that are not unique would fail late; this says so before anything is done. */
export async function refuseDuplicates(
  context: MigratorContext,
  client: pg.Client,
  steps: readonly Step[],
): Promise<void> {
  const tables = catalogueOf(describe(context.model))
  for (const step of steps) {
    const table = tables.find((one) => one.name === step.subject?.table)
    const index = table?.indexes.find((one) => one.name === step.subject?.index && one.unique)
    if (!table || !index) continue
    const { rows: known } = await client.query(
      'select attname from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped',
      [quote(table.name)],
    )
    const there = new Set(known.map((row) => row.attname))
    // Columns that this migration adds or renames are judged when the index is built.
    if (index.columns.some((column) => !there.has(column.name))) continue
    const columns = index.columns.map((column) => quote(column.name))
    const where = columns.map((column) => `${column} is not null`)
    if (index.whereNull !== undefined && there.has(index.whereNull))
      where.push(`${quote(index.whereNull)} is null`)
    const { rows } = await client.query(
      `select 1 from ${quote(table.name)} where ${where.join(' and ')} group by ${columns.join(', ')} having count(*) > 1 limit 1`,
    )
    if (rows.length > 0) {
      const origins = index.columns.map(
        ({ name }) => table.columns.find((column) => column.name === name)?.origin ?? name,
      )
      const fields = [
        ...new Set(origins.map((origin) => origin.split('/')[0]?.split('.')[1] ?? origin)),
      ]
      throw new StoreError(
        'MIGRATION_REFUSED',
        `several rows of ${table.entity} have the same ${fields.join(' and ')}, so it cannot be unique; change them first`,
        { entity: table.entity, fields },
      )
    }
  }
}
