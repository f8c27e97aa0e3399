/**
 * One run of a job's code: steps that were recorded answer at once, the first that was not is done and recorded. When all
 * that the code waits for is a timer or a signal, the run ends without a trace in memory and the job waits in the database.
 * Code after an abandoned wait never goes on in this run: its promise does not settle.
 */
import { type Clock, wait } from '../clock.ts'
import { JournalError } from '../errors.ts'
import { checkName, decode, encode } from '../json.ts'
import type { SqlRunner } from '../storage.ts'
import type { Attempt } from '../tasks/attempt.ts'
import { type ClaimedTask, never } from '../tasks/task.ts'
import { checkDelay } from '../tasks/task-store.ts'
import type { JobStore } from './job-store.ts'
import { type RecordedStep, Replay } from './replay.ts'

/** What the job waits for, once it waits for nothing else. */
export interface Suspension {
  readonly for: string
  readonly at: number
  readonly seen: number
}

/** Shorter sleeps are waited out where they are. */
const shortSleep = 100
const forever = new Promise<never>(() => {})

export class JobRun {
  /** The job's id. */
  readonly id: string
  /** The version of the code that it was started with. */
  readonly version: number
  /** How many runs failed before this one. */
  readonly attempt: number
  /** Aborts when this run must stop: the claim is lost, the job cancelled, the time over, the worker stopping. */
  get signal(): AbortSignal {
    return this.#attempt.signal
  }
  /** Resolves when the run can end because the job only waits. */
  readonly suspended: Promise<Suspension>
  readonly #task: ClaimedTask
  readonly #store: JobStore
  readonly #owner: string
  readonly #attempt: Attempt
  readonly #clock: Clock
  readonly #replay: Replay
  readonly #began: number
  #suspend!: (suspension: Suspension) => void
  #active = 0
  #waits: Suspension[] = []
  #ended = false

  constructor(context: {
    task: ClaimedTask
    store: JobStore
    attempt: Attempt
    clock: Clock
    recorded: readonly RecordedStep[]
  }) {
    const { task } = context
    this.id = task.id
    this.version = task.version
    this.attempt = task.attempts
    this.#attempt = context.attempt
    this.#task = task
    this.#store = context.store
    this.#owner = context.attempt.presence.owner
    this.#clock = context.clock
    this.#replay = new Replay(task.id, context.recorded)
    this.#began = context.clock.monotonic()
    this.suspended = new Promise((resolve) => {
      this.#suspend = resolve
    })
  }

  /**
   * Does the work once and records what it gave; later runs get the record. The work may be done again when a crash falls
   * between its end and the record, unless it is done in the transaction given as `in`.
   * @throws whatever the work throws (then nothing is recorded), {JournalError} LOST, STEP_MISMATCH
   */
  async step<T>(
    name: string,
    work: () => T | Promise<T>,
    options: { readonly in?: SqlRunner } = {},
  ): Promise<T> {
    checkName(name, "a step's name")
    const { place, recorded } = this.#next(name)
    // Recorded by the same step of the same version.
    if (recorded) return decode(recorded.result) as T
    return this.#busy(async () => {
      const result = encode(await work(), `the result of step "${name}"`)
      await this.#record(place, name, result, options.in)
      return decode(result) as T
    })
  }

  /** Waits so many milliseconds, through restarts. */
  async sleep(ms: number): Promise<void> {
    const delay = checkDelay(ms, 'sleep')
    const until = await this.#instant('sleep', () => this.#now() + delay)
    const left = until - this.#now()
    if (left <= 0) return
    if (left <= shortSleep) return this.#busy(() => wait(this.#clock, left, this.signal))
    return this.#wait({ for: 'sleep', at: until, seen: Number.MAX_SAFE_INTEGER })
  }

  /** Waits until an instant, through restarts. */
  async sleepUntil(instant: Date): Promise<void> {
    await this.sleep(
      Math.max(0, instant.getTime() - (await this.#instant('now', () => this.#now()))),
    )
  }

  /** Waits for a signal from outside (`journal.signal`); undefined when `timeout` milliseconds pass without one. */
  async receive<T>(
    name: string,
    options: { readonly timeout?: number } = {},
  ): Promise<T | undefined> {
    checkName(name, "a signal's name")
    const { timeout } = options
    const deadline =
      timeout === undefined
        ? never
        : await this.#instant(
            `deadline ${name}`,
            () => this.#now() + checkDelay(timeout, 'timeout'),
          )
    const { place, recorded } = this.#next(`signal ${name}`)
    if (recorded) return decode(recorded.result) as T | undefined
    const { found, seen } = await this.#busy(() =>
      this.#store.takeSignal(this.#task.seq, this.#owner, place, name),
    )
    if (found !== undefined) return decode(found.payload) as T | undefined
    if (this.#now() >= deadline) {
      await this.#busy(() => this.#record(place, `signal ${name}`, null))
      return undefined
    }
    return this.#wait({ for: `signal ${name}`, at: deadline, seen })
  }

  /** After this the code's further calls lead nowhere. */
  end(): void {
    this.#ended = true
  }

  #next(name: string) {
    this.#attempt.throwIfAborted()
    return this.#replay.next(name)
  }

  /** Time by the clock that all processes share. */
  #now(): number {
    return this.#task.claimed + (this.#clock.monotonic() - this.#began)
  }

  async #instant(name: string, make: () => number): Promise<number> {
    const { place, recorded } = this.#next(name)
    if (recorded) return Number(recorded.result)
    const at = Math.ceil(make())
    await this.#busy(() => this.#record(place, name, String(at)))
    return at
  }

  async #record(place: number, name: string, result: string | null, tx?: SqlRunner): Promise<void> {
    const kept = await this.#store.record(
      { task: this.#task.seq, owner: this.#owner, place, name, result },
      tx,
    )
    if (kept) return
    throw new JournalError(
      'LOST',
      `job ${this.id} is no longer this process's: it was cancelled, or taken over`,
    )
  }

  async #busy<T>(work: () => Promise<T>): Promise<T> {
    if (this.#ended) return forever
    this.#active++
    try {
      return await work()
    } finally {
      this.#active--
      this.#look()
    }
  }

  #wait(suspension: Suspension): Promise<never> {
    this.#waits.push(suspension)
    this.#look()
    return forever
  }

  /** Once the code has had its turn: does it wait for nothing but timers and signals? */
  #look(): void {
    if (this.#waits.length === 0) return
    setImmediate(() => {
      if (this.#active > 0 || this.#ended || this.#waits.length === 0) return
      const first = this.#waits.reduce((a, b) => (b.at < a.at ? b : a))
      const names = this.#waits.map((one) => one.for)
      this.#ended = true
      this.#suspend({
        // Signals come first in what is written: they are looked for by this text.
        for: names.sort().reverse().join(', '),
        at: first.at,
        seen: Math.min(...this.#waits.map(({ seen }) => seen)),
      })
    })
  }
}
