/** Main returns while others ping-pong, sleep and hold a worker: the process ends all the same. */
import {
  go,
  goWorker,
  makeChan,
  makeSharedChan,
  run,
  sleep,
  startThreads,
  workerModule,
} from '../../src/index.ts'
import type * as Jobs from '../worker-jobs.ts'

await run(async function main() {
  const a = makeChan<number>()
  const b = makeChan<number>()
  go(async () => {
    for (;;) await a.send(await b.receive())
  })
  go(async () => {
    for (;;) {
      await b.send(1)
      await a.receive()
    }
  })
  go(() => sleep(60_000))
  startThreads({ threads: 1 })
  await goWorker(
    workerModule<typeof Jobs>(new URL('../worker-jobs.ts', import.meta.url)),
    'never',
    makeSharedChan(),
  )
  await sleep(20)
})
const handles = process
  .getActiveResourcesInfo()
  .filter((name) => !/TTY|Pipe|FSReq|Immediate/.test(name))
process.stdout.write(`main returned, open: ${handles.join(' ')}\n`)
