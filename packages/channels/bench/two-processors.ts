/** Goroutines on two workers that exchange integers over a shared channel: beside Go with GOMAXPROCS=2. */
import type { BenchMaker } from '../../../bench/measure.ts'
import { callWorker, makeSharedChan, startThreads, workerModule } from '../src/index.ts'
import type * as Jobs from './thread-jobs.ts'

const jobs = workerModule<typeof Jobs>(new URL('./thread-jobs.ts', import.meta.url))

export const bench: BenchMaker = () => {
  const running = startThreads({ threads: 2 })
  const operations = 100_000
  return {
    operations,
    run: async () => {
      const channel = makeSharedChan({ lane: 'i32', capacity: 100 })
      const producing = callWorker(jobs, 'numbers', channel, operations)
      const consumed = await callWorker(jobs, 'take', channel, operations)
      await producing
      return consumed === (operations * (operations - 1)) / 2
    },
    [Symbol.asyncDispose]: () => running.stop(),
  }
}
