/**
 * A bound on the backlog of queues: what would go beyond it is refused when it is sent, before it is anywhere. The rows are
 * not counted for each message: a count holds for a second, this process's own messages since are added to it, and a queue that
 * seems full is counted again before anything is refused. So it is exact for one sender, and with several it may be exceeded by
 * what the others sent since the last count.
 */
import type { Clock } from './clock.ts'
import { JournalError } from './errors.ts'
import type { Storage } from './storage.ts'
import type { NewTask } from './tasks/task.ts'

/** How many messages of a queue may wait: one number for every queue, or by name (queues that are not named have no limit). */
export type MaxWaiting = number | Readonly<Record<string, number>>

/** Milliseconds for which a count holds. */
const countHolds = 1_000
/** A queue is not counted for more than one twentieth of the time, however long its backlog is. */
const restAfterCount = 20

interface Backlog {
  waiting: number
  /** Own messages since the last count began. */
  sent: number
  /** When the last count began, and how long it took; milliseconds of the monotonic clock. */
  at: number
  took: number
  counting: Promise<void> | undefined
}

export class QueueLimits {
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #limits: MaxWaiting
  readonly #backlogs = new Map<string, Backlog>()

  /** @throws {JournalError} BAD_INPUT */
  constructor(storage: Storage, clock: Clock, limits: MaxWaiting) {
    for (const limit of typeof limits === 'number' ? [limits] : Object.values(limits)) {
      if (Number.isInteger(limit) && limit >= 1) continue
      throw new JournalError('BAD_INPUT', `maxWaiting must be whole numbers from 1, got ${limit}`)
    }
    this.#storage = storage
    this.#clock = clock
    this.#limits = limits
  }

  /**
   * Takes note of messages that are about to be put: of all, or of none.
   * @throws {JournalError} LIMIT
   */
  async admit(tasks: readonly Pick<NewTask, 'queue'>[]): Promise<void> {
    const wanted = new Map<string, number>()
    for (const { queue } of tasks) wanted.set(queue, (wanted.get(queue) ?? 0) + 1)
    for (const [queue, count] of wanted) await this.#refreshFor(queue, count)
    for (const [queue, count] of wanted) this.#refuseBeyond(queue, count)
    for (const [queue, count] of wanted) {
      const backlog = this.#backlogs.get(queue)
      if (backlog) backlog.sent += count
    }
  }

  #limitOf(queue: string): number | undefined {
    if (typeof this.#limits === 'number') return this.#limits
    return Object.hasOwn(this.#limits, queue) ? this.#limits[queue] : undefined
  }

  async #refreshFor(queue: string, count: number): Promise<void> {
    const limit = this.#limitOf(queue)
    if (limit === undefined) return
    let backlog = this.#backlogs.get(queue)
    if (backlog === undefined) {
      backlog = { waiting: 0, sent: 0, at: Number.NEGATIVE_INFINITY, took: 0, counting: undefined }
      this.#backlogs.set(queue, backlog)
    }
    const age = this.#clock.monotonic() - backlog.at
    const rest = backlog.took * restAfterCount
    const seemsFull = backlog.waiting + backlog.sent + count > limit
    if (age > Math.max(countHolds, rest) || (seemsFull && age > rest)) {
      backlog.counting ??= this.#count(queue, limit, backlog)
    }
    await backlog.counting
  }

  async #count(queue: string, limit: number, backlog: Backlog): Promise<void> {
    const before = backlog.sent
    const began = this.#clock.monotonic()
    try {
      const task = this.#storage.dialect.table('task')
      // Beyond the limit it does not matter how many there are.
      const rows = await this.#storage.read({
        text: `select count(*) from (select 1 from ${task} where queue = $1 and owner is null limit $2) as one`,
        values: [queue, limit],
      })
      backlog.waiting = Number(rows[0]?.[0])
      backlog.sent -= before
      backlog.at = began
      backlog.took = this.#clock.monotonic() - began
    } finally {
      backlog.counting = undefined
    }
  }

  #refuseBeyond(queue: string, count: number): void {
    const limit = this.#limitOf(queue)
    const backlog = this.#backlogs.get(queue)
    if (limit === undefined || backlog === undefined) return
    if (backlog.waiting + backlog.sent + count <= limit) return
    throw new JournalError(
      'LIMIT',
      `queue ${queue} holds ${backlog.waiting + backlog.sent} messages that wait, its limit is ${limit}; nothing was sent: try again once they are delivered, deliver faster, or raise maxWaiting`,
    )
  }
}
