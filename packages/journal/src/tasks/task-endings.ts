/**
 * How claimed tasks leave their queue in the database: finished, with or without a record, or given up. Whoever ends one calls the next
 * of its key, or claims it in the same commit.
 */
import type { SqlRunner, Storage } from '../storage.ts'
import { notifyText, topics } from '../wakes.ts'
import { claimedColumns, claimedOf } from './claimed-rows.ts'
import type { ClaimedTask } from './task.ts'

/** A claimed task that ends, and what it gives; `result` undefined: leave no record (messages). */
export interface Ending {
  readonly seq: number
  readonly queue: string
  readonly key: string | null
  readonly record?: {
    readonly status: 'done' | 'cancelled'
    readonly result: string | null
    readonly keep: number
  }
}

/** Which tasks the finisher takes over: those behind what it finished. */
export interface Following {
  readonly versions: readonly number[]
  /** False: they are called only, for anybody. */
  readonly claims: boolean
}

export interface Finished {
  /** Those that were still the owner's. */
  readonly ended: ReadonlySet<number>
  readonly claimed: readonly ClaimedTask[]
  /** Queues whose next task is anybody's. */
  readonly called: readonly string[]
}

export class TaskEndings {
  readonly #storage: Storage
  readonly #lines: Set<string>

  /** `lines`: queues in which tasks may stand behind others, where an end is in a hurry. */
  constructor(storage: Storage, lines: Set<string>) {
    this.#storage = storage
    this.#lines = lines
  }

  /**
   * Ends claimed tasks; with `next`, the next of each key is claimed in the same commit.
   * @returns those that were still the owner's, and what was claimed
   */
  async finish(owner: string, endings: readonly Ending[], next?: Following): Promise<Finished> {
    const recorded = endings.filter(({ record }) => record !== undefined)
    if (recorded.length === 0 && next !== undefined && endings.some(({ key }) => key !== null)) {
      const unhurried = endings.every(({ queue }) => !this.#lines.has(queue))
      const finished = await this.#storage.transaction(
        (tx) => this.finishIn(tx, owner, endings, next),
        { unhurried },
      )
      const { claimed, called } = finished
      for (const { queue } of endings)
        if (claimed.length + called.length === 0) this.#lines.delete(queue)
      this.wake(finished)
      return finished
    }
    const ended =
      recorded.length === 0
        ? await this.#remove(this.#storage, owner, endings)
        : await this.#record(owner, endings, recorded)
    await this.#callNext(endings.filter(({ seq, key }) => key !== null && ended.has(seq)))
    if (recorded.length > 0) this.#storage.wake(topics.finished)
    return { ended, claimed: [], called: [] }
  }

  /** Ends messages in a transaction; call `wake` with what it gives once that has committed. */
  async finishIn(
    tx: SqlRunner,
    owner: string,
    endings: readonly Ending[],
    next: Following,
  ): Promise<Finished> {
    const ended = await this.#remove(tx, owner, endings)
    const keyed = endings.filter(({ seq, key }) => key !== null && ended.has(seq))
    if (keyed.length === 0) return { ended, claimed: [], called: [] }
    const { dialect } = this.#storage
    const task = dialect.table('task')
    const isMine = `$3::text is not null and kind = 'message' and version in (${dialect.list('$4', 'bigint')}) and earliest <= ${dialect.now}
and exists (select 1 from ${dialect.table('process')} p where p.id = $3 and p.expires > ${dialect.now})`
    const rows = await tx.run({
      text: `update ${task} set owner = case when ${isMine} then $3::text end, waits = case when ${isMine} then null else waits end,
due = ${dialect.greatest(dialect.now, 'earliest')}
where seq ${dialect.within(`select min(t.seq) from ${dialect.rows('$2', { queue: 'text', key: 'text' })}
  join ${task} t on t.queue = r.queue and t.key = r.key group by t.queue, t.key`)} and owner is null
returning ${claimedColumns(dialect.now)}, queue, owner, case when owner is null then ${dialect.notify(`'q:' || queue`)} end`,
      values: [
        this.#storage.time(),
        JSON.stringify(keyed.map(({ queue, key }) => ({ queue, key }))),
        next.claims ? owner : null,
        JSON.stringify(next.versions),
      ],
    })
    const claimed: ClaimedTask[] = []
    const called = new Set<string>()
    for (const row of rows) {
      const queue = String(row[10])
      if (row[11] === null) called.add(queue)
      else claimed.push(claimedOf(row, queue, 'message'))
    }
    return { ended, claimed, called: [...called] }
  }

  /** Those who wait for what a committed end has called. */
  wake({ called }: Pick<Finished, 'called'>): void {
    for (const queue of called) this.#storage.wake(topics.queue(queue))
  }

  /** Makes a claimed task a dead letter. @returns whether it was still the owner's */
  async bury(owner: string, ending: Ending, reason: string): Promise<boolean> {
    const { dialect } = this.#storage
    const task = dialect.table('task')
    const buried = await this.#storage.transaction(async (tx) => {
      const rows = await tx.run({
        text: `insert into ${dialect.table('dead')} (task, id, kind, queue, key, payload, version, attempts, created, at, reason)
select seq, id, kind, queue, key, payload, version, attempts + 1, created, ${dialect.now}, $4 from ${task}
where seq = $2 and owner = $3
on conflict (id) do update set reason = excluded.reason, at = excluded.at, attempts = excluded.attempts returning task`,
        values: [this.#storage.time(), ending.seq, owner, reason],
      })
      if (rows.length === 0) return false
      await tx.run({
        text: `delete from ${task} where seq = $1`,
        values: [ending.seq],
      })
      await tx.run({ text: notifyText(this.#storage), values: [topics.finished] })
      return true
    })
    if (buried && ending.key !== null) await this.#callNext([ending])
    if (buried) this.#storage.wake(topics.finished)
    return buried
  }

  #remove(run: SqlRunner, owner: string, endings: readonly Ending[]): Promise<Set<number>> {
    const { dialect } = this.#storage
    const text = `delete from ${dialect.table('task')} where seq ${dialect.within(dialect.list('$2', 'bigint'))} and owner = $1 returning seq`
    return run
      .run({ text, values: [owner, JSON.stringify(endings.map(({ seq }) => seq))] })
      .then((rows) => new Set(rows.map(([seq]) => Number(seq))))
  }

  async #record(
    owner: string,
    endings: readonly Ending[],
    recorded: readonly Ending[],
  ): Promise<Set<number>> {
    const { dialect } = this.#storage
    const table = (name: string) => dialect.table(name)
    const given = recorded.map(({ seq, record }) => ({ seq, ...record }))
    const rows = dialect.rows('$2', {
      seq: 'bigint',
      status: 'text',
      result: 'text',
      keep: 'bigint',
    })
    const values = [this.#storage.time(), JSON.stringify(given), owner]
    if (dialect.kind === 'postgres' && recorded.length === endings.length) {
      const text = `with ended as (
  delete from ${table('task')} t using ${rows} where t.seq = r.seq and t.owner = $3
  returning t.seq, t.id, t.queue, r.status, r.result, r.keep),
steps as (delete from ${table('step')} s using ended where s.task = ended.seq),
signals as (delete from ${table('signal')} s using ended where s.task = ended.seq),
kept as (insert into ${table('finished')} (id, queue, status, result, at, expires)
  select id, queue, status, result, ${dialect.now}, ${dialect.now} + keep from ended on conflict (id) do nothing)
select seq, ${dialect.notify(`'${topics.finished}'`)} from ended`
      const found = await this.#storage.run({ text, values })
      return new Set(found.map(([seq]) => Number(seq)))
    }
    return this.#storage.transaction(async (tx) => {
      await tx.run({
        text: `insert into ${table('finished')} (id, queue, status, result, at, expires)
select t.id, t.queue, r.status, r.result, ${dialect.now}, ${dialect.now} + r.keep from ${rows} join ${table('task')} t on t.seq = r.seq
where t.owner = $3 on conflict (id) do nothing`,
        values,
      })
      const ended = await this.#remove(tx, owner, endings)
      const list = JSON.stringify([...ended])
      for (const name of ['step', 'signal']) {
        await tx.run({
          text: `delete from ${table(name)} where task in (${dialect.list('$1', 'bigint')})`,
          values: [list],
        })
      }
      await tx.run({ text: notifyText(this.#storage), values: [topics.finished] })
      return ended
    })
  }

  /** The next of each key is due at once. When this is lost to a crash, the time for which it is passed over ends soon. */
  async #callNext(ended: readonly Ending[]): Promise<void> {
    if (ended.length === 0) return
    const { dialect } = this.#storage
    const task = dialect.table('task')
    const soon = dialect.greatest(dialect.now, 'earliest')
    const rows = await this.#storage.run({
      text: `update ${task} set due = ${soon} where seq ${dialect.within(`select min(t.seq) from ${dialect.rows('$2', { queue: 'text', key: 'text' })}
  join ${task} t on t.queue = r.queue and t.key = r.key group by t.queue, t.key`)} and owner is null
returning queue, ${dialect.notify(`'q:' || queue`)}`,
      values: [
        this.#storage.time(),
        JSON.stringify(ended.map(({ queue, key }) => ({ queue, key }))),
      ],
    })
    for (const queue of new Set(rows.map(([name]) => String(name))))
      this.#storage.wake(topics.queue(queue))
  }
}
