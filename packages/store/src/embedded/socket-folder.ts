/**
 * The server's socket lies alone in a short folder of mode 0700 under the temporary directory: a socket's name may have
 * 107 bytes (103 on macOS and BSD, sys/un.h), and whoever can enter the folder is let in without a password.
 */
import { existsSync, lstatSync, rmSync } from 'node:fs'
import { chown, lstat, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { withParents } from './access-probe.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { errorCode } from './error-code.ts'
import { type Caller, fileOwner, type RunAs } from './run-as.ts'

const prefix = 'typestead-pg-'

/** The one port of every socket folder: the folder tells servers apart. */
export const socketPort = 5432

/**
 * An empty socket folder of the server's user: the one of before, so that clients find the server again, or a new one.
 * @throws {EmbeddedPostgresError} EMBEDDED_FOLDER_CLOSED when no temporary directory will do
 */
export async function openSocketFolder(runAs: RunAs, before: string | undefined): Promise<string> {
  const owner = fileOwner(runAs)
  if (before !== undefined && fits(before, process.platform) && (await takeBack(before, owner))) {
    return before
  }
  const bases = [...new Set([tmpdir(), '/tmp', '/var/tmp', '/dev/shm'])]
  const refusals: string[] = []
  for (const base of bases) {
    const refusal = await refusalOf(base, owner)
    if (refusal !== undefined) {
      refusals.push(`${base}: ${refusal}`)
      continue
    }
    const folder = await mkdtemp(join(base, prefix)).catch((error) => {
      refusals.push(`${base}: ${errorCode(error)}`)
      return undefined
    })
    if (folder === undefined) continue
    await give(folder, owner)
    return folder
  }
  throw new EmbeddedPostgresError(
    'EMBEDDED_FOLDER_CLOSED',
    `no temporary directory can hold the server's socket (${refusals.join('; ')}); set TMPDIR to a short folder that all may pass`,
  )
}

/** Removes a folder made by `openSocketFolder`; anything else it leaves alone. A server that is stopping needs it no more. */
export function removeSocketFolder(folder: string): void {
  if (isOurs(folder)) rmSync(folder, { recursive: true, force: true })
}

/** Whether the server can still be reached there: cleaners of temporary directories delete sockets too. */
export function hasSocket(folder: string, port: number): boolean {
  return existsSync(socketPath(folder, port))
}

/** Whether a socket in the folder keeps to the system's limit; names are counted in bytes. */
export function fits(folder: string, platform: string): boolean {
  return Buffer.byteLength(socketPath(folder, socketPort)) <= (platform === 'linux' ? 107 : 103)
}

function socketPath(folder: string, port: number): string {
  return join(folder, `.s.PGSQL.${port}`)
}

function isOurs(folder: string): boolean {
  if (!basename(folder).startsWith(prefix)) return false
  return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** Someone else may have made a folder of that name meanwhile: only one that is ours and closed is taken. */
async function takeBack(folder: string, owner: Caller | undefined): Promise<boolean> {
  if (!basename(folder).startsWith(prefix)) return false
  try {
    await mkdir(folder, { mode: 0o700 })
    await give(folder, owner)
    return true
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') return false
  }
  const found = await lstat(folder)
  const isPrivate =
    found.isDirectory() && (found.mode & 0o777) === 0o700 && found.uid === owner?.uid
  // Sockets of a killed server; its lock file would stop the next one if its pid had been given out again.
  if (isPrivate) {
    await rm(socketPath(folder, socketPort), { force: true })
    await rm(`${socketPath(folder, socketPort)}.lock`, { force: true })
  }
  return isPrivate
}

async function refusalOf(base: string, owner: Caller | undefined): Promise<string | undefined> {
  if (!fits(join(base, `${prefix}XXXXXX`), process.platform))
    return 'its name is too long for a socket'
  if (process.getuid?.() === owner?.uid) return undefined
  for (const folder of withParents(base)) {
    const mode = (await stat(folder).catch(() => undefined))?.mode
    if (mode === undefined) return 'not there'
    if ((mode & 0o001) === 0) return `${folder} is closed to user ${owner?.uid}`
  }
  return undefined
}

async function give(folder: string, owner: Caller | undefined): Promise<void> {
  if (owner && owner.uid !== process.getuid?.()) await chown(folder, owner.uid, owner.gid)
}
