/** DBOS: workflows of one recorded step. */
import { DBOS } from '@dbos-inc/dbos-sdk'
import type { BenchMaker } from '../../measure.ts'
import { freshDatabase } from './server.ts'
import { dataOf, durable } from './tasks.ts'

export const bench: BenchMaker = async (args) => {
  const database = await freshDatabase(dataOf(args), 'dbos')
  DBOS.setConfig({
    name: 'bench',
    systemDatabaseUrl: database.url,
    runAdminServer: false,
    logLevel: 'error',
  })
  const double = DBOS.registerWorkflow(
    (n: number) => DBOS.runStep(async () => n * 2, { name: 'double' }),
    { name: 'double' },
  )
  await DBOS.launch()
  return {
    operations: durable,
    async run() {
      const results = Array.from({ length: durable }, async (_, n) => {
        const handle = await DBOS.startWorkflow(double)(n)
        return handle.getResult()
      })
      return (await Promise.all(results)).reduce((sum, n) => sum + n, 0)
    },
    async [Symbol.asyncDispose]() {
      await DBOS.shutdown()
      await database[Symbol.asyncDispose]()
    },
  }
}
