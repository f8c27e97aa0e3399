/**
 * A journal: idempotency keys, outbox, leases, jobs and schedules over one database. What it acknowledges survives a crash.
 * Closing it stops what runs, gives back what was claimed, and releases what was leased.
 */
import { type Clock, systemClock } from './clock.ts'
import { JournalDatabase } from './database.ts'
import { JournalError } from './errors.ts'
import { Inspection } from './inspect.ts'
import type { JobDefinition } from './jobs/job-definition.ts'
import { JobHandle } from './jobs/job-handle.ts'
import { JobStore } from './jobs/job-store.ts'
import { JobWorker, jobQueue, type WorkerOptions, week } from './jobs/job-worker.ts'
import { checkName, encode } from './json.ts'
import { type Lease, type LeaseOptions, Leases } from './lease.ts'
import { IdempotencyKeys, type OnceOptions, type OnceRun } from './once.ts'
import {
  type DeliverOptions,
  type Delivery,
  Intake,
  type Message,
  messageTask,
  type Queue,
  type SendOptions,
  startDelivery,
} from './outbox.ts'
import { OwnMessages } from './own-messages.ts'
import { ProcessPresence } from './presence.ts'
import { type MaxWaiting, QueueLimits } from './queue-limits.ts'
import { type ScheduleOptions, Schedules } from './schedules/schedule.ts'
import { prepareTables } from './schema.ts'
import type { StorageSource } from './source.ts'
import type { SqlRunner, Storage } from './storage.ts'
import { freeClaims, removeExpired } from './sweep.ts'
import { InHand } from './tasks/in-hand.ts'
import type { RunnerContext } from './tasks/queue-runner.ts'
import { checkDelay, TaskStore } from './tasks/task-store.ts'
import { uuid7 } from './uuid.ts'
import { type WithdrawnMessage, type WithdrawOptions, withdraw } from './withdraw.ts'

export interface JournalOptions {
  /** Time; by default the system's, and in PostgreSQL the server's for all that processes share. */
  readonly clock?: Clock
  /** Jitter: numbers in [0, 1). */
  readonly random?: () => number
  /** Milliseconds for which this process's claims outlive it, 15,000 by default. */
  readonly processTtl?: number
  /** Milliseconds between looks for work without a wake-up, 2,000 by default. */
  readonly poll?: number
  /**
   * How many messages of a queue may wait, for every queue or by name; `send` beyond it is refused with LIMIT. No limit by
   * default: what a backlog may cost depends on the disk, and a refusal would end the caller's own transaction.
   */
  readonly maxWaiting?: MaxWaiting
  /** Told of each error that no caller gets: a dead letter, a database that is away. A warning of the process by default. */
  readonly onError?: (
    error: unknown,
    task?: { readonly id: string; readonly queue: string },
  ) => void
}

export interface StartOptions extends Omit<SendOptions, 'signal'> {}

/** @throws {JournalError} UNAVAILABLE, CORRUPT, FULL, FORMAT */
export async function openJournal(
  source: StorageSource,
  options: JournalOptions = {},
): Promise<Journal> {
  const storage = source.open(options.clock)
  try {
    await prepareTables(storage)
    return new Journal(storage, options)
  } catch (error) {
    await storage[Symbol.asyncDispose]()
    throw error
  }
}

export class Journal implements AsyncDisposable {
  /** What is in it: for consoles and people. */
  readonly inspect: Inspection
  /** Messages that this process begins at once, for packages that keep tables of their own beside the journal's. */
  readonly own: OwnMessages
  /** The database under it, for packages that keep tables of their own beside the journal's. */
  readonly database: JournalDatabase
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #context: RunnerContext
  readonly #intake: Intake
  readonly #limits: QueueLimits | undefined
  readonly #jobs: JobStore
  readonly #keys: IdempotencyKeys
  readonly #leases: Leases
  readonly #presence: ProcessPresence
  readonly #schedules: Schedules
  readonly #workers = new Set<{ stop(grace: number): Promise<void> }>()
  readonly #onError: NonNullable<JournalOptions['onError']>
  #swept = Number.NEGATIVE_INFINITY
  #closing: Promise<void> | undefined

  /** Use `openJournal`. */
  constructor(storage: Storage, options: JournalOptions) {
    const { clock = systemClock, random = Math.random, processTtl = 15_000, poll = 2_000 } = options
    if (!(processTtl >= 100))
      throw new JournalError('BAD_INPUT', `processTtl must be 100 ms or more, got ${processTtl}`)
    const tasks = new TaskStore(storage)
    this.#storage = storage
    this.#clock = clock
    this.#onError = options.onError ?? warn
    this.#presence = new ProcessPresence(storage, clock, processTtl, this.#newId, () =>
      this.#sweep(),
    )
    this.#context = {
      storage,
      tasks,
      clock,
      random,
      poll,
      presence: this.#presence,
      inHand: new InHand(),
      runners: new Map(),
    }
    this.own = new OwnMessages(this.#context, this.#newId)
    this.#intake = new Intake(storage, tasks)
    if (options.maxWaiting !== undefined)
      this.#limits = new QueueLimits(storage, clock, options.maxWaiting)
    this.#jobs = new JobStore(storage)
    this.#keys = new IdempotencyKeys(storage, this.#presence, clock)
    this.#leases = new Leases(storage, clock, this.#newId)
    this.#schedules = new Schedules(storage, tasks, clock, poll, this.#onError)
    this.inspect = new Inspection(storage)
    this.database = new JournalDatabase(storage, this.#presence)
  }

  /**
   * Runs the work one time per key and remembers what it gave; a repeat is answered with that.
   * @throws whatever the work throws (then the key is free again), {JournalError} INTERRUPTED, LOST, HELD
   */
  once<T>(key: string, work: (run: OnceRun) => T | Promise<T>, options?: OnceOptions): Promise<T> {
    return this.#keys.once(key, work, options)
  }

  /** Forgets an idempotency key. */
  forget(key: string): Promise<void> {
    return this.#keys.forget(key)
  }

  /**
   * Puts a message into a queue; acknowledged once it is durable (with `in`: once that transaction is).
   * @returns the message's id
   * @throws {JournalError} BAD_INPUT, CLOSED, LIMIT, or what the store said
   */
  async send<T>(queue: Queue<T> | string, payload: T, options: SendOptions = {}): Promise<string> {
    const task = messageTask(nameOf(queue), payload, options, this.#newId)
    await this.#limits?.admit([task])
    await this.#intake.put(task, options.in, options.signal)
    return task.id
  }

  /**
   * Puts many messages into a queue in one statement: all of them or none.
   * @returns their ids, in order
   */
  async sendMany<T>(
    queue: Queue<T> | string,
    payloads: readonly T[],
    options: Omit<SendOptions, 'id' | 'signal'> = {},
  ): Promise<string[]> {
    const tasks = payloads.map((one) => messageTask(nameOf(queue), one, options, this.#newId))
    await this.#limits?.admit(tasks)
    await this.#intake.putAll(tasks, options.in)
    return tasks.map(({ id }) => id)
  }

  /**
   * Puts messages of any queues, each with its own id and key, in one statement: all of them or none.
   * @returns the ids that were not there yet
   */
  async sendAll(
    messages: readonly Message[],
    options: { readonly in?: SqlRunner } = {},
  ): Promise<ReadonlySet<string>> {
    const tasks = messages.map((one) => messageTask(one.queue, one.payload, one, this.#newId))
    await this.#limits?.admit(tasks)
    return await this.#intake.putAll(tasks, options.in)
  }

  /**
   * Takes messages back: those of a queue that wait, are being delivered, or were given up, and whose payload is meant.
   * @returns what was taken back
   */
  withdraw<T>(
    queue: Queue<T> | string,
    isMeant: (payload: T) => boolean,
    options: WithdrawOptions,
  ): Promise<readonly WithdrawnMessage[]> {
    // Whoever sent them gave the type that the queue names.
    return withdraw(this.#storage, nameOf(queue), (payload) => isMeant(payload as T), options)
  }

  /** Delivers a queue's messages in this process until it is disposed of. A handler that throws is asked again later. */
  deliver<T>(
    queue: Queue<T> | string,
    handler: (message: Delivery<T>) => unknown,
    options: DeliverOptions = {},
  ): AsyncDisposable {
    return this.#keep(startDelivery(this.#context, nameOf(queue), handler, options, this.#report))
  }

  /** Runs the work under the lease of a key, waiting for it. The lease ends with the work. */
  async withLease<T>(
    key: string,
    work: (lease: Lease) => T | Promise<T>,
    options?: LeaseOptions,
  ): Promise<T> {
    await using lease = await this.#leases.acquire(key, options)
    return await work(lease)
  }

  /** Waits for the lease of a key. */
  lease(key: string, options?: LeaseOptions): Promise<Lease> {
    return this.#leases.acquire(key, options)
  }

  /** The lease of a key, or undefined when another has it. */
  tryLease(key: string, options?: LeaseOptions): Promise<Lease | undefined> {
    return this.#leases.attempt(key, options)
  }

  /** Starts a job. With an `id` that is there already (or has finished and is still remembered) it is that job. */
  async start<Input, Result>(
    job: JobDefinition<Input, Result>,
    input: Input,
    options: StartOptions = {},
  ): Promise<JobHandle<Result>> {
    const id = options.id === undefined ? this.#newId() : checkName(options.id, 'id')
    await this.#intake.put(
      {
        id,
        named: options.id !== undefined,
        kind: 'job',
        queue: jobQueue(job.name),
        key: options.key === undefined ? null : checkName(options.key, 'key'),
        payload: encode(input, "the job's input"),
        version: job.version,
        delay: checkDelay(options.delay, 'delay'),
      },
      options.in,
    )
    return this.job(job, id)
  }

  /** A job that was started, by its id. */
  job<Input, Result>(_job: JobDefinition<Input, Result>, id: string): JobHandle<Result> {
    return new JobHandle(id, this.#storage, this.#jobs, this.#clock)
  }

  /** Runs jobs of a definition in this process until it is disposed of. */
  work<Input, Result>(
    job: JobDefinition<Input, Result>,
    options: WorkerOptions = {},
  ): JobWorker<Input, Result> {
    return this.#keep(new JobWorker(this.#context, this.#jobs, job, options, this.#report))
  }

  /** Sends a signal to a job under way. @throws {JournalError} NOT_FOUND */
  signal(
    jobId: string,
    name: string,
    payload?: unknown,
    options: { readonly in?: SqlRunner } = {},
  ): Promise<void> {
    return this.#jobs.signal(
      jobId,
      checkName(name, "a signal's name"),
      encode(payload, 'the payload'),
      options.in,
    )
  }

  /** Ends a job under way; its steps are not undone. @throws {JournalError} NOT_FOUND */
  cancel(jobId: string): Promise<void> {
    return this.#jobs.cancel(jobId, week)
  }

  /** Lets a waiting job go on with another version of its code. @throws {JournalError} NOT_FOUND */
  setJobVersion(jobId: string, version: number): Promise<void> {
    return this.#jobs.setVersion(jobId, version)
  }

  /** Sends a message at each time of a schedule; one run across processes. The message's id is `name@instant`. */
  schedule<T>(
    name: string,
    options: ScheduleOptions,
    queue: Queue<T> | string,
    payload: T,
    key?: string,
  ): Promise<void> {
    return this.#schedules.set(name, options, {
      kind: 'message',
      queue: nameOf(queue),
      key: key ?? null,
      payload: encode(payload, 'the payload'),
      version: 0,
    })
  }

  /** Starts a job at each time of a schedule. The job's id is `name@instant`. */
  scheduleJob<Input, Result>(
    name: string,
    options: ScheduleOptions,
    job: JobDefinition<Input, Result>,
    input: Input,
    key?: string,
  ): Promise<void> {
    return this.#schedules.set(name, options, {
      kind: 'job',
      queue: jobQueue(job.name),
      key: key ?? null,
      payload: encode(input, "the job's input"),
      version: job.version,
    })
  }

  /** Ends a schedule. @throws {JournalError} NOT_FOUND */
  unschedule(name: string): Promise<void> {
    return this.#schedules.remove(name)
  }

  /** Takes part in running the schedules that are in the journal; `schedule` does so by itself. */
  runSchedules(): void {
    this.#schedules.start()
  }

  /** A transaction of the journal's own database: give `tx` to the journal as `in`, and run your own statements with it. */
  transaction<R>(work: (tx: SqlRunner) => Promise<R>): Promise<R> {
    return this.#storage.transaction(work)
  }

  /** Frees what dead processes held and removes what has expired; done by itself every few seconds. */
  async sweep(): Promise<void> {
    await freeClaims(this.#storage)
    await removeExpired(this.#storage)
  }

  /** Stops workers (what runs has `grace` milliseconds, 10,000 by default), then everything. */
  close(grace = 10_000): Promise<void> {
    this.#closing ??= this.#close(grace)
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(grace: number): Promise<void> {
    await this.#schedules[Symbol.asyncDispose]()
    await Promise.all([...this.#workers].map((worker) => worker.stop(grace)))
    await this.#intake.drained()
    try {
      await this.#leases[Symbol.asyncDispose]()
      await this.#presence[Symbol.asyncDispose]()
    } finally {
      await this.#storage[Symbol.asyncDispose]()
    }
  }

  #keep<W extends { stop(grace: number): Promise<void> }>(worker: W): W {
    this.#workers.add(worker)
    return worker
  }

  async #sweep(): Promise<void> {
    await freeClaims(this.#storage)
    const { tasks, inHand, presence } = this.#context
    const { owner } = await presence.current()
    await inHand.giveBackStrays(this.#storage, tasks, owner, looksBeforeAstray)
    const now = this.#clock.monotonic()
    if (now - this.#swept < 60_000) return
    this.#swept = now
    await removeExpired(this.#storage)
  }

  readonly #newId = (): string => uuid7(this.#clock.now())

  readonly #report = (
    error: unknown,
    task?: { readonly id: string; readonly queue: string },
  ): void => this.#onError(error, task)
}

/** Renewals of this process's name at which a claim must be unknown here before it is given back: the time to live of a name. */
const looksBeforeAstray = 3

function nameOf(queue: Queue<unknown> | string): string {
  return typeof queue === 'string' ? queue : queue.name
}

function warn(error: unknown, task?: { readonly id: string; readonly queue: string }): void {
  const about = task === undefined ? '' : ` (${task.queue} ${task.id})`
  process.emitWarning(
    `${error instanceof Error ? error.message : String(error)}${about}`,
    'JournalWarning',
  )
}
