/**
 * Starts and stops the server process. It gets a session of its own, so a terminal's Ctrl-C reaches the application and
 * not the server; its output goes to the log; it is neither waited for nor ended when this process ends.
 */
import { spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Binaries, program } from './binaries.ts'
import type { EmbeddedFolder } from './embedded-folder.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts'
import { commandAs, type RunAs } from './run-as.ts'
import { rootFolder, serverEnvironment } from './run-command.ts'
import { readPostmasterFile, signalProcess } from './running-server.ts'
import { logTail, openLog } from './server-log.ts'
import { type Listen, settingArguments } from './server-settings.ts'
import { startOnWindows, stopOnWindows } from './windows-control.ts'

export interface ServerPlan {
  readonly folder: EmbeddedFolder
  readonly binaries: Binaries
  readonly runAs: RunAs
  readonly listen: Listen
  readonly settings: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
}

/**
 * Starts the server and waits until it takes connections. No time limit but the signal: a crash recovery may be long,
 * and a server that can't go on ends by itself.
 * @throws {EmbeddedPostgresError} EMBEDDED_START_FAILED with the end of the log; then nothing is left running
 * @throws the signal's reason when it aborts; the server is stopped
 */
export async function startServer(plan: ServerPlan): Promise<ProcessIdentity> {
  if (process.platform === 'win32') return startOnWindows(plan)
  const { folder, signal } = plan
  const { descriptor, from } = openLog(folder)
  const { pid, end } = spawnServer(plan, descriptor)
  const server = pid === undefined ? undefined : identify(pid)
  while (end() === undefined) {
    if (signal?.aborted) {
      if (server) await stopServer(server, plan)
      throw signal.reason
    }
    const file = readPostmasterFile(folder.cluster)
    if (server && file?.pid === pid && file?.status === 'ready') return server
    // Also what keeps the event loop alive meanwhile: the child process itself does not.
    await sleep(4)
  }
  throw startFailed(folder, from, end())
}

/**
 * A fast shutdown: sessions are cut, a checkpoint is written. After a minute an immediate one, from which the next start
 * recovers; acknowledged commits are safe in both.
 * @throws {EmbeddedPostgresError} EMBEDDED_STOP_FAILED
 */
export async function stopServer(
  server: ProcessIdentity,
  plan: Pick<ServerPlan, 'folder' | 'binaries'>,
): Promise<void> {
  if (!isAlive(server)) return
  if (process.platform === 'win32') return stopOnWindows(plan)
  signalProcess(server.pid, 'SIGINT')
  if (await gone(server, 60_000)) return
  signalProcess(server.pid, 'SIGQUIT')
  if (await gone(server, 20_000)) return
  throw new EmbeddedPostgresError(
    'EMBEDDED_STOP_FAILED',
    `the server (pid ${server.pid}) does not stop; see ${plan.folder.log}`,
  )
}

/** Waits until a process has ended; false when it still runs after so many milliseconds. */
export async function gone(server: ProcessIdentity, patience: number): Promise<boolean> {
  const end = performance.now() + patience
  while (isAlive(server)) {
    if (performance.now() > end) return false
    await sleep(5)
  }
  return true
}

function spawnServer(
  { folder, binaries, runAs, listen, settings }: ServerPlan,
  log: number,
): { pid: number | undefined; end: () => string | undefined } {
  const args = ['-D', folder.cluster, ...settingArguments(settings, listen)]
  const command = commandAs(runAs, program(binaries, 'postgres'), args, process.getuid?.())
  try {
    const child = spawn(command.file, command.args, {
      cwd: rootFolder,
      env: serverEnvironment(process.env),
      detached: true,
      stdio: ['ignore', log, log],
      ...(command.uid === undefined ? {} : { uid: command.uid }),
      ...(command.gid === undefined ? {} : { gid: command.gid }),
    })
    let end: string | undefined
    child.once('error', (error) => {
      end = error.message
    })
    child.once('exit', (code, signal) => {
      end ??= signal ?? `exit code ${code}`
    })
    child.unref()
    return { pid: child.pid, end: () => end }
  } finally {
    closeSync(log)
  }
}

function startFailed(folder: EmbeddedFolder, from: number, end = 'unknown'): EmbeddedPostgresError {
  const words = logTail(folder.log, from)
  return new EmbeddedPostgresError(
    'EMBEDDED_START_FAILED',
    `PostgreSQL did not start (${end}); the end of ${folder.log}:\n${words || '(empty)'}`,
  )
}
