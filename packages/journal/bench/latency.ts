/** From `send` to the handler's first line, in another process's place: a second journal on the same server. */
import type { BenchMaker } from '../../../bench/measure.ts'
import { freshDatabase } from '../../../bench/peers/journal/server.ts'
import { dataOf } from '../../../bench/peers/journal/tasks.ts'
import { openJournal } from '../src/index.ts'
import { postgres } from '../src/postgres.ts'

const messages = 40

export const bench: BenchMaker = async (args) => {
  const database = await freshDatabase(dataOf(args), 'journal_latency')
  const sender = await openJournal(postgres(database.url))
  const worker = await openJournal(postgres(database.url))
  const all: number[] = []
  let started = (_at: number) => {}
  worker.deliver('number', async () => started(performance.now()))
  return {
    operations: messages,
    async run() {
      for (let n = 0; n < messages; n++) {
        const at = new Promise<number>((resolve) => {
          started = resolve
        })
        const sent = performance.now()
        await sender.send('number', n)
        all.push((await at) - sent)
        // Idle in between: the wake-up is measured, not a queue that is busy anyway.
        await new Promise((resolve) => setTimeout(resolve, 3))
      }
      return messages
    },
    figures() {
      const sorted = all.toSorted((a, b) => a - b)
      return {
        'p99 ms': sorted[Math.floor(sorted.length * 0.99)] ?? 0,
        'p50 ms': sorted[sorted.length >> 1] ?? 0,
      }
    },
    async [Symbol.asyncDispose]() {
      await sender.close()
      await worker.close()
      await database[Symbol.asyncDispose]()
    },
  }
}
