import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openJournal, resetJournal } from '../src/index.ts'
import { type Places, stores } from './stores.ts'

describe.each(stores)('a reset on $name', ({ places: start }) => {
  let places: Places
  beforeAll(async () => {
    places = await start()
  })
  afterAll(() => places[Symbol.asyncDispose]())

  test('takes all that waits, and tables of others beside it; what is not the journal’s stays', async () => {
    const place = await places.fresh()
    const before = await openJournal(place.source())
    const { dialect } = before.database
    await before.send('mail', { to: 'ann' })
    await before.transaction(async (tx) => {
      await tx.run({ text: `create table ${dialect.table('of_a_package')} (id text)`, values: [] })
      await tx.run({ text: 'create table own (id text)', values: [] })
      await tx.run({ text: `insert into own (id) values ('kept')`, values: [] })
    })
    await before.close()

    await resetJournal(place.source())
    await using after = await openJournal(place.source())
    expect(await after.inspect.outbox()).toEqual([])
    const read = (table: string) =>
      after.database.read({ text: `select * from ${table}`, values: [] })
    expect(await read('own')).toEqual([['kept']])
    await expect(read(dialect.table('of_a_package'))).rejects.toThrow()
    // It works as a new one does.
    await after.send('mail', { to: 'bob' })
    expect(await after.inspect.outbox()).toHaveLength(1)
  })

  test('of a place where there is none is nothing', async () => {
    await resetJournal((await places.fresh()).source())
  })
})
