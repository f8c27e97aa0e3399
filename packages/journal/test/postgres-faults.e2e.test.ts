import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { JournalError, openJournal } from '../src/index.ts'
import { fromClient, postgres } from '../src/postgres.ts'
import { type Places, postgresPlaces, until } from './stores.ts'

describe('a journal in PostgreSQL', () => {
  let places: Places
  beforeAll(async () => {
    places = await postgresPlaces()
  })
  afterAll(() => places[Symbol.asyncDispose]())

  async function connected(url: string): Promise<pg.Client & AsyncDisposable> {
    const client = new pg.Client(url)
    client.on('error', () => {})
    await client.connect()
    return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
  }

  test('may be opened for the first time by many at once', async () => {
    const { source } = await places.fresh()
    const journals = await Promise.all([1, 2, 3, 4].map(() => openJournal(source())))
    await Promise.all(journals.map((journal, n) => journal.send('q', n)))
    expect(await journals[0]?.inspect.queues()).toEqual([
      { queue: 'q', waiting: 4, running: 0, dead: 0 },
    ])
    await Promise.all(journals.map((journal) => journal.close()))
  })

  test('wakes workers of other processes without polling, also after a transaction and for what is delayed', async () => {
    const { source, address } = await places.fresh()
    await using sender = await openJournal(source())
    await using worker = await openJournal(source(), { poll: 3_600_000 })
    const got: string[] = []
    worker.deliver<string>('q', ({ payload }) => got.push(payload))
    await sender.send('q', 'first')
    await until(() => got.length === 1)
    await using client = await connected(address)
    await client.query('begin')
    await sender.send('q', 'second', { in: fromClient(client) })
    await client.query('commit')
    await until(() => got.length === 2)
    await sender.send('q', 'third', { delay: 50 })
    await until(() => got.length === 3)
    expect(got).toEqual(['first', 'second', 'third'])
  })

  test('goes on when every connection was cut', async () => {
    const { source, address } = await places.fresh()
    const errors: unknown[] = []
    await using journal = await openJournal(source(), {
      poll: 200,
      onError: (error) => errors.push(error),
    })
    const got: string[] = []
    journal.deliver<string>('q', ({ payload }) => got.push(payload))
    await journal.send('q', 'before')
    await until(() => got.length === 1)
    await using client = await connected(address)
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
    const send = async (): Promise<void> => {
      try {
        await journal.send('q', 'after', { id: 'one' })
      } catch (error) {
        expect(error).toMatchObject({ code: 'UNAVAILABLE' })
        return send()
      }
    }
    await send()
    await until(() => got.length === 2)
    expect(got).toEqual(['before', 'after'])
    for (const error of errors) expect(error).toBeInstanceOf(JournalError)
  })

  test('goes on when the connection of an open transaction was cut', async () => {
    const { source, address } = await places.fresh()
    await using journal = await openJournal(source())
    await using client = await connected(address)
    const work = journal.transaction(async (tx) => {
      const pid = await tx.run({ text: 'select pg_backend_pid()', values: [] })
      await client.query('select pg_terminate_backend($1)', [pid[0]?.[0]])
      // Between two statements nobody waits for the connection, and it must end no process.
      await new Promise((resolve) => setTimeout(resolve, 200))
      await journal.send('q', 'lost', { in: tx })
    })
    await expect(work).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await journal.send('q', 'kept')
    const waiting = await journal.inspect.queues()
    expect(waiting).toMatchObject([{ queue: 'q', waiting: 1 }])
  })

  test('says so when there is no server', async () => {
    await expect(openJournal(postgres('postgres://nobody@127.0.0.1:1/none'))).rejects.toMatchObject(
      { code: 'UNAVAILABLE' },
    )
  })

  test('of a newer format is refused, with what to do', async () => {
    const { source, address } = await places.fresh()
    await (await openJournal(source())).close()
    await using client = await connected(address)
    await client.query(`update typestead_journal.meta set value = '999' where name = 'format'`)
    await expect(openJournal(source())).rejects.toMatchObject({ code: 'FORMAT' })
  })

  test('keeps a long line of one key out of the way of the others', async () => {
    const { source } = await places.fresh()
    await using journal = await openJournal(source(), { poll: 50 })
    const line = Array.from({ length: 3_000 }, (_, n) => n)
    await journal.sendMany('q', line, { key: 'long' })
    const got: string[] = []
    let held = 0
    const worker = journal.deliver<number>(
      'q',
      async ({ key, signal }) => {
        if (key === 'long' && held++ === 0) {
          await new Promise((resolve) => signal.addEventListener('abort', resolve))
        }
        got.push(key ?? '')
      },
      { timeout: 60_000 },
    )
    await until(() => held === 1)
    await Promise.all(['a', 'b', 'c'].map((key) => journal.send('q', 0, { key })))
    await until(() => got.length === 3)
    expect(got.toSorted()).toEqual(['a', 'b', 'c'])
    expect(held).toBe(1)
    expect(worker).toBeDefined()
    await journal.close(0)
  })
})
