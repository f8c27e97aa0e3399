/** Runs a program to its end, in a clean environment, and answers what it printed; never throws for its exit code. */
import { execFile } from 'node:child_process'
import { parse } from 'node:path'
import type { Command } from './run-as.ts'

export interface CommandResult {
  /** The exit code; a system error's code (`ENOENT`, `EPERM`) when it could not be started; the signal that ended it. */
  readonly code: number | string
  readonly stdout: string
  readonly stderr: string
}

/** @throws the signal's reason when it aborts; the program is ended */
export function runCommand(command: Command, signal?: AbortSignal): Promise<CommandResult> {
  const { uid, gid } = command
  return new Promise((resolve, reject) => {
    const options = {
      cwd: rootFolder,
      env: serverEnvironment(process.env),
      encoding: 'utf8',
      maxBuffer: 16 * 1024 * 1024,
      windowsHide: true,
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
      ...(signal === undefined ? {} : { signal }),
    } as const
    execFile(command.file, command.args, options, (error, stdout, stderr) => {
      if (signal?.aborted) return reject(signal.reason)
      const code = error ? (error.code ?? error.signal ?? 'unknown') : 0
      resolve({ code, stdout, stderr: stderr || (error?.message ?? '') })
    })
  })
}

/** A working folder that the server's user can always enter. */
export const rootFolder: string = parse(process.cwd()).root

/**
 * What the server's programs get to see: no `PG*` variable changes how they work, no locale or time zone leaks into the
 * cluster, and no secret of the application stands in `/proc/<pid>/environ` of another user's process.
 */
export function serverEnvironment(from: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC' }
  for (const name of kept) {
    if (from[name] !== undefined) environment[name] = from[name]
  }
  return environment
}

const kept = [
  'PATH',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'NIX_LD',
  'NIX_LD_LIBRARY_PATH',
  'SystemRoot',
  'windir',
  'ComSpec',
  'TEMP',
  'TMP',
]
