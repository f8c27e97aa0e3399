/** 1000 goroutines leak in the await lane, 100 in the generator lane; one waits on a channel that main still has. */
import { type Chan, go, makeChan, run, sleep } from '../../src/core.ts'

let kept: Chan<number> | undefined
let found = 0
await run(
  async function main() {
    for (let i = 0; i < 1000; i++) {
      const channel = makeChan<number>(0, { name: 'forgotten' })
      go(async function waits() {
        await channel.receive()
      })
    }
    for (let i = 0; i < 100; i++) {
      const channel = makeChan<number>()
      go(function* waitsToo() {
        yield* channel.put(i)
      })
    }
    kept = makeChan<number>()
    const channel = kept
    go(async () => {
      await channel.receive()
    })
    await sleep(1)
  },
  {
    leaks: (leaks) => {
      found += leaks.length
    },
  },
)
process.stdout.write(`${found} leaks, kept ${kept !== undefined}\n`)
