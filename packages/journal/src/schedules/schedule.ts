/**
 * Schedules: a row with the next run's time. Whoever finds it due puts the run's task and moves the time in one transaction,
 * so each run is there once, however many processes look.
 */
import type { Clock } from '../clock.ts'
import { JournalError } from '../errors.ts'
import { checkName } from '../json.ts'
import type { SqlRunner, Storage } from '../storage.ts'
import type { NewTask, TaskKind } from '../tasks/task.ts'
import type { TaskStore } from '../tasks/task-store.ts'
import { notifyText, topics } from '../wakes.ts'
import { type Cron, nextRun, parseCron, runsBetween } from './cron.ts'

/** What becomes of runs whose time passed while nobody was there: one for all (default), none, or each (1,000 at most). */
export type MissedRuns = 'once' | 'skip' | 'all'

export interface ScheduleOptions {
  /** Five fields, or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`. */
  readonly cron: string
  /** A name of the IANA data; UTC by default. */
  readonly zone?: string
  readonly missed?: MissedRuns
}

export interface ScheduledTask {
  readonly kind: TaskKind
  readonly queue: string
  readonly key: string | null
  readonly payload: string | null
  readonly version: number
}

/** Runs that come later than this were missed. */
const grace = 60_000
const mostMissed = 1_000

export class Schedules implements AsyncDisposable {
  readonly #storage: Storage
  readonly #tasks: TaskStore
  readonly #clock: Clock
  readonly #poll: number
  readonly #onError: (error: unknown) => void
  #timer: (() => void) | undefined
  #endListening: (() => void) | undefined
  #looking: Promise<void> | undefined
  #closed = false

  constructor(
    storage: Storage,
    tasks: TaskStore,
    clock: Clock,
    poll: number,
    onError: (error: unknown) => void,
  ) {
    this.#storage = storage
    this.#tasks = tasks
    this.#clock = clock
    this.#poll = poll
    this.#onError = onError
  }

  /** Makes or changes a schedule. The next run's time is kept when the cron expression and zone are what they were. */
  async set(name: string, options: ScheduleOptions, task: ScheduledTask): Promise<void> {
    checkName(name, "a schedule's name")
    const { zone = 'UTC', missed = 'once' } = options
    const cron = parseCron(options.cron)
    const { dialect } = this.#storage
    const table = dialect.table('schedule')
    const next = nextRun(cron, zone, await this.#now())
    await this.#storage.run({
      text: `insert into ${table} (name, cron, zone, missed, kind, queue, key, payload, version, next)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (name) do update set cron = excluded.cron, zone = excluded.zone, missed = excluded.missed, kind = excluded.kind,
  queue = excluded.queue, key = excluded.key, payload = excluded.payload, version = excluded.version,
  next = case when ${table}.cron = excluded.cron and ${table}.zone = excluded.zone then ${table}.next else excluded.next end
returning name`,
      values: [
        name,
        options.cron,
        zone,
        missed,
        task.kind,
        task.queue,
        task.key,
        task.payload,
        task.version,
        next,
      ],
    })
    await this.#storage.run({ text: notifyText(this.#storage), values: [topics.schedules] })
    this.start()
    this.#look()
  }

  /** @throws {JournalError} NOT_FOUND */
  async remove(name: string): Promise<void> {
    const rows = await this.#storage.run({
      text: `delete from ${this.#storage.dialect.table('schedule')} where name = $1 returning name`,
      values: [name],
    })
    if (rows.length === 0) throw new JournalError('NOT_FOUND', `there is no schedule "${name}"`)
  }

  /** Looks for due runs from now on. */
  start(): void {
    if (this.#endListening || this.#closed) return
    this.#endListening = this.#storage.listen(topics.schedules, () => this.#look())
    this.#look()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#endListening?.()
    this.#timer?.()
    await this.#looking
  }

  #look(): void {
    if (this.#closed || this.#looking) return
    this.#timer?.()
    this.#looking = this.#fireDue()
      .catch((error: unknown) => {
        this.#onError(error)
        return this.#poll
      })
      .then((ms) => {
        this.#looking = undefined
        if (!this.#closed) this.#timer = this.#clock.after(ms, () => this.#look())
      })
  }

  /** @returns milliseconds until it is to be called again */
  async #fireDue(): Promise<number> {
    const { dialect } = this.#storage
    const rows = await this.#storage.read({
      text: `select name, cron, zone, missed, kind, queue, key, payload, version, next, ${dialect.now} from ${dialect.table('schedule')} order by next limit 100`,
      values: [this.#storage.time()],
    })
    let soonest = this.#poll
    for (const row of rows) {
      const [name, text, zone, missed] = row.slice(0, 4).map(String) as [
        string,
        string,
        string,
        MissedRuns,
      ]
      const next = Number(row[9])
      const now = Number(row[10])
      if (next > now) {
        soonest = Math.min(soonest, next - now)
        continue
      }
      const cron = parseCron(text)
      const runs = dueRuns(cron, zone, missed, next, now)
      const task = {
        kind: row[4] as TaskKind,
        queue: String(row[5]),
        key: textOf(row[6]),
        payload: textOf(row[7]),
        version: Number(row[8]),
      }
      await this.#storage.transaction((tx) =>
        this.#fire(tx, name, task, { next, runs, following: nextRun(cron, zone, now) }),
      )
      this.#storage.wake(topics.queue(task.queue))
      soonest = 0
    }
    return soonest
  }

  async #fire(
    tx: SqlRunner,
    name: string,
    task: ScheduledTask,
    at: { next: number; runs: readonly number[]; following: number },
  ): Promise<void> {
    const moved = await tx.run({
      text: `update ${this.#storage.dialect.table('schedule')} set next = $1, last = $2 where name = $3 and next = $4 returning name`,
      values: [at.following, at.runs.at(-1) ?? null, name, at.next],
    })
    if (moved.length === 0) return
    const tasks = at.runs.map(
      (run): NewTask => ({
        ...task,
        named: true,
        id: `${name}@${new Date(run).toISOString()}`,
        delay: 0,
      }),
    )
    if (tasks.length > 0) await this.#tasks.put(tasks, tx)
  }

  async #now(): Promise<number> {
    const { dialect } = this.#storage
    const [row] = await this.#storage.read({
      text: `select ${dialect.now}`,
      values: [this.#storage.time()],
    })
    return Number(row?.[0])
  }
}

/** The runs that a schedule owes, given the time of the one that is due. Pure. */
export function dueRuns(
  cron: Cron,
  zone: string,
  missed: MissedRuns,
  next: number,
  now: number,
): number[] {
  if (missed === 'all') return [next, ...runsBetween(cron, zone, next, now, mostMissed - 1)]
  const runs = [next]
  // The last run whose time has come; looked for from near the present, not by counting from the first.
  for (let back = 3_600_000; runs.length === 1; back *= 8) {
    runs.push(...runsBetween(cron, zone, Math.max(next, now - back), now, 2_000))
    if (now - back <= next) break
  }
  const last = runs.at(-1) ?? next
  return missed === 'skip' && now - last > grace ? [] : [last]
}

function textOf(cell: unknown): string | null {
  return cell === null ? null : String(cell)
}
