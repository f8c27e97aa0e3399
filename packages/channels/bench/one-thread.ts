/** Our side of the one-thread measures: the classical programs of channels, in each lane. */
import type { BenchMaker } from '../../../bench/measure.ts'
import { type Chan, go, makeChan, receiveOr, recv, selector, WaitGroup } from '../src/core.ts'

type Program = (n: number) => Promise<void>

const pingPong: Program = async (n) => {
  const ping = makeChan<number>()
  const pong = makeChan<number>()
  go(async () => {
    for (let i = 0; i < n; i++) await pong.send(await ping.receive())
  })
  for (let i = 0; i < n; i++) {
    await ping.send(i)
    await pong.receive()
  }
}

const pingPongGenerator: Program = async (n) => {
  const ping = makeChan<number>()
  const pong = makeChan<number>()
  const finished = makeChan<void>(1)
  go(function* () {
    for (let i = 0; i < n; i++) yield* pong.put(yield* ping.recv())
  })
  go(function* () {
    for (let i = 0; i < n; i++) {
      yield* ping.put(i)
      yield* pong.recv()
    }
    yield* finished.put(undefined)
  })
  await finished.receive()
}

const producerConsumer =
  (capacity: number): Program =>
  async (n) => {
    const channel = makeChan<number>(capacity)
    go(async () => {
      for (let i = 0; i < n; i++) await channel.send(i)
    })
    for (let i = 0; i < n; i++) await channel.receive()
  }

const producerConsumerTry: Program = async (n) => {
  const channel = makeChan<number>(100)
  go(async () => {
    for (let i = 0; i < n; i++) if (!channel.trySend(i)) await channel.send(i)
  })
  for (let i = 0; i < n; i++) {
    // Nobody sends undefined.
    if (receiveOr(channel, undefined) === undefined) await channel.receive()
  }
}

const producerConsumerGenerator =
  (capacity: number): Program =>
  async (n) => {
    const channel = makeChan<number>(capacity)
    const finished = makeChan<void>(1)
    go(function* () {
      for (let i = 0; i < n; i++) yield* channel.put(i)
    })
    go(function* () {
      for (let i = 0; i < n; i++) yield* channel.recv()
      yield* finished.put(undefined)
    })
    await finished.receive()
  }

const selectOver =
  (width: number): Program =>
  async (n) => {
    const channels = Array.from({ length: width }, () => makeChan<number>())
    for (const channel of channels) {
      go(async () => {
        for (let i = 0; i < n / width; i++) await channel.send(i)
      })
    }
    const cases = selector(...channels.map((channel) => recv(channel)))
    for (let i = 0; i < Math.floor(n / width) * width; i++) await cases.next()
  }

const links = 10_000
const chain: Program = async (n) => {
  for (let round = 0; round < n / links; round++) await chainOnce(links)
}

const chainOnce: Program = async (n) => {
  const leftmost = makeChan<number>()
  let right: Chan<number> = leftmost
  for (let i = 0; i < n; i++) {
    const left = right
    const next = makeChan<number>()
    go(async () => {
      await left.send(1 + (await next.receive()))
    })
    right = next
  }
  const last = right
  go(async () => last.send(1))
  if ((await leftmost.receive()) !== n + 1) throw new Error('the chain lost a link')
}

const sieveAwait: Program = async (primes) => {
  let source = makeChan<number>()
  const first = source
  go(async () => {
    for (let i = 2; ; i++) await first.send(i)
  })
  for (let i = 0; i < primes; i++) {
    const prime = await source.receive()
    const from = source
    const to = makeChan<number>()
    go(async () => {
      for (;;) {
        const candidate = await from.receive()
        if (candidate % prime !== 0) await to.send(candidate)
      }
    })
    source = to
  }
}

/** One function for all goroutines, as README recommends in this lane. */
function* filter(from: Chan<number>, to: Chan<number>, prime: number): Generator<never, void> {
  for (;;) {
    const candidate = yield* from.recv()
    if (candidate % prime !== 0) yield* to.put(candidate)
  }
}

const sieveGenerator: Program = async (primes) => {
  const found = makeChan<number>(1)
  go(function* () {
    let source = makeChan<number>()
    const first = source
    go(function* () {
      for (let i = 2; ; i++) yield* first.put(i)
    })
    let prime = 0
    for (let i = 0; i < primes; i++) {
      prime = yield* source.recv()
      const p = prime
      const from = source
      const to = makeChan<number>()
      go(filter, from, to, p)
      source = to
    }
    yield* found.put(prime)
  })
  await found.receive()
}

const spawnJoin: Program = async (n) => {
  const group = new WaitGroup()
  group.add(n)
  for (let i = 0; i < n; i++) go(async () => group.done())
  await group.wait()
}

/** Programs and the size of one repetition. */
const programs: Readonly<Record<string, readonly [Program, number]>> = {
  'ping-pong': [pingPong, 100_000],
  'ping-pong generator': [pingPongGenerator, 200_000],
  'cap 0': [producerConsumer(0), 200_000],
  'cap 0 generator': [producerConsumerGenerator(0), 400_000],
  'cap 100': [producerConsumer(100), 200_000],
  'cap 100 try': [producerConsumerTry, 2_000_000],
  'cap 100 generator': [producerConsumerGenerator(100), 1_000_000],
  'select 2': [selectOver(2), 200_000],
  'select 4': [selectOver(4), 200_000],
  'select 8': [selectOver(8), 200_000],
  chain: [chain, 50_000],
  'spawn and join': [spawnJoin, 200_000],
  sieve: [sieveAwait, 1000],
  'sieve generator': [sieveGenerator, 1000],
}

/** A side of a measure: the program named by `args`. It answers true: every value was received. */
export const bench: BenchMaker = (args) => {
  const found = programs[String(args)]
  if (found === undefined) throw new RangeError(`no program ${String(args)}`)
  const [program, operations] = found
  return {
    operations,
    run: async () => {
      await program(operations)
      return true
    },
  }
}
