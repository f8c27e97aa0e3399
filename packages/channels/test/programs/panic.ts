/** A goroutine panics; main never returns. */
import { go, makeChan, run, sleep } from '../../src/core.ts'

await run(async function main() {
  const channel = makeChan<number>()
  channel.close()
  go(async function bad() {
    await channel.send(1)
  })
  await sleep(60_000)
})
