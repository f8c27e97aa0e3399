import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Opened, stores } from '../test/stores.ts'
import { eventSource, type Streaming, serveStreams, webSocket } from '../test/stream-clients.ts'
import { chat, chatApi, Message, Room } from '../test/subscriptions.ts'
import type { Api } from './index.ts'

const store = stores.find(({ name }) => name === 'FerretDB')

describe.skipIf(!store?.available)('subscriptions and live queries on FerretDB', () => {
  let opened: Opened
  let server: Streaming
  let room: Room

  beforeAll(async () => {
    if (store) opened = await store.open(chat)
    server = await serveStreams(chatApi(opened.db) as unknown as Api)
  }, 60_000)
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
  interface Event {
    readonly data: {
      readonly messageChanged: { readonly op: string; readonly node: { readonly text: string } }
    }
  }
  const textOf = ({ data }: { readonly data: unknown }) =>
    (data as Event).data.messageChanged.node.text

  test('each committed write is an event with its row and relations; what a rule hides is none', async () => {
    const reader = eventSource(server.url, query)
    const owner = eventSource(server.url, query, { 'x-name': 'ann' })
    const admin = eventSource(server.url, query, { 'x-role': 'admin' })
    await Promise.all([reader.opened, owner.opened, admin.opened])
    const one = await say('one')
    await say('hidden', { secret: true, owner: 'ann' })
    const closed = await opened.db.create(Room, { name: crypto.randomUUID(), open: false })
    await opened.db.create(Message, { text: 'behind', room: closed.id })
    await opened.db.delete(Message, one.id)
    await expect
      .poll(() => admin.got.map(textOf), { timeout: 10_000 })
      .toEqual(['one', 'hidden', 'behind', 'one'])
    await expect.poll(() => owner.got.map(textOf)).toEqual(['one', 'hidden', 'one'])
    await expect.poll(() => reader.got.map(textOf)).toEqual(['one', 'one'])
    expect(reader.got[0]?.data).toMatchObject({
      data: { messageChanged: { op: 'CREATED', node: { room: { name: room.name } } } },
    })
    expect(reader.got[1]?.data).toMatchObject({ data: { messageChanged: { op: 'DELETED' } } })
    for (const one of [reader, owner, admin]) one.close()
  })

  test('a client that comes back with its last id loses and doubles nothing', async () => {
    const all: string[] = []
    const sent: string[] = []
    const writer = (async () => {
      for (let n = 0; n < 60; n++) {
        sent.push(`resumed ${n}`)
        await say(`resumed ${n}`)
      }
    })()
    let last: string | undefined
    for (let round = 0; all.at(-1) !== 'resumed 59' && round < 200; round++) {
      const headers = last === undefined ? {} : { 'last-event-id': last }
      const client = eventSource(server.url, query, headers)
      await client.opened
      await wait(20 + (round % 5) * 15)
      client.close()
      await client.status
      for (const one of client.got) {
        if (textOf(one).startsWith('resumed')) all.push(textOf(one))
        last = one.id
      }
    }
    await writer
    const start = Number(all[0]?.split(' ')[1])
    expect(all).toEqual(sent.slice(start))
  })

  test('a cursor of another feed is refused', async () => {
    const client = eventSource(server.url, 'subscription { messageChanged(after: "1.1") { op } }')
    expect(await client.status).toMatch(/^400 .*cursor/)
  })

  test('a live query is answered again when its answer changes', async () => {
    const live = eventSource(
      server.url,
      `query @live { messages(where: {room: {id: {eq: "${room.id}"}}}) { text likes } }`,
    )
    await expect.poll(() => live.got.length).toBe(1)
    await opened.db.createMany(Message, [
      { text: 'a', room: room.id, likes: 1 },
      { text: 'b', room: room.id, likes: 2 },
    ])
    await expect
      .poll(() => live.got.at(-1)?.data, { timeout: 10_000 })
      .toEqual({
        data: {
          messages: [
            { text: 'a', likes: 1 },
            { text: 'b', likes: 2 },
          ],
        },
      })
    live.close()
  })

  test('over WebSocket as well', async () => {
    const client = webSocket(server.url, { init: { role: 'admin' } })
    await client.until(({ type }) => type === 'connection_ack')
    client.send({ id: 'a', type: 'subscribe', payload: { query } })
    await expect
      .poll(
        async () => {
          await say('pushed')
          return client.messages.some(({ id, type }) => id === 'a' && type === 'next')
        },
        { timeout: 10_000 },
      )
      .toBe(true)
    client.socket.close()
  })

  test('a nested write, which needs transactions, says that this store has none', async () => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-role': 'admin' },
      body: JSON.stringify({
        query: `mutation { createRoom(data: {name: "nested", messages: {create: [{text: "in it"}]}}) { id } }`,
      }),
    })
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'UNSUPPORTED' } }],
    })
  })
})
