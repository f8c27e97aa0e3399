/**
 * A server that has answered a query, with the application's database in it. A killed server may look alive for an
 * instant longer (its pid, its files, its socket); only an answer tells, so a server that dies under the question is
 * replaced and asked again. Only under the folder's mutex.
 */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { ensureDatabase } from './application-database.ts'
import { type EnsuredServer, ensureServer, type ServerContext } from './ensure-server.ts'
import type { ServerRecord } from './lock-record.ts'
import { stopServer } from './postmaster.ts'
import { isAlive } from './process-identity.ts'
import { removeSocketFolder } from './socket-folder.ts'

export interface AnsweringServer extends EnsuredServer {
  /** Such as `18.4`. */
  readonly version: string
  /** Windows only. */
  readonly password: string | undefined
}

/**
 * @param before the server the lock remembers, dead or alive
 * @param settings for a server that has to be started
 * @throws {EmbeddedPostgresError} as `ensureServer`
 * @throws pg's error when a living server does not answer
 */
export async function answeringServer(
  context: ServerContext,
  before: ServerRecord | null,
  settings: Readonly<Record<string, string>>,
  database: string,
  signal?: AbortSignal,
): Promise<AnsweringServer> {
  let started = false
  for (let tries = 1; ; tries++) {
    const ensured = await ensureServer(context, before, settings, signal)
    started ||= ensured.started
    const { process, host, port } = ensured.server
    const password =
      context.runAs.way === 'process' ? readFileSync(context.folder.password, 'utf8') : undefined
    try {
      const version = await ensureDatabase({ host, port, database, password })
      return { server: ensured.server, started, version, password }
    } catch (error) {
      await sleep(50)
      if (!isAlive(process) && tries < 5) continue
      if (started) await discardServer(context, ensured.server)
      throw error
    }
  }
}

/** Stops a server that this caller started and that nobody else has been told of. */
export async function discardServer(context: ServerContext, server: ServerRecord): Promise<void> {
  await stopServer(server.process, context)
  removeSocketFolder(server.host)
}
