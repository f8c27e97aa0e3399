/**
 * What a job has recorded, and where its code stands in it. Pure. A job's code is run again from its start after each wait or
 * crash; steps take places in the order in which they are called, and each place must have the name that it had before.
 */
import { JournalError } from '../errors.ts'

export interface RecordedStep {
  readonly place: number
  readonly name: string
  /** JSON, or null for nothing. */
  readonly result: string | null
}

export type Turn = { readonly place: number; readonly recorded?: RecordedStep }

export class Replay {
  readonly #recorded: ReadonlyMap<number, RecordedStep>
  readonly #job: string
  #place = 0

  constructor(job: string, recorded: readonly RecordedStep[]) {
    this.#job = job
    this.#recorded = new Map(recorded.map((step) => [step.place, step]))
  }

  /** The next place, and what it recorded. @throws {JournalError} STEP_MISMATCH */
  next(name: string): Turn {
    const place = this.#place++
    const recorded = this.#recorded.get(place)
    if (recorded === undefined) return { place }
    if (recorded.name === name) return { place, recorded }
    throw new JournalError(
      'STEP_MISMATCH',
      `step ${place} of job ${this.#job} was "${recorded.name}" when it ran, and is "${name}" in this code; raise the version of the job ` +
        'when its steps change, keep the old code for jobs under way (accepts), then replay this one from its dead letter',
    )
  }
}
