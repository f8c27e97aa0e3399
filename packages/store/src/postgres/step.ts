/** Steps of a migration, and in which of its phases a table's steps belong. */
import type { MigrationStep } from '../backend.ts'

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

export interface TableSteps {
  readonly renames: Step[]
  readonly drops: Step[]
  readonly alters: Step[]
  readonly constraints: Step[]
  readonly removals: Step[]
  readonly online: Step[]
}

export function step(effect: Step['effect'], summary: string, statement: string): Step {
  return { summary, statement, effect, online: false }
}

export function safe(summary: string, statement: string): Step {
  return step('safe', summary, statement)
}

export function loses(summary: string, statement: string): Step {
  return step('loses', summary, statement)
}
