/** Our side of the thread measures. */
import type { BenchMaker } from '../../../bench/measure.ts'
import { callWorker, makeSharedChan, startThreads, workerModule } from '../src/index.ts'
import type * as Jobs from './thread-jobs.ts'

const jobs = workerModule<typeof Jobs>(new URL('./thread-jobs.ts', import.meta.url))

const roundTrip = async (n: number): Promise<boolean> => {
  const there = makeSharedChan({ lane: 'i32', capacity: 1 })
  const back = makeSharedChan({ lane: 'i32', capacity: 1 })
  const echoing = callWorker(jobs, 'echo', there, back)
  for (let i = 0; i < n; i++) {
    await there.send(i)
    if ((await back.receive()) !== i) return false
  }
  there.close()
  await echoing
  return true
}

const integers = async (n: number): Promise<boolean> => {
  const channel = makeSharedChan({ lane: 'i32', capacity: 4096 })
  const producing = callWorker(jobs, 'numbers', channel, n)
  let sum = 0
  for (let i = 0; i < n; i++) sum += channel.tryReceive()?.value ?? (await channel.receive())
  await producing
  return sum === (n * (n - 1)) / 2
}

const batched = async (n: number): Promise<boolean> => {
  const channel = makeSharedChan({ lane: 'i32', capacity: 4096 })
  const producing = callWorker(jobs, 'batches', channel, n)
  let count = 0
  while (count < n) count += (await channel.receiveMany(2048)).length
  await producing
  return count === n
}

const objects = async (n: number): Promise<boolean> => {
  const channel = makeSharedChan<Jobs.Small>({ capacity: 1024, slotBytes: 128 })
  const producing = callWorker(jobs, 'objects', channel, n)
  let sum = 0
  for (let i = 0; i < n; i++) sum += (channel.tryReceive()?.value ?? (await channel.receive())).id
  await producing
  return sum === (n * (n - 1)) / 2
}

const start = async (n: number): Promise<boolean> => {
  let sum = 0
  for (let i = 0; i < n; i++) sum += await callWorker(jobs, 'nothing', i)
  return sum === (n * (n + 1)) / 2
}

const startMany = async (n: number): Promise<boolean> => {
  const results = await Promise.all(
    Array.from({ length: n }, (_, i) => callWorker(jobs, 'nothing', i)),
  )
  return results.length === n
}

const programs: Readonly<
  Record<string, readonly [(n: number) => Promise<boolean>, number, number]>
> = {
  'round trip': [roundTrip, 2000, 1],
  integers: [integers, 200_000, 1],
  batched: [batched, 2_048_000, 1],
  objects: [objects, 30_000, 1],
  start: [start, 2000, 1],
  'start many': [startMany, 5000, 2],
}

export const bench: BenchMaker = (args) => {
  const found = programs[String(args)]
  if (found === undefined) throw new RangeError(`no program ${String(args)}`)
  const [program, operations, threads] = found
  const running = startThreads({ threads })
  return {
    operations,
    run: () => program(operations),
    [Symbol.asyncDispose]: () => running.stop(),
  }
}
