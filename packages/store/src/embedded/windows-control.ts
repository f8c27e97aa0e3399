/**
 * Starting and stopping on Windows, where a process can't be asked to end by a signal and PostgreSQL refuses
 * administrators: both go through pg_ctl, which starts the server with fewer rights and stops it by a named event.
 * Written from PostgreSQL's manual (app-pg-ctl); not tested, for want of such a machine.
 */
import { program } from './binaries.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { ServerPlan } from './postmaster.ts'
import { identify, type ProcessIdentity } from './process-identity.ts'
import { runCommand } from './run-command.ts'
import { readPostmasterFile } from './running-server.ts'
import { boundLog, logTail } from './server-log.ts'
import { settingArguments } from './server-settings.ts'

/** @throws {EmbeddedPostgresError} EMBEDDED_START_FAILED */
export async function startOnWindows(plan: ServerPlan): Promise<ProcessIdentity> {
  const { folder, binaries, settings, listen, signal } = plan
  boundLog(folder.log)
  const options = windowsOptions(settingArguments(settings, listen))
  const args = ['start', '-w', '-D', folder.cluster, '-l', folder.log, '-o', options]
  const { code, stderr } = await runCommand({ file: program(binaries, 'pg_ctl'), args }, signal)
  const pid = readPostmasterFile(folder.cluster)?.pid
  const server = code === 0 && pid !== undefined ? identify(pid) : undefined
  if (server) return server
  throw new EmbeddedPostgresError(
    'EMBEDDED_START_FAILED',
    `PostgreSQL did not start (${code}) ${stderr.trim()}; the end of ${folder.log}:\n${logTail(folder.log, 0)}`,
  )
}

/** @throws {EmbeddedPostgresError} EMBEDDED_STOP_FAILED */
export async function stopOnWindows(plan: Pick<ServerPlan, 'folder' | 'binaries'>): Promise<void> {
  const args = ['stop', '-w', '-t', '60', '-m', 'fast', '-D', plan.folder.cluster]
  const { code, stderr } = await runCommand({ file: program(plan.binaries, 'pg_ctl'), args })
  if (code === 0) return
  throw new EmbeddedPostgresError(
    'EMBEDDED_STOP_FAILED',
    `the server does not stop: ${stderr.trim()}`,
  )
}

/** One string for `pg_ctl -o`, which a command interpreter takes apart again: every argument in double quotes. */
export function windowsOptions(args: readonly string[]): string {
  return args.map((argument) => `"${argument.replaceAll('"', '\\"')}"`).join(' ')
}
