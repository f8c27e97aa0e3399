/** Where rows are kept. Each driver is loaded only when it is used. */
import type { EmbeddedOptions } from './embedded/start-embedded.ts'
import type { Source } from './open.ts'

export interface PostgresOptions {
  /** Connections at most; default 10. */
  readonly connections?: number
  /** Milliseconds to wait for a connection before `UNAVAILABLE`; default 5000. */
  readonly connectTimeout?: number
  /** Milliseconds a statement may take before `TIMEOUT`; default 30000. */
  readonly statementTimeout?: number
  /** Rules are also compiled into policies of the database, which hold for every scoped statement. Default false. */
  readonly rowLevelSecurity?: boolean
}

/** A PostgreSQL server, version 14 or later: `postgres('postgres://user:password@host/database')`. */
export function postgres(url: string, options: PostgresOptions = {}): Source {
  return {
    kind: 'postgres',
    async connect(model) {
      const { connectPostgres } = await import('./postgres/connect.ts')
      return connectPostgres(model, { connectionString: url }, options)
    },
  }
}

/** A PostgreSQL server of one's own, from npm, in a folder; for development and tests. */
export function embedded(server: EmbeddedOptions, options: PostgresOptions = {}): Source {
  return {
    kind: 'embedded',
    async connect(model) {
      const [{ startEmbedded }, { connectPostgres }] = await Promise.all([
        import('./embedded/start-embedded.ts'),
        import('./postgres/connect.ts'),
      ])
      const running = await startEmbedded(server)
      try {
        const { host, port, user, database, password } = running
        return await connectPostgres(
          model,
          { host, port, user, database, ...(password === undefined ? {} : { password }) },
          options,
          running,
        )
      } catch (error) {
        await running[Symbol.asyncDispose]()
        throw error
      }
    },
  }
}

export interface MongoOptions {
  /** Connections at most; default 10. */
  readonly connections?: number
  /** Milliseconds to look for a server before `UNAVAILABLE`; default 5000. */
  readonly connectTimeout?: number
  /** Milliseconds an operation may take before `TIMEOUT`; default 30000. */
  readonly statementTimeout?: number
}

/** MongoDB, or a server compatible with it; the URL names the database. `mongo('mongodb://127.0.0.1:27017/app')` */
export function mongo(url: string, options: MongoOptions = {}): Source {
  return {
    kind: 'mongo',
    async connect(model) {
      const { connectMongo } = await import('./mongo/connect.ts')
      return connectMongo(model, url, options)
    },
  }
}
