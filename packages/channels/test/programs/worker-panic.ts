/** A goroutine on a worker panics: the program ends. */
import { goWorker, run, sleep, workerModule } from '../../src/index.ts'
import type * as Jobs from '../worker-jobs.ts'

await run(async function main() {
  await goWorker(workerModule<typeof Jobs>(new URL('../worker-jobs.ts', import.meta.url)), 'fail')
  await sleep(60_000)
})
