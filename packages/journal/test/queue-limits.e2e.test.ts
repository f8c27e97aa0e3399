import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type JournalOptions, openJournal } from '../src/index.ts'
import { type Places, stores, until } from './stores.ts'

describe.each(stores)('a bound on what waits, in $name', ({ places: start }) => {
  let places: Places
  beforeAll(async () => {
    places = await start()
  })
  afterAll(() => places[Symbol.asyncDispose]())

  const refused = (queue: string) => ({
    code: 'LIMIT',
    message: expect.stringContaining(`queue ${queue} holds`),
  })

  async function opened(options: JournalOptions) {
    const place = await places.fresh()
    return { place, journal: await openJournal(place.source(), { poll: 50, ...options }) }
  }

  test('refuses the message that would go beyond it, and keeps nothing of it', async () => {
    const { journal } = await opened({ maxWaiting: 3 })
    await using _ = journal
    await journal.sendMany('mail', [1, 2])
    await expect(journal.sendMany('mail', [3, 4])).rejects.toMatchObject(refused('mail'))
    await journal.send('mail', 3)
    await expect(journal.send('mail', 4)).rejects.toMatchObject(refused('mail'))
    const both = [
      { queue: 'other', payload: 1 },
      { queue: 'mail', payload: 5 },
    ]
    await expect(journal.sendAll(both)).rejects.toMatchObject(refused('mail'))
    expect(await journal.inspect.queues()).toMatchObject([{ queue: 'mail', waiting: 3 }])
    await journal.sendMany('other', [1, 2, 3])
  })

  test('has room again once messages are delivered', async () => {
    const { journal } = await opened({ maxWaiting: 2 })
    await using _ = journal
    await journal.sendMany('mail', [1, 2])
    await expect(journal.send('mail', 3)).rejects.toMatchObject(refused('mail'))
    const got: unknown[] = []
    journal.deliver('mail', ({ payload }) => got.push(payload))
    await until(() => got.length === 2)
    const again = () =>
      journal.send('mail', 3).then(
        () => true,
        () => false,
      )
    await until(again)
    await until(() => got.length === 3)
  })

  test('is by queue where it is told by name', async () => {
    const { journal } = await opened({ maxWaiting: { mail: 1 } })
    await using _ = journal
    await journal.send('mail', 1)
    await expect(journal.send('mail', 2)).rejects.toMatchObject(refused('mail'))
    await journal.sendMany('toString', [1, 2, 3])
  })

  test('lets a burst of one sender go no further, whatever runs at once', async () => {
    const { journal } = await opened({ maxWaiting: 50 })
    await using _ = journal
    const results = await Promise.allSettled(
      Array.from({ length: 80 }, (__, n) => journal.send('mail', n)),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(50)
    expect(await journal.inspect.queues()).toMatchObject([{ queue: 'mail', waiting: 50 }])
  })

  test('counts what other processes sent, and what was there before', async () => {
    const { place, journal } = await opened({})
    await journal.sendMany('mail', [1, 2, 3])
    await journal.close()
    await using next = await openJournal(place.source(), { maxWaiting: 3 })
    await expect(next.send('mail', 4)).rejects.toMatchObject(refused('mail'))
  })

  test('refuses inside a transaction, which may go on or end', async () => {
    const { journal } = await opened({ maxWaiting: 1 })
    await using _ = journal
    await journal.send('mail', 1)
    await journal.transaction(async (tx) => {
      await expect(journal.send('mail', 2, { in: tx })).rejects.toMatchObject(refused('mail'))
      await journal.send('other', 1, { in: tx })
    })
    expect(await journal.inspect.queues()).toMatchObject([
      { queue: 'mail', waiting: 1 },
      { queue: 'other', waiting: 1 },
    ])
  })

  test('is a whole number from 1', async () => {
    const place = await places.fresh()
    for (const maxWaiting of [0, 1.5, { mail: -1 }]) {
      await expect(openJournal(place.source(), { maxWaiting })).rejects.toMatchObject({
        code: 'BAD_INPUT',
      })
    }
  })
})
