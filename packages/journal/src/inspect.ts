/** What the journal holds, in pages, and what one can do about it: for consoles and for people. */
import { JournalError } from './errors.ts'
import type {
  DeadLetter,
  LeaseRow,
  PageOptions,
  ProcessRow,
  QueueCounts,
  ScheduleRow,
  StepRow,
  TaskRow,
} from './inspected-rows.ts'
import { decode } from './json.ts'
import type { Cell, Storage } from './storage.ts'
import { topics } from './wakes.ts'

export class Inspection {
  readonly #storage: Storage

  constructor(storage: Storage) {
    this.#storage = storage
  }

  /** Messages that are not delivered yet, oldest first. */
  outbox(options: PageOptions = {}): Promise<TaskRow[]> {
    return this.#tasks('message', options)
  }

  /** Jobs under way, oldest first. */
  jobs(options: PageOptions = {}): Promise<TaskRow[]> {
    return this.#tasks('job', options)
  }

  /** What a job under way has recorded. */
  async steps(id: string): Promise<StepRow[]> {
    const table = (name: string) => this.#storage.dialect.table(name)
    const rows = await this.#read(
      `select s.place, s.name, s.result, s.at from ${table('step')} s join ${table('task')} t on t.seq = s.task where t.id = $1 order by s.place`,
      [id],
    )
    return rows.map(([place, name, result, at]) => ({
      place: Number(place),
      name: String(name),
      result: decode(result),
      at: new Date(Number(at)),
    }))
  }

  /** What was given up, oldest first. */
  async deadLetters({ queue, limit, after }: PageOptions = {}): Promise<DeadLetter[]> {
    const rows = await this.#read(
      `select seq, id, kind, queue, key, payload, attempts, created, at, reason from ${this.#storage.dialect.table('dead')}
where seq > $1 and ($2::text is null or queue = $2::text) order by seq limit $3`,
      [after ?? 0, queue ?? null, pageSize(limit)],
    )
    return rows.map(([seq, id, kind, name, key, payload, attempts, created, at, reason]) => ({
      seq: Number(seq),
      id: String(id),
      kind: kind === 'job' ? 'job' : 'message',
      queue: String(name),
      key: textOf(key),
      payload: decode(payload),
      attempts: Number(attempts),
      created: new Date(Number(created)),
      died: new Date(Number(at)),
      reason: String(reason),
    }))
  }

  /** Leases that are held now. */
  async leases(): Promise<LeaseRow[]> {
    const { dialect } = this.#storage
    const rows = await this.#read(
      `select key, token, owner, expires from ${dialect.table('lease')} where owner is not null and expires > ${dialect.now} order by key limit 500`,
      [this.#storage.time()],
    )
    return rows.map(([key, token, owner, expires]) => ({
      key: String(key),
      token: Number(token),
      owner: String(owner),
      expires: new Date(Number(expires)),
    }))
  }

  async schedules(): Promise<ScheduleRow[]> {
    const rows = await this.#read(
      `select name, cron, zone, missed, queue, next, last from ${this.#storage.dialect.table('schedule')} order by name limit 500`,
      [],
    )
    return rows.map(([name, cron, zone, missed, queue, next, last]) => ({
      name: String(name),
      cron: String(cron),
      zone: String(zone),
      missed: String(missed),
      queue: String(queue),
      next: new Date(Number(next)),
      last: last === null ? undefined : new Date(Number(last)),
    }))
  }

  /** Processes that claim work now. */
  async processes(): Promise<ProcessRow[]> {
    const { dialect } = this.#storage
    const rows = await this.#read(
      `select id, host, pid, started, expires, (select count(*) from ${dialect.table('task')} t where t.owner = p.id)
from ${dialect.table('process')} p where expires > ${dialect.now} order by started limit 500`,
      [this.#storage.time()],
    )
    return rows.map(([id, host, pid, started, expires, claims]) => ({
      id: String(id),
      host: String(host),
      pid: Number(pid),
      started: new Date(Number(started)),
      expires: new Date(Number(expires)),
      claims: Number(claims),
    }))
  }

  /** How much there is in each queue. Counts live rows: costs what the backlog is long. */
  async queues(): Promise<QueueCounts[]> {
    const table = (name: string) => this.#storage.dialect.table(name)
    const rows = await this.#read(
      `select queue, sum(waiting), sum(running), sum(dead) from (
  select queue, case when owner is null then 1 else 0 end as waiting, case when owner is null then 0 else 1 end as running, 0 as dead from ${table('task')}
  union all select queue, 0, 0, 1 from ${table('dead')}) as one group by queue order by queue`,
      [],
    )
    return rows.map(([queue, waiting, running, dead]) => ({
      queue: String(queue),
      waiting: Number(waiting),
      running: Number(running),
      dead: Number(dead),
    }))
  }

  /**
   * Puts a dead letter back into its queue, at the end of its key's line; a job goes on behind its recorded steps.
   * @throws {JournalError} NOT_FOUND
   */
  async replay(id: string): Promise<void> {
    const { dialect } = this.#storage
    const dead = dialect.table('dead')
    const queue = await this.#storage.transaction(async (tx) => {
      const [letter] = await tx.run({
        text: `delete from ${dead} where id = $1 returning task, id, kind, queue, key, payload, version, created`,
        values: [id],
      })
      if (letter === undefined) throw new JournalError('NOT_FOUND', `there is no dead letter ${id}`)
      const [task, , kind, name, key, payload, version, created] = letter as Cell[]
      const [row] = await tx.run({
        text: `insert into ${dialect.table('task')} (id, kind, queue, key, payload, version, due, earliest, created, resumed)
values ($2, $3, $4, $5, $6, $7, ${dialect.now}, ${dialect.now}, $8, 1) returning seq, ${dialect.notify(`'q:' || queue`)}`,
        values: [
          this.#storage.time(),
          id,
          kind ?? null,
          name ?? null,
          key ?? null,
          payload ?? null,
          Number(version),
          Number(created),
        ],
      })
      for (const table of ['step', 'signal']) {
        await tx.run({
          text: `update ${dialect.table(table)} set task = $1 where task = $2 returning task`,
          values: [Number(row?.[0]), Number(task)],
        })
      }
      return String(name)
    })
    this.#storage.wake(topics.queue(queue))
  }

  /** Throws a dead letter away. @throws {JournalError} NOT_FOUND */
  async discard(id: string): Promise<void> {
    const { dialect } = this.#storage
    await this.#storage.transaction(async (tx) => {
      const [row] = await tx.run({
        text: `delete from ${dialect.table('dead')} where id = $1 returning task`,
        values: [id],
      })
      if (row === undefined) throw new JournalError('NOT_FOUND', `there is no dead letter ${id}`)
      for (const table of ['step', 'signal']) {
        await tx.run({
          text: `delete from ${dialect.table(table)} where task = $1 returning task`,
          values: [Number(row[0])],
        })
      }
    })
  }

  async #tasks(kind: 'message' | 'job', { queue, limit, after }: PageOptions): Promise<TaskRow[]> {
    const { dialect } = this.#storage
    const rows = await this.#read(
      `select seq, id, queue, key, payload, version, attempts, owner, waits, due, created, error, ${dialect.now} from ${dialect.table('task')}
where kind = $2 and seq > $3 and ($4::text is null or queue = $4::text) order by seq limit $5`,
      [this.#storage.time(), kind, after ?? 0, queue ?? null, pageSize(limit)],
    )
    return rows.map(
      ([
        seq,
        id,
        name,
        key,
        payload,
        version,
        attempts,
        owner,
        waits,
        due,
        created,
        error,
        now,
      ]) => ({
        seq: Number(seq),
        id: String(id),
        queue: String(name),
        key: textOf(key),
        payload: decode(payload),
        version: Number(version),
        attempts: Number(attempts),
        state:
          owner !== null
            ? 'running'
            : waits !== null
              ? 'waiting'
              : Number(due) > Number(now)
                ? 'later'
                : 'due',
        waitsFor: textOf(waits),
        due: new Date(Number(due)),
        created: new Date(Number(created)),
        owner: textOf(owner),
        error: textOf(error),
      }),
    )
  }

  #read(text: string, values: readonly Cell[]) {
    return this.#storage.read({ text, values })
  }
}

/** @throws {JournalError} BAD_INPUT */
function pageSize(limit = 100): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= 500) return limit
  throw new JournalError('BAD_INPUT', `limit must be a whole number from 1 to 500, got ${limit}`)
}

function textOf(cell: unknown): string | undefined {
  return cell === null || cell === undefined ? undefined : String(cell)
}
