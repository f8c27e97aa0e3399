import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEmbedded } from '../embedded.ts'
import { type Connections, connections } from './connection.ts'

let folder: string
let server: Awaited<ReturnType<typeof startEmbedded>>
let pool: Connections
/** The messages that the server sent, by name, in order. */
const messages: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'typestead-store-'))
  server = await startEmbedded({ data: join(folder, 'postgres') })
  const { host, port, user, database } = server
  pool = connections({ host, port, user, database }, { connections: 1 }, new Map())
  pool.pool.on('connect', (client) => {
    // Not in the driver's type declarations.
    const { connection } = client as unknown as { connection: pg.Connection }
    for (const name of ['parseComplete', 'rowDescription', 'dataRow', 'noData']) {
      connection.on(name, () => messages.push(name))
    }
  })
  await pool.run({ text: 'create table t (n int8, at timestamptz, tags text[])', values: [] })
})
afterAll(async () => {
  await pool?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const sent = async (text: string, ...values: (string | null)[]) => {
  messages.length = 0
  const rows = await pool.run({ text, values })
  return { rows, messages: [...messages] }
}

test('a statement is prepared and described once on a connection, its rows read by their types each time', async () => {
  const insert = 'insert into t values ($1::int8, $2::timestamptz, $3::text[])'
  const first = await sent(insert, '9007199254740993', '2026-01-02T03:04:05.678Z', '{a,NULL}')
  expect(first).toEqual({ rows: [], messages: ['parseComplete', 'noData'] })
  expect((await sent(insert, null, null, null)).messages).toEqual([])
  const select = 'select n, at, tags, $1::bool from t order by n'
  const rows = [
    [9007199254740993n, new Date('2026-01-02T03:04:05.678Z'), ['a', null], true],
    [null, null, null, true],
  ]
  expect(await sent(select, 'true')).toEqual({
    rows,
    messages: ['parseComplete', 'rowDescription', 'dataRow', 'dataRow'],
  })
  expect(await sent(select, 'true')).toEqual({ rows, messages: ['dataRow', 'dataRow'] })
})

test('a statement that fails leaves its connection as it was', async () => {
  const text = 'select 1 / $1::int4'
  await expect(sent(text, '0')).rejects.toThrow()
  expect((await sent(text, '1')).rows).toEqual([[1]])
  await expect(sent(text, '0')).rejects.toThrow()
  await expect(sent('select nothing($1::int4)', '1')).rejects.toThrow()
  expect((await sent(text, '1')).rows).toEqual([[1]])
})

test('answers of many megabytes come whole', async () => {
  const { rows } = await sent(`select repeat('ä€', $1::int4)`, '2000000')
  expect(rows).toEqual([['ä€'.repeat(2_000_000)]])
})

test('a column that has another type since is read by the new one', async () => {
  const text = 'select n from t where n is not null and $1::bool'
  expect((await sent(text, 'true')).rows).toEqual([[9007199254740993n]])
  await pool.run({ text: 'alter table t alter n type text', values: [] })
  expect((await sent(text, 'true')).rows).toEqual([['9007199254740993']])
  expect((await sent(text, 'true')).messages).toEqual(['dataRow'])
})
