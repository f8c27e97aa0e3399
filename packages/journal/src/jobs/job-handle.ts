/** A job as whoever started it sees it. */
import { type Clock, wait } from '../clock.ts'
import { JournalError } from '../errors.ts'
import type { Storage } from '../storage.ts'
import { topics } from '../wakes.ts'
import type { JobState, JobStore } from './job-store.ts'

export class JobHandle<Result> {
  readonly id: string
  readonly #storage: Storage
  readonly #store: JobStore
  readonly #clock: Clock

  constructor(id: string, storage: Storage, store: JobStore, clock: Clock) {
    this.id = id
    this.#storage = storage
    this.#store = store
    this.#clock = clock
  }

  state(): Promise<JobState> {
    return this.#store.state(this.id)
  }

  /**
   * Waits until the job has ended.
   * @throws {JournalError} DEAD, CANCELLED, or NOT_FOUND for one that never began or is no longer remembered
   */
  async result(options: { readonly signal?: AbortSignal } = {}): Promise<Result> {
    let called = false
    let wake = () => {}
    const endListening = this.#storage.listen(topics.finished, () => {
      called = true
      wake()
    })
    try {
      for (let pause = 50; ; pause = Math.min(pause * 2, 1_000)) {
        options.signal?.throwIfAborted()
        called = false
        const state = await this.state()
        // What the definition's code gave.
        if (state.type === 'done') return state.result as Result
        if (state.type === 'cancelled')
          throw new JournalError('CANCELLED', `job ${this.id} was cancelled`)
        if (state.type === 'dead') {
          throw new JournalError(
            'DEAD',
            `job ${this.id} was given up (${state.reason}); replay it from its dead letter once the cause is gone`,
          )
        }
        if (state.type === 'unknown') {
          throw new JournalError(
            'NOT_FOUND',
            `no job ${this.id} is known: it never began, or its result was kept long enough`,
          )
        }
        if (called) continue
        await this.#pause(pause, options.signal, (resolve) => {
          wake = resolve
        })
      }
    } finally {
      endListening()
    }
  }

  async #pause(
    ms: number,
    signal: AbortSignal | undefined,
    onWake: (resolve: () => void) => void,
  ): Promise<void> {
    const ended = new AbortController()
    const either = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal
    const woken = new Promise<void>(onWake)
    const time = wait(this.#clock, ms, either).catch((error: unknown) => {
      if (signal?.aborted) throw error
    })
    await Promise.race([woken, time])
    ended.abort()
  }
}
