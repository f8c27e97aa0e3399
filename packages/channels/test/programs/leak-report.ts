/** One goroutine leaks and is reported as Go's traces show it. */
import { go, makeChan, run, sleep } from '../../src/core.ts'

await run(
  async function main() {
    go(async function forgotten() {
      await makeChan<number>(0, { name: 'nobody' }).send(1)
    })
    await sleep(1)
  },
  { leaks: true },
)
