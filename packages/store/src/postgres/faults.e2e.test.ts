/** What happens when the server, a connection or this process dies: errors say so, and nothing acknowledged is lost. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { defineModel, Entity, id, int, string } from '@typestead/entity'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, open, postgres, StoreError } from '../index.ts'
import { startTestServer, type TestServer } from './server.testing.ts'

class Note extends Entity('Note', { id: id(), text: string(), likes: int().default(0) }) {}
const model = defineModel({ Note })

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
})

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Asks until the store answers again. */
async function recovered(db: Database): Promise<void> {
  const end = Date.now() + 30_000
  for (;;) {
    try {
      await db.ping()
      return
    } catch (error) {
      if (!(error instanceof StoreError) || Date.now() > end) throw error
      await pause(50)
    }
  }
}

test('a server killed under load gives UNAVAILABLE, then answers again; every acknowledged write is there', async () => {
  await using db = await open(
    model,
    postgres(await server.freshUrl(), { connections: 8, connectTimeout: 1000 }),
  )
  const acknowledged: string[] = []
  const codes = new Set<string>()
  let running = true
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let count = 0; running; count++) {
      try {
        acknowledged.push((await db.create(Note, { text: `${writer}-${count}` })).id)
      } catch (error) {
        codes.add(error instanceof StoreError ? error.code : String(error))
        await pause(20)
      }
    }
  })
  await pause(400)
  process.kill(server.server.pid, 'SIGKILL')
  await pause(100)
  await recovered(db)
  const before = acknowledged.length
  while (acknowledged.length < before + 50) await pause(10)
  running = false
  await Promise.all(writers)
  expect([...codes]).toEqual(['UNAVAILABLE'])
  const there = new Set((await db.find(Note)).map((note) => note.id))
  expect(acknowledged.filter((one) => !there.has(one))).toEqual([])
})

test('a writer killed at any moment loses nothing it had acknowledged, and leaves no half transaction', async () => {
  const url = await server.freshUrl()
  await using db = await open(model, postgres(url))
  const program = fileURLToPath(new URL('./writer.testing.ts', import.meta.url))
  const acknowledged: string[] = []
  for (let round = 0; round < 5; round++) {
    const child = spawn(process.execPath, [program, url], { stdio: ['ignore', 'pipe', 'inherit'] })
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (line) => acknowledged.push(line))
    await once(lines, 'line')
    await pause(60 + round * 37)
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  const rows = await db.find(Note)
  const there = new Set(rows.map((note) => note.text))
  expect(acknowledged.filter((text) => !there.has(text))).toEqual([])
  // The program writes pairs, each pair in one transaction.
  expect(rows.length % 2).toBe(0)
})

test('a statement that takes too long ends with TIMEOUT and frees its connection', async () => {
  const url = await server.freshUrl()
  await using db = await open(model, postgres(url, { connections: 1, statementTimeout: 200 }))
  const note = await db.create(Note, { text: 'a' })
  const other = await server.connect(url)
  await other.query('begin')
  await other.query('select * from note for update')
  await expect(db.update(Note, note, { text: 'b' })).rejects.toMatchObject({ code: 'TIMEOUT' })
  await other.query('rollback')
  await other.end()
  expect((await db.update(Note, note, { text: 'b' }))?.text).toBe('b')
})

test('a transaction whose connection is cut is rolled back and says UNAVAILABLE', async () => {
  const url = await server.freshUrl()
  await using db = await open(model, postgres(url))
  const other = await server.connect(url)
  const cut = db.transaction(async (tx) => {
    await tx.create(Note, { text: 'never' })
    await other.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'typestead' and datname = current_database()`,
    )
    await tx.create(Note, { text: 'never either' })
  })
  await expect(cut).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(await db.count(Note)).toBe(0)
  await other.end()
})

test('a reader of changes whose connection is cut goes on without losing or repeating one', async () => {
  const url = await server.freshUrl()
  await using db = await open(model, postgres(url))
  const other = await server.connect(url)
  const done = new AbortController()
  const seen: string[] = []
  const reading = (async () => {
    for await (const event of db.changes({ signal: done.signal }))
      seen.push((event.row as { text: string }).text)
  })()
  await pause(50)
  const sent: string[] = []
  for (let index = 0; index < 30; index++) {
    await db.create(Note, { text: `n${index}` })
    sent.push(`n${index}`)
    if (index === 15) {
      await other.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%' and datname = current_database()`,
      )
    }
  }
  const end = Date.now() + 10_000
  while (seen.length < sent.length && Date.now() < end) await pause(20)
  done.abort()
  await reading
  expect(seen).toEqual(sent)
  await other.end()
})

test('no error carries the statement, a value or a password', async () => {
  const url = await server.freshUrl()
  await using db = await open(model, postgres(url, { statementTimeout: 5000 }))
  const other = await server.connect(url)
  await other.query('alter table note drop column likes')
  await other.end()
  const error = await db
    .create(Note, { text: 'hidden value' })
    .catch((caught: unknown) => caught as Error)
  expect(error).toMatchObject({ code: 'MIGRATION_PENDING' })
  expect((error as Error).message).not.toMatch(/hidden value|insert|select/i)
  const refused = await open(
    model,
    postgres('postgres://someone:pa55word@127.0.0.1:1/none', { connectTimeout: 500 }),
  ).catch((caught: unknown) => caught as Error)
  expect(refused).toMatchObject({ code: 'UNAVAILABLE' })
  expect(`${refused}`).not.toContain('pa55word')
})
