/** Indexes and constraints that come, go or are called otherwise; those on large tables are built while others write. */
import type { Change } from '@typestead/entity'
import type { IndexSpec, TableSpec } from './catalogue.ts'
import { addCheck, addForeignKey, createIndex, validate } from './ddl.ts'
import { type Step, safe, type TableSteps } from './step.ts'
import { quote } from './table.ts'

export function indexSteps(
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

export function keySteps(table: TableSpec, was: TableSpec, steps: TableSteps): void {
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

export function linkSteps(table: TableSpec, was: TableSpec, steps: TableSteps): void {
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

export function checkSteps(table: TableSpec, was: TableSpec, steps: TableSteps): void {
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

export function dropConstraint(table: string, name: string): string {
  return `alter table ${quote(table)} drop constraint if exists ${quote(name)}`
}

function renameConstraint(table: string, from: string, to: string): string {
  return `alter table ${quote(table)} rename constraint ${quote(from)} to ${quote(to)}`
}
