/**
 * Lines of messages with one key, at the moments at which PostgreSQL shows two transactions different pasts: whoever is first in
 * line is delivered without waiting for time to pass, whichever way its putting and the end of the one before it fall together.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openJournal } from '../src/index.ts'
import { ManualClock } from './manual-clock.ts'
import { gate, type Places, stores, until } from './stores.ts'

describe('lines in PostgreSQL', () => {
  let places: Places
  beforeAll(async () => {
    places = await stores[1].places()
  })
  afterAll(() => places[Symbol.asyncDispose]())

  test('a message that is committed after the one before it has ended is delivered at once', async () => {
    const { source } = await places.fresh()
    await using journal = await openJournal(source())
    const rows = () =>
      journal.database.read({
        text: `select id from ${journal.database.dialect.table('task')}`,
        values: [],
      })
    for (let round = 0; round < 3; round++) {
      const got: string[] = []
      const first = gate()
      await using _ = journal.deliver<string>(`q${round}`, async ({ payload }) => {
        got.push(payload)
        if (payload === 'first') await first.promise
      })
      await journal.send(`q${round}`, 'first', { key: 'k' })
      await until(() => got.length === 1)
      await journal.transaction(async (tx) => {
        await journal.send(`q${round}`, 'second', { key: 'k', in: tx })
        first.open()
        // It ends while nobody can see the second one yet.
        await until(async () => (await rows()).length === 0)
      })
      const began = performance.now()
      await until(() => got.length === 2)
      console.log(performance.now() - began)
      expect(got).toEqual(['first', 'second'])
    }
  })
})
void ManualClock
