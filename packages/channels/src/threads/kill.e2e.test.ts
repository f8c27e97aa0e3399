/**
 * Workers are terminated under load at random points, 200 times. From the kill on, each round looks once a millisecond
 * until the thread is gone and every channel has moved since then; the replacement is still loading meanwhile.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type * as Jobs from '../../test/worker-jobs.ts'
import { sequenceSpan } from '../../test/worker-jobs.ts'
import {
  callWorker,
  go,
  makeSharedChan,
  sleep,
  startThreads,
  type Threads,
  workerModule,
} from '../index.ts'
import { home } from './home.ts'
import { ownerMask } from './lock.ts'
import { Chan, Thread, ThreadState } from './world.ts'

const jobs = workerModule<typeof Jobs>(new URL('../../test/worker-jobs.ts', import.meta.url))
const workers = 5
const rounds = 200
/** Every tenth victim holds a channel's lock, or that of an end of its buffer. */
const lockEvery = 10
/** Looks, a millisecond apart at least. A hang is for ever; on a busy machine a new worker may need seconds to begin. */
const mostLooks = 20_000

type Numbers = ReturnType<typeof makeSharedChan<number>>

let threads: Threads

beforeAll(() => {
  threads = startThreads({ threads: workers })
})
afterAll(() => threads.stop())

it('loses and doubles nothing that was acknowledged when workers are killed, and nobody hangs', async () => {
  // Workers produce, this thread consumes.
  const buffered: Numbers = makeSharedChan({ lane: 'f64', capacity: 64 })
  const messages: Numbers = makeSharedChan({ capacity: 16, slotBytes: 16 })
  const rendezvous: Numbers = makeSharedChan({ lane: 'f64', capacity: 0 })
  // This thread produces, workers consume and pass on.
  const work: Numbers = makeSharedChan({ lane: 'f64', capacity: 32 })
  const passed: Numbers = makeSharedChan({ lane: 'f64', capacity: 32 })
  const acknowledged: Numbers = makeSharedChan({ lane: 'f64', capacity: 2 ** 16 })

  const moved = [0, 0, 0, 0]
  const next = new Map<number, number>()
  const acks = new Map<number, number>()
  const seen = new Set<number>()
  const faults: string[] = []
  let running = true
  let producers = 0
  let lostConsumers = 0
  let sent = 0

  const inOrder = async (input: Numbers, index: number): Promise<void> => {
    for await (const value of input) {
      const producer = Math.floor(value / sequenceSpan)
      const expected = next.get(producer) ?? 0
      if (value % sequenceSpan !== expected) {
        faults.push(`producer ${producer}: got ${value % sequenceSpan}, expected ${expected}`)
      }
      next.set(producer, (value % sequenceSpan) + 1)
      moved[index] = (moved[index] ?? 0) + 1
    }
  }
  const keepProducing = async (output: Numbers): Promise<void> => {
    while (running) {
      await callWorker(jobs, 'produceForever', output, acknowledged, ++producers).catch(() => {})
    }
  }
  const keepPassing = async (): Promise<void> => {
    while (running) {
      await callWorker(jobs, 'passOn', work, passed).catch(() => {
        lostConsumers++
      })
    }
  }
  const inputs = [buffered, messages, rendezvous]
  inputs.forEach((input, index) => {
    go(() => inOrder(input, index))
    for (let i = 0; i < 2; i++) void keepProducing(input)
  })
  for (let i = 0; i < 3; i++) void keepPassing()
  go(async () => {
    for (; running; sent++) await work.send(sent)
  })
  go(async () => {
    for await (const value of passed) {
      if (seen.has(value)) faults.push(`${value} was passed on twice`)
      seen.add(value)
      moved[3] = (moved[3] ?? 0) + 1
    }
  })
  go(async () => {
    for await (const value of acknowledged) {
      acks.set(Math.floor(value / sequenceSpan), (value % sequenceSpan) + 1)
    }
  })

  let longest = 0
  for (let round = 0; round < rounds; round++) {
    const up = await loaded()
    await sleep(Math.random() * 5)
    const victim =
      round % lockEvery === 0
        ? await lockHolder([...inputs, work, passed][Math.floor(Math.random() * 5)] ?? buffered)
        : up[Math.floor(Math.random() * up.length)]
    let before: number[] | null = null
    void threads.threads
      .find(({ number }) => number === victim)
      ?.terminate()
      .then(() => {
        before = [...moved]
      })
    const still = (from: readonly number[] | null): boolean =>
      from === null || moved.some((count, i) => count === from[i])
    let looks = 0
    while (looks < mostLooks && still(before)) {
      await sleep(1)
      looks++
    }
    longest = Math.max(longest, looks)
    if (looks === mostLooks) faults.push(`round ${round}: no progress, ${moved} after ${before}`)
    if (faults.length > 0) break
  }
  running = false
  for (let looks = 0; looks < mostLooks && threads.repairs < rounds; looks++) await sleep(1)
  await sleep(200)
  expect(faults).toEqual([])
  expect(threads.repairs).toBe(rounds)
  // Every value whose `send` had returned has arrived.
  const lost = [...acks].filter(([producer, count]) => (next.get(producer) ?? 0) < count)
  expect(lost).toEqual([])
  // A killed consumer takes with it the one value that it had received and not yet passed on.
  const inHands = sent - seen.size - work.length - passed.length
  expect(inHands).toBeLessThanOrEqual(lostConsumers + 3 + 1)
  const total = moved.reduce((sum, count) => sum + count, 0)
  process.stdout.write(`${rounds} kills: ${total} values, longest pause ${longest} looks\n`)
}, 600_000)

/** The workers that have loaded, at least three. */
async function loaded(): Promise<number[]> {
  const { world } = home()
  for (;;) {
    const up = Array.from({ length: workers }, (_, i) => i + 1).filter((number) => {
      const state = Atomics.load(world.i32, world.thread(number) + Thread.state)
      return state === ThreadState.running || state === ThreadState.idle
    })
    if (up.length >= 3) return up
    await sleep(1)
  }
}

/** Lets some worker take one of the channel's locks for ever; its number. */
async function lockHolder(channel: Numbers): Promise<number> {
  const { world } = home()
  const words = channel.capacity === 0 ? [Chan.lock] : [Chan.lock, Chan.tail, Chan.head]
  const word = words[Math.floor(Math.random() * words.length)] ?? Chan.lock
  let held = true
  callWorker(jobs, 'holdLock', channel, word).catch(() => {
    held = false
  })
  // Others hold it for less than a microsecond at a time.
  for (let owner = 0, since = 0; held; ) {
    const now = Atomics.load(world.i32, channel.at + word) & ownerMask
    since = now === owner ? since + 1 : 0
    owner = now
    if (owner > 1 && since === 20) return owner - 1
    await sleep(1)
  }
  throw new Error('the worker that was to hold the lock died before')
}
