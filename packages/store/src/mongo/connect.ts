/** Opens a store on MongoDB, or on a server that speaks its protocol. */
import type { Model } from '@typestead/entity'
import { MongoClient, type MongoClientOptions } from 'mongodb'
import type { Backend, Capabilities, FeedQuery, Migrator } from '../backend.ts'
import type { ChangeEvent, Cursor } from '../change-feed.ts'
import { StoreError } from '../errors.ts'
import type { MongoOptions } from '../sources.ts'
import { type CrashPoint, type MongoContext, type ServerTraits, turnsOf } from './context.ts'
import { guarded } from './errors.ts'
import { Feed } from './feed.ts'
import { MongoMigrator } from './migrate.ts'
import { Outbox } from './outbox.ts'
import { MongoSession } from './session.ts'

/**
 * @param at called at each point where a process may die; for tests
 * @throws {StoreError} `UNAVAILABLE`; `UNSUPPORTED` for a URL without a database
 */
export async function connectMongo(
  model: Model,
  url: string,
  options: MongoOptions = {},
  at: (point: CrashPoint) => Promise<void> | void = () => {},
): Promise<Backend> {
  const statementTimeout = options.statementTimeout ?? 30_000
  const client = clientOf(url, options, statementTimeout)
  try {
    return await guarded(async () => {
      await client.connect()
      const traits = await traitsOf(client)
      const servers = client.options.hosts.map(String).sort().join()
      const write = traits.atomicUpdates ? <R>(work: () => Promise<R>) => work() : turnsOf(servers)
      const parts = { client, db: client.db(), model, traits, statementTimeout, write, at }
      const backend = new MongoBackend({ ...parts, outbox: new Outbox(parts) })
      // What an earlier process left, when it was killed.
      await backend.context.outbox.sweep(true)
      return backend
    })
  } catch (error) {
    await client.close()
    throw error
  }
}

class MongoBackend extends MongoSession implements Backend {
  readonly kind = 'mongo'
  readonly migrator: Migrator
  readonly #feed: Feed

  constructor(context: MongoContext) {
    super(context)
    this.#feed = new Feed(context, this.read)
    this.migrator = new MongoMigrator(context)
  }

  get capabilities(): Capabilities {
    const { transactions, validators } = this.context.traits
    return { transactions, rowLevelSecurity: false, validators }
  }

  ping(signal?: AbortSignal): Promise<void> {
    return guarded(async () => {
      signal?.throwIfAborted()
      await this.context.db.command({ ping: 1 }, signal ? { signal } : {})
    })
  }

  feedEnd(): Promise<Cursor> {
    return guarded(() => this.#feed.end())
  }

  feedRead(query: FeedQuery): Promise<{ events: readonly ChangeEvent[]; next: Cursor }> {
    return guarded(() => this.#feed.read(query))
  }

  feedWait(milliseconds: number, signal: AbortSignal): Promise<void> {
    return this.#feed.wait(milliseconds, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#feed.close()
    await this.context.outbox.settled()
    await this.context.client.close()
  }
}

function clientOf(url: string, options: MongoOptions, statementTimeout: number): MongoClient {
  const settings: MongoClientOptions = {
    appName: 'typestead',
    maxPoolSize: options.connections ?? 10,
    serverSelectionTimeoutMS: options.connectTimeout ?? 5000,
    connectTimeoutMS: options.connectTimeout ?? 5000,
    // The server ends what takes too long; this is for a server that does not answer at all.
    socketTimeoutMS: statementTimeout + 5000,
    // A store reads what it wrote, and what was acknowledged stays.
    readPreference: 'primary',
    writeConcern: { w: 'majority' },
    // Single servers have no retryable writes; the driver then leaves them out by itself.
    retryWrites: true,
    useBigInt64: true,
    ignoreUndefined: false,
  }
  let client: MongoClient
  try {
    client = new MongoClient(url, settings)
  } catch {
    // The driver's message would quote the URL, and with it the password.
    throw new StoreError(
      'UNAVAILABLE',
      'the MongoDB URL cannot be read; it has the form mongodb://user:password@host:27017/database',
    )
  }
  if (!/^mongodb(\+srv)?:\/\/[^/]+\/[^?]+/.test(url)) {
    throw new StoreError(
      'UNSUPPORTED',
      'the MongoDB URL must name the database: mongodb://host:27017/database',
    )
  }
  return client
}

async function traitsOf(client: MongoClient): Promise<ServerTraits> {
  const admin = client.db('admin')
  const [hello, build] = await Promise.all([
    admin.command({ hello: 1 }),
    admin.command({ buildInfo: 1 }).catch(() => ({}) as Record<string, unknown>),
  ])
  // FerretDB 1: https://docs.ferretdb.io (version 1.24), "differences from MongoDB".
  const ferret = 'ferretdbVersion' in build
  return {
    transactions: !ferret && (typeof hello.setName === 'string' || hello.msg === 'isdbgrid'),
    validators: !ferret,
    atomicUpdates: !ferret,
    batch: ferret ? 25 : 500,
  }
}
