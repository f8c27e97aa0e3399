/** A journal in PostgreSQL: a pool of its own, one connection that listens, prepared statements. Many processes. */
import pg from 'pg'
import type { Clock } from '../clock.ts'
import { JournalError } from '../errors.ts'
import type { SqlRunner, Statement, Storage } from '../storage.ts'
import { Wakes } from '../wakes.ts'
import { channelOf, postgresDialect } from './dialect.ts'
import { Listener } from './listener.ts'
import { isTransient, translatePostgres } from './pg-error.ts'

export interface PostgresJournalOptions {
  /** Where the tables are: `typestead_journal` by default. */
  readonly schema?: string
  /** Connections of the pool at most, 4 by default; one more listens. */
  readonly connections?: number
  /** More for `pg`: TLS, time-outs, `application_name`. */
  readonly client?: pg.ClientConfig
}

type Queryable = Pick<pg.ClientBase, 'query'>

export class PostgresStorage implements Storage {
  readonly dialect
  readonly #clock: Clock | undefined
  readonly #pool: pg.Pool
  readonly #wakes = new Wakes()
  readonly #listener: Listener
  #closed = false

  /** `clock` undefined: the server's counts, which all processes share. */
  constructor(
    target: string | pg.ClientConfig,
    options: PostgresJournalOptions,
    clock: Clock | undefined,
  ) {
    const schema = options.schema ?? 'typestead_journal'
    this.dialect = postgresDialect(schema)
    this.#clock = clock
    const config: pg.ClientConfig = {
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      application_name: 'typestead-journal',
      ...options.client,
      ...(typeof target === 'string' ? { connectionString: target } : target),
    }
    this.#pool = new pg.Pool({ ...config, max: options.connections ?? 4, allowExitOnIdle: true })
    // An idle connection that breaks leaves the pool; the next statement opens another, or gets the error.
    this.#pool.on('error', () => {})
    // One that breaks in a transaction fails its statement, or the next; what nobody heard would end the process.
    this.#pool.on('connect', (client) => client.on('error', () => {}))
    this.#listener = new Listener(config, channelOf(schema), this.#wakes)
  }

  time(): number | null {
    return this.#clock === undefined ? null : this.#clock.now()
  }

  read(statement: Statement): Promise<unknown[][]> {
    return this.run(statement)
  }

  async run(statement: Statement): Promise<unknown[][]> {
    this.#assertOpen()
    for (let attempt = 0; ; attempt++) {
      try {
        return await send(this.#pool, statement)
      } catch (error) {
        if (!isTransient(error) || attempt >= 5) throw translatePostgres(error)
      }
    }
  }

  async transaction<R>(work: (run: SqlRunner) => Promise<R>): Promise<R> {
    this.#assertOpen()
    let client: pg.PoolClient
    try {
      client = await this.#pool.connect()
    } catch (error) {
      throw translatePostgres(error)
    }
    let open = true
    const runner: SqlRunner = {
      run(statement) {
        if (open) return sendTranslated(client, statement)
        throw new JournalError('BAD_INPUT', 'the transaction has ended; await all that uses it')
      },
    }
    let broken: Error | undefined
    try {
      await sendTranslated(client, { text: 'begin', values: [] })
      const value = await work(runner)
      open = false
      await sendTranslated(client, { text: 'commit', values: [] })
      return value
    } catch (error) {
      open = false
      // When the connection is gone the server rolls back by itself; the first error is the one that matters.
      await client.query('rollback').catch((failure: Error) => {
        broken = failure
      })
      throw error
    } finally {
      client.release(broken)
    }
  }

  /** The statements notify when they commit. */
  wakeLater(): void {}

  /** Other processes are told by the statements themselves. */
  wake(topic: string): void {
    this.#wakes.wake(topic)
  }

  listen(topic: string, callback: () => void): () => void {
    this.#listener.start()
    return this.#wakes.listen(topic, callback)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#listener[Symbol.asyncDispose]()
    await this.#pool.end()
  }

  #assertOpen(): void {
    if (this.#closed) throw new JournalError('CLOSED', 'the journal is closed; open it again')
  }
}

/** A client of `pg` (or a pool, for single statements) as the journal takes it in `in`. */
export function fromClient(client: Queryable): SqlRunner {
  return { run: (statement) => send(client, statement) }
}

async function sendTranslated(client: Queryable, statement: Statement): Promise<unknown[][]> {
  try {
    return await send(client, statement)
  } catch (error) {
    throw translatePostgres(error)
  }
}

const names = new Map<string, string>()
const int8 = 20

async function send(client: Queryable, { text, values }: Statement): Promise<unknown[][]> {
  let name = names.get(text)
  if (name === undefined && names.size < 500) {
    name = `journal_${names.size}`
    names.set(text, name)
  }
  const result = await client.query<unknown[]>({
    ...(name === undefined || values.length === 0 ? {} : { name }),
    text,
    values: [...values],
    rowMode: 'array',
    types: {
      getTypeParser: (oid: number) => (oid === int8 ? Number : String),
    } as pg.CustomTypesConfig,
  })
  return result.rows ?? []
}
