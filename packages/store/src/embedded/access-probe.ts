/**
 * Asks the kernel, as the server's user, whether that user reaches what it needs. Better than reading mode bits: access
 * lists, namespaces and missing capabilities count too.
 */
import { dirname, parse } from 'node:path'
import { commandAs, type Probe } from './run-as.ts'
import { runCommand } from './run-command.ts'

// From the root down, so that the first closed folder is the one to name.
const script =
  'for f do if [ -d "$f" ]; then [ -x "$f" ]; else [ -r "$f" ]; fi || { printf %s "$f"; exit 77; }; done'

/** A probe for the given files and folders and all folders above them. */
export function accessProbe(paths: readonly string[]): Probe {
  const all = [...new Set(paths.flatMap(withParents))]
  return async (runAs) => {
    const shell = commandAs(runAs, '/bin/sh', ['-c', script, 'sh', ...all], process.getuid?.())
    const { code, stdout, stderr } = await runCommand(shell)
    if (code === 0) return undefined
    if (code === 77) return `${stdout} is closed to it`
    return stderr.trim() || `${shell.file} ended with ${code}`
  }
}

/** `/a/b` → `/`, `/a`, `/a/b` */
export function withParents(path: string): string[] {
  const { root } = parse(path)
  const parents = [path]
  for (let at = path; at !== root && at !== dirname(at); at = dirname(at))
    parents.unshift(dirname(at))
  return parents
}
