/**
 * One holder's hold on an embedded server. It watches the server ten times a second; when the server dies, the owner
 * (the first holder that still runs) brings it back, so an attached process takes over when the owner is dead as well.
 * On disposal the last holder stops the server; any other only leaves, and if it was the owner, the next one in line is
 * from then on. A holder that exits without disposal does the same in its exit listener, without waiting for the end.
 */
import { existsSync } from 'node:fs'
import { answeringServer } from './answering-server.ts'
import { superuser } from './cluster.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { ServerContext } from './ensure-server.ts'
import { lockFolder, tryLockFolder } from './folder-mutex.ts'
import { readLock, writeLock } from './lock-file.ts'
import {
  type Holder,
  type LockRecord,
  ownerOf,
  type ServerRecord,
  withoutDead,
  withoutHolder,
} from './lock-record.ts'
import { stopServer } from './postmaster.ts'
import { isAlive, type ProcessIdentity, seemsAlive } from './process-identity.ts'
import { restartDelay } from './restart-delay.ts'
import { findServer, signalProcess } from './running-server.ts'
import { boundLog } from './server-log.ts'
import { removeSocketFolder } from './socket-folder.ts'

/** What a listener of `onExit` hears: the server ended without our asking. */
export interface ServerExit {
  readonly pid: number
  /** Whether this holder is the one that brings it back by itself. */
  readonly restarting: boolean
}

/** A running PostgreSQL server of the data folder, held by this process until disposal. */
export interface EmbeddedServer extends AsyncDisposable {
  /** Always true: a caller that knows production refuses this kind of server. */
  readonly embedded: true
  /** The folder of the server's socket, or `127.0.0.1` on Windows; as `host` of a pg client. Kept over restarts. */
  readonly host: string
  readonly port: number
  /** A superuser. */
  readonly user: string
  readonly database: string
  /** Windows only; a socket needs none. */
  readonly password?: string | undefined
  /** Such as `18.4`. */
  readonly version: string
  /** Whether this holder owns the server: it restarts it. Changes when the owner before us leaves or is killed. */
  readonly owner: boolean
  /** The server's process; another after a restart. */
  readonly pid: number
  /**
   * Resolves once the server runs again, or at once if it never died.
   * @throws {EmbeddedPostgresError} EMBEDDED_START_FAILED and others of `startEmbedded`, EMBEDDED_DISPOSED
   */
  restart(): Promise<void>
  /** Calls the listener each time the server dies (not on a disposal); the answer ends that. */
  onExit(listener: (exit: ServerExit) => void): () => void
}

export interface Hold {
  readonly context: ServerContext
  readonly holder: Holder
  readonly server: ServerRecord
  readonly settings: Readonly<Record<string, string>>
  readonly database: string
  readonly password: string | undefined
  readonly version: string
  readonly autoRestart: boolean
}

/** A handle on a server that the lock already says `holder` holds. */
export function holdServer(hold: Hold): EmbeddedServer {
  return new HeldServer(hold)
}

const watchEvery = 100
const ticksPerMinute = 60_000 / watchEvery
/** After so long without a death, in milliseconds, the next restart comes at once again. */
const settledAfter = 30_000

class HeldServer implements EmbeddedServer {
  readonly embedded = true
  readonly user = superuser
  readonly database: string
  readonly password: string | undefined
  readonly version: string
  readonly #hold: Hold
  readonly #listeners = new Set<(exit: ServerExit) => void>()
  readonly #watch: NodeJS.Timeout
  readonly #onProcessExit: () => void
  #server: ServerRecord
  #owner = false
  #down = false
  #attempts = 0
  #nextAttempt = 0
  #startedAt = performance.now()
  #ticks = 0
  #warned = ''
  #reviving: Promise<void> | undefined
  #leaving: Promise<void> | undefined

  constructor(hold: Hold) {
    this.#hold = hold
    this.#server = hold.server
    this.database = hold.database
    this.password = hold.password
    this.version = hold.version
    this.#owner = this.#isFirst(readLock(hold.context.folder), isAlive)
    this.#watch = setInterval(() => this.#tick(), watchEvery)
    this.#watch.unref()
    this.#onProcessExit = () => this.#leaveAtExit()
    process.once('exit', this.#onProcessExit)
  }

  get host(): string {
    return this.#server.host
  }

  get port(): number {
    return this.#server.port
  }

  get pid(): number {
    return this.#server.process.pid
  }

  get owner(): boolean {
    return this.#owner
  }

  restart(): Promise<void> {
    if (this.#leaving) return Promise.reject(disposed())
    this.#reviving ??= this.#revive().finally(() => {
      this.#reviving = undefined
    })
    return this.#reviving
  }

  onExit(listener: (exit: ServerExit) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#leaving ??= this.#leave()
    return this.#leaving
  }

  #tick(): void {
    try {
      this.#look()
    } catch (error) {
      this.#warn(error)
    }
  }

  #look(): void {
    if (this.#leaving || this.#reviving) return
    const { context, autoRestart } = this.#hold
    if (!existsSync(context.folder.data)) return
    const lock = readLock(context.folder)
    this.#owner = this.#isFirst(lock, seemsAlive)
    if (this.#owner && ++this.#ticks % ticksPerMinute === 0) boundLog(context.folder.log)
    if (seemsAlive(this.#server.process)) return
    if (lock.server && seemsAlive(lock.server.process)) {
      this.#adopt(lock.server)
      return
    }
    if (!this.#down) this.#announceDeath()
    if (!autoRestart || !this.#owner || performance.now() < this.#nextAttempt) return
    this.#nextAttempt = performance.now() + restartDelay(++this.#attempts)
    this.restart().catch((error: unknown) => {
      if (!this.#leaving) this.#warn(error)
    })
  }

  #announceDeath(): void {
    this.#down = true
    const { pid } = this.#server.process
    this.#hold.context.log(`PostgreSQL (pid ${pid}) has died`)
    if (performance.now() - this.#startedAt > settledAfter) this.#attempts = 0
    this.#nextAttempt = performance.now() + restartDelay(this.#attempts)
    const restarting = this.#owner && this.#hold.autoRestart
    for (const listener of this.#listeners) listener({ pid, restarting })
  }

  #adopt(server: ServerRecord): void {
    if (server.process.started !== this.#server.process.started) this.#startedAt = performance.now()
    this.#server = server
    this.#down = false
  }

  async #revive(): Promise<void> {
    const { context, settings } = this.#hold
    using _mutex = await lockFolder(context.folder)
    if (this.#leaving) throw disposed()
    const lock = withoutDead(readLock(context.folder), isAlive)
    const remembered =
      lock.server && !this.#isFirst(lock, isAlive) ? lock.server.settings : settings
    const { server } = await answeringServer(context, lock.server, remembered, this.database)
    writeLock(context.folder, { ...lock, server })
    this.#adopt(server)
  }

  async #leave(): Promise<void> {
    clearInterval(this.#watch)
    process.off('exit', this.#onProcessExit)
    const { context, holder } = this.#hold
    const { folder } = context
    if (!existsSync(folder.data)) return this.#abandon()
    using _mutex = await lockFolder(folder)
    const lock = withoutHolder(withoutDead(readLock(folder), isAlive), holder.id)
    writeLock(folder, lock)
    if (lock.holders.length > 0) return
    const server = findServer(folder.cluster, lock.server?.process)
    if (server) await stopServer(server.process, context)
    if (lock.server) removeSocketFolder(lock.server.host)
    writeLock(folder, { ...lock, server: null })
    context.log(`stopped PostgreSQL in ${folder.cluster}`)
  }

  /** The data folder was deleted under us: nothing is worth keeping, and no lock can be asked. */
  async #abandon(): Promise<void> {
    if (isAlive(this.#server.process)) signalProcess(this.pid, 'SIGQUIT')
    removeSocketFolder(this.host)
  }

  /** Nothing can be awaited here. If the mutex is taken, or anything fails, the next start finds our holder dead. */
  #leaveAtExit(): void {
    const { folder, log } = this.#hold.context
    if (!existsSync(folder.data)) return
    try {
      using mutex = tryLockFolder(folder)
      if (!mutex) return
      const lock = withoutHolder(withoutDead(readLock(folder), isAlive), this.#hold.holder.id)
      writeLock(folder, lock)
      if (lock.holders.length > 0 || process.platform === 'win32') return
      const server = findServer(folder.cluster, lock.server?.process)
      if (server) signalProcess(server.process.pid, 'SIGINT')
      if (lock.server) removeSocketFolder(lock.server.host)
    } catch (error) {
      log(`PostgreSQL was left running: ${error instanceof Error ? error.message : error}`)
    }
  }

  #isFirst(lock: LockRecord, alive: (process: ProcessIdentity) => boolean): boolean {
    return ownerOf(lock, alive)?.id === this.#hold.holder.id
  }

  /** Said once, however often it fails the same way. */
  #warn(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    if (message === this.#warned) return
    this.#warned = message
    this.#hold.context.log(message)
    process.emitWarning(message, { code: 'EMBEDDED_POSTGRES' })
  }
}

function disposed(): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'EMBEDDED_DISPOSED',
    'this embedded server was disposed of; call startEmbedded again',
  )
}
