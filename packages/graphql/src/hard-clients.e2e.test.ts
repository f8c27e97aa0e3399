import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Opened, openPostgres } from '../test/stores.ts'
import { eventSource, type Streaming, serveStreams, webSocket } from '../test/stream-clients.ts'
import { chat, chatApi, Message, Room } from '../test/subscriptions.ts'
import type { Api } from './index.ts'

let opened: Opened
let api: ReturnType<typeof chatApi>
let server: Streaming
let room: Room

beforeAll(async () => {
  opened = await openPostgres(chat)
  api = chatApi(opened.db, { limits: { bufferBytes: 50_000, bodyMilliseconds: 300 } })
  server = await serveStreams(api as unknown as Api)
  room = await opened.db.create(Room, { name: 'hard' })
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await opened?.[Symbol.asyncDispose]()
})
beforeEach(() => expect.poll(() => api.subscriptions()).toBe(0))

const query = 'subscription { messageChanged { node { text } } }'
const say = (text: string) => opened.db.create(Message, { text, room: room.id })

interface Raw {
  readonly socket: Socket
  readonly text: () => string
  readonly closed: Promise<unknown>
}

/** Bytes sent as they are; half-closing leaves the other direction open. */
async function raw(text: string): Promise<Raw> {
  const { port } = new URL(server.url)
  const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true })
  let got = ''
  socket.on('data', (part) => {
    got += part
  })
  socket.on('error', () => {})
  const closed = new Promise((resolve) => {
    socket.once('end', resolve)
    socket.once('close', resolve)
  })
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.write(text)
  return { socket, text: () => got, closed }
}

function post(body: string, headers = '', length = Buffer.byteLength(body)): string {
  return `POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n${headers}\r\n${body}`
}

describe('a WebSocket', () => {
  const subscribed = async () => {
    const client = webSocket(server.url)
    await client.until(({ type }) => type === 'connection_ack')
    client.send({ id: 'a', type: 'subscribe', payload: { query } })
    await expect.poll(() => api.subscriptions()).toBe(1)
    return client
  }
  // The socket under a WebSocket of `ws` has no name in its types.
  const under = (client: ReturnType<typeof webSocket>) =>
    (client.socket as unknown as { readonly _socket: Socket })._socket

  test('that ends its side without a close frame is closed', async () => {
    const client = await subscribed()
    under(client).end()
    await client.closed
    await expect.poll(() => api.subscriptions()).toBe(0)
  })

  test('that is cut off leaves nothing', async () => {
    const client = await subscribed()
    under(client).destroy()
    await expect.poll(() => api.subscriptions()).toBe(0)
  })

  test('that stops reading is closed', async () => {
    const client = await subscribed()
    under(client).pause()
    const large = 'x'.repeat(200_000)
    for (let n = 0; n < 60 && api.subscriptions() > 0; n++) await say(large)
    await expect.poll(() => api.subscriptions()).toBe(0)
    under(client).resume()
    expect([4413, 1006]).toContain((await client.closed).code)
  })

  test('that uses an id again, once it is complete, gets the new operation alone', async () => {
    const client = await subscribed()
    for (let n = 0; n < 20; n++) {
      client.send({ id: 'a', type: 'complete' })
      client.send({ id: 'a', type: 'subscribe', payload: { query } })
    }
    await expect.poll(() => api.subscriptions()).toBe(1)
    await wait(50)
    await say('once')
    const texts = () => client.messages.filter((one) => JSON.stringify(one).includes('once'))
    await expect.poll(() => texts().length).toBe(1)
    await wait(100)
    expect([texts().length, api.subscriptions()]).toEqual([1, 1])
    client.socket.close()
  })
})

describe('an event stream', () => {
  const streaming = async () => {
    const client = await raw(post(JSON.stringify({ query }), 'accept: text/event-stream\r\n'))
    await expect.poll(() => api.subscriptions()).toBe(1)
    return client
  }

  test('whose reader ends its side is closed', async () => {
    const client = await streaming()
    client.socket.end()
    await expect.poll(() => api.subscriptions()).toBe(0)
    await client.closed
  })

  test('whose reader is cut off leaves nothing', async () => {
    const client = await streaming()
    client.socket.destroy()
    await expect.poll(() => api.subscriptions()).toBe(0)
  })

  test('whose reader stops reading is closed', async () => {
    const client = await streaming()
    client.socket.pause()
    const large = 'x'.repeat(200_000)
    for (let n = 0; n < 60 && api.subscriptions() > 0; n++) await say(large)
    await expect.poll(() => api.subscriptions()).toBe(0)
    client.socket.resume()
    await client.closed
  })

  test('that is refused leaves nothing', async () => {
    const refused = eventSource(server.url, 'subscription { messageChanged(after: "x") { op } }')
    expect(await refused.status).toMatch(/^400/)
    expect(api.subscriptions()).toBe(0)
  })
})

describe('a client that comes back for much', () => {
  const many = 150
  const follow =
    'subscription ($after: String) { messageChanged(after: $after) { cursor node { text } } }'
  let after: string

  beforeAll(async () => {
    const cursor = await opened.db.changesEnd()
    // Sixty times what may wait for a reader.
    for (let n = 0; n < many; n++) await say(`${n} ${'x'.repeat(20_000)}`)
    after = cursor
  })

  const numbers = (text: string) =>
    [...text.matchAll(/"text":"(\d+) x/g)].map(([, number]) => Number(number))
  const all = Array.from({ length: many }, (_, n) => n)

  test('as an event stream, and reads slowly, is sent what it takes and gets it all', async () => {
    const body = JSON.stringify({ query: follow, variables: { after } })
    const client = await raw(post(body, 'accept: text/event-stream\r\n'))
    client.socket.pause()
    await wait(300)
    expect(api.subscriptions()).toBe(1)
    client.socket.resume()
    await expect.poll(() => numbers(client.text()).length, { timeout: 20_000 }).toBe(many)
    expect(numbers(client.text())).toEqual(all)
    await say('999 x')
    await expect.poll(() => numbers(client.text()).at(-1)).toBe(999)
    client.socket.destroy()
  })

  test('over WebSocket, and reads slowly, is sent what it takes and gets it all', async () => {
    const client = webSocket(server.url)
    await client.until(({ type }) => type === 'connection_ack')
    client.send({ id: 'a', type: 'subscribe', payload: { query: follow, variables: { after } } })
    await expect.poll(() => api.subscriptions()).toBe(1)
    client.socket.pause()
    await wait(300)
    client.socket.resume()
    const got = () => numbers(JSON.stringify(client.messages).replaceAll('\\"', '"'))
    await expect.poll(() => got().filter((n) => n < many).length, { timeout: 20_000 }).toBe(many)
    expect(got().slice(0, many)).toEqual(all)
    client.socket.close()
  })
})

describe('a request', () => {
  test.each([
    ['of a known length', post('{"query":', '', 1000)],
    [
      'in chunks',
      'POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"que\r\n',
    ],
  ])('whose body never ends, %s, is answered with 408 and closed', async (_, text) => {
    const client = await raw(text)
    await client.closed
    expect(client.text()).toMatch(/^HTTP\/1.1 408 /)
    expect(client.text()).toContain('the body did not come within 300 ms')
    client.socket.destroy()
  })

  test('that ends its side within the body is closed', async () => {
    const client = await raw(post('{"query":', '', 1000))
    client.socket.end()
    await client.closed
    client.socket.destroy()
  })

  test('that ends its side behind the body is closed, answered or not', async () => {
    const client = await raw(post('{"query":"{ rooms { name } }"}'))
    client.socket.end()
    await client.closed
    client.socket.destroy()
  })

  test.each([
    [
      '2,000 aliases',
      `{ ${Array.from({ length: 2000 }, (_, n) => `a${n}: rooms { id }`).join(' ')} }`,
    ],
    ['a deep cycle', `{ rooms { ${'messages { room { '.repeat(30)} id ${'} } '.repeat(30)} } }`],
    ['a huge list', '{ rooms(first: 1000000000) { id } }'],
    ['a product of lists', '{ rooms(first: 1000) { messages(first: 1000) { text } } }'],
  ])('of %s is refused over HTTP, over WebSocket and as a stream', async (_, document) => {
    const refusal = /TOO_COSTLY|BAD_INPUT/
    const body = JSON.stringify({ query: document })
    const headers = { 'content-type': 'application/json' }
    const answered = await fetch(server.url, { method: 'POST', headers, body })
    expect(await answered.text()).toMatch(refusal)
    expect(await eventSource(server.url, document).status).toMatch(refusal)
    const client = webSocket(server.url)
    await client.until(({ type }) => type === 'connection_ack')
    client.send({ id: 'a', type: 'subscribe', payload: { query: document } })
    expect(JSON.stringify(await client.until(({ id }) => id === 'a'))).toMatch(refusal)
    client.socket.close()
  })
})
