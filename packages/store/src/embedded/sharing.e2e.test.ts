import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  embeddedProcess,
  folderWithCluster,
  killHard,
  query,
  temporaryFolder,
  until,
} from './embedded-process.testing.ts'
import { parseLock } from './lock-record.ts'
import { currentProcess, identify } from './process-identity.ts'
import { startEmbedded } from './start-embedded.ts'

const runs = (pid: number) => identify(pid) !== undefined
const lockIn = (data: string) => parseLock(readFileSync(join(data, 'postgres.lock'), 'utf8'))

describe('sharing one server', () => {
  test('the lock names the owner by pid and start time', async () => {
    await using folder = await folderWithCluster()
    await using server = await startEmbedded({ data: folder.path })
    const lock = lockIn(folder.path)
    expect(lock?.holders.map((holder) => holder.process)).toEqual([currentProcess()])
    expect(lock?.server?.process).toEqual(identify(server.pid))
  })

  test('two starts in one process share a server, and the last disposal stops it', async () => {
    await using folder = await folderWithCluster()
    const [one, two] = await Promise.all([
      startEmbedded({ data: folder.path }),
      startEmbedded({ data: folder.path }),
    ])
    expect(one.pid).toBe(two.pid)
    expect([one.owner, two.owner].filter(Boolean)).toHaveLength(1)
    await one[Symbol.asyncDispose]()
    expect(await query(two, 'select 1 as one')).toEqual([{ one: 1 }])
    await two[Symbol.asyncDispose]()
    expect(runs(two.pid)).toBe(false)
  })

  test('a second process attaches, and leaves the server running when it goes', async () => {
    await using folder = await folderWithCluster()
    await using server = await startEmbedded({ data: folder.path })
    await using other = embeddedProcess({ data: folder.path })
    expect(await other.started).toMatchObject({ pid: server.pid, host: server.host, owner: false })
    await other.dispose()
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(server.owner).toBe(true)
  })

  test('a second process that is killed leaves the server to its owner', async () => {
    await using folder = await folderWithCluster()
    const server = await startEmbedded({ data: folder.path })
    await using other = embeddedProcess({ data: folder.path })
    await other.started
    await other.kill()
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }])
    await server[Symbol.asyncDispose]()
    expect(runs(server.pid)).toBe(false)
  })

  test('when the owner leaves first, ownership passes and the last one stops the server', async () => {
    await using folder = await folderWithCluster()
    await using first = embeddedProcess({ data: folder.path })
    const { pid } = await first.started
    const server = await startEmbedded({ data: folder.path })
    expect(server.owner).toBe(false)
    await first.dispose()
    await until('the second owns it', () => server.owner)
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }])
    await server[Symbol.asyncDispose]()
    expect(runs(pid)).toBe(false)
  })

  test('of processes that start in one instant in an empty folder, one owns and all use one server', async () => {
    await using folder = await temporaryFolder()
    await using one = embeddedProcess({ data: folder.path })
    await using two = embeddedProcess({ data: folder.path })
    await using three = embeddedProcess({ data: folder.path })
    const states = await Promise.all([one.started, two.started, three.started])
    expect(new Set(states.map((state) => state.pid)).size).toBe(1)
    expect(states.filter((state) => state.owner)).toHaveLength(1)
    await Promise.all([one.dispose(), two.dispose(), three.dispose()])
    expect(runs(states[0].pid)).toBe(false)
  })

  test('of processes that start in one instant over a dead server, one restarts it', async () => {
    await using folder = await folderWithCluster()
    await using dead = embeddedProcess({ data: folder.path })
    const { pid } = await dead.started
    await dead.kill()
    killHard(pid)
    await using one = embeddedProcess({ data: folder.path })
    await using two = embeddedProcess({ data: folder.path })
    const states = await Promise.all([one.started, two.started])
    expect(states[0].pid).toBe(states[1].pid)
    expect(states[0].pid).not.toBe(pid)
    await Promise.all([one.dispose(), two.dispose()])
  })

  test('process.exit without disposal stops the server, and a start in that moment succeeds', async () => {
    await using folder = await folderWithCluster()
    await using first = embeddedProcess({ data: folder.path })
    const { pid } = await first.started
    await first.exit()
    await using server = await startEmbedded({ data: folder.path })
    expect(server.owner).toBe(true)
    expect(server.pid).not.toBe(pid)
    expect(runs(pid)).toBe(false)
  })

  test('a process that exits without disposal leaves the server to those attached', async () => {
    await using folder = await folderWithCluster()
    await using first = embeddedProcess({ data: folder.path })
    const { pid } = await first.started
    await using server = await startEmbedded({ data: folder.path })
    await first.exit()
    await until('the second owns it', () => server.owner)
    expect(server.pid).toBe(pid)
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('each holder may have a database of its own', async () => {
    await using folder = await folderWithCluster()
    await using one = await startEmbedded({ data: folder.path, database: 'One "quoted"' })
    await using two = await startEmbedded({ data: folder.path, database: 'two' })
    const text = 'select current_database() as name'
    expect(await query(one, text, one.database)).toEqual([{ name: 'One "quoted"' }])
    expect(await query(two, text, two.database)).toEqual([{ name: 'two' }])
  })
})
