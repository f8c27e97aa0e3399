/**
 * Leases: one owner per key across processes, each with a fencing token that grows with every owner. The owner's signal
 * aborts before the lease runs out for the others (the deadline counts from before the renewal was sent, on a clock that
 * does not jump). A process that is stopped too long to notice is fenced off by its token: hand it to what you write to.
 */
import { type Clock, wait } from './clock.ts'
import { JournalError } from './errors.ts'
import { checkName } from './json.ts'
import type { Storage } from './storage.ts'
import { notifyText, topics } from './wakes.ts'

export interface LeaseOptions {
  /** Milliseconds for which the lease outlives its owner, 15,000 by default. */
  readonly ttl?: number
  /** Ends the wait for the lease, and is passed on to the work. */
  readonly signal?: AbortSignal
}

export interface Lease extends AsyncDisposable {
  readonly key: string
  /** Greater than that of every owner before. */
  readonly token: number
  /** Aborts when the lease is lost, before another can have it. */
  readonly signal: AbortSignal
}

export class Leases {
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #newId: () => string
  readonly #held = new Set<HeldLease>()

  constructor(storage: Storage, clock: Clock, newId: () => string) {
    this.#storage = storage
    this.#clock = clock
    this.#newId = newId
  }

  /** The lease, or undefined when another has it. */
  async attempt(key: string, options: LeaseOptions = {}): Promise<Lease | undefined> {
    checkName(key, "a lease's key")
    const ttl = options.ttl ?? 15_000
    if (!(ttl >= 50)) throw new JournalError('BAD_INPUT', `ttl must be 50 ms or more, got ${ttl}`)
    const owner = this.#newId()
    const { dialect } = this.#storage
    const table = dialect.table('lease')
    const sent = this.#clock.monotonic()
    const [row] = await this.#storage.run({
      text: `insert into ${table} (key, token, owner, expires) values ($2, 1, $3, ${dialect.now} + $4::bigint)
on conflict (key) do update set token = ${table}.token + 1, owner = excluded.owner, expires = excluded.expires
where ${table}.owner is null or ${table}.expires <= ${dialect.now} returning token`,
      values: [this.#storage.time(), key, owner, ttl],
    })
    if (row === undefined) return undefined
    const lease = new HeldLease(
      this.#storage,
      this.#clock,
      { key, owner, token: Number(row[0]), ttl, deadline: sent + ttl },
      () => this.#held.delete(lease),
    )
    this.#held.add(lease)
    return lease
  }

  /** Waits until the lease is free. @throws the signal's reason */
  async acquire(key: string, options: LeaseOptions = {}): Promise<Lease> {
    const ttl = options.ttl ?? 15_000
    let wake = () => {}
    const endListening = this.#storage.listen(topics.lease, () => wake())
    try {
      for (;;) {
        options.signal?.throwIfAborted()
        const called = new Promise<void>((resolve) => {
          wake = resolve
        })
        const lease = await this.attempt(key, options)
        if (lease) return lease
        // Released leases call; those of the dead run out in silence.
        const ended = new AbortController()
        const signal = options.signal
          ? AbortSignal.any([options.signal, ended.signal])
          : ended.signal
        const time = wait(this.#clock, Math.min(ttl / 4, 1_000), signal).catch((error: unknown) => {
          if (options.signal?.aborted) throw error
        })
        await Promise.race([called, time])
        ended.abort()
      }
    } finally {
      endListening()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#held].map((lease) => lease[Symbol.asyncDispose]()))
  }
}

interface Holding {
  readonly key: string
  readonly owner: string
  readonly token: number
  readonly ttl: number
  readonly deadline: number
}

class HeldLease implements Lease {
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #holding: Holding
  readonly #controller = new AbortController()
  readonly #onEnd: () => void
  #renewal: (() => void) | undefined
  #end: (() => void) | undefined
  #renewing: Promise<void> | undefined
  #over = false

  constructor(storage: Storage, clock: Clock, holding: Holding, onEnd: () => void) {
    this.#storage = storage
    this.#clock = clock
    this.#holding = holding
    this.#onEnd = onEnd
    this.#holdUntil(holding.deadline)
    this.#schedule(holding.ttl / 3)
  }

  get key(): string {
    return this.#holding.key
  }

  get token(): number {
    return this.#holding.token
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#over) return
    this.#finish()
    await this.#renewing
    const { key, token, owner } = this.#holding
    const { dialect } = this.#storage
    await this.#storage.run({
      text: `update ${dialect.table('lease')} set owner = null where key = $1 and token = $2 and owner = $3 returning key`,
      values: [key, token, owner],
    })
    await this.#storage.run({ text: notifyText(this.#storage), values: [topics.lease] })
    this.#storage.wake(topics.lease)
  }

  #schedule(ms: number): void {
    this.#renewal = this.#clock.after(ms, () => {
      this.#renewing = this.#renew()
    })
  }

  async #renew(): Promise<void> {
    const { key, token, owner, ttl } = this.#holding
    const { dialect } = this.#storage
    const sent = this.#clock.monotonic()
    try {
      const rows = await this.#storage.run({
        text: `update ${dialect.table('lease')} set expires = ${dialect.now} + $2::bigint
where key = $3 and token = $4 and owner = $5 and expires > ${dialect.now} returning key`,
        values: [this.#storage.time(), ttl, key, token, owner],
      })
      if (this.#over) return
      if (rows.length === 0) return this.#lose("it ran out, and may be another process's")
      this.#holdUntil(sent + ttl)
      this.#schedule(ttl / 3)
    } catch {
      // Tried again until the deadline, which tells the owner.
      if (!this.#over) this.#schedule(ttl / 20)
    }
  }

  #holdUntil(deadline: number): void {
    this.#end?.()
    const left = deadline - this.#holding.ttl / 10 - this.#clock.monotonic()
    this.#end = this.#clock.after(left, () => this.#lose('it could not be renewed in time'))
  }

  #lose(why: string): void {
    if (this.#over) return
    this.#finish()
    this.#controller.abort(
      new JournalError(
        'LOST',
        `the lease "${this.key}" is lost: ${why}; stop, and ask for it again`,
      ),
    )
  }

  #finish(): void {
    this.#over = true
    this.#renewal?.()
    this.#end?.()
    this.#onEnd()
  }
}
