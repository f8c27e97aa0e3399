/** What subscribers and live queries are told of the changes of a store; the same on every store. */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Opened, stores } from '../test/stores.ts'
import { eventSource, type Streaming, serveStreams, webSocket } from '../test/stream-clients.ts'
import { chat, chatApi, Message, Room } from '../test/subscriptions.ts'
import type { Api } from './index.ts'

const query = 'subscription { messageChanged { op cursor node { text room { name } } } }'
interface Event {
  readonly data: { readonly messageChanged: { readonly node: { readonly text: string } } }
}
const textOf = ({ data }: { readonly data: unknown }) =>
  (data as Event).data.messageChanged.node.text
const texts = (got: readonly { readonly data: unknown }[]) => got.map(textOf)

/** A cursor as the feed of the other store gives it. */
const foreignCursors: Readonly<Record<string, string>> = {
  PostgreSQL: `${crypto.randomUUID()}.1`,
  FerretDB: '1.1',
}

for (const store of stores) {
  describe.skipIf(!store.available)(`subscriptions and live queries on ${store.name}`, () => {
    let opened: Opened
    let server: Streaming
    let room: Room

    beforeAll(async () => {
      opened = await store.open(chat)
      // The contexts differ in their type alone: what is served here takes any.
      server = await serveStreams(chatApi(opened.db) as unknown as Api)
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
      await expect
        .poll(() => texts(admin.got), { timeout: 10_000 })
        .toEqual(['one', 'hidden', 'behind', 'one'])
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
      const messages = store.name === 'FerretDB' ? 60 : 120
      const all: string[] = []
      const sent: string[] = []
      const writer = (async () => {
        for (let n = 0; n < messages; n++) {
          sent.push(`resumed ${n}`)
          await say(`resumed ${n}`)
          if (n % 7 === 0) await wait(3)
        }
      })()
      let last: string | undefined
      for (let round = 0; all.at(-1) !== `resumed ${messages - 1}` && round < 200; round++) {
        const headers = last === undefined ? {} : { 'last-event-id': last }
        const client = eventSource(server.url, query, headers)
        await client.opened
        // At first often before anything has come; in the end long enough also on a slow machine.
        await wait(5 + (round % 5) * 10 + round)
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

    test('a cursor that is none, or of another feed, is refused', async () => {
      for (const cursor of ['x', foreignCursors[store.name]]) {
        const asked = `subscription { messageChanged(after: "${cursor}") { op } }`
        expect(await eventSource(server.url, asked).status).toMatch(/^400 .*cursor/)
      }
    })

    test('a live query is answered again when its answer changes, and not for what it does not show', async () => {
      const live = eventSource(
        server.url,
        `query @live { messages(where: {room: {id: {eq: "${room.id}"}}}) { text likes } }`,
      )
      const answered = (...messages: { text: string; likes: number }[]) =>
        expect
          .poll(() => live.got.at(-1)?.data, { timeout: 10_000 })
          .toEqual({ data: { messages } })
      await answered()
      const rows = await opened.db.createMany(Message, [
        { text: 'a', room: room.id, likes: 1 },
        { text: 'b', room: room.id, likes: 2 },
      ])
      await answered({ text: 'a', likes: 1 }, { text: 'b', likes: 2 })
      const { length } = live.got
      // One transaction is one change; a store without transactions may show its rows one after the other.
      if (store.name === 'PostgreSQL') expect(length).toBe(2)
      await opened.db.create(Room, { name: crypto.randomUUID() })
      await opened.db.update(Message, rows[0]?.id as string, { likes: 0 })
      await answered({ text: 'a', likes: 0 }, { text: 'b', likes: 2 })
      expect(live.got).toHaveLength(length + 1)
      live.close()
    })

    test('over WebSocket as well', async () => {
      const client = webSocket(server.url, { init: { role: 'admin' } })
      await client.until(({ type }) => type === 'connection_ack')
      client.send({ id: 'a', type: 'subscribe', payload: { query } })
      await expect
        .poll(
          async () => {
            await say('pushed', { secret: true })
            return client.messages.some(({ id, type }) => id === 'a' && type === 'next')
          },
          { timeout: 10_000 },
        )
        .toBe(true)
      client.socket.close()
    })

    test('a nested write, which needs transactions, is one change or is refused by name', async () => {
      const subscriber = eventSource(server.url, query, { 'x-role': 'admin' })
      await subscriber.opened
      const response = await fetch(server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-role': 'admin' },
        body: JSON.stringify({
          query: `mutation { createRoom(data: {name: "nested", messages: {create: [{text: "in it"}]}}) { name } }`,
        }),
      })
      if (store.name === 'PostgreSQL') {
        expect(await response.json()).toEqual({ data: { createRoom: { name: 'nested' } } })
        await expect.poll(() => texts(subscriber.got)).toEqual(['in it'])
      } else {
        expect(await response.json()).toMatchObject({
          errors: [{ extensions: { code: 'UNSUPPORTED' } }],
        })
      }
      subscriber.close()
    })
  })
}
