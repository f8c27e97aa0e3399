import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { describe, expect, test } from 'vitest'
import {
  embeddedProcess,
  folderWithCluster,
  killHard,
  query,
  temporaryFolder,
  until,
} from './embedded-process.testing.ts'
import type { ServerExit } from './embedded-server.ts'
import { withPid } from './postmaster-file.ts'
import { identify, isAlive } from './process-identity.ts'
import { startEmbedded } from './start-embedded.ts'

const runs = (pid: number) => identify(pid) !== undefined
const linux = process.platform === 'linux'

describe('what a kill -9 leaves', () => {
  test('a server whose owner was killed stays, and the next start takes it over and stops it', async () => {
    await using folder = await folderWithCluster()
    await using first = embeddedProcess({ data: folder.path })
    const { pid } = await first.started
    await first.kill()
    expect(runs(pid)).toBe(true)
    const server = await startEmbedded({ data: folder.path })
    expect(server).toMatchObject({ pid, owner: true })
    await server[Symbol.asyncDispose]()
    expect(runs(pid)).toBe(false)
  })

  test('acknowledged commits survive the death of server and owner', async () => {
    await using folder = await folderWithCluster()
    await using first = embeddedProcess({ data: folder.path })
    const before = await first.started
    await query(before, 'create table kept (n int primary key)')
    await query(before, 'insert into kept select generate_series(1, 1000)')
    killHard(before.pid)
    await first.kill()
    await using server = await startEmbedded({ data: folder.path })
    expect(await query(server, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
  })

  test('the owner restarts a dead server at the same address and says so', async () => {
    await using folder = await folderWithCluster()
    await using server = await startEmbedded({ data: folder.path })
    const { pid, host, port } = server
    await query(server, 'create table kept as select 7 as n')
    const exits: ServerExit[] = []
    server.onExit((exit) => exits.push(exit))
    killHard(pid)
    await until('another server runs', () => server.pid !== pid)
    expect(server).toMatchObject({ host, port, owner: true })
    expect(await query(server, 'select n from kept')).toEqual([{ n: 7 }])
    expect(exits).toEqual([{ pid, restarting: true }])
  })

  test('without autoRestart a dead server stays dead until restart()', async () => {
    await using folder = await folderWithCluster()
    await using server = await startEmbedded({ data: folder.path, autoRestart: false })
    const { pid } = server
    const exit = new Promise<ServerExit>((resolve) => server.onExit(resolve))
    killHard(pid)
    expect(await exit).toEqual({ pid, restarting: false })
    await expect(query(server, 'select 1')).rejects.toThrow()
    await Promise.all([server.restart(), server.restart()])
    expect(server.pid).not.toBe(pid)
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('restart() of a living server changes nothing', async () => {
    await using folder = await folderWithCluster()
    await using server = await startEmbedded({ data: folder.path })
    const { pid } = server
    await server.restart()
    expect(server.pid).toBe(pid)
  })

  test('all that are attached follow the owner to the restarted server', async () => {
    await using folder = await folderWithCluster()
    await using first = embeddedProcess({ data: folder.path })
    const { pid } = await first.started
    await using server = await startEmbedded({ data: folder.path })
    killHard(pid)
    await until('the attached one follows', () => server.pid !== pid)
    expect(server.owner).toBe(false)
    expect((await first.state()).pid).toBe(server.pid)
  })

  test('an attached process takes over when server and owner die', async () => {
    await using folder = await folderWithCluster()
    await using first = embeddedProcess({ data: folder.path })
    const { pid } = await first.started
    await using server = await startEmbedded({ data: folder.path })
    await first.kill()
    killHard(pid)
    await until('another server runs', () => server.pid !== pid)
    expect(server.owner).toBe(true)
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('an attached process may restart what the owner leaves dead, with the settings of the owner', async () => {
    await using folder = await folderWithCluster()
    const settings = { work_mem: '7MB' }
    await using owner = await startEmbedded({ data: folder.path, autoRestart: false, settings })
    const { pid } = owner
    await using other = embeddedProcess({ data: folder.path })
    await other.started
    killHard(pid)
    await other.restart()
    await until('the owner follows', () => owner.pid !== pid)
    expect(await query(owner, 'show work_mem')).toEqual([{ work_mem: '7MB' }])
    expect(owner.owner).toBe(true)
  })

  test.skipIf(!linux)('a backend that outlives its postmaster in a loop is ended', async () => {
    await using folder = await folderWithCluster()
    await using server = await startEmbedded({ data: folder.path })
    const { host, port, user, database, pid } = server
    const client = new Client({ host, port, user, database })
    client.on('error', () => {})
    await client.connect()
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const backend = identify(rows[0]?.pid ?? 0)
    if (!backend) throw new Error('no backend')
    const looping = client.query('do $$ begin loop end loop; end $$')
    looping.catch(() => {})
    const busy = "select 1 from pg_stat_activity where query like 'do %' and state = 'active'"
    await until('it loops', async () => (await query(server, busy)).length === 1)
    killHard(pid)
    await until('another server runs', () => server.pid !== pid)
    expect(isAlive(backend)).toBe(false)
  })

  test.skipIf(!linux || process.getuid?.() !== 0)(
    'a stale postmaster.pid whose pid now is another program of the same user',
    async () => {
      await using folder = await folderWithCluster()
      await using first = embeddedProcess({ data: folder.path })
      const { pid } = await first.started
      killHard(pid)
      await first.kill()
      const path = join(folder.path, 'postgres', 'postmaster.pid')
      const other = spawn('sleep', ['600'], { uid: 65534, gid: 65534 })
      try {
        writeFileSync(path, withPid(readFileSync(path, 'utf8'), other.pid ?? 0))
        await using server = await startEmbedded({ data: folder.path })
        expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }])
        expect(runs(other.pid ?? 0)).toBe(true)
      } finally {
        other.kill('SIGKILL')
      }
    },
  )

  test('an empty postmaster.pid, torn by a power cut', async () => {
    await using folder = await folderWithCluster()
    await using first = embeddedProcess({ data: folder.path })
    const { pid } = await first.started
    await first.kill()
    killHard(pid)
    await until('the server has ended', () => !runs(pid))
    writeFileSync(join(folder.path, 'postgres', 'postmaster.pid'), '')
    await using server = await startEmbedded({ data: folder.path })
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('a holder in the lock whose pid now is another process counts as dead', async () => {
    await using folder = await folderWithCluster()
    const server = await startEmbedded({ data: folder.path })
    const path = join(folder.path, 'postgres.lock')
    const lock = JSON.parse(readFileSync(path, 'utf8'))
    const recycled = { id: 'recycled', process: { pid: process.ppid, started: 'another time' } }
    writeFileSync(path, JSON.stringify({ ...lock, holders: [recycled, ...lock.holders] }))
    await until('we own it', () => server.owner)
    await server[Symbol.asyncDispose]()
    expect(runs(server.pid)).toBe(false)
  })

  test('a torn lock is no obstacle', async () => {
    await using folder = await folderWithCluster()
    await using first = embeddedProcess({ data: folder.path })
    const { pid } = await first.started
    await first.kill()
    writeFileSync(join(folder.path, 'postgres.lock'), '{"version":1,"hol')
    await using server = await startEmbedded({ data: folder.path })
    expect(server).toMatchObject({ pid, owner: true })
  })

  test('a lock of a newer format is refused', async () => {
    await using folder = await temporaryFolder()
    writeFileSync(join(folder.path, 'postgres.lock'), '{"version":2}')
    const start = startEmbedded({ data: folder.path })
    await expect(start).rejects.toMatchObject({ code: 'EMBEDDED_FORMAT_NEWER' })
  })

  test('an initdb that was killed half-way is done again, at whatever moment it was killed', async () => {
    await using folder = await temporaryFolder()
    for (const steps of [1, 3, 6, 12, 20]) {
      await using first = embeddedProcess({ data: folder.path })
      const half = () => readdirSync(folder.path).find((name) => name.includes('.init-'))
      await until('initdb has begun', () => half() !== undefined)
      const path = join(folder.path, half() ?? '')
      await until('it has got on', () => entriesIn(path) >= steps)
      await first.kill()
      expect(readdirSync(folder.path)).not.toContain('postgres')
    }
    await using server = await startEmbedded({ data: folder.path })
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(readdirSync(folder.path).filter((name) => name.includes('.init-'))).toEqual([])
  })

  test('a starter killed between starting the server and noting it leaves a server that is found', async () => {
    await using folder = await folderWithCluster()
    await using once = embeddedProcess({ data: folder.path })
    await once.started
    await once.dispose()
    await using first = embeddedProcess({ data: folder.path })
    const path = join(folder.path, 'postgres', 'postmaster.pid')
    await until('a server starts', () => readOr(path) !== '')
    await first.kill()
    await using server = await startEmbedded({ data: folder.path })
    expect(server.owner).toBe(true)
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('a start that is aborted leaves no server', async () => {
    await using folder = await temporaryFolder()
    for (const patience of [0, 5, 300]) {
      const abort = new AbortController()
      const start = startEmbedded({ data: folder.path, signal: abort.signal })
      start.catch(() => {})
      await sleep(patience)
      abort.abort(new Error('enough'))
      await expect(start).rejects.toThrow('enough')
      expect(readOr(join(folder.path, 'postgres', 'postmaster.pid'))).toBe('')
    }
    await using server = await startEmbedded({ data: folder.path })
    expect(server.owner).toBe(true)
  })

  test('a server whose socket was cleaned away is restarted by the next start', async () => {
    await using folder = await folderWithCluster()
    await using first = embeddedProcess({ data: folder.path })
    const { pid, host } = await first.started
    await rm(host, { recursive: true })
    await using server = await startEmbedded({ data: folder.path })
    expect(server.pid).not.toBe(pid)
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }])
    await until('the first follows', async () => (await first.state()).pid === server.pid)
  })

  test('disposal stops the server even when the data folder was deleted', async () => {
    await using folder = await temporaryFolder()
    const server = await startEmbedded({ data: join(folder.path, 'gone') })
    const { pid, host } = server
    await rm(join(folder.path, 'gone'), { recursive: true, force: true, maxRetries: 5 })
    await server[Symbol.asyncDispose]()
    await until('the server has ended', () => !runs(pid))
    expect(() => readdirSync(host)).toThrow()
  })
})

function entriesIn(path: string): number {
  try {
    return readdirSync(path).length
  } catch {
    return 0
  }
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
