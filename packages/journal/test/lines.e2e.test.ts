/**
 * Lines of messages with one key, at the moments at which PostgreSQL shows two transactions different pasts. The wall clock stands
 * still here, so nothing is ever due by waiting: whoever is first in line is called, whichever way its putting and the end
 * of the one before it fall together.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Journal, openJournal, type StorageSource } from '../src/index.ts'
import { ProcessPresence } from '../src/presence.ts'
import type { Storage } from '../src/storage.ts'
import { TaskStore } from '../src/tasks/task-store.ts'
import { ManualClock } from './manual-clock.ts'
import { gate, type Place, type Places, stores, until } from './stores.ts'

const [, { places: start }] = stores

describe('lines in PostgreSQL', () => {
  let places: Places
  let place: Place
  let clock: ManualClock
  beforeAll(async () => {
    places = await start()
  })
  afterAll(() => places[Symbol.asyncDispose]())
  beforeEach(async () => {
    place = await places.fresh()
    clock = new ManualClock({ now: 1_700_000_000_000 })
  })

  /** Timers of the process fire, and it has the time to do what they say. */
  const pass = () => clock.pass(20, () => new Promise((resolve) => setTimeout(resolve, 5)))

  const soon = (condition: () => boolean) =>
    until(async () => {
      await pass()
      return condition()
    })

  const ids = async ({ database }: Journal) =>
    (
      await database.read({
        text: `select id from ${database.dialect.table('task')} order by seq`,
        values: [],
      })
    ).map(([id]) => id)

  test('a message is put while nobody can see it, and the one before it ends meanwhile', async () => {
    await using journal = await openJournal(place.source(), { clock })
    const got: string[] = []
    const first = gate()
    await using _ = journal.deliver<string>('q', async ({ payload }) => {
      got.push(payload)
      if (payload === 'first') await first.promise
    })
    await journal.send('q', 'first', { key: 'k' })
    await soon(() => got.length === 1)
    await journal.transaction(async (tx) => {
      await journal.send('q', 'second', { key: 'k', in: tx })
      first.open()
      await until(async () => (await ids(journal)).length === 0)
    })
    await soon(() => got.length === 2)
    expect(got).toEqual(['first', 'second'])
  })

  test('a message is put while the end of the one before it is not seen yet', async () => {
    let looks = 0
    const source: StorageSource = {
      open(given) {
        const storage = place.source().open(given)
        const run: Storage['run'] = (statement) => {
          if (/^update \S+ set due = /.test(statement.text)) looks++
          return storage.run(statement)
        }
        return { ...forwarding(storage), run }
      },
    }
    await using journal = await openJournal(source, { clock })
    const got: string[] = []
    await using _ = journal.deliver<string>('q', ({ payload }) => void got.push(payload))
    const presence = await journal.database.presence()
    const [held] = await journal.transaction(async (tx) => {
      const message = { queue: 'q', id: 'first', key: 'k', payload: 'first' }
      const sent = await journal.own.send([message], { in: tx, presence, for: 'holder' })
      return [...sent.own.values()]
    })
    if (held === undefined) throw new Error('it is not held')
    const ended = await journal.transaction(async (tx) => {
      const finished = await journal.own.finish([held], tx)
      await journal.send('q', 'second', { key: 'k', id: 'second' })
      // Its wake-up is heard, and in vain: the first one is still there.
      await soon(() => looks > 0)
      for (let n = 0; n < 5; n++) await pass()
      expect(got).toEqual([])
      return finished
    })
    journal.own.settle(ended)
    // Long before it would be looked for by the way.
    for (let n = 0; n < 10; n++) await pass()
    await until(() => got.length === 1)
    expect(got).toEqual(['second'])
  })

  test('who is called while long lines are passed over is not passed over', async () => {
    const storage = place.source().open(clock)
    await using journal = await openJournal(place.source(), { clock })
    await journal.send('q', 1, { key: 'k', id: 'first' })
    await journal.send('q', 2, { key: 'k', id: 'second' })
    const tasks = new TaskStore(storage)
    const presence = new ProcessPresence(
      storage,
      clock,
      1_000,
      () => 'p',
      async () => {},
    )
    const { owner } = await presence.current()
    const what = { queue: 'q', kind: 'message', versions: [0] } as const
    const [first] = await tasks.claim({ owner, ...what, limit: 1 })
    if (first === undefined) throw new Error('it is not claimed')
    await storage.run({
      text: `update ${storage.dialect.table('task')} set due = $1`,
      values: [clock.now()],
    })
    const seqOf = `select seq from ${storage.dialect.table('task')} where id = $1`
    const watched: Storage = {
      ...forwarding(storage),
      transaction: (work) =>
        storage.transaction(async (tx) => {
          let count = 0
          return work({
            async run(statement) {
              if (++count > 1) return tx.run(statement)
              // What is found may be so no more when it is locked: the rows before it were seen in the statement's past.
              const found = await tx.run({ text: seqOf, values: ['second'] })
              await tasks.finish(owner, [first])
              return found
            },
          })
        }),
    }
    await new TaskStore(watched).passOver('q')
    expect(await tasks.nextDue('q', 'message', [0])).toBe(0)
    await presence[Symbol.asyncDispose]()
    await storage[Symbol.asyncDispose]()
  })
})

function forwarding(storage: Storage): Storage {
  return {
    dialect: storage.dialect,
    time: () => storage.time(),
    run: (statement) => storage.run(statement),
    read: (statement) => storage.read(statement),
    transaction: (work) => storage.transaction(work),
    wake: (topic) => storage.wake(topic),
    wakeLater: (topic) => storage.wakeLater(topic),
    listen: (topic, callback) => storage.listen(topic, callback),
    [Symbol.asyncDispose]: () => storage[Symbol.asyncDispose](),
  }
}
