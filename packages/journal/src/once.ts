/**
 * Idempotency keys: work is run one time per key, its result is kept for a while, and repeats are answered with it. Callers at
 * the same time wait for the first. A run that fails leaves nothing behind; the next caller runs it again. A run that a crash cut off may have done
 * anything: the next caller runs it again, knowing so, or is refused (`ifInterrupted`). With `in` the record is part of the
 * caller's transaction, and the work is done exactly when it commits.
 */
import { type Clock, wait } from './clock.ts'
import { JournalError } from './errors.ts'
import { checkName, decode, encode } from './json.ts'
import type { ProcessPresence } from './presence.ts'
import { callersRunner, type SqlRunner, type Storage } from './storage.ts'
import { topics } from './wakes.ts'

export interface OnceOptions {
  /** Milliseconds for which the result is remembered, a day by default. */
  readonly keep?: number
  /** What to do when an earlier run was cut off: run again (default), or throw INTERRUPTED. */
  readonly ifInterrupted?: 'rerun' | 'refuse'
  /** The caller's transaction: the work's effects in it and the record are kept together or not at all. */
  readonly in?: SqlRunner
  /** Ends waiting for another's run. */
  readonly signal?: AbortSignal
}

export interface OnceRun {
  /** Aborts when this process was taken for dead: the result will not be recorded. */
  readonly signal: AbortSignal
  /** An earlier run was cut off by a crash. */
  readonly interrupted: boolean
}

interface Found {
  readonly owner: string | null
  readonly token: number
  readonly done: boolean
  readonly expired: boolean
  readonly alive: boolean
  readonly result: unknown
}

const day = 86_400_000

export class IdempotencyKeys {
  readonly #storage: Storage
  readonly #presence: ProcessPresence
  readonly #clock: Clock

  constructor(storage: Storage, presence: ProcessPresence, clock: Clock) {
    this.#storage = storage
    this.#presence = presence
    this.#clock = clock
  }

  async once<T>(
    key: string,
    work: (run: OnceRun) => T | Promise<T>,
    options: OnceOptions = {},
  ): Promise<T> {
    checkName(key, 'the key of once')
    // The result is what an earlier run of the same work gave, through JSON.
    return (
      options.in
        ? this.#within(key, work, options, callersRunner(this.#storage.dialect, options.in))
        : this.#alone(key, work, options)
    ) as Promise<T>
  }

  async #alone(
    key: string,
    work: (run: OnceRun) => unknown,
    options: OnceOptions,
  ): Promise<unknown> {
    let wake = () => {}
    const endListening = this.#storage.listen(topics.once, () => wake())
    try {
      for (let pause = 20; ; pause = Math.min(pause * 2, 500)) {
        options.signal?.throwIfAborted()
        const called = new Promise<void>((resolve) => {
          wake = resolve
        })
        const { owner, signal } = await this.#presence.current()
        const token = await this.#begin(key, owner)
        if (token !== undefined)
          return await this.#work(key, { owner, token, signal, interrupted: false }, work, options)
        const found = await this.#find(key)
        if (found?.done && !found.expired) return found.result
        if (found && !found.alive) {
          if (!found.done && options.ifInterrupted === 'refuse') {
            throw new JournalError(
              'INTERRUPTED',
              `a run of "${key}" was cut off and may have done its work; look, then forget the key or record its result`,
            )
          }
          const taken = await this.#takeOver(key, owner, found)
          if (taken !== undefined) {
            return await this.#work(
              key,
              { owner, token: taken, signal, interrupted: !found.done },
              work,
              options,
            )
          }
          continue
        }
        await this.#otherRun(called, pause, options.signal)
      }
    } finally {
      endListening()
    }
  }

  /** Forgets a key, whatever its state; its work may run again. */
  async forget(key: string): Promise<void> {
    await this.#storage.run({
      text: `delete from ${this.#table} where key = $1 returning key`,
      values: [key],
    })
  }

  get #table(): string {
    return this.#storage.dialect.table('once')
  }

  async #begin(key: string, owner: string): Promise<number | undefined> {
    const { dialect } = this.#storage
    const [row] = await this.#storage.run({
      text: `insert into ${this.#table} (key, owner, token, done, expires) values ($2, $3, 1, 0, ${dialect.now}) on conflict (key) do nothing returning token`,
      values: [this.#storage.time(), key, owner],
    })
    return row && Number(row[0])
  }

  async #find(key: string, run: SqlRunner = this.#storage): Promise<Found | undefined> {
    const { dialect } = this.#storage
    const [row] = await run.run({
      text: `select owner, token, done, case when expires <= ${dialect.now} then 1 else 0 end,
case when exists (select 1 from ${dialect.table('process')} p where p.id = o.owner and p.expires > ${dialect.now}) then 1 else 0 end, result
from ${this.#table} o where key = $2`,
      values: [this.#storage.time(), key],
    })
    if (row === undefined) return undefined
    const [owner, token, done, expired, alive, result] = row
    return {
      owner: owner === null ? null : String(owner),
      token: Number(token),
      done: Number(done) === 1,
      expired: Number(expired) === 1,
      alive: Number(done) === 0 && Number(alive) === 1,
      result: decode(result),
    }
  }

  /** Only of the very run that was found, and after its process can't come alive again. */
  async #takeOver(key: string, owner: string, found: Found): Promise<number | undefined> {
    const { dialect } = this.#storage
    await this.#storage.run({
      text: `update ${dialect.table('process')} set expires = 0 where id = $2 and expires <= ${dialect.now} returning id`,
      values: [this.#storage.time(), found.owner],
    })
    const [row] = await this.#storage.run({
      text: `update ${this.#table} set owner = $1, token = token + 1, done = 0, result = null where key = $2 and token = $3 and done = $4
and not exists (select 1 from ${dialect.table('process')} p where p.id = ${this.#table}.owner and p.expires > 0 and ${this.#table}.done = 0) returning token`,
      values: [owner, key, found.token, found.done ? 1 : 0],
    })
    return row && Number(row[0])
  }

  async #work(
    key: string,
    run: OnceRun & { readonly owner: string; readonly token: number },
    work: (run: OnceRun) => unknown,
    options: OnceOptions,
  ): Promise<unknown> {
    const { dialect } = this.#storage
    const { signal, interrupted, owner, token } = run
    let text: string | null
    try {
      text = encode(await work({ signal, interrupted }), `the result of once("${key}")`)
    } catch (error) {
      await this.#storage.run({
        text: `delete from ${this.#table} where key = $1 and owner = $2 and token = $3 returning key, ${dialect.notify(`'${topics.once}'`)}`,
        values: [key, owner, token],
      })
      this.#storage.wake(topics.once)
      throw error
    }
    const rows = await this.#storage.run({
      text: `update ${this.#table} set done = 1, result = $5::text, expires = ${dialect.now} + $6::bigint
where key = $2 and owner = $3 and token = $4 returning key, ${dialect.notify(`'${topics.once}'`)}`,
      values: [this.#storage.time(), key, owner, token, text, options.keep ?? day],
    })
    if (rows.length === 0) {
      throw new JournalError(
        'LOST',
        `this process was taken for dead while "${key}" ran; another runs it, its result counts`,
      )
    }
    this.#storage.wake(topics.once)
    return decode(text)
  }

  async #within(
    key: string,
    work: (run: OnceRun) => unknown,
    options: OnceOptions,
    tx: SqlRunner,
  ): Promise<unknown> {
    const { dialect } = this.#storage
    const keep = options.keep ?? day
    const [own] = await tx.run({
      text: `insert into ${this.#table} (key, owner, token, done, expires) values ($2, null, 1, 1, ${dialect.now} + $3::bigint)
on conflict (key) do update set token = ${this.#table}.token + 1, done = 1, owner = null, result = null, expires = excluded.expires
where ${this.#table}.done = 1 and ${this.#table}.expires <= ${dialect.now} returning token`,
      values: [this.#storage.time(), key, keep],
    })
    if (own === undefined) {
      const found = await this.#find(key, tx)
      if (found?.done) return found.result
      throw new JournalError(
        'HELD',
        `"${key}" is under way outside this transaction; end it and try again`,
      )
    }
    const signal = options.signal ?? new AbortController().signal
    try {
      const text = encode(
        await work({ signal, interrupted: false }),
        `the result of once("${key}")`,
      )
      await tx.run({
        text: `update ${this.#table} set result = $1::text where key = $2 returning key`,
        values: [text, key],
      })
      return decode(text)
    } catch (error) {
      // A transaction that the error broke can only be rolled back, and takes the key with it.
      await tx
        .run({ text: `delete from ${this.#table} where key = $1 returning key`, values: [key] })
        .catch(() => {})
      throw error
    }
  }

  async #otherRun(called: Promise<void>, pause: number, signal?: AbortSignal): Promise<void> {
    const ended = new AbortController()
    const either = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal
    const time = wait(this.#clock, pause, either).catch((error: unknown) => {
      if (signal?.aborted) throw error
    })
    await Promise.race([called, time])
    ended.abort()
  }
}
