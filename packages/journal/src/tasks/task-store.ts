/**
 * Tasks in a database: put, claim, finish, put back. Every change of a claimed task names its owner, so that whoever was
 * taken for dead changes nothing any more.
 */
import { JournalError } from '../errors.ts'
import type { SqlRunner, Statement, Storage } from '../storage.ts'
import { topics } from '../wakes.ts'
import { claimedColumns, claimedOf, textOf } from './claimed-rows.ts'
import { type PutAs, putStatements } from './put-statement.ts'
import { behind, type ClaimedTask, type NewTask, type TaskKind } from './task.ts'
import { type Ending, type Finished, type Following, TaskEndings } from './task-endings.ts'

export interface Claim {
  readonly owner: string
  readonly queue: string
  readonly kind: TaskKind
  readonly versions: readonly number[]
  readonly limit: number
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

export class TaskStore {
  readonly #storage: Storage
  /** Queues in which tasks may stand behind others: there an end is in a hurry. */
  readonly #lines = new Set<string>()

  readonly #endings: TaskEndings

  constructor(storage: Storage) {
    this.#storage = storage
    this.#endings = new TaskEndings(storage, this.#lines)
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

  /** As `TaskEndings.finish`. */
  finish(owner: string, endings: readonly Ending[], next?: Following): Promise<Finished> {
    return this.#endings.finish(owner, endings, next)
  }

  /** As `TaskEndings.finishIn`. */
  finishIn(
    tx: SqlRunner,
    owner: string,
    endings: readonly Ending[],
    next: Following,
  ): Promise<Finished> {
    return this.#endings.finishIn(tx, owner, endings, next)
  }

  /** As `TaskEndings.wake`. */
  wake(finished: Pick<Finished, 'called'>): void {
    this.#endings.wake(finished)
  }

  /** As `TaskEndings.bury`. */
  bury(owner: string, ending: Ending, reason: string): Promise<boolean> {
    return this.#endings.bury(owner, ending, reason)
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
}

/** @throws {JournalError} BAD_INPUT */
export function checkDelay(value: number | undefined, what: string): number {
  if (value === undefined) return 0
  if (!Number.isFinite(value) || value < 0) {
    throw new JournalError('BAD_INPUT', `${what} must be milliseconds, 0 or more, got ${value}`)
  }
  return Math.ceil(value)
}
