/** graphile-worker with its local queue and batched completion, as its documentation has it for throughput. */
import { Logger, makeWorkerUtils, run } from 'graphile-worker'
import type { BenchMaker } from '../../measure.ts'
import { freshDatabase } from './server.ts'
import { concurrency, dataOf, queueBench } from './tasks.ts'

const make =
  (name: string, isSingle: boolean): BenchMaker =>
  (args) =>
    queueBench(async (ran) => {
      const database = await freshDatabase(dataOf(args), name)
      const logger = new Logger(() => () => {})
      const preset = {
        worker: {
          connectionString: database.url,
          concurrentJobs: concurrency,
          localQueue: { size: 500 },
          completeJobBatchDelay: 0,
          failJobBatchDelay: 0,
          maxPoolSize: 10,
          logger,
        },
      }
      const runner = await run({
        preset,
        noHandleSignals: true,
        taskList: {
          number: async (payload) => ran((payload as { n: number }).n),
        },
      })
      const utils = await makeWorkerUtils({ connectionString: database.url, logger })
      return {
        put: (numbers) =>
          isSingle
            ? Promise.all(numbers.map((n) => utils.addJob('number', { n })))
            : utils.addJobs(numbers.map((n) => ({ identifier: 'number', payload: { n } }))),
        async [Symbol.asyncDispose]() {
          await runner.stop()
          await utils.release()
          await database[Symbol.asyncDispose]()
        },
      }
    })

export const bench = make('graphile', false)
/** Each job put by a call of its own. */
export const single = make('graphile_single', true)
