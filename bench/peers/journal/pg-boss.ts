/** pg-boss with large batches and its shortest polling. */
import { PgBoss } from 'pg-boss'
import type { BenchMaker } from '../../measure.ts'
import { freshDatabase } from './server.ts'
import { dataOf, queueBench } from './tasks.ts'

export const bench: BenchMaker = (args) =>
  queueBench(async (ran) => {
    const database = await freshDatabase(dataOf(args), 'pgboss')
    const boss = new PgBoss({ connectionString: database.url, schedule: false, supervise: false })
    boss.on('error', (error) => {
      throw error
    })
    await boss.start()
    await boss.createQueue('number')
    await boss.work<{ n: number }>(
      'number',
      { batchSize: 500, pollingIntervalSeconds: 0.5 },
      async (batch) => {
        for (const { data } of batch) ran(data.n)
      },
    )
    return {
      put: (numbers) =>
        boss.insert(
          'number',
          numbers.map((n) => ({ data: { n } })),
        ),
      async [Symbol.asyncDispose]() {
        await boss.stop({ graceful: false })
        await database[Symbol.asyncDispose]()
      },
    }
  })
