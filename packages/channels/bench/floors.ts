/**
 * What the engine itself costs: the programs of `one-thread.ts` with the least that can stand for a channel, so that
 * nothing is left but the waiting and waking. No closing, no select but over one's own slots, no trace, no turns for
 * the event loop, at most one waiter; a channel of the await lane cannot cost less than these on the same engine.
 */
import type { BenchMaker } from '../../../bench/measure.ts'
import { sieveOfGenerators } from './generator-floor.ts'

type Resolve = (value: unknown) => void
type Program = (n: number) => Promise<void>

let captured: Resolve = () => {}
const capture = (resolve: Resolve): void => {
  captured = resolve
}
const settled: Promise<undefined> = Promise.resolve(undefined)

/** One waiting receiver or sender; a send that finds neither parks. */
class Slot {
  receiver: Resolve | null = null
  sender: Resolve | null = null
  private value = 0

  send(value: number): Promise<unknown> {
    const { receiver } = this
    if (receiver !== null) {
      this.receiver = null
      receiver(value)
      return settled
    }
    this.value = value
    const promise = new Promise<unknown>(capture)
    this.sender = captured
    return promise
  }

  receive(): Promise<number> {
    const { sender } = this
    if (sender !== null) {
      this.sender = null
      sender(undefined)
      return Promise.resolve(this.value)
    }
    const promise = new Promise<unknown>(capture)
    this.receiver = captured
    return promise as Promise<number> // settled by `send` with a number
  }
}

/** A full buffer that is emptied, an empty one that is filled: a hundred values between two waits. */
class Buffer {
  private readonly values: number[] = [0]
  private count = 0
  private first = 0
  private waiter: Resolve | null = null

  put(value: number): boolean {
    if (this.count === 100) return false
    const at = this.first + this.count
    this.values[at < 100 ? at : at - 100] = value
    this.count++
    return true
  }

  take(): number | undefined {
    if (this.count === 0) return undefined
    const value = this.values[this.first]
    this.first = this.first === 99 ? 0 : this.first + 1
    this.count--
    return value
  }

  /** Waits for the other side, and lets it go on. */
  swap(): Promise<unknown> {
    const { waiter } = this
    const promise = new Promise<unknown>(capture)
    this.waiter = captured
    waiter?.(undefined)
    return promise
  }

  end(): void {
    this.waiter?.(undefined)
  }
}

const awaitSettled: Program = async (n) => {
  for (let i = 0; i < n; i++) await settled
}

const awaitMade: Program = async (n) => {
  for (let i = 0; i < n; i++) await Promise.resolve(i)
}

/** Two that wake each other: every await finds its promise open. */
const awaitParked: Program = async (n) => {
  let other: Resolve = () => {}
  const swap = (): Promise<unknown> => {
    const wake = other
    const promise = new Promise<unknown>(capture)
    other = captured
    wake(undefined)
    return promise
  }
  const partner = async (): Promise<void> => {
    for (let i = 0; i < n / 2; i++) await swap()
    other(undefined)
  }
  partner()
  for (let i = 0; i < n / 2; i++) await swap()
  other(undefined)
}

const producerConsumer: Program = async (n) => {
  const slot = new Slot()
  const produce = async (): Promise<void> => {
    for (let i = 0; i < n; i++) await slot.send(i)
  }
  produce()
  for (let i = 0; i < n; i++) await slot.receive()
}

const pingPong: Program = async (n) => {
  const ping = new Slot()
  const pong = new Slot()
  const echo = async (): Promise<void> => {
    for (let i = 0; i < n; i++) await pong.send(await ping.receive())
  }
  echo()
  for (let i = 0; i < n; i++) {
    await ping.send(i)
    await pong.receive()
  }
}

const buffered: Program = async (n) => {
  for (let i = 0; i < n; i++) {
    await settled
    await Promise.resolve(i)
  }
}

const tryThenAwait: Program = async (n) => {
  const buffer = new Buffer()
  const produce = async (): Promise<void> => {
    for (let i = 0; i < n; i++) while (!buffer.put(i)) await buffer.swap()
    buffer.end()
  }
  produce()
  for (let i = 0; i < n; i++) while (buffer.take() === undefined) await buffer.swap()
  buffer.end()
}

const selectOverTwo: Program = async (n) => {
  const slots = [new Slot(), new Slot()]
  const produce = async (slot: Slot): Promise<void> => {
    for (let i = 0; i < n / 2; i++) await slot.send(i)
  }
  for (const slot of slots) produce(slot)
  for (let i = 0; i < n; i++) {
    const index = i & 1
    const slot = slots[index] as Slot // 0 or 1
    slot.sender?.(undefined)
    slot.sender = null
    await Promise.resolve({ index, value: i, ok: true })
  }
}

const links = 10_000
const chain: Program = async (n) => {
  for (let round = 0; round < n / links; round++) {
    const leftmost = new Slot()
    let right = leftmost
    const waiting: (() => Promise<unknown>)[] = []
    for (let i = 0; i < links; i++) {
      const left = right
      const next = new Slot()
      waiting.push(async () => {
        await left.send(1 + (await next.receive()))
      })
      right = next
    }
    for (const start of waiting) start().then(ended, ended)
    right.send(1)
    await leftmost.receive()
  }
}
const ended = (): void => {}

const sieve: Program = async (primes) => {
  let source = new Slot()
  const first = source
  const count = async (): Promise<never> => {
    for (let i = 2; ; i++) await first.send(i)
  }
  count()
  for (let i = 0; i < primes; i++) {
    const prime = await source.receive()
    const from = source
    const to = new Slot()
    const filter = async (): Promise<never> => {
      for (;;) {
        const candidate = await from.receive()
        if (candidate % prime !== 0) await to.send(candidate)
      }
    }
    filter()
    source = to
  }
}

const programs: Readonly<Record<string, readonly [Program, number]>> = {
  'await settled': [awaitSettled, 500_000],
  'await made': [awaitMade, 500_000],
  'await parked': [awaitParked, 500_000],
  'cap 0': [producerConsumer, 200_000],
  'ping-pong': [pingPong, 100_000],
  'cap 100': [buffered, 200_000],
  'cap 100 try': [tryThenAwait, 2_000_000],
  'select 2': [selectOverTwo, 200_000],
  chain: [chain, 50_000],
  sieve: [sieve, 1000],
  'sieve generator': [sieveOfGenerators, 1000],
}

/** A side of a measure: the program named by `args`. It answers true, as the programs with channels do. */
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
