/**
 * The places of one embedded server, all in the data folder but the socket:
 * `postgres/` the cluster, `postgres.lock` who uses it, `postgres.mutex`, `postgres.log`, and where needed
 * `postgres-binaries/` (a copy of a package that can't be written to) and `postgres.password` (Windows).
 */
import { chownSync } from 'node:fs'
import { chmod, mkdir, realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { errorCode } from './error-code.ts'

export interface EmbeddedFolder {
  /** Absolute, links resolved: two names of one folder are one server. */
  readonly data: string
  readonly cluster: string
  readonly lock: string
  readonly mutex: string
  readonly log: string
  readonly binaries: string
  readonly password: string
  /** Whose folder `data` is; files that root makes in it are given to them. */
  readonly owner: { readonly uid: number; readonly gid: number }
}

/**
 * Makes the data folder where it is missing and names the places in it.
 * @throws {EmbeddedPostgresError} EMBEDDED_FOLDER_CLOSED, EMBEDDED_BAD_OPTION
 */
export async function openFolder(path: string): Promise<EmbeddedFolder> {
  if (path === '' || /[\n\r\0]/.test(path)) {
    throw new EmbeddedPostgresError(
      'EMBEDDED_BAD_OPTION',
      `data: a folder name without line breaks is needed, got ${JSON.stringify(path)}`,
    )
  }
  try {
    const first = await mkdir(resolve(path), { recursive: true })
    const data = await realpath(path)
    if (first !== undefined) await openToServer(await realpath(first), data)
    const { uid, gid } = await stat(data)
    return { ...placesIn(data), owner: { uid, gid } }
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error
    const code = errorCode(error)
    throw new EmbeddedPostgresError(
      code === 'ENOTDIR' || code === 'EEXIST' ? 'EMBEDDED_BAD_OPTION' : 'EMBEDDED_FOLDER_CLOSED',
      `the data folder ${path} can't be made or opened (${code}); let this user write there, or choose another`,
      error,
    )
  }
}

export function placesIn(data: string): Omit<EmbeddedFolder, 'owner'> {
  return {
    data,
    cluster: join(data, 'postgres'),
    lock: join(data, 'postgres.lock'),
    mutex: join(data, 'postgres.mutex'),
    log: join(data, 'postgres.log'),
    binaries: join(data, 'postgres-binaries'),
    password: join(data, 'postgres.password'),
  }
}

/** What root makes in someone's data folder stays theirs, so that they can go on without root. */
export function giveToDataOwner(folder: EmbeddedFolder, path: string): void {
  if (process.getuid?.() !== 0 || folder.owner.uid === 0) return
  chownSync(path, folder.owner.uid, folder.owner.gid)
}

/** Folders that root has just made (perhaps under umask 077) must let the server's user pass. */
async function openToServer(first: string, data: string): Promise<void> {
  if (process.getuid?.() !== 0) return
  for (let path = data; path.length >= first.length; path = dirname(path)) {
    await chmod(path, (await stat(path)).mode | 0o111)
  }
}
