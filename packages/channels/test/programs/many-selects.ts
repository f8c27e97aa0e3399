/** 100,000 selects that wait: growth of the heap once the engine has compiled what there is to compile. */
import { go, makeChan, recv, select } from '../../src/core.ts'

const collect = globalThis.gc as () => void // run with --expose-gc
const idle = makeChan<number>()
const busy = makeChan<number>()
go(async () => {
  for (let i = 0; ; i++) await busy.send(i)
})

const heapAfter = async (selects: number): Promise<number> => {
  for (let i = 0; i < selects; i++) await select(recv(idle), recv(busy))
  for (let i = 0; i < 3; i++) collect()
  return process.memoryUsage().heapUsed
}

for (let round = 0; round < 4; round++) await heapAfter(100_000)
const before = await heapAfter(100_000)
const after = await heapAfter(100_000)
process.stdout.write(`${JSON.stringify({ grown: after - before })}\n`)
process.exit(0)
