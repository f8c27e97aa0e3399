/** A sample of the semantics, run where there is no Node: the page's title tells when it is done, `#result` what came. */
import {
  background,
  deadlineExceeded,
  go,
  inspect,
  int,
  Mutex,
  makeChan,
  newTicker,
  numGoroutine,
  otherwise,
  recv,
  run,
  select,
  send,
  sleep,
  trace,
  WaitGroup,
  withTimeout,
} from '@typestead/channels'

const result: Record<string, unknown> = {}

await run(async function main() {
  const unbuffered = makeChan<number>(0, { elem: int })
  go(async () => {
    for (let i = 0; i < 3; i++) await unbuffered.send(i)
    unbuffered.close()
  })
  const values: number[] = []
  for await (const value of unbuffered) values.push(value)
  result.values = values
  result.closed = await unbuffered.receiveOk()

  const squares = makeChan<number>(2)
  go(function* () {
    for (let i = 1; i <= 4; i++) yield* squares.put(i * i)
    squares.close()
  })
  result.squares = (await Array.fromAsync(squares.batches())).flat()

  const [a, b] = [makeChan<number>(1), makeChan<number>(1)]
  result.otherwise = (await select(recv(a), otherwise)).index
  const counts = [0, 0]
  for (let i = 0; i < 1000; i++) {
    const { index } = await select(send(a, i), send(b, i))
    counts[index] = (counts[index] ?? 0) + 1
    await select(recv(a), recv(b))
  }
  result.fair = Math.min(...counts) > 350
  result.panic = await a
    .send(1)
    .then(() => a.close())
    .then(() => a.send(2))
    .catch((reason: unknown) => String(reason))

  const group = new WaitGroup()
  const mutex = new Mutex()
  let counter = 0
  for (let i = 0; i < 20; i++) {
    group.go(() =>
      mutex.with(async () => {
        const read = counter
        await sleep(0)
        counter = read + 1
      }),
    )
  }
  await group.wait()
  result.counter = counter

  const [context, cancel] = withTimeout(background(), 20)
  await context.done()?.receiveOk()
  result.deadline = context.err === deadlineExceeded
  cancel()
  const ticker = newTicker(5)
  for (let i = 0; i < 3; i++) await ticker.c.receive()
  ticker.stop()

  const events: string[] = []
  const stop = trace(({ kind }) => events.push(kind))
  const parked = makeChan<number>(0, { elem: int })
  go(async () => parked.send(7))
  await sleep(0)
  const { type, sendq } = inspect(parked)
  result.parked = [type, sendq[0]?.elem]
  await parked.receive()
  stop()
  result.traced = ['create', 'run', 'park', 'ready', 'hand-off'].every((kind) =>
    events.includes(kind),
  )

  // A hot loop lets the page have its turns, else it would never end.
  const [ping, pong] = [makeChan<number>(), makeChan<number>()]
  go(async () => {
    for await (const value of ping) await pong.send(value)
  })
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  while (turns < 3) {
    await ping.send(1)
    await pong.receive()
  }
  clearInterval(timer)
  ping.close()
  result.breathes = true
  await sleep(1)
  result.left = numGoroutine()
})

const shown = document.createElement('pre')
shown.id = 'result'
shown.textContent = JSON.stringify(result)
document.body.append(shown)
document.title = 'done'
