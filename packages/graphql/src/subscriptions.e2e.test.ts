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
  api = chatApi(opened.db)
  server = await serveStreams(api as unknown as Api)
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await opened?.[Symbol.asyncDispose]()
})
beforeEach(async () => {
  room = await opened.db.create(Room, { name: crypto.randomUUID() })
})

const say = (text: string, more: object = {}) =>
  opened.db.create(Message, { text, room: room.id, ...more })
const query = 'subscription { messageChanged { op cursor node { text room { name } } } }'
const texts = (got: readonly { readonly data: unknown }[]) => got.map(textOf)
interface Event {
  readonly data: { readonly messageChanged: { readonly node: { readonly text: string } } }
}
const textOf = ({ data }: { readonly data: unknown }) =>
  (data as Event).data.messageChanged.node.text

describe('over Server-Sent Events', () => {
  test('each committed write is an event with its row; what a rule hides is none', async () => {
    const reader = eventSource(server.url, query)
    const owner = eventSource(server.url, query, { 'x-name': 'ann' })
    const admin = eventSource(server.url, query, { 'x-role': 'admin' })
    await Promise.all([reader.opened, owner.opened, admin.opened])
    const one = await say('one')
    await say('hidden', { secret: true, owner: 'ann' })
    const closed = await opened.db.create(Room, { name: crypto.randomUUID(), open: false })
    await opened.db.create(Message, { text: 'behind', room: closed.id })
    await opened.db
      .transaction(async (tx) => {
        await tx.create(Message, { text: 'undone', room: room.id })
        throw new Error('undo')
      })
      .catch(() => {})
    await opened.db.delete(Message, one.id)
    await expect.poll(() => texts(admin.got)).toEqual(['one', 'hidden', 'behind', 'one'])
    await expect.poll(() => texts(owner.got)).toEqual(['one', 'hidden', 'one'])
    await expect.poll(() => texts(reader.got)).toEqual(['one', 'one'])
    expect(reader.got[0]?.data).toMatchObject({
      data: { messageChanged: { op: 'CREATED', node: { room: { name: room.name } } } },
    })
    expect(reader.got[1]?.data).toMatchObject({ data: { messageChanged: { op: 'DELETED' } } })
    for (const client of [reader, owner, admin]) client.close()
  })

  test('filters and kinds of events', async () => {
    const some = eventSource(
      server.url,
      'subscription { messageChanged(ops: [UPDATED], where: {likes: {gte: 2}}) { node { text likes } } }',
    )
    await some.opened
    const row = await say('liked')
    await opened.db.update(Message, row.id, { likes: 1 })
    await opened.db.update(Message, row.id, { likes: 2 })
    await expect.poll(() => some.got.length).toBe(1)
    expect(some.got[0]?.data).toEqual({
      data: { messageChanged: { node: { text: 'liked', likes: 2 } } },
    })
    some.close()
  })

  test('a client that comes back with its last id loses and doubles nothing', async () => {
    const all: string[] = []
    const sent: string[] = []
    const writer = (async () => {
      for (let n = 0; n < 120; n++) {
        sent.push(`resumed ${n}`)
        await say(`resumed ${n}`)
        if (n % 7 === 0) await wait(3)
      }
    })()
    let last: string | undefined
    for (let round = 0; all.length < 120 && round < 200; round++) {
      const client = eventSource(
        server.url,
        query,
        last === undefined ? {} : { 'last-event-id': last },
      )
      await client.opened
      await wait(5 + (round % 5) * 5)
      client.close()
      await client.status
      for (const one of client.got) {
        if (textOf(one).startsWith('resumed')) all.push(textOf(one))
        last = one.id
      }
    }
    await writer
    // What was written before the first connection is not of it; from there on each once.
    const start = Number(all[0]?.split(' ')[1])
    expect(all).toEqual(sent.slice(start))
  })

  test('queries are one answer, refusals come as JSON, a reader without stream type is told', async () => {
    const one = eventSource(server.url, '{ rooms(first: 0) { id } }')
    expect(await one.status).toBe('complete')
    expect(one.got).toEqual([{ data: { data: { rooms: [] } } }])
    expect(await eventSource(server.url, 'subscription { nothing { id } }').status).toMatch(
      /^400 .*GRAPHQL_VALIDATION_FAILED/,
    )
    expect(
      await eventSource(server.url, 'subscription { messageChanged(after: "x") { op } }').status,
    ).toMatch(/^400 .*cursor/)
    const plain = await api.execute({ query })
    expect(plain.errors?.[0]?.message).toMatch(/text\/event-stream/)
  })

  test('a live query is answered again when its answer changes, changes together once', async () => {
    const live = eventSource(
      server.url,
      `query @live { messages(where: {room: {id: {eq: "${room.id}"}}}) { text likes } }`,
    )
    await expect.poll(() => live.got.length).toBe(1)
    const rows = await opened.db.createMany(Message, [
      { text: 'a', room: room.id, likes: 1 },
      { text: 'b', room: room.id, likes: 2 },
    ])
    await expect.poll(() => live.got.length).toBe(2)
    await opened.db.create(Room, { name: crypto.randomUUID() })
    await opened.db.update(Message, rows[0]?.id as string, { likes: 0 })
    await expect.poll(() => live.got.length).toBe(3)
    expect(live.got[2]?.data).toEqual({
      data: {
        messages: [
          { text: 'a', likes: 0 },
          { text: 'b', likes: 2 },
        ],
      },
    })
    live.close()
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
        await say('pushed', { secret: true })
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
