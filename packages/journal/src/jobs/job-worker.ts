/** Runs jobs of one definition in this process. */

import { JournalError } from '../errors.ts'
import { decode, encode } from '../json.ts'
import type { Attempt } from '../tasks/attempt.ts'
import { completePolicy } from '../tasks/backoff.ts'
import type { Outcome } from '../tasks/conclusions.ts'
import { QueueRunner, type RunnerContext } from '../tasks/queue-runner.ts'
import type { ClaimedTask } from '../tasks/task.ts'
import { topics } from '../wakes.ts'
import type { JobDefinition } from './job-definition.ts'
import { JobRun } from './job-run.ts'
import type { JobStore } from './job-store.ts'

export interface WorkerOptions {
  /** Jobs that run at once in this process, 10 by default. */
  readonly concurrency?: number
  /** Deaths of processes that a job survives while claimed, 50 by default. */
  readonly maxLost?: number
}

/** Jobs that this code can't go on with. */
export interface IncompatibleJobs {
  readonly version: number
  readonly jobs: number
  readonly advice: string
}

export const week = 7 * 86_400_000

/** The queue in which jobs of a name wait. */
export function jobQueue(name: string): string {
  return `job/${name}`
}

export class JobWorker<Input, Result> implements AsyncDisposable {
  readonly #definition: JobDefinition<Input, Result>
  readonly #context: RunnerContext
  readonly #store: JobStore
  readonly #runner: QueueRunner
  readonly #running = new Map<number, Attempt>()
  readonly #endListening: () => void
  #looking = false

  constructor(
    context: RunnerContext,
    store: JobStore,
    definition: JobDefinition<Input, Result>,
    options: WorkerOptions,
    onError: (error: unknown, task: ClaimedTask | undefined) => void,
  ) {
    this.#definition = definition
    this.#context = context
    this.#store = store
    this.#endListening = context.storage.listen(topics.finished, () =>
      this.#lookForCancelled(onError),
    )
    this.#runner = new QueueRunner(context, {
      queue: jobQueue(definition.name),
      kind: 'job',
      versions: [definition.version, ...definition.accepts],
      concurrency: options.concurrency ?? 10,
      maxLost: options.maxLost ?? 50,
      retry: completePolicy(definition.retry),
      timeout: definition.timeout,
      run: (task, attempt) => this.#run(task, attempt),
      onError,
    })
  }

  /** Jobs under way whose version this code does not accept: they wait for a process that does. */
  async incompatible(): Promise<IncompatibleJobs[]> {
    const { name, version, accepts } = this.#definition
    const versions = await this.#store.versions(jobQueue(name))
    return versions
      .filter((one) => one.version !== version && !accepts.includes(one.version))
      .map((one) => ({
        ...one,
        advice: `${one.jobs} job(s) "${name}" of version ${one.version} wait: keep a process with that code until they have ended, add ${one.version} to accepts if this code can go on with them, set their version (journal.setJobVersion) or cancel them`,
      }))
  }

  /** Stops claiming, gives what runs `grace` milliseconds to end, then aborts it; it is tried again elsewhere. */
  async stop(grace: number): Promise<void> {
    await this.#runner.stop(grace)
    this.#endListening()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop(10_000)
  }

  async #run(task: ClaimedTask, attempt: Attempt): Promise<Outcome> {
    const recorded =
      task.attempts + task.lost === 0 && task.began === 0
        ? []
        : await this.#store.recorded(task.seq)
    const run = new JobRun({
      task,
      attempt,
      recorded,
      store: this.#store,
      clock: this.#context.clock,
    })
    this.#running.set(task.seq, attempt)
    try {
      // Whoever started the job gave the input that the definition's type names.
      const result = this.#definition.run(run, decode(task.payload) as Input)
      const ended = await Promise.race([
        result.then((value) => ({ value })),
        run.suspended.then((suspension) => ({ suspension })),
      ])
      if ('suspension' in ended) {
        const { at, seen } = ended.suspension
        return { type: 'waits', back: { due: { at }, waits: { for: ended.suspension.for, seen } } }
      }
      const text = encode(ended.value, `the result of job "${this.#definition.name}"`)
      const keep = this.#definition.keep ?? week
      return { type: 'finished', record: { status: 'done', result: text, keep } }
    } finally {
      run.end()
      this.#running.delete(task.seq)
    }
  }

  /** A job that was cancelled is no longer this process's; its run is told. */
  #lookForCancelled(onError: (error: unknown, task: undefined) => void): void {
    if (this.#running.size === 0 || this.#looking) return
    this.#looking = true
    const look = async () => {
      await new Promise<void>((resolve) => this.#context.clock.after(20, resolve))
      const running = [...this.#running]
      for (const owner of new Set(running.map(([, attempt]) => attempt.presence.owner))) {
        const own = running.filter(([, attempt]) => attempt.presence.owner === owner)
        const still = await this.#store.stillOwned(
          owner,
          own.map(([seq]) => seq),
        )
        for (const [seq, attempt] of own) {
          if (still.has(seq)) continue
          attempt.abort(new JournalError('CANCELLED', 'the job was cancelled, or taken over'))
        }
      }
    }
    look()
      .catch((error: unknown) => onError(error, undefined))
      .finally(() => {
        this.#looking = false
      })
  }
}
