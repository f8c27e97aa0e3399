/** A step of a migration that failed, and what that leaves. */
import { StoreError } from '../errors.ts'
import type { Step } from './step.ts'

export function stepFailed(step: Step, cause: unknown): StoreError {
  const what = step.online
    ? 'it will be tried again by the next migration'
    : 'everything was undone'
  return new StoreError(
    'MIGRATION_FAILED',
    `the step "${step.summary}" failed (${(cause as Error).message}); ${what}`,
    { cause },
  )
}
