/** A step of a migration that failed, and what that leaves. */
import { StoreError } from '../errors.ts'
import { told } from './driver-error.ts'
import type { Step } from './step.ts'

export function stepFailed(step: Step, cause: unknown): StoreError {
  const what = step.online
    ? 'it will be tried again by the next migration'
    : 'everything was undone'
  const reason = reasonOf(cause as Error & { readonly code?: string })
  return new StoreError(
    'MIGRATION_FAILED',
    `the step "${step.summary}" failed (${reason}); ${what}`,
    {
      cause: told(cause as Error),
    },
  )
}

/** Errors about values (SQLSTATE class 22) quote them, and a value may be a secret. */
function reasonOf({ code = '', message }: Error & { readonly code?: string }): string {
  if (/^22[0-9A-Z]{3}$/.test(code)) return `a value does not fit, SQLSTATE ${code}`
  return message
}
