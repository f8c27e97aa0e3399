/** Our side of durable execution: jobs of one recorded step. */
import type { BenchMaker } from '../../../bench/measure.ts'
import { freshDatabase } from '../../../bench/peers/journal/server.ts'
import { concurrency, dataOf, durable } from '../../../bench/peers/journal/tasks.ts'
import { defineJob, openJournal } from '../src/index.ts'
import { postgres } from '../src/postgres.ts'

const double = defineJob({
  name: 'double',
  run: (job, n: number) => job.step('double', async () => n * 2),
})

export const bench: BenchMaker = async (args) => {
  const database = await freshDatabase(dataOf(args), 'journal_durable')
  const journal = await openJournal(postgres(database.url))
  // The peer runs all at once.
  journal.work(double, { concurrency: Math.max(concurrency, durable) })
  return {
    operations: durable,
    async run() {
      const results = Array.from({ length: durable }, async (_, n) => {
        const handle = await journal.start(double, n)
        return handle.result()
      })
      return (await Promise.all(results)).reduce((sum, n) => sum + n, 0)
    },
    async [Symbol.asyncDispose]() {
      await journal.close()
      await database[Symbol.asyncDispose]()
    },
  }
}
