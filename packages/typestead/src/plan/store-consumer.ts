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
      return migration.steps.map((step): PlanEffect => {
        return {
          ...(step.entity === undefined ? {} : { entity: step.entity }),
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
