/** A hot ping-pong in each lane beside a 10 ms timer and an HTTP server; prints what the others got done. */
import { createServer, get } from 'node:http'
import { go, makeChan } from '../../src/core.ts'

const server = createServer((_request, response) => response.end('ok'))
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = server.address()
const port = typeof address === 'object' && address !== null ? address.port : 0

let rounds = 0
const ping = makeChan<number>()
const pong = makeChan<number>()
go(async () => {
  for (;;) await pong.send(await ping.receive())
})
go(async () => {
  for (;;) {
    await ping.send(rounds++)
    await pong.receive()
  }
})
const there = makeChan<number>()
go(function* () {
  for (;;) yield* there.put(1)
})
go(function* () {
  for (;;) yield* there.recv()
})

const late: number[] = []
let last = performance.now()
setInterval(() => {
  const now = performance.now()
  late.push(now - last)
  last = now
}, 10)
let answers = 0
const ask = (): void => {
  get({ port, host: '127.0.0.1' }, (response) => {
    response.resume().on('end', () => {
      answers++
      ask()
    })
  })
}
ask()
setTimeout(() => {
  const sorted = late.toSorted((a, b) => a - b)
  process.stdout.write(
    `${JSON.stringify({ timers: late.length, median: sorted[sorted.length >> 1], answers, rounds })}\n`,
  )
  process.exit(0)
}, 1000)
