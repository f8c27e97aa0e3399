/** Peers are installed beside the workspace, each set with its own lockfile: `bench/peers/<package>/`. */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../scripts/run-command.ts'

/** Runs `npm ci` when the peers were never installed, or the lockfile is newer. */
export async function installPeers(folder: string, print: (line: string) => void): Promise<void> {
  const lockfile = join(folder, 'package-lock.json')
  const installed = join(folder, 'node_modules', '.package-lock.json')
  if (!existsSync(lockfile)) return
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs) return
  print(`installing the peers of ${folder}`)
  const flags = ['--no-audit', '--no-fund', '--prefer-offline']
  const { code, output } = await runCommand('npm', ['ci', ...flags], { cwd: folder })
  if (code !== 0) throw new Error(`"npm ci" failed in ${folder} (${code}):\n${output}`)
}
