import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Held } from '../test/churn-server.ts'
import { eventSource, type SocketClient, webSocket } from '../test/stream-clients.ts'

const warmUps = 12
const rounds = 20
const megabyte = 2 ** 20
const query = 'subscription { messageChanged { op cursor node { text room { name } } } }'

let child: ChildProcess
let url: string

beforeAll(async () => {
  child = fork(fileURLToPath(new URL('../test/churn-server.ts', import.meta.url)), {
    // A small young generation, so that what the process holds is what is used and not room for more.
    execArgv: ['--expose-gc', '--max-semi-space-size=2', '--optimize-for-size'],
  })
  url = await reply<string>()
}, 60_000)
afterAll(async () => {
  const gone = once(child, 'exit')
  child.disconnect()
  await gone
}, 30_000)

async function reply<T>(): Promise<T> {
  const [message] = await once(child, 'message')
  return message as T
}

function ask<T>(order: 'measure' | 'count' | 'write'): Promise<T> {
  child.send(order)
  return reply<T>()
}

/** 1,000 subscriptions, an event for each, and every way of going: completed, closed, cut off. */
async function round(): Promise<void> {
  const sockets = Array.from({ length: 19 }, () => webSocket(url))
  await Promise.all(sockets.map((one) => one.until(({ type }) => type === 'connection_ack')))
  for (const one of sockets) {
    for (let n = 0; n < 50; n++) one.send({ id: String(n), type: 'subscribe', payload: { query } })
  }
  const streams = Array.from({ length: 50 }, () => eventSource(url, query))
  await Promise.all(streams.map((one) => one.opened))
  await expect.poll(() => ask<number>('count'), { timeout: 20_000 }).toBe(1000)
  await ask('write')
  const got = (one: SocketClient) => one.messages.filter(({ type }) => type === 'next').length
  await expect
    .poll(() => sockets.reduce((sum, one) => sum + got(one), 0), { timeout: 20_000 })
    .toBe(950)
  await expect.poll(() => streams.every((one) => one.got.length === 1)).toBe(true)
  for (const [index, one] of sockets.entries()) {
    if (index % 3 === 0) {
      for (let n = 0; n < 50; n++) one.send({ id: String(n), type: 'complete' })
    }
    if (index % 2 === 0) one.socket.close()
    else one.socket.terminate()
  }
  for (const one of streams) one.close()
  await Promise.all([...sockets.map((one) => one.closed), ...streams.map((one) => one.status)])
  await expect.poll(() => ask<number>('count'), { timeout: 20_000 }).toBe(0)
}

test(`1,000 subscriptions that come and go ${rounds} times leave nothing behind`, {
  timeout: 180_000,
}, async () => {
  const before = await ask<Held>('measure')
  // The heap grows to its size first; what it has once had, the system does not get back.
  for (let n = 0; n < warmUps; n++) await round()
  const warm = await ask<Held>('measure')
  for (let n = 0; n < rounds; n++) await round()
  const after = await ask<Held>('measure')
  const grown = {
    heap: (after.heapUsed - warm.heapUsed) / megabyte,
    external: (after.external - warm.external) / megabyte,
    rss: (after.rss - warm.rss) / megabyte,
  }
  console.log('grown, MB:', JSON.stringify(grown), JSON.stringify(after.resources))
  expect(grown.heap).toBeLessThan(5)
  expect(grown.external).toBeLessThan(5)
  expect(grown.rss).toBeLessThan(20)
  expect(after.subscriptions).toBe(0)
  // The pool of the store has grown to its size; the clients' sockets are gone.
  expect(after.resources.TCPSocketWrap ?? 0).toBe(before.resources.TCPSocketWrap ?? 0)
  expect(after.resources.Timeout ?? 0).toBeLessThanOrEqual((warm.resources.Timeout ?? 0) + 1)
})
