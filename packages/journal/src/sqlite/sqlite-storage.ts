/**
 * A journal in one SQLite file: write-ahead log, synchronous FULL, group commit. All that is asked while a commit is under
 * way shares the next one; nothing is acknowledged before its commit is on the disk.
 *
 * Torn writes: SQLite's log has checksums, so a commit that was cut off is not there after a crash. A torn main file is
 * found by the check when it is opened, and refused.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import { JournalError } from '../errors.ts'
import type { SqlRunner, Statement, Storage } from '../storage.ts'
import { topics, Wakes } from '../wakes.ts'
import { type Connection, type FileOptions, openReader, openWriter } from './connection.ts'
import { sqliteDialect } from './dialect.ts'
import { isBusy, translateSqlite } from './sqlite-error.ts'

/** How many operations share a commit at most: a group holds the file for a few milliseconds. */
const groupSize = 512
/** How many may wait; whoever comes then waits for room. */
const capacity = 20_000
/** How long another process may hold the file. */
const patience = 10_000
/** Milliseconds that an unhurried operation waits for a commit of others. */
const sharing = 20
/** How often other processes' commits are looked for. */
const lookEvery = 5

type Work = (run: SqlRunner) => Promise<unknown>

interface Operation {
  readonly work: Work
  /** A single statement undoes itself when it fails; more of them need a savepoint. */
  readonly single: boolean
  readonly unhurried: boolean
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

type Outcome = { readonly value: unknown } | { readonly error: unknown }

export class SqliteStorage implements Storage {
  readonly dialect = sqliteDialect
  readonly #path: string
  readonly #clock: Clock
  readonly #writer: Connection
  readonly #reader: Connection
  readonly #wakes = new Wakes()
  readonly #inside = new AsyncLocalStorage<true>()
  #queue: Operation[] = []
  #room: (() => void)[] = []
  #pump: Promise<void> | undefined
  /** Of the queue, those that wait for no other. */
  #hurried = 0
  #soon: NodeJS.Timeout | undefined
  #closed = false
  #look: NodeJS.Timeout | undefined
  #seen = { any: -1, others: -1 }
  #later = new Set<string>()

  /** @throws {JournalError} CORRUPT, FULL or UNAVAILABLE */
  constructor(path: string, options: FileOptions, clock: Clock) {
    this.#path = path
    this.#clock = clock
    this.#writer = openWriter(path, options)
    this.#reader = openReader(path)
  }

  time(): number {
    return this.#clock.now()
  }

  async read(statement: Statement): Promise<unknown[][]> {
    this.#assertOpen()
    try {
      return this.#reader.run(statement)
    } catch (error) {
      throw translateSqlite(error, this.#path)
    }
  }

  run(statement: Statement): Promise<unknown[][]> {
    return this.#ask(true, async (tx) => tx.run(statement)) as Promise<unknown[][]>
  }

  transaction<R>(
    work: (run: SqlRunner) => Promise<R>,
    { unhurried = false }: { readonly unhurried?: boolean } = {},
  ): Promise<R> {
    return this.#ask(false, work, unhurried) as Promise<R>
  }

  wake(topic: string): void {
    this.#wakes.wake(topic)
  }

  wakeLater(topic: string): void {
    this.#later.add(topic)
  }

  listen(topic: string, callback: () => void): () => void {
    const end = this.#wakes.listen(topic, callback)
    this.#look ??= setInterval(() => this.#lookForCommits(), lookEvery).unref()
    return () => {
      end()
      if (this.#wakes.size > 0) return
      clearInterval(this.#look)
      this.#look = undefined
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#look)
    do {
      if (this.#queue.length > 0) this.#begin()
      await this.#pump
    } while (this.#queue.length > 0)
    clearTimeout(this.#soon)
    this.#reader[Symbol.dispose]()
    this.#writer[Symbol.dispose]()
  }

  async #ask(single: boolean, work: Work, unhurried = false): Promise<unknown> {
    this.#assertOpen()
    if (this.#inside.getStore()) {
      throw new JournalError(
        'IN_TRANSACTION',
        'this would wait for the transaction that it is called in; give it the transaction as `in`',
      )
    }
    while (this.#queue.length >= capacity) {
      await new Promise<void>((resolve) => this.#room.push(resolve))
      this.#assertOpen()
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ work, single, unhurried, resolve, reject })
      if (!unhurried) this.#hurried++
      if (unhurried) this.#beginSoon()
      else this.#begin()
    })
  }

  #beginSoon(): void {
    this.#soon ??= setTimeout(() => this.#begin(), sharing)
  }

  #begin(): void {
    clearTimeout(this.#soon)
    this.#soon = undefined
    this.#pump ??= this.#work()
  }

  async #work(): Promise<void> {
    // After this turn of the event loop: callers of the same turn share the commit.
    await new Promise(setImmediate)
    while (this.#queue.length > 0) {
      const group: Operation[] = []
      const outcomes: Outcome[] = []
      try {
        await this.#beginTransaction()
        while (group.length < groupSize && this.#queue.length > 0) {
          const operation = this.#queue.shift() as Operation
          if (!operation.unhurried) this.#hurried--
          group.push(operation)
          outcomes.push(await this.#perform(operation))
        }
        this.#writer.database.exec('commit')
        this.#wakeThoseOfCommit()
      } catch (error) {
        this.#rollBack()
        if (group.length === 0) {
          group.push(...this.#queue.splice(0, groupSize))
          this.#hurried -= group.filter((one) => !one.unhurried).length
        }
        const failure = { error: translateSqlite(error, this.#path) }
        outcomes.splice(0, outcomes.length, ...group.map(() => failure))
      }
      group.forEach((operation, at) => {
        settle(operation, outcomes[at] as Outcome)
      })
      for (const go of this.#room.splice(0, groupSize)) go()
      // What was acknowledged may ask for more at once; it is given the turn before the next commit blocks the thread.
      await new Promise(setImmediate)
      if (this.#hurried === 0) break
    }
    this.#pump = undefined
    if (this.#queue.length > 0) this.#beginSoon()
  }

  async #beginTransaction(): Promise<void> {
    const deadline = performance.now() + patience
    for (let pause = 1; ; pause = Math.min(pause * 2, 20)) {
      try {
        this.#writer.database.exec('begin immediate')
        return
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw error
        await delay(pause * (0.5 + Math.random()))
      }
    }
  }

  async #perform({ work, single }: Operation): Promise<Outcome> {
    const { database } = this.#writer
    if (!single) database.exec('savepoint one')
    let open = true
    const runner: SqlRunner = {
      run: async (statement) => {
        if (!open)
          throw new JournalError('BAD_INPUT', 'the transaction has ended; await all that uses it')
        return this.#writer.run(statement)
      },
    }
    try {
      const value = await (single ? work(runner) : this.#inside.run(true, () => work(runner)))
      open = false
      if (!single) database.exec('release one')
      return { value }
    } catch (error) {
      open = false
      // Some failures (a full disk) end the whole transaction; then the whole group has failed.
      if (!database.isTransaction) throw error
      if (!single) database.exec('rollback to one; release one')
      return { error: translateSqlite(error, this.#path) }
    }
  }

  #rollBack(): void {
    if (this.#writer.database.isTransaction) this.#writer.database.exec('rollback')
  }

  #wakeThoseOfCommit(): void {
    if (this.#later.size === 0) return
    const later = [...this.#later]
    this.#later.clear()
    for (const topic of later) this.#wakes.wake(topic)
  }

  /** Whoever puts work into a queue in this process wakes its runners; of other processes' work only their commits tell. */
  #lookForCommits(): void {
    const any = this.#dataVersion(this.#reader)
    if (any === this.#seen.any) return
    const others = this.#dataVersion(this.#writer)
    const isOurs = others === this.#seen.others
    this.#seen = { any, others }
    if (isOurs) this.#wakes.wakeAll((topic) => !topic.startsWith(topics.queue('')))
    else this.#wakes.wakeAll()
  }

  /** It changes with the commits of other connections. */
  #dataVersion(connection: Connection): number {
    try {
      return Number(connection.run({ text: 'pragma data_version', values: [] })[0]?.[0])
    } catch {
      // Whoever waits reads for himself then, and gets the error.
      return Number.NaN
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new JournalError('CLOSED', 'the journal is closed; open it again')
  }
}

function settle(operation: Operation, outcome: Outcome): void {
  if ('error' in outcome) operation.reject(outcome.error)
  else operation.resolve(outcome.value)
}
