import { Effect, Queue } from 'effect'

// Effect's own way: one program run once, fibers instead of goroutines. Capacity 1 is its smallest that waits.
const producerConsumer = (capacity: number, n: number) =>
  Effect.gen(function* () {
    const queue = yield* Queue.bounded<number>(Math.max(1, capacity))
    yield* Effect.fork(
      Effect.gen(function* () {
        for (let i = 0; i < n; i++) yield* Queue.offer(queue, i)
      }),
    )
    for (let i = 0; i < n; i++) yield* Queue.take(queue)
  })

const pingPong = (n: number) =>
  Effect.gen(function* () {
    const ping = yield* Queue.bounded<number>(1)
    const pong = yield* Queue.bounded<number>(1)
    yield* Effect.fork(
      Effect.gen(function* () {
        for (let i = 0; i < n; i++) yield* Queue.offer(pong, yield* Queue.take(ping))
      }),
    )
    for (let i = 0; i < n; i++) {
      yield* Queue.offer(ping, i)
      yield* Queue.take(pong)
    }
  })

export const bench = (args: unknown) => {
  const name = String(args)
  const operations = name === 'ping-pong' ? 10_000 : 20_000
  const program =
    name === 'ping-pong'
      ? pingPong(operations)
      : producerConsumer(Number(name.slice(4)), operations)
  return {
    operations,
    run: async () => {
      await Effect.runPromise(program)
      return true
    },
  }
}
