/**
 * A running server for a cluster: the one that runs, or a new one; never a second. Only under the folder's mutex.
 * What may be found, and what is done:
 * - a live server, ready or still starting (its starter was killed) → it is used as it is;
 * - a live server that is stopping (its owner has just exited) → waited for, then as nothing;
 * - a live server without its socket (a cleaner of /tmp) → nobody can reach it: stopped, then as nothing;
 * - a stale `postmaster.pid`, its pid free, a zombie's or another program's → the server replaces it and recovers;
 * - backends that outlived a killed postmaster → ended first.
 */
import { chownSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import type { EmbeddedFolder } from './embedded-folder.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { ServerRecord } from './lock-record.ts'
import { gone, startServer, stopServer } from './postmaster.ts'
import { withPid } from './postmaster-file.ts'
import { isAlive } from './process-identity.ts'
import type { RunAs } from './run-as.ts'
import { endOrphans, findServer, postmasterText, type RunningServer } from './running-server.ts'
import type { Listen } from './server-settings.ts'
import { hasSocket, openSocketFolder, removeSocketFolder, socketPort } from './socket-folder.ts'

export interface ServerContext {
  readonly folder: EmbeddedFolder
  readonly binaries: Binaries
  readonly runAs: RunAs
  readonly log: (line: string) => void
}

export interface EnsuredServer {
  readonly server: ServerRecord
  /** Whether this call started it. */
  readonly started: boolean
}

/**
 * @param before the server the lock remembers, dead or alive
 * @param settings for a server that has to be started
 * @throws {EmbeddedPostgresError} EMBEDDED_START_FAILED, EMBEDDED_STOP_FAILED, EMBEDDED_FOLDER_CLOSED
 */
export async function ensureServer(
  context: ServerContext,
  before: ServerRecord | null,
  settings: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<EnsuredServer> {
  const { folder, log } = context
  const end = performance.now() + 20_000
  for (;;) {
    const found = await settledServer(context, before, signal)
    if (found) {
      log(`attached to PostgreSQL in ${folder.cluster} (pid ${found.process.pid})`)
      return { server: recordOf(found, before), started: false }
    }
    try {
      const server = await startAnew(context, before, settings, signal)
      log(`started PostgreSQL in ${folder.cluster} (pid ${server.process.pid})`)
      return { server, started: true }
    } catch (error) {
      // A server whose starter was killed in the same instant may have been quicker; backends may still be ending.
      const busy =
        error instanceof EmbeddedPostgresError &&
        /lock file|shared memory block/.test(error.message)
      if (!busy || performance.now() > end) throw error
      await sleep(200)
    }
  }
}

/** The live server, once it is ready; undefined when there is none that can be used. */
async function settledServer(
  context: ServerContext,
  before: ServerRecord | null,
  signal: AbortSignal | undefined,
): Promise<RunningServer | undefined> {
  const { cluster } = context.folder
  for (;;) {
    signal?.throwIfAborted()
    const found = findServer(cluster, before?.process)
    if (!found) return undefined
    if (found.file.status === 'stopping' && !(await gone(found.process, 60_000))) {
      await stopServer(found.process, context)
    }
    if (found.file.status === 'ready') {
      const { socketFolder, port } = found.file
      if (socketFolder === '' || hasSocket(socketFolder, port)) return found
      context.log(`the socket in ${socketFolder} is gone; restarting PostgreSQL`)
      await stopServer(found.process, context)
    }
    await sleep(4)
  }
}

async function startAnew(
  context: ServerContext,
  before: ServerRecord | null,
  settings: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<ServerRecord> {
  const { folder, runAs } = context
  if (before && isAlive(before.process)) {
    // Its postmaster.pid was deleted by hand; it would end by itself within a minute.
    await stopServer(before.process, context)
  }
  const stale = postmasterText(folder.cluster)
  if (stale !== undefined || before) await endOrphans(folder.cluster)
  if (stale !== undefined) disownStaleFile(folder.cluster, stale)
  if (runAs.way === 'process') return start(context, { port: await freePort() }, settings, signal)
  const socketFolder = await openSocketFolder(runAs, before?.host)
  if (before && before.host !== socketFolder) removeSocketFolder(before.host)
  try {
    return await start(context, { socketFolder, port: socketPort }, settings, signal)
  } catch (error) {
    removeSocketFolder(socketFolder)
    throw error
  }
}

async function start(
  context: ServerContext,
  listen: Listen,
  settings: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<ServerRecord> {
  const process = await startServer({ ...context, listen, settings, signal })
  const host = 'socketFolder' in listen ? listen.socketFolder : '127.0.0.1'
  return { process, host, port: listen.port, settings }
}

/**
 * See `withPid`: the pid of a dead server may by now be that of another program of the server's user, or still that of
 * its zombie, where the first process of a container never asks how its children ended. An empty file (a torn write)
 * would also be refused for ever; no process works in the cluster any more, so it goes.
 */
function disownStaleFile(cluster: string, stale: string): void {
  const path = join(cluster, 'postmaster.pid')
  if (stale.trim() === '') {
    rmSync(path, { force: true })
    return
  }
  const { uid, gid } = statSync(path)
  const temporary = join(cluster, 'postmaster.pid.stale')
  writeFileSync(temporary, withPid(stale, process.pid), { mode: 0o600 })
  if (uid !== process.getuid?.()) chownSync(temporary, uid, gid)
  renameSync(temporary, path)
}

function recordOf(found: RunningServer, before: ServerRecord | null): ServerRecord {
  const { socketFolder, port } = found.file
  const same = before?.process.started === found.process.started
  return {
    process: found.process,
    host: socketFolder || '127.0.0.1',
    port,
    settings: same ? before.settings : {},
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (typeof address === 'object' && address) resolve(address.port)
        else reject(new Error('no free port on 127.0.0.1'))
      })
    })
  })
}
