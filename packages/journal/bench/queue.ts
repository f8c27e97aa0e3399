/** Our side of the queue: messages sent one by one, delivered by the same process. */
import pg from 'pg'
import type { BenchMaker } from '../../../bench/measure.ts'
import { freshDatabase } from '../../../bench/peers/journal/server.ts'
import { concurrency, dataOf, queueBench } from '../../../bench/peers/journal/tasks.ts'
import { openJournal } from '../src/index.ts'
import { postgres } from '../src/postgres.ts'

const make =
  (name: string, finished: number, single = false): BenchMaker =>
  (args) =>
    queueBench(async (ran) => {
      const database = await freshDatabase(dataOf(args), name)
      const journal = await openJournal(postgres(database.url))
      if (finished > 0) await fill(database.url, finished)
      journal.deliver<{ n: number }>('number', async ({ payload }) => ran(payload.n), {
        concurrency,
      })
      return {
        put: (numbers) =>
          single
            ? Promise.all(numbers.map((n) => journal.send('number', { n })))
            : journal.sendMany(
                'number',
                numbers.map((n) => ({ n })),
              ),
        async [Symbol.asyncDispose]() {
          await journal.close()
          await database[Symbol.asyncDispose]()
        },
      }
    })

export const bench = make('journal', 0)
/** Each message put by a call of its own. */
export const single = make('journal_single', 0, true)
/** The same beside a million jobs that have finished. */
export const crowded = make('journal_crowded', 1_000_000)

async function fill(url: string, count: number): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(
    `insert into typestead_journal.finished (id, queue, status, result, at, expires)
select 'old' || n, 'number', 'done', '1', 0, 9000000000000000 from generate_series(1, $1) n`,
    [count],
  )
  await client.query('vacuum analyze typestead_journal.finished')
  await client.end()
}
