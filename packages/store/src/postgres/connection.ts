/** Connections: a pool, and single clients for transactions; every statement goes through `run`. */
import { createHash } from 'node:crypto'
import pg from 'pg'
import { StoreError } from '../errors.ts'
import type { PostgresOptions } from '../sources.ts'
import { type ConstraintSubject, translate } from './driver-error.ts'
import { typeParsers } from './parsers.ts'
import { actAsSystem } from './row-security.ts'
import { RowsQuery } from './rows-query.ts'
import type { Statement } from './select.ts'

export type Rows = unknown[][]

/** Runs one statement and gives its rows as arrays of values. */
export interface Runner {
  /** `acting` is run before it, when another one was run last; only inside a transaction. */
  run(statement: Statement, acting?: Statement): Promise<Rows>
}

export interface Connections extends Runner, AsyncDisposable {
  /** A connection of its own for as long as `work` takes. */
  withClient<R>(work: (client: Runner) => Promise<R>): Promise<R>
  /** A connection outside the pool, for LISTEN and for locks of a session. The caller ends it. */
  dedicated(): Promise<pg.Client>
  translate(error: unknown): Error
  readonly pool: pg.Pool
  /** What it connects to. */
  readonly target: pg.ClientConfig
}

/** Statements beyond this many are not kept prepared, so that unusual filters cannot fill the server's memory. */
const preparedStatements = 500

export function connections(
  target: pg.ClientConfig,
  options: PostgresOptions,
  subjects: ReadonlyMap<string, ConstraintSubject>,
): Connections {
  const config: pg.PoolConfig = {
    ...target,
    max: options.connections ?? 10,
    connectionTimeoutMillis: options.connectTimeout ?? 5000,
    statement_timeout: options.statementTimeout ?? 30_000,
    idle_in_transaction_session_timeout: 60_000,
    // Dates come as ISO in UTC whatever the server's or the process's settings are.
    options:
      '-c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601 -c bytea_output=hex -c extra_float_digits=1',
    application_name: 'typestead',
    keepAlive: true,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: false,
  }
  const pool = new pg.Pool(config)
  // A connection that dies while idle is dropped by the pool; the next statement opens another or says UNAVAILABLE.
  pool.on('error', () => {})
  // One that dies while a transaction holds it fails the statement that is under way, or the next; that says it all.
  pool.on('connect', (client) => client.on('error', () => {}))
  const names = new Map<string, string>()
  let renamed = 0
  const prepared = (text: string): string | undefined => {
    const known = names.get(text)
    if (known !== undefined || names.size >= preparedStatements) return known
    const name = createHash('sha256').update(text).digest('base64url').slice(0, 32)
    names.set(text, name)
    return name
  }
  const send = async (client: pg.Pool | pg.PoolClient, statement: Statement): Promise<Rows> => {
    const { text, values } = statement
    const name = values.length > 0 ? prepared(text) : undefined
    try {
      if (values.length > 0) return await rowsOf(client, new RowsQuery(statement, name))
      const result = await client.query({ text, rowMode: 'array', types: typeParsers })
      return result.rows as Rows
    } catch (error) {
      // A column has another type since the statement was prepared: it is prepared anew, under a name that no connection knows.
      if (name !== undefined && isOutdated(error)) {
        if (names.get(text) === name) names.set(text, `${name.slice(0, 32)}_${++renamed}`)
        // Inside a transaction it has failed; outside of one nothing has happened yet.
        if (client === pool) return send(client, statement)
      }
      throw retryMark(error, translate(error, subjects))
    }
  }
  const connect = async (): Promise<pg.PoolClient> => {
    try {
      return await pool.connect()
    } catch (error) {
      throw translate(error, subjects)
    }
  }
  return {
    pool,
    target,
    run: (statement) => send(pool, statement),
    translate: (error) => translate(error, subjects),
    async withClient(work) {
      const client = await connect()
      let broken = true
      try {
        const result = await work(clientRunner((statement) => send(client, statement)))
        broken = false
        return result
      } catch (error) {
        // Only a lost connection is thrown away; after any other error the transaction has been rolled back.
        broken =
          error instanceof StoreError && (error.code === 'UNAVAILABLE' || error.code === 'TIMEOUT')
        throw error
      } finally {
        client.release(broken)
      }
    },
    async dedicated() {
      const client = new pg.Client({ ...config, statement_timeout: 0 })
      client.on('error', () => {})
      try {
        await client.connect()
        return client
      } catch (error) {
        throw translate(error, subjects)
      }
    },
    async [Symbol.asyncDispose]() {
      await pool.end()
    },
  }
}

/** "cached plan must not change result type" (PostgreSQL, plancache.c). */
function isOutdated(error: unknown): boolean {
  const { code, routine } = error as { readonly code?: string; readonly routine?: string }
  return code === '0A000' && routine === 'RevalidateCachedQuery'
}

/** In the pool's own way of running a query, which gives the connection back whatever comes of it. */
function rowsOf(client: pg.Pool | pg.PoolClient, query: RowsQuery): Promise<Rows> {
  return new Promise((resolve, reject) => {
    const done = (error: unknown, rows: Rows) => (error ? reject(error) : resolve(rows))
    // Queries of one's own take a callback as others do, which the driver's type declarations leave out.
    const send = client.query.bind(client) as unknown as (
      query: RowsQuery,
      then: typeof done,
    ) => void
    send(query, done)
  })
}

const control = /^(begin|commit|rollback|savepoint|release) /
/** After a rollback to a savepoint it acts for whom it did when that was set. */
const unknown: Statement = { text: '', values: [] }

/** A connection that knows for whom it acts: rules of the database hold by its role and settings. */
function clientRunner(send: (statement: Statement) => Promise<Rows>): Runner {
  let last: Statement | undefined
  return {
    async run(statement, acting) {
      if (control.test(`${statement.text} `)) {
        if (last && statement.text.startsWith('rollback')) last = unknown
        return send(statement)
      }
      if (acting !== last) await send(acting ?? actAsSystem)
      last = acting
      return send(statement)
    },
  }
}

/** Keeps the driver's code of a serialization failure where the transaction's retry looks for it. */
function retryMark(error: unknown, translated: Error): Error {
  const { code } = error as { code?: string }
  if (code === '40001' || code === '40P01') retryable.add(translated)
  return translated
}

const retryable = new WeakSet<Error>()

/** A serialization failure or a deadlock: the same transaction may succeed when begun again. */
export function isRetryable(error: unknown): boolean {
  return error instanceof Error && retryable.has(error)
}
