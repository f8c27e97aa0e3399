import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openJournal } from '../src/index.ts'
import { type Places, stores, until } from './stores.ts'

interface Letter {
  readonly to: string
  readonly words: string
}

describe.each(stores)('messages that are taken back, in $name', ({ places: start }) => {
  let places: Places
  beforeAll(async () => {
    places = await start()
  })
  afterAll(() => places[Symbol.asyncDispose]())

  test('those that are meant go, dead letters too; others of their line go on', async () => {
    await using journal = await openJournal((await places.fresh()).source(), { onError: () => {} })
    const go = Promise.withResolvers<void>()
    const got: Letter[] = []
    const deliver = async ({ payload }: { readonly payload: Letter }) => {
      if (payload.words === 'dead') throw new Error('away')
      if (payload.words === 'slow') await go.promise
      got.push(payload)
    }
    await using _ = journal.deliver<Letter>('post', deliver, { retry: { attempts: 1 } })
    const send = (to: string, words: string, key = 'k') =>
      journal.send('post', { to, words } satisfies Letter, { key })
    const odd = `"100%_\\ñ`
    await send(odd, 'dead', 'other')
    await until(async () => (await journal.inspect.deadLetters()).length === 1)
    await send(odd, 'slow')
    await send(odd, 'a')
    await send('bob', 'b')
    await send(odd, 'c')
    const take = (to: string) =>
      journal.transaction((tx) =>
        journal.withdraw<Letter>('post', (one) => one.to === to, { in: tx, containing: to }),
      )
    const taken = await take(odd)
    const words = taken.map(({ payload }) => (payload as Letter).words)
    expect(words.sort()).toEqual(['a', 'c', 'dead', 'slow'])
    expect(await take(odd)).toEqual([])
    // At once, although what was before it had not ended.
    await until(() => got.length === 1)
    expect(got).toEqual([{ to: 'bob', words: 'b' }])
    go.resolve()
    await send(odd, 'd')
    await until(() => got.some((one) => one.words === 'd'))
    expect(await journal.inspect.deadLetters()).toEqual([])
  })

  test('nothing is taken back where the transaction fails', async () => {
    await using journal = await openJournal((await places.fresh()).source())
    await journal.send('post', { to: 'ann', words: 'a' })
    const failing = journal.transaction(async (tx) => {
      await journal.withdraw('post', () => true, { in: tx, containing: 'ann' })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await journal.inspect.queues()).toMatchObject([{ waiting: 1 }])
  })
})
