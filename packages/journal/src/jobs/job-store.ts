/** Jobs in the database: steps, signals, results. */
import { Batcher } from '../batcher.ts'
import { JournalError } from '../errors.ts'
import { decode } from '../json.ts'
import { callersRunner, type SqlRunner, type Storage } from '../storage.ts'
import { notifyText, topics } from '../wakes.ts'
import type { RecordedStep } from './replay.ts'

export interface StepRecord extends RecordedStep {
  readonly task: number
  readonly owner: string
}

export type JobState =
  | { readonly type: 'done'; readonly result: unknown }
  | { readonly type: 'cancelled' }
  | { readonly type: 'dead'; readonly reason: string }
  | { readonly type: 'open' }
  | { readonly type: 'unknown' }

export class JobStore {
  readonly #storage: Storage
  readonly #steps: Batcher<StepRecord, boolean>
  readonly #states: Batcher<string, JobState>

  constructor(storage: Storage) {
    this.#storage = storage
    this.#steps = new Batcher((records) => this.#insert(records, storage), {
      size: 500,
      capacity: 10_000,
    })
    this.#states = new Batcher((ids) => this.#find(ids), { size: 1_000, capacity: 100_000 })
  }

  async recorded(task: number): Promise<RecordedStep[]> {
    const rows = await this.#storage.read({
      text: `select place, name, result from ${this.#storage.dialect.table('step')} where task = $1`,
      values: [task],
    })
    return rows.map(([place, name, result]) => ({
      place: Number(place),
      name: String(name),
      result: result === null ? null : String(result),
    }))
  }

  /** @returns whether the job is still the owner's */
  async record(record: StepRecord, tx?: SqlRunner): Promise<boolean> {
    if (tx === undefined) return this.#steps.add(record)
    return (await this.#insert([record], callersRunner(this.#storage.dialect, tx)))[0] === true
  }

  async #insert(records: readonly StepRecord[], run: SqlRunner): Promise<boolean[]> {
    const { dialect } = this.#storage
    const rows = dialect.rows('$2', {
      task: 'bigint',
      place: 'bigint',
      name: 'text',
      result: 'text',
      owner: 'text',
    })
    const kept = await run.run({
      text: `insert into ${dialect.table('step')} (task, place, name, result, at)
select r.task, r.place, r.name, r.result, ${dialect.now} from ${rows} join ${dialect.table('task')} t on t.seq = r.task and t.owner = r.owner
where true on conflict (task, place) do nothing returning task, place`,
      values: [this.#storage.time(), JSON.stringify(records)],
    })
    const keys = new Set(kept.map(([task, place]) => `${task} ${place}`))
    return records.map(({ task, place }) => keys.has(`${task} ${place}`))
  }

  /** Takes the oldest signal of a name and records it as a step, in one; or gives the count of signals that were seen. */
  takeSignal(
    task: number,
    owner: string,
    place: number,
    name: string,
  ): Promise<{ found?: { payload: string | null }; seen: number }> {
    const { dialect } = this.#storage
    const signals = dialect.table('signal')
    return this.#storage.transaction(async (tx) => {
      const [job] = await tx.run({
        text: `select signalled from ${dialect.table('task')} where seq = $1 and owner = $2`,
        values: [task, owner],
      })
      if (job === undefined) throw new JournalError('LOST', "the job is no longer this process's")
      const seen = Number(job[0])
      const [signal] = await tx.run({
        text: `delete from ${signals} where seq ${dialect.within(`select seq from ${signals} where task = $1 and name = $2 order by seq limit 1`)} returning payload`,
        values: [task, name],
      })
      if (signal === undefined) return { seen }
      const payload = signal[0] === null ? null : String(signal[0])
      const [kept] = await this.#insert(
        [{ task, owner, place, name: `signal ${name}`, result: payload }],
        tx,
      )
      if (!kept) throw new JournalError('LOST', "the job is no longer this process's")
      return { found: { payload }, seen }
    })
  }

  /** @throws {JournalError} NOT_FOUND */
  async signal(id: string, name: string, payload: string | null, tx?: SqlRunner): Promise<void> {
    const work = async (run: SqlRunner) => {
      const { dialect } = this.#storage
      const task = dialect.table('task')
      // The count is raised first: it locks the job's row, and whoever puts the job back sees that it has grown.
      const [job] = await run.run({
        text: `update ${task} set signalled = signalled + 1,
due = case when waits like 'signal%' then ${dialect.now} else due end where id = $2 and kind = 'job'
returning seq, queue, ${dialect.notify(`'q:' || queue`)}`,
        values: [this.#storage.time(), id],
      })
      if (job === undefined) {
        throw new JournalError(
          'NOT_FOUND',
          `no job ${id} is under way: it has ended, or never began`,
        )
      }
      await run.run({
        text: `insert into ${dialect.table('signal')} (task, name, payload) values ($1, $2, $3) returning task`,
        values: [Number(job[0]), name, payload],
      })
      return String(job[1])
    }
    const queue = await (tx
      ? work(callersRunner(this.#storage.dialect, tx))
      : this.#storage.transaction(work))
    this.#storage.wake(topics.queue(queue))
  }

  /** Ends a job that is under way, wherever it is; whoever runs it finds that it is no longer his. */
  async cancel(id: string, keep: number): Promise<void> {
    const { dialect } = this.#storage
    const task = dialect.table('task')
    await this.#storage.transaction(async (tx) => {
      const [row] = await tx.run({
        text: `delete from ${task} where id = $1 and kind = 'job' returning seq, queue`,
        values: [id],
      })
      if (row === undefined) throw new JournalError('NOT_FOUND', `no job ${id} is under way`)
      for (const name of ['step', 'signal']) {
        await tx.run({
          text: `delete from ${dialect.table(name)} where task = $1`,
          values: [Number(row[0])],
        })
      }
      await tx.run({
        text: `insert into ${dialect.table('finished')} (id, queue, status, at, expires) values ($2, $3, 'cancelled', ${dialect.now}, ${dialect.now} + $4::bigint) returning id`,
        values: [this.#storage.time(), id, String(row[1]), keep],
      })
      await tx.run({ text: notifyText(this.#storage), values: [topics.finished] })
    })
    this.#storage.wake(topics.finished)
  }

  /** Those of these tasks that are still the owner's. */
  async stillOwned(owner: string, tasks: readonly number[]): Promise<ReadonlySet<number>> {
    const { dialect } = this.#storage
    const rows = await this.#storage.read({
      text: `select seq from ${dialect.table('task')} where owner = $1 and seq in (${dialect.list('$2', 'bigint')})`,
      values: [owner, JSON.stringify(tasks)],
    })
    return new Set(rows.map(([seq]) => Number(seq)))
  }

  state(id: string): Promise<JobState> {
    return this.#states.add(id)
  }

  /** One statement for all that ask at the same time. */
  async #find(ids: readonly string[]): Promise<JobState[]> {
    const { dialect } = this.#storage
    const given = `(${dialect.list('$1', 'text')})`
    const rows = await this.#storage.read({
      text: `select id, status, result from ${dialect.table('finished')} where id in ${given}
union all select id, 'dead', reason from ${dialect.table('dead')} where id in ${given} and kind = 'job'
union all select id, 'open', null from ${dialect.table('task')} where id in ${given} and kind = 'job'`,
      values: [JSON.stringify(ids)],
    })
    const states = new Map(rows.map(([id, status, value]) => [String(id), stateOf(status, value)]))
    return ids.map((id) => states.get(id) ?? { type: 'unknown' })
  }

  /** Jobs under way by version of their code. */
  async versions(queue: string): Promise<{ version: number; jobs: number }[]> {
    const rows = await this.#storage.read({
      text: `select version, count(*) from ${this.#storage.dialect.table('task')} where queue = $1 and kind = 'job' group by version order by version`,
      values: [queue],
    })
    return rows.map(([version, jobs]) => ({ version: Number(version), jobs: Number(jobs) }))
  }

  /** @throws {JournalError} NOT_FOUND */
  async setVersion(id: string, version: number): Promise<void> {
    const { dialect } = this.#storage
    const [row] = await this.#storage.run({
      text: `update ${dialect.table('task')} set version = $2::bigint where id = $1 and kind = 'job' and owner is null returning queue, ${dialect.notify(`'q:' || queue`)}`,
      values: [id, version],
    })
    if (row === undefined) {
      throw new JournalError(
        'NOT_FOUND',
        `no job ${id} waits: it has ended, never began, or runs just now`,
      )
    }
    this.#storage.wake(topics.queue(String(row[0])))
  }
}

function stateOf(status: unknown, value: unknown): JobState {
  switch (status) {
    case 'done':
      return { type: 'done', result: decode(value) }
    case 'cancelled':
      return { type: 'cancelled' }
    case 'dead':
      return { type: 'dead', reason: String(value) }
    default:
      return { type: 'open' }
  }
}
