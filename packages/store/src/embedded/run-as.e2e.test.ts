import { execFileSync } from 'node:child_process'
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs'
import { cp, mkdir, readlink, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { packageNameOf } from './binaries.ts'
import {
  embeddedProcess,
  killHard,
  query,
  temporaryFolder,
  until,
} from './embedded-process.testing.ts'
import { startEmbedded } from './start-embedded.ts'

const isRoot = process.platform === 'linux' && process.getuid?.() === 0
/** Has a name on every Unix (daemon), and no rights. */
const user = 1
/** Has no name anywhere. */
const nameless = 4242
const packageName = packageNameOf(process.platform, process.arch)
const packageRoot = dirname(dirname(createRequire(import.meta.url).resolve(packageName)))

/** Real uid of a process as seen from outside any namespace. */
const uidOf = (pid: number) =>
  Number(/^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

const namespaceWorks = isRoot && runs('unshare', '--user', '--map-user=65534', 'true')
const userCanRunNode =
  isRoot && runs('setpriv', `--reuid=${user}`, '--clear-groups', process.execPath, '--version')

describe.skipIf(!isRoot)('as root', () => {
  test('in an open folder the server runs as 65534, whatever the umask', async () => {
    await using folder = await temporaryFolder()
    const before = process.umask(0o077)
    try {
      await using server = await startEmbedded({ data: join(folder.path, 'a', 'b') })
      expect(uidOf(server.pid)).toBe(65534)
      expect(statSync(server.host)).toMatchObject({ uid: 65534, gid: 65534 })
      expect(statSync(join(folder.path, 'a', 'b', 'postgres')).mode & 0o777).toBe(0o700)
    } finally {
      process.umask(before)
    }
  })

  test.skipIf(!namespaceWorks)(
    'in a folder closed to others it runs in a user namespace',
    async () => {
      await using folder = await temporaryFolder()
      chmodSync(folder.path, 0o700)
      const data = join(folder.path, 'data')
      const server = await startEmbedded({ data })
      expect(uidOf(server.pid)).toBe(0)
      expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }])
      const { pid } = server
      killHard(pid)
      await until('another server runs', () => server.pid !== pid)
      await server[Symbol.asyncDispose]()
      expect(existsProcess(server.pid)).toBe(false)
    },
  )

  test.skipIf(!namespaceWorks)('a cluster keeps its way when its folder is opened', async () => {
    await using folder = await temporaryFolder()
    chmodSync(folder.path, 0o700)
    await (await startEmbedded({ data: folder.path }))[Symbol.asyncDispose]()
    chmodSync(folder.path, 0o755)
    await using server = await startEmbedded({ data: folder.path })
    expect(uidOf(server.pid)).toBe(0)
  })

  test('a cluster of 65534 in a folder that was closed since: the error names the folder', async () => {
    await using folder = await temporaryFolder()
    const data = join(folder.path, 'middle', 'data')
    await (await startEmbedded({ data }))[Symbol.asyncDispose]()
    chmodSync(join(folder.path, 'middle'), 0o700)
    await expect(startEmbedded({ data })).rejects.toMatchObject({
      code: 'EMBEDDED_FOLDER_CLOSED',
      message: expect.stringContaining(`${join(folder.path, 'middle')} is closed to it`),
    })
  })

  test('where neither way works, the error names the closed folder', async () => {
    await using folder = await temporaryFolder()
    // Another user's closed folder: root in a namespace has no power over it.
    const theirs = join(folder.path, 'theirs')
    await mkdir(theirs, { mode: 0o700 })
    chownSync(theirs, user, user)
    await expect(startEmbedded({ data: join(theirs, 'data') })).rejects.toMatchObject({
      code: 'EMBEDDED_FOLDER_CLOSED',
      message: expect.stringContaining(`${theirs} is closed to it`),
    })
  })

  test('binaries that 65534 cannot reach also lead to the namespace', async () => {
    await using folder = await temporaryFolder()
    const closed = join(folder.path, 'closed')
    await mkdir(closed)
    await copyPackage(closed, false)
    chmodSync(closed, 0o700)
    await using server = await startEmbedded({
      data: join(folder.path, 'data'),
      resolveFrom: closed,
    })
    expect(uidOf(server.pid)).toBe(0)
    expect(readFileSync(`/proc/${server.pid}/cmdline`, 'utf8')).toContain(closed)
  })
})

const namelessNamespaceWorks =
  isRoot && runs('setpriv', `--reuid=${nameless}`, 'unshare', '--user', '--map-user=65534', 'true')

describe.skipIf(!userCanRunNode)('as a normal user', () => {
  test.skipIf(!namelessNamespaceWorks)('a user without a name, as in containers', async () => {
    await using folder = await temporaryFolder()
    chownSync(folder.path, nameless, nameless)
    await using theirs = embeddedProcess({ data: folder.path }, nameless)
    const state = await theirs.started
    expect(uidOf(state.pid)).toBe(nameless)
    expect(await query(state, 'select 1 as one')).toEqual([{ one: 1 }])
    await theirs.dispose()
  })

  test('the server runs as that user, and root may go on with it and back', async () => {
    await using folder = await temporaryFolder()
    chownSync(folder.path, user, user)
    await using theirs = embeddedProcess({ data: folder.path }, user)
    const state = await theirs.started
    expect(uidOf(state.pid)).toBe(user)
    const attached = await startEmbedded({ data: folder.path })
    expect(attached.pid).toBe(state.pid)
    await theirs.dispose()
    await attached[Symbol.asyncDispose]()
    {
      await using server = await startEmbedded({ data: folder.path })
      expect(uidOf(server.pid)).toBe(user)
    }
    await using again = embeddedProcess({ data: folder.path }, user)
    expect(uidOf((await again.started).pid)).toBe(user)
    await again.dispose()
  })

  test("root's cluster is refused by name of its owner", async () => {
    await using folder = await temporaryFolder()
    await (await startEmbedded({ data: folder.path }))[Symbol.asyncDispose]()
    await rm(join(folder.path, 'postgres.mutex'))
    chmodSync(folder.path, 0o777)
    await using theirs = embeddedProcess({ data: folder.path }, user)
    await expect(theirs.started).rejects.toThrow(/^EMBEDDED_FOLDER_CLOSED: .*user who made/)
  })

  test('a data folder that can not be made is named', async () => {
    await using folder = await temporaryFolder()
    const data = join(folder.path, 'data')
    await using theirs = embeddedProcess({ data }, user)
    await expect(theirs.started).rejects.toThrow(/^EMBEDDED_FOLDER_CLOSED: the data folder/)
    await mkdir(data)
    await using again = embeddedProcess({ data }, user)
    await expect(again.started).rejects.toThrow(/^EMBEDDED_FOLDER_CLOSED: can't lock/)
  })

  test('a package without its links that can not be written to is copied into the data folder', async () => {
    await using folder = await temporaryFolder()
    const project = join(folder.path, 'project')
    await copyPackage(project, false)
    const data = join(folder.path, 'data')
    await mkdir(data)
    chownSync(data, user, user)
    const options = { data, resolveFrom: project }
    await using one = embeddedProcess(options, user)
    await using two = embeddedProcess(options, user)
    const states = await Promise.all([one.started, two.started])
    expect(states[0].pid).toBe(states[1].pid)
    const copies = join(data, 'postgres-binaries')
    expect(readdirSync(copies)).toEqual([expect.stringMatching(/^18\.[^/]*\d$/)])
    expect(readFileSync(`/proc/${states[0].pid}/cmdline`, 'utf8')).toContain(copies)
    await Promise.all([one.dispose(), two.dispose()])
  })

  test('a package without its links that can be written to gets them, once, from two at a time', async () => {
    await using folder = await temporaryFolder()
    chownSync(folder.path, user, user)
    const project = join(folder.path, 'project')
    await copyPackage(project, false)
    execFileSync('chown', ['-R', `${user}:${user}`, project])
    const start = (name: string) =>
      embeddedProcess({ data: join(folder.path, name), resolveFrom: project }, user)
    await using one = start('one')
    await using two = start('two')
    await Promise.all([one.started, two.started])
    const lib = join(project, 'node_modules', packageName, 'native', 'lib')
    expect(await readlink(join(lib, 'libpq.so.5'))).toBe('libpq.so.5.18')
    expect(readdirSync(lib).filter((name) => name.endsWith('.tmp'))).toEqual([])
    await Promise.all([one.dispose(), two.dispose()])
  })
})

test('the installed package has its links and programs once a server ran', async () => {
  await using folder = await temporaryFolder()
  await using server = await startEmbedded({ data: folder.path })
  expect(server.owner).toBe(true)
  const links: { target: string }[] = JSON.parse(
    readFileSync(join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8'),
  )
  for (const { target } of links) accessSync(join(packageRoot, target), constants.R_OK)
})

/** The package as npm unpacks it: without the links of its install script. */
async function copyPackage(project: string, links: boolean): Promise<void> {
  const copy = join(project, 'node_modules', packageName)
  await mkdir(dirname(copy), { recursive: true })
  await cp(packageRoot, copy, { recursive: true, verbatimSymlinks: true })
  if (links) return
  const planned: { target: string }[] = JSON.parse(
    readFileSync(join(copy, 'native', 'pg-symlinks.json'), 'utf8'),
  )
  for (const { target } of planned) await rm(join(copy, target), { force: true })
}

function runs(file: string, ...args: string[]): boolean {
  try {
    execFileSync(file, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** A process that has ended but whose parent has not looked yet (state Z, proc(5)) does not run. */
function existsProcess(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
  } catch {
    return false
  }
}
