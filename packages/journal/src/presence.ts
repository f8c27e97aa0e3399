/**
 * This process among the others: a row that it renews. Tasks and idempotency keys are claimed in its name, so one renewal
 * holds them all. When renewals fail, `signal` aborts before the row runs out for the others: the deadline is counted from
 * before the renewal was sent, on a clock that does not jump. Then a new row, with a new name, is taken.
 */
import { hostname } from 'node:os'
import type { Clock } from './clock.ts'
import { JournalError } from './errors.ts'
import type { Storage } from './storage.ts'

export interface Presence {
  /** The name under which it claims. */
  readonly owner: string
  /** Aborts when the claims of this name may be others'. */
  readonly signal: AbortSignal
}

interface Held extends Presence {
  readonly controller: AbortController
  /** On this process's clock: until when its claims are surely its own. */
  until: number
}

export class ProcessPresence implements AsyncDisposable {
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #ttl: number
  readonly #newId: () => string
  readonly #onBeat: () => Promise<void>
  #held: Held | undefined
  #taking: Promise<Held> | undefined
  #beat: (() => void) | undefined
  #deadline: (() => void) | undefined
  #beating: Promise<void> | undefined
  #closed = false

  /** `onBeat` is done along with each renewal; what it throws is reported to whoever asks next. */
  constructor(
    storage: Storage,
    clock: Clock,
    ttl: number,
    newId: () => string,
    onBeat: () => Promise<void>,
  ) {
    this.#storage = storage
    this.#clock = clock
    this.#ttl = ttl
    this.#newId = newId
    this.#onBeat = onBeat
  }

  /** The name under which this process acts now, taken when there is none. @throws {JournalError} UNAVAILABLE */
  async current(): Promise<Presence> {
    if (this.#held) return this.#held
    if (this.#closed) throw new JournalError('CLOSED', 'the journal is closed; open it again')
    this.#taking ??= this.#take().finally(() => {
      this.#taking = undefined
    })
    return this.#taking
  }

  /** To be called before claimed work begins: a process that stood still finds out before the timer does. */
  check(): void {
    if (this.#held && this.#clock.monotonic() >= this.#held.until)
      this.#lose(this.#held, 'it stood still for longer than they last')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#beat?.()
    this.#deadline?.()
    await this.#beating
    // A renewal that was under way has set it again.
    this.#deadline?.()
    const held = this.#held
    this.#held = undefined
    if (!held) return
    const { dialect } = this.#storage
    await this.#storage.run({
      text: `delete from ${dialect.table('process')} where id = $1`,
      values: [held.owner],
    })
  }

  async #take(): Promise<Held> {
    const { dialect } = this.#storage
    const controller = new AbortController()
    const sent = this.#clock.monotonic()
    const until = sent + this.#ttl
    const held: Held = { owner: this.#newId(), controller, signal: controller.signal, until }
    await this.#storage.run({
      text: `insert into ${dialect.table('process')} (id, expires, started, host, pid) values ($2, ${dialect.now} + ${this.#ttl}, ${dialect.now}, $3, $4)`,
      values: [this.#storage.time(), held.owner, hostname(), process.pid],
    })
    this.#held = held
    this.#holdUntil(held, sent + this.#ttl)
    this.#schedule(this.#ttl / 3)
    await this.#onBeat()
    return held
  }

  #schedule(ms: number): void {
    this.#beat?.()
    if (this.#closed) return
    this.#beat = this.#clock.after(ms, () => {
      this.#beating = this.#renew()
    })
  }

  async #renew(): Promise<void> {
    const held = this.#held
    if (!held) return
    const { dialect } = this.#storage
    const sent = this.#clock.monotonic()
    try {
      const rows = await this.#storage.run({
        text: `update ${dialect.table('process')} set expires = ${dialect.now} + ${this.#ttl} where id = $2 and expires > ${dialect.now} returning id`,
        values: [this.#storage.time(), held.owner],
      })
      if (rows.length === 0) return this.#lose(held, 'other processes took this one for dead')
      if (this.#held === held) this.#holdUntil(held, sent + this.#ttl)
      await this.#onBeat()
      this.#schedule(this.#ttl / 3)
    } catch {
      // Tried again soon; when it stays so, the deadline aborts what runs, with the reason.
      this.#schedule(this.#ttl / 20)
    }
  }

  #holdUntil(held: Held, deadline: number): void {
    this.#deadline?.()
    // A tenth of the time is the margin for timers that come late.
    held.until = deadline - this.#ttl / 10
    const left = held.until - this.#clock.monotonic()
    this.#deadline = this.#clock.after(left, () =>
      this.#lose(held, 'its claims could not be renewed in time'),
    )
  }

  #lose(held: Held, why: string): void {
    if (this.#held !== held) return
    this.#held = undefined
    this.#beat?.()
    this.#deadline?.()
    held.controller.abort(
      new JournalError('LOST', `this process lost what it had claimed: ${why}; stop what runs`),
    )
  }
}
