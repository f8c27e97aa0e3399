/** 100,000 goroutines parked, each on a channel of its own: bytes of each, and of the process. */
import { go, makeChan, sleep } from '../../src/core.ts'

const count = 100_000
const collect = globalThis.gc as () => void // run with --expose-gc
collect()
const before = process.memoryUsage()
const channels = Array.from({ length: count }, () => makeChan<number>())
let woken = 0
for (const channel of channels) {
  go(async () => {
    await channel.receive()
    woken++
  })
}
await sleep(0)
while ((channels[count - 1]?.trySend(1) ?? false) === false) await sleep(0)
collect()
const after = process.memoryUsage()
process.stdout.write(
  `${JSON.stringify({
    bytesEach: Math.round((after.heapUsed - before.heapUsed) / count),
    heapMB: Math.round(after.heapUsed / 1e6),
    rssMB: Math.round((after.rss - before.rss) / 1e6),
    woken,
  })}\n`,
)
process.exit(0)
