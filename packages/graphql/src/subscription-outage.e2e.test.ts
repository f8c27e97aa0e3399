import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Database, open, postgres, StoreError } from '@typestead/store'
import { startEmbedded } from '@typestead/store/embedded'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventSource, type Streaming, serveStreams } from '../test/stream-clients.ts'
import { chat, chatApi, Message, Room } from '../test/subscriptions.ts'
import type { Api } from './index.ts'

type Embedded = Awaited<ReturnType<typeof startEmbedded>>

let folder: string
let postgresServer: Embedded
let db: Database
let writer: Database
let server: Streaming
let room: Room

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'typestead-graphql-'))
  postgresServer = await startEmbedded({ data: join(folder, 'postgres'), autoRestart: false })
  const { host, port, user, database } = postgresServer
  const url = `postgres://${user}@/${database}?host=${encodeURIComponent(host)}&port=${port}`
  db = await open(chat, postgres(url, { connectTimeout: 2000 }))
  // What another server writes is heard through the database alone.
  writer = await open(chat, postgres(url, { connectTimeout: 2000, connections: 2 }))
  server = await serveStreams(chatApi(db, { onError: () => {} }) as unknown as Api)
  room = await db.create(Room, { name: 'outage' })
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await writer?.[Symbol.asyncDispose]()
  await db?.[Symbol.asyncDispose]()
  await postgresServer?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const query = 'subscription { messageChanged(ops: [CREATED]) { node { text room { name } } } }'

interface Event {
  readonly errors?: unknown
  readonly data: { readonly messageChanged: { readonly node: { readonly text: string } } }
}
const textOf = ({ data }: { readonly data: unknown }) =>
  (data as Event).data.messageChanged.node.text

/** A subscriber for as long as it takes: where its stream ends it goes on from the last id. */
function follower() {
  const got: { readonly id?: string; readonly data: unknown }[] = []
  let stopped = false
  let current: ReturnType<typeof eventSource> | undefined
  const first = Promise.withResolvers<void>()
  const done = (async () => {
    while (!stopped) {
      const last = got.at(-1)?.id
      current = eventSource(server.url, query, last === undefined ? {} : { 'last-event-id': last })
      void current.opened.then(first.resolve)
      const status = await current.status
      got.push(...current.got.filter(({ id }) => id !== undefined))
      if (!stopped && /^4/.test(status)) throw new Error(status)
      await wait(50)
    }
  })()
  return {
    opened: first.promise,
    got: () => [...got, ...(current?.got.filter(({ id }) => id !== undefined) ?? [])],
    async stop() {
      stopped = true
      current?.close()
      await done
    },
  }
}

/** Writes until it is told to stop; one that failed may have been committed or not, and the rows tell. */
async function writes(prefix: string, until: () => boolean): Promise<void> {
  for (let n = 0; !until(); n++) {
    try {
      await writer.create(Message, { text: `${prefix} ${n}`, room: room.id })
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      await wait(50)
    }
    await wait(2)
  }
}

async function compared(prefix: string, harm: () => Promise<void>): Promise<number> {
  const one = follower()
  await one.opened
  let over = false
  const writing = writes(prefix, () => over)
  await wait(150)
  await harm()
  await wait(300)
  over = true
  await writing
  const rows = await writer.find(Message, { where: { text: { startsWith: prefix } } })
  const expected = rows.map(({ text }) => text).sort()
  const texts = () =>
    one
      .got()
      .map(textOf)
      .filter((text) => text.startsWith(prefix))
  await expect.poll(() => texts().length, { timeout: 30_000 }).toBeGreaterThanOrEqual(rows.length)
  expect(texts().toSorted()).toEqual(expected)
  expect(one.got().filter(({ data }) => (data as Event).errors)).toEqual([])
  // In the order of the writes, which one writer made one after the other.
  const numbers = texts().map((text) => Number(text.split(' ').at(-1)))
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
  await one.stop()
  return rows.length
}

test('connections of the database that are killed again and again lose and double nothing', {
  timeout: 90_000,
}, async () => {
  const { host, port, user, database } = postgresServer
  const killer = new pg.Client({ host, port, user, database })
  await killer.connect()
  const count = await compared('killed', async () => {
    for (let n = 0; n < 8; n++) {
      await killer.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'typestead'`,
      )
      await wait(120)
    }
  })
  await killer.end()
  expect(count).toBeGreaterThan(20)
})

test('a database server that is killed and started again loses and doubles nothing', {
  timeout: 90_000,
}, async () => {
  const count = await compared('restarted', async () => {
    const died = new Promise((resolve) => postgresServer.onExit(resolve))
    process.kill(postgresServer.pid, 'SIGKILL')
    await died
    await wait(300)
    await postgresServer.restart()
  })
  expect(count).toBeGreaterThan(20)
})

test('a live query keeps its answer while the database is away, and goes on when it is back', {
  timeout: 90_000,
}, async () => {
  const live = eventSource(
    server.url,
    '{ rooms(first: 1000) { name } }'.replace('{', 'query @live {'),
  )
  await expect.poll(() => live.got.length).toBe(1)
  const died = new Promise((resolve) => postgresServer.onExit(resolve))
  process.kill(postgresServer.pid, 'SIGKILL')
  await died
  await wait(200)
  await postgresServer.restart()
  await expect
    .poll(
      () =>
        writer.create(Room, { name: 'later' }).then(
          () => true,
          () => false,
        ),
      {
        timeout: 20_000,
      },
    )
    .toBe(true)
  await expect
    .poll(() => JSON.stringify(live.got.at(-1)?.data), { timeout: 20_000 })
    .toContain('"later"')
  expect(JSON.stringify(live.got)).not.toContain('errors')
  live.close()
})
