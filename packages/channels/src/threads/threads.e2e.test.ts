import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type * as Jobs from '../../test/worker-jobs.ts'
import {
  callWorker,
  go,
  inspectThreads,
  makeChan,
  makeSharedChan,
  otherwise,
  recv,
  select,
  send,
  sleep,
  startThreads,
  type Threads,
  workerModule,
} from '../index.ts'

const jobs = workerModule<typeof Jobs>(new URL('../../test/worker-jobs.ts', import.meta.url))
let threads: Threads

beforeAll(() => {
  threads = startThreads({ threads: 4 })
})
afterAll(() => threads.stop())

describe('functions on workers', () => {
  it('take typed arguments and give results, generators too', async () => {
    expect(await callWorker(jobs, 'add', 2, 3)).toBe(5)
    expect(await callWorker(jobs, 'triple', 5)).toBe(15)
    // @ts-expect-error the argument must be a number
    await callWorker(jobs, 'triple', 'x')
    // @ts-expect-error not an export
    await expect(callWorker(jobs, 'nothing')).rejects.toThrow('no exported function nothing')
  })

  it('throw what they throw, with its class, message and stack', async () => {
    const error = await callWorker(jobs, 'fail').catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(RangeError)
    expect(String(error)).toBe('RangeError: out of luck')
    expect((error as Error).stack).toContain('worker-jobs.ts')
  })

  it('refuse what cannot be copied, naming its path', async () => {
    const bad = { list: [{ call: () => 1 }] }
    await expect(callWorker(jobs, 'echo', bad)).rejects.toThrow(
      'argument 1 of echo().list[0].call cannot be sent to another thread: it is a function',
    )
    await expect(callWorker(jobs, 'echo', makeChan(1))).rejects.toThrow(
      'make it with makeSharedChan',
    )
  })

  it('run in parallel, and those not begun are stolen from a busy thread', async () => {
    const results = await Promise.all(Array.from({ length: 16 }, () => callWorker(jobs, 'spin', 5)))
    expect(results).toEqual(new Array(16).fill(5))
  })
})

describe('values between threads', () => {
  it('arrive as they were: every kind that structured clone copies', async () => {
    const shared = { deep: true }
    const sparse = [1, 2, 3]
    delete sparse[1]
    const value = {
      undefined: undefined,
      null: null,
      nan: Number.NaN,
      minusZero: -0,
      big: 2n ** 70n,
      date: new Date(5),
      list: sparse,
      map: new Map([[shared, new Set(['a', 'ü', '日本'])]]),
      same: [shared, shared],
      bytes: new Uint8Array([1, 2, 3]),
      pattern: /x/gi,
      long: 'é'.repeat(1000),
    }
    const back = (await callWorker(jobs, 'echo', value)) as typeof value // what was sent
    expect(back).toEqual(value)
    expect(Object.is(back.minusZero, -0)).toBe(true)
    expect(back.same[0]).toBe(back.same[1])
    expect(1 in back.list).toBe(false)
  })

  it('of 1 MiB and more go through blocks of shared memory, again and again', async () => {
    const channel = makeSharedChan<Uint8Array>({ capacity: 2 })
    const output = makeSharedChan<Uint8Array>({ capacity: 2 })
    const done = callWorker(jobs, 'relay', channel, output)
    for (let i = 0; i < 50; i++) {
      await channel.send(new Uint8Array(2 ** 20 + i).fill(i))
      const back = await output.receive()
      expect([back.length, back[0], back.at(-1)]).toEqual([2 ** 20 + i, i, i])
    }
    channel.close()
    expect(await done).toBe(50)
  })

  it('can be transferred: the sender’s buffer is detached', async () => {
    const channel = makeSharedChan<ArrayBuffer>({ capacity: 1 })
    const buffer = new Uint8Array([1, 2, 3]).buffer
    await channel.send(buffer, { transfer: [buffer] })
    expect(buffer.byteLength).toBe(0)
    expect(new Uint8Array(await channel.receive())).toEqual(new Uint8Array([1, 2, 3]))
  })

  it('may be channels', async () => {
    const inner = makeSharedChan({ lane: 'i32', capacity: 4 })
    const outer = makeSharedChan<typeof inner>({ capacity: 1 })
    const output = makeSharedChan<typeof inner>({ capacity: 1 })
    void callWorker(jobs, 'relay', outer, output).catch(() => {})
    await outer.send(inner)
    const back = await output.receive()
    expect(back).toBe(inner)
    outer.close()
  })
})

describe('shared channels', () => {
  it('lose and double nothing among many producers and consumers: the checksum is exact', async () => {
    for (const capacity of [0, 1, 64]) {
      const channel = makeSharedChan({ lane: 'i32', capacity })
      const consumers = Array.from({ length: 3 }, () => callWorker(jobs, 'consume', channel))
      const producers = Array.from({ length: 4 }, (_, i) =>
        callWorker(jobs, 'produce', channel, i * 1000, 1000),
      )
      await Promise.all(producers)
      channel.close()
      const parts = await Promise.all(consumers)
      expect(parts.reduce((sum, part) => sum + part.count, 0)).toBe(4000)
      expect(parts.reduce((sum, part) => sum + part.sum, 0)).toBe((3999 * 4000) / 2)
    }
  })

  it('keep the order of one producer', async () => {
    for (const lane of ['i32', 'f64', 'message'] as const) {
      const input = makeSharedChan<number>({ lane, capacity: 8 } as { capacity: number })
      const output = makeSharedChan<number>({ lane, capacity: 0 } as { capacity: number })
      const relaying = callWorker(jobs, 'relay', input, output)
      go(async () => {
        for (let i = 0; i < 500; i++) await input.send(i)
        input.close()
      })
      for (let i = 0; i < 500; i++) expect(await output.receive()).toBe(i)
      expect(await relaying).toBe(500)
    }
  })

  it('have Go’s rules for closing, across threads', async () => {
    const channel = makeSharedChan<string>()
    const sending = channel.send('late').catch((reason: unknown) => reason)
    await callWorker(jobs, 'closeIt', channel)
    expect(await sending).toMatchObject({ message: 'send on closed channel' })
    expect(await channel.receiveOk()).toEqual({ value: undefined, ok: false })
    expect(() => channel.close()).toThrow('close of closed channel')
    expect(() => channel.trySend('x')).toThrow('send on closed channel')
    expect(() => makeSharedChan({ capacity: -1 })).toThrow('makechan: size out of range')
  })

  it('refuse in a typed lane what it cannot carry', async () => {
    const channel = makeSharedChan({ lane: 'i32', capacity: 1 })
    await expect(channel.send(1.5)).rejects.toThrow("use lane 'message'")
  })

  it('work in select, beside channels of this thread', async () => {
    const input = makeSharedChan({ lane: 'i32', capacity: 0 })
    const output = makeSharedChan({ lane: 'i32', capacity: 0 })
    const quit = makeSharedChan<undefined>()
    const local = makeChan<string>()
    const relaying = [1, 2].map(() => callWorker(jobs, 'selectRelay', input, output, quit))
    let sum = 0
    for (let sent = 0, got = 0; got < 500; ) {
      const chosen = await select(send(sent < 500 ? input : null, sent), recv(output), recv(local))
      if (chosen.index === 0) sent++
      else if (chosen.index === 1) {
        sum += chosen.value
        got++
      }
    }
    expect(sum).toBe((499 * 500) / 2)
    go(async () => local.send('now'))
    expect(await select(recv(output), recv(local))).toMatchObject({ index: 1, value: 'now' })
    quit.close()
    const counts = await Promise.all(relaying)
    expect(counts.reduce((a, b) => a + b)).toBe(500)
  })

  it('match selects of two threads that send and receive at once', async () => {
    const a = makeSharedChan({ lane: 'i32', capacity: 0 })
    const b = makeSharedChan({ lane: 'i32', capacity: 0 })
    const [one, other] = await Promise.all([
      callWorker(jobs, 'exchange', a, b, 300),
      callWorker(jobs, 'exchange', b, a, 300),
    ])
    expect(one.sent).toBe(other.received)
    expect(one.received).toBe(other.sent)
  })

  it('choose the default only when nothing is there', async () => {
    const channel = makeSharedChan({ lane: 'i32', capacity: 4 })
    expect(await select(recv(channel), otherwise)).toMatchObject({ index: 1 })
    const polling = callWorker(jobs, 'poll', channel, 200)
    for (let i = 0; i < 200; i++) await channel.send(i)
    expect(await polling).toBe((199 * 200) / 2)
  })

  it('serve many goroutines inside one worker', async () => {
    const channel = makeSharedChan({ lane: 'i32', capacity: 16 })
    const sum = callWorker(jobs, 'fanOut', channel, 100)
    for (let i = 0; i < 1000; i++) await channel.send(i)
    channel.close()
    expect(await sum).toBe((999 * 1000) / 2)
  })

  it('move numbers in batches', async () => {
    const channel = makeSharedChan({ lane: 'i32', capacity: 1024 })
    const sum = callWorker(jobs, 'consume', channel)
    await channel.sendAll(Int32Array.from({ length: 10_000 }, (_, i) => i))
    channel.close()
    expect(await sum).toEqual({ sum: (9999 * 10_000) / 2, count: 10_000 })
    const back = makeSharedChan({ lane: 'f64', capacity: 1024 })
    void callWorker(jobs, 'produce', back, 0, 3000).then(() => back.close())
    let total = 0
    for (;;) {
      const batch = await back.receiveMany(256)
      if (batch.length === 0) break
      for (const value of batch) total += value
    }
    expect(total).toBe((2999 * 3000) / 2)
  })
})

it('shows M, P and G of all threads', async () => {
  const view = await inspectThreads()
  expect(view.m.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4])
  expect(view.p.every(({ runq }) => Array.isArray(runq))).toBe(true)
})

describe('a killed worker', () => {
  it('fails its calls and is replaced', async () => {
    const before = threads.repairs
    const silent = makeSharedChan<number>()
    const calls = Array.from({ length: 8 }, () => callWorker(jobs, 'never', silent))
    const outcomes = Promise.allSettled(calls)
    await sleep(200)
    for (const thread of threads.threads) await thread.terminate()
    for (const outcome of await outcomes) {
      expect(outcome.status).toBe('rejected')
      expect((outcome as PromiseRejectedResult).reason.code).toBe('ERR_WORKER_DIED')
    }
    expect(threads.repairs).toBe(before + 4)
    expect(await callWorker(jobs, 'add', 1, 1)).toBe(2)
  })
})
