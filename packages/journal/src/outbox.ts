/** The outbox: messages in the caller's own transaction, delivered in order per key, tried again, given up with a reason. */
import { Batcher } from './batcher.ts'
import { JournalError } from './errors.ts'
import { checkName, decode, encode } from './json.ts'
import { callersRunner, type SqlRunner, type Storage } from './storage.ts'
import { completePolicy, type RetryPolicy } from './tasks/backoff.ts'
import { QueueRunner, type RunnerContext } from './tasks/queue-runner.ts'
import type { ClaimedTask, NewTask } from './tasks/task.ts'
import { checkDelay, type TaskStore } from './tasks/task-store.ts'
import { topics } from './wakes.ts'

/** A queue's name with the type of what its messages carry. */
export interface Queue<T> {
  readonly name: string
  /** Only for inference. */
  readonly payload?: T
}

export function defineQueue<T>(name: string): Queue<T> {
  return { name: checkName(name, "a queue's name") }
}

export interface SendOptions {
  /** What the far side can tell the message by; a new UUID by default. An id that is in the journal already is not put again. */
  readonly id?: string
  /** Messages of a queue with the same key are delivered one after the other, in the order in which they were sent. */
  readonly key?: string
  /** Milliseconds until the first delivery. */
  readonly delay?: number
  /** The caller's transaction: the message is sent exactly when it commits. */
  readonly in?: SqlRunner
  /** Ends waiting for room. */
  readonly signal?: AbortSignal
}

/** A message of `sendAll`. */
export interface Message extends Pick<SendOptions, 'id' | 'key' | 'delay'> {
  readonly queue: string
  readonly payload: unknown
}

/** A message as its handler gets it. */
export interface Delivery<T> {
  /** The same at each attempt: hand it to the far side, so that it can tell repeats. */
  readonly id: string
  readonly queue: string
  readonly key: string | undefined
  readonly payload: T
  /** How many attempts failed before this one. */
  readonly attempt: number
  /** It may have been tried before, also where no attempt is known to have failed: a process died, or was stopped. */
  readonly again: boolean
  readonly sent: Date
  /** Aborts when this delivery must stop: another process may deliver, the time is over, the worker stops. */
  readonly signal: AbortSignal
}

export interface DeliverOptions {
  /** Deliveries at once in this process, 10 by default. */
  readonly concurrency?: number
  readonly retry?: RetryPolicy
  /** Milliseconds that one delivery may take, 60,000 by default. */
  readonly timeout?: number
  /** Deaths of processes that a message survives while claimed, 50 by default. */
  readonly maxLost?: number
}

/** Messages that one call puts at most: what one statement carries. */
const mostAtOnce = 10_000

/** Puts tasks in; those of callers at the same time in one statement. */
export class Intake {
  readonly #storage: Storage
  readonly #tasks: TaskStore
  readonly #batcher: Batcher<NewTask, boolean>

  constructor(storage: Storage, tasks: TaskStore) {
    this.#storage = storage
    this.#tasks = tasks
    this.#batcher = new Batcher((items) => this.#put(items), { size: 1_000, capacity: 10_000 })
  }

  /** @returns whether the id was new */
  put(task: NewTask, tx: SqlRunner | undefined, signal?: AbortSignal): Promise<boolean> {
    if (tx === undefined) return this.#batcher.add(task, signal)
    const put = this.#tasks.put([task], callersRunner(this.#storage.dialect, tx))
    return put.then((added) => {
      this.#storage.wakeLater(topics.queue(task.queue))
      return added.has(task.id)
    })
  }

  /** All in one statement. */
  async putAll(tasks: readonly NewTask[], tx: SqlRunner | undefined): Promise<ReadonlySet<string>> {
    if (tasks.length > mostAtOnce) {
      throw new JournalError(
        'BAD_INPUT',
        `at most ${mostAtOnce} messages at once, got ${tasks.length}`,
      )
    }
    if (tasks.length === 0) return new Set()
    if (tx !== undefined) {
      const put = await this.#tasks.put(tasks, callersRunner(this.#storage.dialect, tx))
      for (const queue of new Set(tasks.map((task) => task.queue)))
        this.#storage.wakeLater(topics.queue(queue))
      return new Set(put.keys())
    }
    const put = await this.#tasks.put(tasks)
    this.#wake(tasks)
    return new Set(put.keys())
  }

  drained(): Promise<void> {
    return this.#batcher.drained()
  }

  async #put(items: readonly NewTask[]): Promise<boolean[]> {
    const put = await this.#tasks.put(items)
    this.#wake(items)
    return items.map(({ id }) => put.has(id))
  }

  #wake(items: readonly NewTask[]): void {
    for (const queue of new Set(items.map((item) => item.queue)))
      this.#storage.wake(topics.queue(queue))
  }
}

export function messageTask(
  queue: string,
  payload: unknown,
  options: SendOptions,
  newId: () => string,
): NewTask {
  return {
    id: options.id === undefined ? newId() : checkName(options.id, 'id'),
    named: options.id !== undefined,
    kind: 'message',
    queue: checkName(queue, "a queue's name"),
    key: options.key === undefined ? null : checkName(options.key, 'key'),
    payload: encode(payload, 'the payload'),
    version: 0,
    delay: checkDelay(options.delay, 'delay'),
  }
}

export function startDelivery<T>(
  context: RunnerContext,
  queue: string,
  handler: (message: Delivery<T>) => unknown,
  options: DeliverOptions,
  onError: (error: unknown, task: ClaimedTask | undefined) => void,
): QueueRunner {
  const { concurrency = 10, timeout = 60_000, maxLost = 50 } = options
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new JournalError(
      'BAD_INPUT',
      `concurrency must be a whole number from 1, got ${concurrency}`,
    )
  }
  return new QueueRunner(context, {
    queue: checkName(queue, "a queue's name"),
    kind: 'message',
    versions: [0],
    concurrency,
    maxLost,
    timeout,
    retry: completePolicy(options.retry),
    onError,
    async run(task, attempt) {
      await handler({
        id: task.id,
        queue: task.queue,
        key: task.key ?? undefined,
        // Whoever sent it gave the type that the queue names.
        payload: decode(task.payload) as T,
        attempt: task.attempts,
        again: task.attempts + task.lost + task.began > 0,
        sent: new Date(task.created),
        get signal() {
          return attempt.signal
        },
      })
      return { type: 'finished' }
    },
  })
}
