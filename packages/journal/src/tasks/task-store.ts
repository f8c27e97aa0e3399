/**
 * Tasks in a database: put, claim, finish, put back. Every change of a claimed task names its owner, so that whoever was
 * taken for dead changes nothing any more.
 */
import { JournalError } from '../errors.ts'
import type { SqlRunner, Statement, Storage } from '../storage.ts'
import { topics } from '../wakes.ts'
import { type PutAs, putStatements } from './put-statement.ts'
import { behind, type ClaimedTask, type NewTask, type TaskKind } from './task.ts'

export interface Claim {
  readonly owner: string
  readonly queue: string
  readonly kind: TaskKind
  readonly versions: readonly number[]
  readonly limit: number
}

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

/** A claimed task that goes back into its queue. */
export interface PutBack {
  readonly seq: number
  readonly queue: string
  readonly key: string | null
  /** Milliseconds until it is due, or an instant. */
  readonly due: { readonly after: number } | { readonly at: number }
  /** The failure, when it is one. */
  readonly error?: string
  /** For a job that waits: for what, and the count of signals that it has seen. */
  readonly waits?: { readonly for: string; readonly seen: number }
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

export class TaskStore {
  readonly #storage: Storage
  /** Queues in which tasks may stand behind others: there an end is in a hurry. */
  readonly #lines = new Set<string>()

  constructor(storage: Storage) {
    this.#storage = storage
  }

  /** @returns the ids that were not there yet, each with its task's number and owner */
  async put(
    tasks: readonly NewTask[],
    run?: SqlRunner,
    as?: PutAs,
  ): Promise<ReadonlyMap<string, { readonly seq: number; readonly owner: string | null }>> {
    const statements = putStatements(this.#storage, tasks, as)
    const rows = await this.#runAll(statements, run)
    const put = new Map(
      rows.map(([id, , seq, owner]) => [String(id), { seq: Number(seq), owner: textOf(owner) }]),
    )
    for (const { id, queue, key } of tasks)
      if (key !== null && put.get(id)?.owner === null) this.#lines.add(queue)
    return put
  }

  /** All or none of them. */
  async #runAll(
    statements: readonly Statement[],
    run: SqlRunner | undefined,
  ): Promise<(readonly unknown[])[]> {
    const [first] = statements
    if (run === undefined && statements.length > 1)
      return this.#storage.transaction((tx) => this.#runAll(statements, tx))
    if (first === undefined) return []
    const runner = run ?? this.#storage
    const rows = [...(await runner.run(first))]
    for (const one of statements.slice(1)) rows.push(...(await runner.run(one)))
    return rows
  }

  async claim({ owner, queue, kind, versions, limit }: Claim): Promise<ClaimedTask[]> {
    const { dialect } = this.#storage
    const task = dialect.table('task')
    const text = `update ${task} set owner = $2, waits = null
where seq ${dialect.within(`select c.seq from ${task} c
  where c.queue = $3 and c.kind = $4 and c.owner is null and c.due <= ${dialect.now}
    and c.version in (${dialect.list('$5', 'bigint')})
    and (c.key is null or not exists (select 1 from ${task} e
      where e.queue = c.queue and e.key = c.key and (e.seq < c.seq or e.owner is not null)))
  order by c.due, c.seq limit $6 ${dialect.skipLocked}`)}
  and exists (select 1 from ${dialect.table('process')} p where p.id = $2 and p.expires > ${dialect.now})
returning ${claimedColumns(dialect.now)}`
    const values = [this.#storage.time(), owner, queue, kind, JSON.stringify(versions), limit]
    const rows = await this.#storage.run({ text, values })
    return rows.map((row) => claimedOf(row, queue, kind)).sort((a, b) => a.seq - b.seq)
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

  /** Gives claimed tasks back to their queues at once, as if they had not been claimed. */
  async release(owner: string, seqs: readonly number[]): Promise<void> {
    const { dialect } = this.#storage
    const rows = await this.#storage.run({
      text: `update ${dialect.table('task')} set owner = null, due = ${dialect.now}
where seq ${dialect.within(dialect.list('$2', 'bigint'))} and owner = $3 returning queue, ${dialect.notify(`'q:' || queue`)}`,
      values: [this.#storage.time(), JSON.stringify(seqs), owner],
    })
    for (const queue of new Set(rows.map(([name]) => String(name))))
      this.#storage.wake(topics.queue(queue))
  }

  /** Puts claimed tasks back. @returns those that were still the owner's */
  async putBack(owner: string, tasks: readonly PutBack[]): Promise<ReadonlySet<number>> {
    const { dialect } = this.#storage
    const task = dialect.table('task')
    const ended = new Set<number>()
    await this.#storage.transaction(async (tx) => {
      for (const { seq, due, error, waits } of tasks) {
        const at = 'at' in due ? '$4' : `${dialect.now} + $4`
        const text = `update ${task} set owner = null, error = coalesce($5::text, error), waits = $6::text, resumed = 1,
  attempts = attempts + $7::bigint,
  earliest = case when signalled > $8::bigint then ${dialect.now} else ${at}::bigint end,
  due = case when signalled > $8::bigint then ${dialect.now} else ${at}::bigint end
where seq = $2 and owner = $3 returning seq`
        const rows = await tx.run({
          text,
          values: [
            this.#storage.time(),
            seq,
            owner,
            'at' in due ? due.at : Math.ceil(due.after),
            error ?? null,
            waits?.for ?? null,
            error === undefined ? 0 : 1,
            waits?.seen ?? Number.MAX_SAFE_INTEGER,
          ],
        })
        if (rows.length > 0) ended.add(seq)
      }
    })
    return ended
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

  /** When the next task of a queue is due, in milliseconds from now; undefined when there is none to wait for. */
  async nextDue(
    queue: string,
    kind: TaskKind,
    versions: readonly number[],
  ): Promise<number | undefined> {
    const { dialect } = this.#storage
    const [row] = await this.#storage.read({
      text: `select due - ${dialect.now} from ${dialect.table('task')} where queue = $2 and kind = $3 and owner is null
and version in (${dialect.list('$4', 'bigint')}) order by due limit 1`,
      values: [this.#storage.time(), queue, kind, JSON.stringify(versions)],
    })
    return row === undefined ? undefined : Number(row[0])
  }

  /** Tasks behind another of their key are passed over for a while, so that long lines do not slow the others. */
  async passOver(queue: string): Promise<void> {
    const { dialect } = this.#storage
    const task = dialect.table('task')
    const limit = 2_000
    const isBehind = `exists (select 1 from ${task} e where e.queue = c.queue and e.key = c.key and e.seq < c.seq)`
    const found = `select c.seq from ${task} c where c.queue = $2 and c.owner is null and c.due <= ${dialect.now}
  and c.key is not null and ${isBehind} order by c.due, c.seq limit ${limit} ${dialect.skipLocked}`
    const pass = (seqs: string) =>
      `update ${task} as c set due = ${dialect.now} + ${behind.found} where seq ${dialect.within(seqs)} and ${isBehind} returning seq`
    const values = [this.#storage.time(), queue]
    const some = async (tx: SqlRunner) => {
      const rows = await tx.run({ text: found, values })
      const seqs = JSON.stringify(rows.map(([seq]) => seq))
      // With the rows locked, and by a statement of its own, which sees what has ended meanwhile: who is first now is not passed over.
      if (rows.length > 0)
        await tx.run({
          text: pass(dialect.list('$2', 'bigint')),
          values: [this.#storage.time(), seqs],
        })
      return rows.length
    }
    for (;;) {
      const count =
        dialect.kind === 'sqlite'
          ? (await this.#storage.run({ text: pass(found), values })).length
          : await this.#storage.transaction(some)
      if (count < limit) return
    }
  }

  /** Makes those due that were passed over when they were put, and are first of their key. @returns how many */
  async callHeads(queue: string): Promise<number> {
    const { dialect } = this.#storage
    const task = dialect.table('task')
    const rows = await this.#storage.run({
      text: `update ${task} set due = ${dialect.now} where seq ${dialect.within(`select c.seq from ${task} c
  where c.queue = $2 and c.owner is null and c.key is not null and c.due > ${dialect.now} and c.due <= ${dialect.now} + ${behind.added}
  and c.earliest <= ${dialect.now} and not exists (select 1 from ${task} e where e.queue = c.queue and e.key = c.key and e.seq < c.seq)
  order by c.due limit 500 ${dialect.skipLocked}`)} returning seq`,
      values: [this.#storage.time(), queue],
    })
    return rows.length
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

/** A statement that wakes listeners of the topic `$1`, in databases that can. */
export function notifyText({ dialect }: Pick<Storage, 'dialect'>): string {
  return `select ${dialect.notify('$1')} where $1 is not null`
}

/** @throws {JournalError} BAD_INPUT */
export function checkDelay(value: number | undefined, what: string): number {
  if (value === undefined) return 0
  if (!Number.isFinite(value) || value < 0) {
    throw new JournalError('BAD_INPUT', `${what} must be milliseconds, 0 or more, got ${value}`)
  }
  return Math.ceil(value)
}

function claimedColumns(now: string): string {
  return `seq, id, key, payload, version, attempts, lost, created, ${now}, resumed`
}

function claimedOf(row: readonly unknown[], queue: string, kind: TaskKind): ClaimedTask {
  const [seq, id, key, payload, version, attempts, lost, created, at, resumed] = row
  return {
    seq: Number(seq),
    id: String(id),
    kind,
    queue,
    key: textOf(key),
    payload: textOf(payload),
    version: Number(version),
    attempts: Number(attempts),
    lost: Number(lost),
    created: Number(created),
    claimed: Number(at),
    began: Number(resumed),
  }
}

function textOf(cell: unknown): string | null {
  return cell === null ? null : String(cell)
}
