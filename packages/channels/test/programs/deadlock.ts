/** Everybody waits: main to receive, one to send, one in a select, one for a lock. */
import { go, int, Mutex, makeChan, nilChan, pick, recv, run, sleep } from '../../src/core.ts'

await run(async function main() {
  const jobs = makeChan<number>(0, { elem: int, name: 'jobs' })
  const results = makeChan<number>(0, { name: 'results' })
  const mutex = new Mutex()
  go(async function sender() {
    await sleep(1)
    await results.send(1)
  })
  go(function* chooser() {
    yield* pick(recv(jobs), recv(nilChan<number>()))
  })
  go(async function locker() {
    await mutex.lock()
    await mutex.lock()
  })
  await jobs.receive()
})
