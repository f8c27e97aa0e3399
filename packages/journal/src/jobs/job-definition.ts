/** What a job is: a name, a version of its code, and the code. */
import { JournalError } from '../errors.ts'
import { checkName } from '../json.ts'
import type { RetryPolicy } from '../tasks/backoff.ts'
import type { JobRun } from './job-run.ts'

export interface JobOptions<Input, Result> {
  readonly name: string
  /** Of the code's steps, 1 by default. Raise it when steps are added, removed, renamed or reordered. */
  readonly version?: number
  /** Older versions that this code can go on with (it looks at `job.version`). Jobs of other versions wait. */
  readonly accepts?: readonly number[]
  readonly retry?: RetryPolicy
  /** Milliseconds that one run between two waits may take; none by default. */
  readonly timeout?: number
  /** Milliseconds for which a finished job's result is kept, 7 days by default. */
  readonly keep?: number
  readonly run: (job: JobRun, input: Input) => Promise<Result>
}

export interface JobDefinition<Input, Result> extends JobOptions<Input, Result> {
  readonly version: number
  readonly accepts: readonly number[]
}

/** @throws {JournalError} BAD_INPUT */
export function defineJob<Input, Result>(
  options: JobOptions<Input, Result>,
): JobDefinition<Input, Result> {
  checkName(options.name, "a job's name")
  const { version = 1, accepts = [] } = options
  for (const number of [version, ...accepts]) {
    if (!Number.isInteger(number) || number < 1) {
      throw new JournalError(
        'BAD_INPUT',
        `versions of job "${options.name}" are whole numbers from 1, got ${number}`,
      )
    }
  }
  return { ...options, version, accepts }
}
