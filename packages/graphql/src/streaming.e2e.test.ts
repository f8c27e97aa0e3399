/** The two streaming protocols: what is spoken, what is refused, and what readers cost. One store does: none of it reads rows. */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
  api = chatApi(opened.db)
  // The contexts differ in their type alone: what is served here takes any.
  server = await serveStreams(api as unknown as Api)
  room = await opened.db.create(Room, { name: 'the room' })
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await opened?.[Symbol.asyncDispose]()
})

const say = (text: string) => opened.db.create(Message, { text, room: room.id })
const query = 'subscription { messageChanged { op cursor node { text room { name } } } }'

describe('over Server-Sent Events', () => {
  test('queries are one answer, refusals come as JSON, a reader without stream type is told', async () => {
    const one = eventSource(server.url, '{ rooms(first: 0) { id } }')
    expect(await one.status).toBe('complete')
    expect(one.got).toEqual([{ data: { data: { rooms: [] } } }])
    expect(await eventSource(server.url, 'subscription { nothing { id } }').status).toMatch(
      /^400 .*GRAPHQL_VALIDATION_FAILED/,
    )
    const plain = await api.execute({ query })
    expect(plain.errors?.[0]?.message).toMatch(/text\/event-stream/)
  })
})

describe('over WebSocket', () => {
  test('several operations on one connection', async () => {
    const client = webSocket(server.url, { init: { role: 'admin' } })
    await client.until(({ type }) => type === 'connection_ack')
    client.send({ id: 'a', type: 'subscribe', payload: { query } })
    client.send({ id: 'q', type: 'subscribe', payload: { query: '{ rooms(first: 0) { id } }' } })
    expect(await client.until(({ id, type }) => id === 'q' && type === 'next')).toEqual({
      id: 'q',
      type: 'next',
      payload: { data: { rooms: [] } },
    })
    await client.until(({ id, type }) => id === 'q' && type === 'complete')
    await expect
      .poll(async () => {
        await say('pushed')
        return client.messages.some(({ id }) => id === 'a')
      })
      .toBe(true)
    client.send({ id: 'a', type: 'complete' })
    client.send({ id: 'e', type: 'subscribe', payload: { query: '{ nothing }' } })
    expect(await client.until(({ id }) => id === 'e')).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    })
    client.send({ type: 'ping' })
    await client.until(({ type }) => type === 'pong')
    client.socket.close()
  })

  test.each([
    ['not JSON', ['{'], 4400],
    ['an unknown message', [{ type: 'start' }], 4400],
    ['two initialisations', [{ type: 'connection_init' }, { type: 'connection_init' }], 4429],
    ['a subscription before', [{ id: '1', type: 'subscribe', payload: { query } }], 4401],
    [
      'the same id twice',
      [
        { type: 'connection_init' },
        null,
        { id: '1', type: 'subscribe', payload: { query } },
        { id: '1', type: 'subscribe', payload: { query } },
      ],
      4409,
    ],
  ])('%s closes the connection', async (_, messages, code) => {
    const client = webSocket(server.url, { init: null })
    await new Promise((resolve) => client.socket.on('open', resolve))
    for (const message of messages) {
      if (message === null) await client.until(({ type }) => type === 'connection_ack')
      else client.send(message)
    }
    expect((await client.closed).code).toBe(code)
  })

  test('other protocols and other origins are refused', async () => {
    expect((await webSocket(server.url, { protocol: 'graphql-ws' }).closed).reason).toMatch(
      /subprotocol|4406/i,
    )
    const other = webSocket(server.url, { origin: 'https://evil.example' })
    expect((await other.closed).reason).toMatch(/403/)
    const own = webSocket(server.url, { origin: server.url })
    await own.until(({ type }) => type === 'connection_ack')
    own.socket.close()
  })

  test('a reader that does not read is closed, and the memory that it held is free', async () => {
    const slowApi = chatApi(opened.db, { limits: { bufferBytes: 50_000 } })
    await using slow = await serveStreams(slowApi as unknown as Api)
    const client = webSocket(slow.url)
    await client.until(({ type }) => type === 'connection_ack')
    client.send({ id: 'a', type: 'subscribe', payload: { query } })
    await wait(100)
    // The socket below a WebSocket is not in its type, and a reader that stops is only to be had there.
    ;(client.socket as unknown as { _socket: { pause(): void } })._socket.pause()
    const large = 'x'.repeat(200_000)
    for (let n = 0; n < 60; n++) await say(large)
    ;(client.socket as unknown as { _socket: { resume(): void } })._socket.resume()
    expect([4413, 1006]).toContain((await client.closed).code)
  })

  test('1,000 subscriptions that come and go share one reader of the feed', async () => {
    const sockets = Array.from({ length: 20 }, () => webSocket(server.url))
    await Promise.all(sockets.map((one) => one.until(({ type }) => type === 'connection_ack')))
    for (const [index, one] of sockets.entries()) {
      for (let n = 0; n < 50; n++)
        one.send({ id: `${index}.${n}`, type: 'subscribe', payload: { query } })
    }
    await expect
      .poll(
        async () => {
          await say('round')
          return new Set(sockets.flatMap((one) => one.messages.map(({ id }) => id))).size
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(1000)
    for (const one of sockets.slice(0, 10)) one.socket.close()
    for (const [index, one] of sockets.slice(10).entries()) {
      for (let n = 0; n < 25; n++) one.send({ id: `${index + 10}.${n}`, type: 'complete' })
    }
    await wait(300)
    for (const one of sockets) one.messages.splice(0)
    const backend = opened.db.backend
    const read = backend.feedRead
    let reads = 0
    backend.feedRead = (asked) => {
      reads++
      return read(asked)
    }
    await say('last')
    await expect
      .poll(
        () => sockets.flatMap((one) => one.messages).filter(({ type }) => type === 'next').length,
        { timeout: 20_000 },
      )
      .toBe(250)
    await wait(100)
    expect(
      sockets.flatMap((one) => one.messages).filter(({ type }) => type === 'next'),
    ).toHaveLength(250)
    backend.feedRead = read
    expect(reads).toBeLessThan(10)
    for (const one of sockets) one.socket.close()
  })

  test('a server that stops tells its subscribers', async () => {
    const client = webSocket(server.url)
    await client.until(({ type }) => type === 'connection_ack')
    client.send({ id: 'a', type: 'subscribe', payload: { query } })
    await wait(100)
    api.endSubscriptions()
    expect(await client.until(({ type }) => type === 'next')).toMatchObject({
      payload: { errors: [{ extensions: { code: 'UNAVAILABLE' } }] },
    })
    await client.until(({ type }) => type === 'complete')
    client.socket.close()
  })
})
