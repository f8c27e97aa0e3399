/** What Go's own tests of channels check (`runtime/chan_test.go`, `test/chan`), in our words. */
import { describe, expect, it } from 'vitest'
import {
  type Chan,
  go,
  gosched,
  makeChan,
  nilChan,
  otherwise,
  recv,
  select,
  send,
  sleep,
  WaitGroup,
} from './core.ts'

/** Lets every goroutine run until it waits. */
const settle = (): Promise<void> => sleep(0)

describe.each([0, 1, 2, 10, 100])('a channel of capacity %i', (capacity) => {
  it('blocks a receive while it is empty and a send while it is full', async () => {
    const channel = makeChan<number>(capacity)
    let received = 0
    go(async () => {
      await channel.receive()
      received++
    })
    go(async () => {
      await channel.receiveOk()
      received++
    })
    await settle()
    expect([received, channel.tryReceive()]).toEqual([0, undefined])
    await channel.send(0)
    await channel.send(0)
    await settle()
    expect(received).toBe(2)

    for (let i = 0; i < capacity; i++) await channel.send(i)
    let sent = 0
    go(async () => {
      await channel.send(99)
      sent++
    })
    await settle()
    expect([sent, channel.trySend(98), channel.length]).toEqual([0, false, capacity])
    await channel.receive()
    await settle()
    expect([sent, channel.length]).toEqual([1, capacity])
  })

  it('gives what was sent before it was closed, then zero values at once', async () => {
    const channel = makeChan<number>(capacity, { zero: 0 })
    for (let i = 0; i < capacity; i++) await channel.send(i)
    channel.close()
    for (let i = 0; i < capacity; i++) {
      expect(await channel.receiveOk()).toEqual({ value: i, ok: true })
    }
    expect(await channel.receive()).toBe(0)
    expect(await channel.receiveOk()).toEqual({ value: 0, ok: false })
    expect(channel.tryReceive()).toEqual({ value: 0, ok: false })
    expect(await select(recv(channel))).toEqual({ index: 0, value: 0, ok: false })
    await expect(channel.send(1)).rejects.toThrow('send on closed channel')
    expect(() => channel.trySend(1)).toThrow('send on closed channel')
    await expect(select(send(channel, 1), otherwise)).rejects.toThrow('send on closed channel')
    expect(() => channel.close()).toThrow('close of closed channel')
  })

  it('ends the wait of every receiver when it closes', async () => {
    const channel = makeChan<number>(capacity)
    const outcomes: unknown[] = []
    for (let i = 0; i < 3; i++) {
      go(async () => void outcomes.push((await channel.receiveOk()).ok))
      go(async () => void outcomes.push((await select(recv(channel))).ok))
      go(function* () {
        outcomes.push((yield* channel.recvOk()).ok)
      })
    }
    await settle()
    channel.close()
    await settle()
    expect(outcomes).toEqual(new Array(9).fill(false))
  })

  it('keeps 100 values of one producer in order, in each lane', async () => {
    const channel = makeChan<number>(capacity)
    const got: number[] = []
    go(async () => {
      for (let i = 0; i < 100; i++) await channel.send(i)
    })
    for (let i = 0; i < 100; i++) got.push(await channel.receive())
    go(function* () {
      for (let i = 100; i < 200; i++) yield* channel.put(i)
      channel.close()
    })
    for await (const value of channel) got.push(value)
    expect(got).toEqual(Array.from({ length: 200 }, (_, i) => i))
  })

  it('passes each value of four producers to exactly one of four consumers', async () => {
    const channel = makeChan<number>(capacity)
    const each = 500
    const results = makeChan<Map<number, number>>()
    for (let p = 0; p < 4; p++) {
      go(async () => {
        for (let i = 0; i < each; i++) await channel.send(i)
      })
      go(async () => {
        const seen = new Map<number, number>()
        for (let i = 0; i < each; i++) {
          const value = await channel.receive()
          seen.set(value, (seen.get(value) ?? 0) + 1)
        }
        await results.send(seen)
      })
    }
    const total = new Map<number, number>()
    for (let p = 0; p < 4; p++) {
      for (const [value, count] of await results.receive()) {
        total.set(value, (total.get(value) ?? 0) + count)
      }
    }
    expect(total.size).toBe(each)
    expect([...total.values()].every((count) => count === 4)).toBe(true)
  })

  it('chooses 0 and 1 about as often when a select may send either', async () => {
    const channel = makeChan<number>(capacity)
    const counts = [0, 0]
    const done = makeChan<undefined>()
    go(async () => {
      for (let i = 0; i < 1000; i++) {
        const value = await channel.receive()
        counts[value] = (counts[value] ?? 0) + 1
        await gosched()
      }
      done.close()
    })
    for (let i = 0; i < 1000; i++) await select(send(channel, 0), send(channel, 1))
    await done.receive()
    expect(Math.min(...counts)).toBeGreaterThan(100)
  })

  it('never gives a goroutine the value of its own select when nothing is buffered', async () => {
    const channel = makeChan<number>(capacity)
    const group = new WaitGroup()
    let own = 0
    for (const p of [0, 1]) {
      group.go(async () => {
        for (let i = 0; i < 500; i++) {
          const sendFirst = p === 0 || i % 2 === 0
          const got = sendFirst
            ? await select(send(channel, p), recv(channel))
            : await select(recv(channel), send(channel, p))
          if (got.value === p) own++
        }
      })
    }
    await group.wait()
    if (capacity === 0) expect(own).toBe(0)
  })
})

/** Go's table: what each operation does to a nil, an empty, a full and a closed channel. */
describe.each<[string, () => Chan<number>, string, string, string, string]>([
  ['nil', () => nilChan<number>(), 'waits', 'waits', 'default', 'close of nil channel'],
  ['empty', () => makeChan<number>(1), 'waits', 'proceeds', 'default', 'proceeds'],
  ['full', () => full(), 'proceeds', 'waits', 'proceeds', 'proceeds'],
  [
    'closed',
    () => closed(),
    'proceeds',
    'send on closed channel',
    'proceeds',
    'close of closed channel',
  ],
])('a channel that is %s', (_, make, receive, sending, receiveOrDefault, closing) => {
  it('receives and sends alike alone, in a select, and in the generator lane', async () => {
    for (const operation of [
      (channel: Chan<number>) => channel.receive(),
      (channel: Chan<number>) => select(recv(channel)),
      (channel: Chan<number>) => inGenerator(() => channel.recv()),
    ]) {
      expect(await outcome(operation(make()))).toBe(receive)
    }
    for (const operation of [
      (channel: Chan<number>) => channel.send(1),
      (channel: Chan<number>) => select(send(channel, 1)),
      (channel: Chan<number>) => inGenerator(() => channel.put(1)),
    ]) {
      expect(await outcome(operation(make()))).toBe(sending)
    }
    const tried = await select(recv(make()), otherwise)
    expect(tried.index === 1 ? 'default' : 'proceeds').toBe(receiveOrDefault)
    expect(await outcome((async () => make().close())())).toBe(closing)
  })
})

it('many workers over two channels sum up to what was sent', async () => {
  const [workers, values] = [23, 10_000]
  const primes = [2, 3, 7, 11, 13, 17, 19, 23, 29, 31]
  const queue = makeChan<number>(workers * 3)
  const results = makeChan<number>(workers * 3)
  const group = new WaitGroup()
  for (let w = 0; w < workers; w++) {
    group.go(async () => {
      for await (const value of queue) {
        // Some give way now and then, so that the order differs.
        if (value === primes[w % primes.length]) await gosched()
        await results.send(value)
      }
    })
  }
  let expected = 0
  group.go(async () => {
    for (let i = 0; i < values; i++) {
      const value = primes[i % primes.length] ?? 0
      expected += value
      await queue.send(value)
    }
    queue.close()
  })
  go(async () => {
    await group.wait()
    results.close()
  })
  let sum = 0
  for await (const value of results) sum += value
  expect(sum).toBe(expected)
})

it('a sieve of goroutines finds the primes', async () => {
  const first = makeChan<number>()
  go(function* () {
    for (let i = 2; ; i++) yield* first.put(i)
  })
  const primes: number[] = []
  let source = first
  while (primes.length < 25) {
    const from = source
    const prime = await from.receive()
    primes.push(prime)
    const to = makeChan<number>()
    go(async () => {
      for (;;) {
        const candidate = await from.receive()
        if (candidate % prime !== 0) await to.send(candidate)
      }
    })
    source = to
  }
  expect(primes.at(-1)).toBe(97)
})

function inGenerator<T>(operation: () => Iterable<never, T>): Promise<T> {
  return new Promise((resolve, reject) => {
    go(function* () {
      try {
        resolve(yield* operation())
      } catch (reason) {
        reject(reason)
      }
    })
  })
}

async function outcome(promise: Promise<unknown>): Promise<string> {
  let found = 'waits'
  promise.then(
    () => {
      found = 'proceeds'
    },
    (reason: unknown) => {
      found = reason instanceof Error ? reason.message : String(reason)
    },
  )
  await settle()
  return found
}

function full(): Chan<number> {
  const channel = makeChan<number>(1)
  channel.trySend(0)
  return channel
}

function closed(): Chan<number> {
  const channel = makeChan<number>(1)
  channel.close()
  return channel
}
