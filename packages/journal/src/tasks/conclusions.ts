/**
 * How a claimed task ends, each in one way: finished, put back, or a dead letter. What finished is recorded in batches, and
 * the tasks that the same commit claimed in their place go to the runner. While the database is away it is asked again; an end
 * under a lost name is dropped.
 */
import { Batcher } from '../batcher.ts'
import { JournalError, PermanentError, reasonOf } from '../errors.ts'
import type { Presence } from '../presence.ts'
import { backoff } from './backoff.ts'
import type { RunnerContext, RunnerOptions } from './queue-runner.ts'
import type { ClaimedTask } from './task.ts'
import type { Ending } from './task-endings.ts'
import type { PutBack } from './task-store.ts'

/** What became of a run that did not throw. */
export type Outcome =
  | { readonly type: 'finished'; readonly record?: NonNullable<Ending['record']> }
  | { readonly type: 'waits'; readonly back: Omit<PutBack, 'seq' | 'queue' | 'key'> }

export interface Claimed {
  readonly task: ClaimedTask
  readonly presence: Presence
}

/** The runner, as its tasks' ends see it. */
export interface TaskRunner {
  /** Whether it takes no more tasks. */
  readonly isDraining: boolean
  /** Whether it aborted its attempts. */
  readonly isStopped: boolean
  /** Wake-ups so far. */
  readonly calls: number
  take(claimed: readonly Claimed[]): void
  /** What woke it since `calls` may stand behind what has ended. */
  ended(calls: number): void
  wake(): void
}

type Finish = Claimed & { readonly ending: Ending }

/** Ends on their way at which the next task no longer begins before the last one's end is kept. */
const mostOnTheirWay = 1_000

export class Conclusions {
  readonly #context: RunnerContext
  readonly #options: RunnerOptions
  readonly #runner: TaskRunner
  readonly #finishes: Batcher<Finish, boolean>

  constructor(context: RunnerContext, options: RunnerOptions, runner: TaskRunner) {
    this.#context = context
    this.#options = options
    this.#runner = runner
    this.#finishes = new Batcher((items) => this.#finish(items), { size: 500, capacity: 2_000 })
  }

  /** Of a run that gave something. Resolves once another may begin, which may be before this one's end is kept. */
  async conclude(claimed: Claimed, outcome: Outcome): Promise<void> {
    const { seq, queue, key } = claimed.task
    if (outcome.type === 'waits') {
      await this.#context.tasks.putBack(claimed.presence.owner, [
        { seq, queue, key, ...outcome.back },
      ])
      this.#context.inHand.delete(seq)
      return this.#runner.wake()
    }
    const { record } = outcome
    const ended = this.#finishes.add({
      ...claimed,
      ending: { seq, queue, key, ...(record ? { record } : {}) },
    })
    if (this.#finishes.waiting < mostOnTheirWay) {
      ended.catch((error: unknown) => this.#options.onError(error, claimed.task))
      return
    }
    await ended
  }

  /** Of a run that threw, or was aborted. */
  async fail({ task, presence }: Claimed, error: unknown): Promise<void> {
    const { seq, queue, key } = task
    try {
      // Whoever has the claim now runs it again; this attempt has no say.
      if (presence.signal.aborted) return
      const stopped = this.#runner.isStopped
      const { retry } = this.#options
      const isLast =
        task.attempts + 1 >= retry.attempts || error instanceof PermanentError || isMismatch(error)
      if (isLast && !stopped) {
        await this.#retried(() =>
          this.#context.tasks.bury(presence.owner, { seq, queue, key }, reasonOf(error)),
        )
        this.#options.onError(error, task)
        return
      }
      const after = stopped ? 0 : backoff(retry, task.attempts + 1, this.#context.random())
      const back = {
        seq,
        queue,
        key,
        due: { after },
        ...(stopped ? {} : { error: reasonOf(error) }),
      }
      await this.#retried(() => this.#context.tasks.putBack(presence.owner, [back]))
    } catch (failure) {
      this.#options.onError(failure, task)
    } finally {
      this.#context.inHand.delete(seq)
    }
  }

  /** Of tasks that were claimed and have not begun. */
  async release(claimed: readonly Claimed[]): Promise<void> {
    for (const owner of new Set(claimed.map(({ presence }) => presence.owner))) {
      const own = claimed.filter(({ presence }) => presence.owner === owner)
      const back = own.map(({ task: { seq, queue, key } }) => ({
        seq,
        queue,
        key,
        due: { after: 0 },
      }))
      try {
        await this.#context.tasks.putBack(owner, back)
      } catch (error) {
        this.#options.onError(error, undefined)
      } finally {
        for (const { seq } of back) this.#context.inHand.delete(seq)
      }
    }
  }

  /** Resolves when no end is on its way. */
  drained(): Promise<void> {
    return this.#finishes.drained()
  }

  async #finish(items: readonly Finish[]): Promise<boolean[]> {
    try {
      return await this.#finishAll(items)
    } finally {
      for (const { task } of items) this.#context.inHand.delete(task.seq)
    }
  }

  async #finishAll(items: readonly Finish[]): Promise<boolean[]> {
    const done = new Set<number>()
    const { versions } = this.#options
    const { calls } = this.#runner
    for (const presence of new Set(items.map((item) => item.presence))) {
      const endings = items.filter((item) => item.presence === presence).map(({ ending }) => ending)
      const { ended, claimed } = await this.#retried(() =>
        this.#context.tasks.finish(presence.owner, endings, {
          versions,
          claims: !this.#runner.isDraining && !presence.signal.aborted,
        }),
      )
      for (const seq of ended) done.add(seq)
      if (claimed.length > 0) this.#runner.take(claimed.map((task) => ({ task, presence })))
    }
    this.#runner.ended(calls)
    return items.map(({ ending }) => done.has(ending.seq))
  }

  /** The database may be away for a while; the claim is held meanwhile, or lost and then dropped by its owner's name. */
  async #retried<R>(work: () => Promise<R>): Promise<R> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await work()
      } catch (error) {
        const again =
          error instanceof JournalError && ['UNAVAILABLE', 'BUSY', 'FULL'].includes(error.code)
        if (!again || attempt >= 20) throw error
        await new Promise<void>((resolve) =>
          this.#context.clock.after(Math.min(50 * 2 ** attempt, 2_000), resolve),
        )
      }
    }
  }
}

function isMismatch(error: unknown): boolean {
  return error instanceof JournalError && error.code === 'STEP_MISMATCH'
}
