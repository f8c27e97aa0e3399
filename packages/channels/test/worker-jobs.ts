/** Functions that tests start on worker threads. */
import {
  go,
  makeChan,
  otherwise,
  type RecvChan,
  recv,
  type SendChan,
  type SharedChannel,
  select,
  send,
} from '../src/index.ts'
import { home } from '../src/threads/home.ts'
import { lock } from '../src/threads/lock.ts'

export const add = (a: number, b: number): number => a + b

export function* triple(value: number): Generator<never, number> {
  const box = makeChan<number>(1)
  yield* box.put(value)
  return 3 * (yield* box.recv())
}

export function fail(): never {
  throw new RangeError('out of luck')
}

export async function never(channel: RecvChan<unknown>): Promise<void> {
  await channel.receive()
}

/** Keeps its thread busy. */
export function spin(ms: number): number {
  const end = performance.now() + ms
  while (performance.now() < end);
  return ms
}

/** Passes everything on until the input is closed; gives the number of values. */
export async function relay(input: RecvChan<unknown>, output: SendChan<never>): Promise<number> {
  let count = 0
  for await (const value of input) {
    await output.send(value as never) // both channels are of one type where this is called
    count++
  }
  return count
}

/** Sends `count` numbers from `first`. */
export async function produce(
  output: SendChan<number>,
  first: number,
  count: number,
): Promise<void> {
  for (let i = 0; i < count; i++) await output.send(first + i)
}

/** Values of one producer: its number and a sequence. */
export const sequenceSpan = 2 ** 24

/** Sends its sequence for ever; what `send` has acknowledged is told to `acknowledged`, if that has room. */
export async function produceForever(
  output: SendChan<number>,
  acknowledged: SendChan<number>,
  producer: number,
): Promise<void> {
  for (let i = 0; ; i++) {
    const value = producer * sequenceSpan + i
    await output.send(value)
    acknowledged.trySend(value)
  }
}

/** Passes values on for ever, one at a time. */
export async function passOn(input: RecvChan<number>, output: SendChan<number>): Promise<void> {
  for await (const value of input) await output.send(value)
}

/** Takes a lock of the channel, by its word in the record, and never lets it go. */
export function holdLock(channel: SharedChannel<number>, word: number): never {
  const { world } = home()
  lock(world, channel.at + word)
  for (;;);
}

/** Sums up what it gets. */
export async function consume(input: RecvChan<number>): Promise<{ sum: number; count: number }> {
  let sum = 0
  let count = 0
  for await (const value of input) {
    sum += value
    count++
  }
  return { sum, count }
}

/** Passes values on by `select` over both channels and a quit channel. */
export async function selectRelay(
  input: RecvChan<number>,
  output: SendChan<number>,
  quit: RecvChan<unknown>,
): Promise<number> {
  let count = 0
  for (;;) {
    const got = await select(recv(input), recv(quit))
    if (got.index === 1 || !got.ok) return count
    const sent = await select(send(output, got.value), recv(quit))
    if (sent.index === 1) return count
    count++
  }
}

/** One side of selects that send and receive at once; gives the balance of its own sends and receives. */
export async function exchange(
  out: SendChan<number>,
  back: RecvChan<number>,
  rounds: number,
): Promise<{ sent: number; received: number }> {
  let sent = 0
  let received = 0
  for (let i = 0; i < rounds; i++) {
    const chosen = await select(send(out, i), recv(back))
    if (chosen.index === 0) sent++
    else received++
  }
  return { sent, received }
}

/** Polls with a default. */
export async function poll(input: RecvChan<number>, count: number): Promise<number> {
  let sum = 0
  for (let got = 0; got < count; ) {
    const chosen = await select(recv(input), otherwise)
    if (chosen.index === 0) {
      sum += chosen.value
      got++
    } else await new Promise((resolve) => setImmediate(resolve))
  }
  return sum
}

/** Goroutines inside a worker. */
export async function fanOut(input: RecvChan<number>, width: number): Promise<number> {
  let sum = 0
  const running = Array.from({ length: width }, () => {
    return new Promise<void>((resolve) => {
      go(async () => {
        for await (const value of input) sum += value
        resolve()
      })
    })
  })
  await Promise.all(running)
  return sum
}

export async function closeIt(channel: SendChan<never>): Promise<void> {
  channel.close()
}

export function echo<T>(value: T): T {
  return value
}
