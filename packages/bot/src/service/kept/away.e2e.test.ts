/** The database goes away while a turn is under way, and comes back: nobody waits for what this process can't remember to give up. */
import { JournalError, openJournal, type StorageSource } from '@typestead/journal'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anythingCounts, counting, countingHooks, Loopback } from '../../../test/counting-bot.ts'
import { databases, type Places, until } from '../../../test/databases.ts'
import { openBots } from '../open-bots.ts'

type Storage = ReturnType<StorageSource['open']>

/** A database that can be away; what is under way when it goes may have been done, its answer is lost. */
class Away {
  isAway = false
  readonly #source: StorageSource

  constructor(source: StorageSource) {
    this.#source = source
  }

  open: StorageSource['open'] = (clock) => {
    const storage = this.#source.open(clock)
    const check = () => {
      if (this.isAway) throw new JournalError('UNAVAILABLE', 'the database is away')
    }
    const answered = async <R>(work: () => Promise<R>): Promise<R> => {
      check()
      const result = await work()
      check()
      return result
    }
    return {
      dialect: storage.dialect,
      time: () => storage.time(),
      run: (statement) => answered(() => storage.run(statement)),
      read: (statement) => answered(() => storage.read(statement)),
      transaction: (work) => answered(() => storage.transaction(work)),
      wake: (topic) => storage.wake(topic),
      wakeLater: (topic) => storage.wakeLater(topic),
      listen: (topic, callback) => storage.listen(topic, callback),
      [Symbol.asyncDispose]: () => storage[Symbol.asyncDispose](),
    } satisfies Storage
  }
}

describe.each(databases)('bots whose $name is away for a moment', ({ places: start }) => {
  let places: Places
  beforeAll(async () => {
    places = await start()
  })
  afterAll(() => places[Symbol.asyncDispose]())

  test('while a hook runs: the turn is played again once it is back', async () => {
    const { source } = await places.fresh()
    const away = new Away(source())
    await using journal = await openJournal(away, { processTtl: 600, poll: 100, onError: () => {} })
    const calls: string[] = []
    const hooks = countingHooks(async ({ id }) => {
      calls.push(id)
      if (calls.length > 1) return
      // Longer than a hook goes unclaimed.
      await new Promise((resolve) => setTimeout(resolve, 150))
      away.isAway = true
      setTimeout(() => {
        away.isAway = false
      }, 300)
    })
    const retry = { first: 20, longest: 50, turn: 1_000 }
    await using bots = await openBots({
      journal,
      understander: anythingCounts,
      hooks,
      retry,
      onError: () => {},
    })
    await bots.build(counting)
    await bots.publish('Counter', { alias: 'prod' })
    const far = new Loopback()
    bots.connect(far, { bot: 'Counter', alias: 'prod' })
    await far.say('one')
    await until(() => far.said().length === 1)
    await far.say('two')
    await until(() => far.said().length === 2)
    expect(far.said()).toEqual(['1:one', '2:two'])
    expect(new Set(calls).size).toBe(2)
  })

  test('while a claim is answered', async () => {
    const { source } = await places.fresh()
    const away = new Away(source())
    await using journal = await openJournal(away, { processTtl: 600, poll: 100, onError: () => {} })
    await using bots = await openBots({
      journal,
      understander: anythingCounts,
      hooks: countingHooks(),
    })
    await using others = await openJournal(source(), { poll: 100 })
    await others.database.presence()
    await bots.build(counting)
    await bots.publish('Counter', { alias: 'prod' })
    const key = { bot: 'Counter', alias: 'prod', user: 'ann' }
    await bots.turn({ ...key, text: 'one' })
    // Gone at any moment of the turn.
    for (let ms = 0; ms < 8; ms++) {
      const going = setTimeout(() => {
        away.isAway = true
      }, ms)
      const text = `gone ${ms}`
      await bots.turn({ ...key, text, requestId: text }).catch(() => {})
      clearTimeout(going)
      away.isAway = false
      await bots.turn({ ...key, text, requestId: text })
    }
    const { session } = await bots.transcript(
      (await bots.conversations()).conversations[0]?.id ?? '',
    )
    expect(session?.attributes.n).toBe('9')
  })
})
