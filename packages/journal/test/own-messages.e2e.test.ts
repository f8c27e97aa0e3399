import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Delivery, type Journal, type OwnMessage, openJournal } from '../src/index.ts'
import { type Places, stores, until } from './stores.ts'

describe.each(stores)('messages that their sender begins, in $name', ({ places: start }) => {
  let places: Places
  beforeAll(async () => {
    places = await start()
  })
  afterAll(() => places[Symbol.asyncDispose]())

  const message = (id: string, key = 'k') => ({ queue: 'q', id, key, payload: id })

  async function send(journal: Journal, ids: readonly string[], who: 'runner' | 'holder') {
    const presence = await journal.database.presence()
    return journal.transaction((tx) =>
      journal.own.send(
        ids.map((id) => message(id)),
        { in: tx, presence, for: who },
      ),
    )
  }

  const owners = async (journal: Journal) => {
    const rows = await journal.database.read({
      text: `select id, owner from ${journal.database.dialect.table('task')} order by seq`,
      values: [],
    })
    return rows.map(([id, owner]) => [String(id), owner !== null])
  }

  test('the first of a key is its own, those behind it are anybody’s, and all come in order', async () => {
    await using journal = await openJournal((await places.fresh()).source())
    const got: string[] = []
    const deliver = async ({ payload }: Delivery<string>) => {
      await new Promise(setImmediate)
      got.push(payload)
    }
    await using _ = journal.deliver<string>('q', deliver)
    const sent = await send(journal, ['a', 'b', 'c'], 'runner')
    expect([...sent.ids].sort()).toEqual(['a', 'b', 'c'])
    expect([...sent.own.keys()]).toEqual(['a'])
    journal.own.deliver(sent.own.values())
    await until(() => got.length === 3)
    expect(got).toEqual(['a', 'b', 'c'])
    await until(async () => (await owners(journal)).length === 0)
    expect((await send(journal, ['d'], 'runner')).own.size).toBe(1)
  })

  test('nobody’s runner in this process: it is anybody’s', async () => {
    const place = await places.fresh()
    await using journal = await openJournal(place.source())
    const { own } = await send(journal, ['a'], 'runner')
    expect(own.size).toBe(0)
    const got: string[] = []
    await using other = await openJournal(place.source())
    await using _ = other.deliver<string>('q', ({ payload }) => got.push(payload))
    await until(() => got.length === 1)
  })

  test('a holder does the work itself, and ends it in its own transaction; the next is called', async () => {
    await using journal = await openJournal((await places.fresh()).source())
    const got: Delivery<string>[] = []
    await using _ = journal.deliver<string>('q', (one) => got.push(one))
    const sent = await send(journal, ['a', 'b'], 'holder')
    const held = [...sent.own.values()]
    expect(held.map(({ task }) => task.id)).toEqual(['a'])
    const finished = await journal.transaction((tx) => journal.own.finish(held, tx))
    journal.own.settle(finished)
    await until(() => got.length === 1)
    expect(got[0]).toMatchObject({ payload: 'b', again: false })
    await until(async () => (await owners(journal)).length === 0)
  })

  test('what is released is anybody’s, also when its transaction was rolled back', async () => {
    const place = await places.fresh()
    await using journal = await openJournal(place.source())
    const presence = await journal.database.presence()
    let undone: OwnMessage[] = []
    const rolledBack = journal.transaction(async (tx) => {
      const { own } = await journal.own.send([message('x')], { in: tx, presence, for: 'holder' })
      undone = [...own.values()]
      throw new Error('no')
    })
    await expect(rolledBack).rejects.toThrow('no')
    await journal.own.release(undone)
    expect(await owners(journal)).toEqual([])
    const { own } = await send(journal, ['a'], 'holder')
    expect(await owners(journal)).toEqual([['a', true]])
    await journal.own.release([...own.values()])
    const got: string[] = []
    await using _ = journal.deliver<string>('q', ({ payload }) => got.push(payload))
    await until(() => got.length === 1)
  })

  test('a claim whose answer was lost is given back after a while', async () => {
    const place = await places.fresh()
    await using journal = await openJournal(place.source(), { processTtl: 300, poll: 50 })
    const got: string[] = []
    await using _ = journal.deliver<string>('q', ({ payload }) => got.push(payload))
    await journal.send('q', 'before')
    await until(() => got.length === 1)
    const { owner } = await journal.database.presence()
    await using elsewhere = await openJournal(place.source())
    await elsewhere.send('other', 'lost')
    // As if this process had claimed it and never been told.
    await elsewhere.transaction((tx) =>
      tx.run({
        text: `update ${elsewhere.database.dialect.table('task')} set queue = 'q', owner = $1`,
        values: [owner],
      }),
    )
    await until(() => got.length === 2)
    expect(got).toEqual(['before', 'lost'])
  })

  test('a process that stood still begins nothing of what it had claimed', async () => {
    await using journal = await openJournal((await places.fresh()).source(), {
      processTtl: 300,
      poll: 50,
    })
    const got: { readonly payload: string; readonly again: boolean }[] = []
    for (const payload of ['a', 'b']) await journal.send('q', payload)
    await using _ = journal.deliver<string>('q', ({ payload, again }) => {
      got.push({ payload, again })
      if (got.length > 1) return
      const end = performance.now() + 500
      while (performance.now() < end);
    })
    await until(() => got.some(({ payload }) => payload === 'b'))
    // It was claimed with the first, and given up: whoever delivers it asks the far side first.
    expect(got.find(({ payload }) => payload === 'b')).toEqual({ payload: 'b', again: true })
  })
})
