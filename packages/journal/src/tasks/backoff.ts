/** When a failed task is tried again: exponential with full jitter ("Exponential Backoff and Jitter", AWS, 2015). */
import { JournalError } from '../errors.ts'

export interface RetryPolicy {
  /** Attempts at most, 10 by default; then it is a dead letter. */
  readonly attempts?: number
  /** Milliseconds before the second attempt, 500 by default; doubled each time. */
  readonly first?: number
  /** Milliseconds between attempts at most, 300,000 by default. */
  readonly longest?: number
}

export type CompletePolicy = Required<RetryPolicy>

/** @throws {JournalError} BAD_INPUT */
export function completePolicy(given: RetryPolicy = {}): CompletePolicy {
  const policy = { attempts: 10, first: 500, longest: 300_000, ...given }
  for (const [name, value] of Object.entries(policy)) {
    if (!(value >= 0) || (name === 'attempts' && !(Number.isInteger(value) && value >= 1))) {
      throw new JournalError(
        'BAD_INPUT',
        `retry.${name} must be ${name === 'attempts' ? 'a whole number, 1 or more' : 'milliseconds, 0 or more'}, got ${value}`,
      )
    }
  }
  return policy
}

/** Milliseconds until the next attempt after `failures` of them (1 or more); `random` is in [0, 1). At least half the step. */
export function backoff(
  { first, longest }: CompletePolicy,
  failures: number,
  random: number,
): number {
  const step = Math.min(longest, first * 2 ** Math.min(failures - 1, 40))
  return Math.round(step / 2 + (step / 2) * random)
}
