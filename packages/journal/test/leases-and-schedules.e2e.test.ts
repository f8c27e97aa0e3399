import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openJournal, type SqlRunner } from '../src/index.ts'
import { Leases } from '../src/lease.ts'
import { ProcessPresence } from '../src/presence.ts'
import { prepareTables } from '../src/schema.ts'
import type { Storage } from '../src/storage.ts'
import { uuid7 } from '../src/uuid.ts'
import { ManualClock, type World } from './manual-clock.ts'
import { type Place, type Places, stores, until } from './stores.ts'

const ttl = 1_000
const newId = () => uuid7(Date.now())

describe.each(stores)('time passes for journals in $name', ({ places: start }) => {
  let places: Places
  beforeAll(async () => {
    places = await start()
  })
  afterAll(() => places[Symbol.asyncDispose]())

  async function twoProcesses() {
    const place = await places.fresh()
    const world: World = { now: 1_700_000_000_000 }
    const underWay = new Set<Promise<unknown>>()
    const make = () => {
      const clock = new ManualClock(world)
      const storage = place.source().open(clock)
      const run = storage.run.bind(storage)
      storage.run = (statement) => {
        const answer = run(statement)
        underWay.add(answer)
        const end = () => underWay.delete(answer)
        answer.then(end, end)
        return answer
      }
      return { clock, storage }
    }
    const [a, b] = [make(), make()]
    await prepareTables(a.storage)
    /** Until what was asked of the store is answered, and who asked has taken the answer. */
    const settle = async () => {
      do await new Promise((resolve) => setTimeout(resolve, 2))
      while (underWay.size > 0)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    const pass = async (ms: number) => {
      world.now += ms
      for (const { clock } of [a, b]) await clock.pass(ms, settle)
    }
    return {
      a,
      b,
      world,
      pass,
      async [Symbol.asyncDispose]() {
        for (const { clock, storage } of [a, b]) {
          clock.stop()
          await storage[Symbol.asyncDispose]()
        }
      },
    }
  }

  test('a lease that cannot be renewed aborts its owner before another can have it', async () => {
    await using two = await twoProcesses()
    const mine = new Leases(unreachable(two.a.storage, 'lease'), two.a.clock, newId)
    const theirs = new Leases(two.b.storage, two.b.clock, newId)
    const lease = await mine.attempt('l', { ttl })
    expect(lease).toBeDefined()
    let abortedFirst = false
    for (let i = 0; i < 40; i++) {
      await two.pass(50)
      const aborted = lease?.signal.aborted ?? false
      const other = await theirs.attempt('l', { ttl })
      if (other === undefined) {
        abortedFirst ||= aborted
        continue
      }
      expect(abortedFirst).toBe(true)
      expect(lease?.signal.reason).toMatchObject({ code: 'LOST' })
      expect(other.token).toBeGreaterThan(lease?.token ?? 0)
      return
    }
    throw new Error('the lease never ran out')
  })

  test('a lease that is renewed stays', async () => {
    await using two = await twoProcesses()
    const mine = new Leases(two.a.storage, two.a.clock, newId)
    const theirs = new Leases(two.b.storage, two.b.clock, newId)
    const lease = await mine.attempt('l', { ttl })
    for (let i = 0; i < 15; i++) {
      await two.pass(200)
      expect(await theirs.attempt('l', { ttl })).toBeUndefined()
    }
    expect(lease?.signal.aborted).toBe(false)
  })

  test('a process that cannot renew its presence is told before others take its claims', async () => {
    await using two = await twoProcesses()
    const presence = new ProcessPresence(
      unreachable(two.a.storage, 'process'),
      two.a.clock,
      ttl,
      newId,
      async () => {},
    )
    const { owner, signal } = await presence.current()
    const { dialect } = two.b.storage
    for (let i = 0; i < 40; i++) {
      await two.pass(50)
      const rows = await two.b.storage.read({
        text: `select id from ${dialect.table('process')} where id = $2 and expires > ${dialect.now}`,
        values: [two.b.storage.time(), owner],
      })
      if (rows.length > 0) continue
      expect(signal.aborted).toBe(true)
      return
    }
    throw new Error('the presence never ran out')
  })

  test('a schedule runs once across processes, and makes up what was missed as it says', async () => {
    const place: Place = await places.fresh()
    const world: World = { now: Date.parse('2026-01-01T00:00:30Z') }
    const clocks = [new ManualClock(world), new ManualClock(world)] as const
    const errors: unknown[] = []
    const open = (clock: ManualClock) =>
      openJournal(place.source(), { clock, poll: 1_000, onError: (error) => errors.push(error) })
    const journals = [await open(clocks[0]), await open(clocks[1])] as const
    for (const missed of ['once', 'skip', 'all'] as const) {
      await journals[0].schedule(missed, { cron: '* * * * *', missed }, missed, null)
    }
    journals[1].runSchedules()
    const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 15))
    const pass = async (ms: number) => {
      world.now += ms
      for (const clock of clocks) await clock.pass(ms, settle)
    }
    const ids = async () => (await journals[0].inspect.outbox()).map(({ id }) => id).sort()
    for (let i = 0; i < 40; i++) await pass(1_000)
    await until(async () => (await ids()).length === 3)
    expect(await ids()).toEqual([
      'all@2026-01-01T00:01:00.000Z',
      'once@2026-01-01T00:01:00.000Z',
      'skip@2026-01-01T00:01:00.000Z',
    ])
    // Nobody looks for more than three minutes.
    world.now += 200_000
    for (let i = 0; i < 3; i++) await pass(1_000)
    await until(async () => (await ids()).filter((id) => id.startsWith('all')).length >= 4)
    await settle()
    const late = (await ids()).filter((id) => !id.includes('00:01:00'))
    expect(late.filter((id) => id.startsWith('once'))).toEqual(['once@2026-01-01T00:04:00.000Z'])
    expect(late.filter((id) => id.startsWith('all'))).toHaveLength(3)
    expect(await journals[0].inspect.schedules()).toMatchObject([
      { name: 'all', cron: '* * * * *', zone: 'UTC' },
      {},
      {},
    ])
    await journals[0].unschedule('all')
    await expect(journals[0].unschedule('all')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(errors).toEqual([])
    for (const journal of journals) await journal.close(0)
  })
})

/** A store that stops answering updates of one table, as from behind a broken network. */
function unreachable(storage: Storage, table: string): Storage {
  const name = storage.dialect.table(table)
  const run: SqlRunner['run'] = (statement) =>
    statement.text.startsWith(`update ${name}`)
      ? Promise.reject(new Error('no route'))
      : storage.run(statement)
  return new Proxy(storage, {
    get(target, property) {
      if (property === 'run') return run
      const value = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
