/** The part of the plan that the app's database runs: SQL, or MongoDB's commands. */
import type { MigrationPlan, MigrationStep } from '@typestead/store'
import type { PlanConsumer, PlanEffect, Severity } from './consumer.ts'

export function storeConsumer(
  kind: 'postgres' | 'mongo',
  migration: Pick<MigrationPlan, 'steps' | 'before' | 'after'>,
): PlanConsumer {
  return {
    name: kind === 'postgres' ? 'PostgreSQL' : 'MongoDB',
    effects() {
      const owners = tableOwners(migration)
      return migration.steps.map((step): PlanEffect => {
        const entity = ownerOf(step, owners)
        return {
          ...(entity === undefined ? {} : { entity }),
          summary: step.online
            ? `${step.summary} (afterwards, without locking the table)`
            : step.summary,
          detail: step.statement,
          severity: severityOf(step),
        }
      })
    },
  }
}

function severityOf(step: MigrationStep): Severity {
  return step.effect === 'loses' ? 'loses' : 'safe'
}

/** The entity of each table or collection, before and after. */
function tableOwners({
  before,
  after,
}: Pick<MigrationPlan, 'before' | 'after'>): Map<string, string> {
  const entities = [...(before?.entities ?? []), ...after.entities]
  return new Map(entities.map(({ table, name }) => [table, name]))
}

/** The first table that a statement names is the one that it changes. */
function ownerOf(
  { statement, summary }: MigrationStep,
  owners: ReadonlyMap<string, string>,
): string | undefined {
  let first: { at: number; entity: string } | undefined
  for (const [table, entity] of owners) {
    const at = statement.indexOf(`"${table}"`)
    if (at >= 0 && (first === undefined || at < first.at)) first = { at, entity }
  }
  if (first !== undefined) return first.entity
  const word = summary.match(/[A-Za-z_][A-Za-z0-9_]*/g)?.find((name) => owners.has(name))
  return word === undefined ? undefined : owners.get(word)
}
