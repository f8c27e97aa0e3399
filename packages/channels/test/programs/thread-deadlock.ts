/** Main and a worker wait for each other. */
import { callWorker, makeSharedChan, run, startThreads, workerModule } from '../../src/index.ts'
import type * as Jobs from '../worker-jobs.ts'

await run(async function main() {
  startThreads({ threads: 2 })
  const jobs = workerModule<typeof Jobs>(new URL('../worker-jobs.ts', import.meta.url))
  await callWorker(jobs, 'never', makeSharedChan({ name: 'silent' }))
})
