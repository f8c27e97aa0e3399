/** What is begun in a transaction stays in it: nested ones take turns, and nothing goes on after its end. */
import { defineModel, Entity, id, int, string } from '@typestead/entity'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, open, postgres } from '../index.ts'
import { startTestServer, type TestServer } from './server.testing.ts'

class Note extends Entity('Note', {
  id: id(),
  text: string().unique(),
  token: string().secret().unique().nullable(),
}) {}
const model = defineModel({ Note })

let server: TestServer
let db: Database

beforeAll(async () => {
  server = await startTestServer()
  db = (await open(model, postgres(await server.freshUrl(), { connections: 1 }))) as Database
})

afterAll(async () => {
  await db?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const texts = async () =>
  (await db.find(Note, { orderBy: { text: 'asc' } })).map((note) => note.text)

test('what was not awaited fails after the end, and is in nobody else’s transaction', async () => {
  let stray: Promise<unknown> = Promise.resolve()
  await db.transaction(async (tx) => {
    stray = pause(20)
      .then(() => tx.create(Note, { text: 'stray' }))
      .catch((error: unknown) => error)
  })
  const other = db.transaction(async (tx) => {
    await tx.create(Note, { text: 'other' })
    await pause(60)
    throw new Error('undone')
  })
  await expect(other).rejects.toThrow('undone')
  expect(await stray).toMatchObject({ code: 'TRANSACTION_ENDED' })
  expect(await texts()).toEqual([])
})

test('parallel nested transactions take turns: the one that fails undoes its own alone', async () => {
  const outcomes = await db.transaction((tx) =>
    Promise.allSettled([
      tx.create(Note, { text: 'beside' }),
      ...[1, 2, 3].map((number) =>
        tx.transaction(async (inner) => {
          await inner.create(Note, { text: `inner ${number}` })
          // The outer one's own operations belong to the nested one in which they are called.
          await tx.create(Note, { text: `outer ${number}` })
          if (number === 2) throw new Error('two')
        }),
      ),
    ]),
  )
  expect(outcomes.map((one) => one.status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ])
  expect(await texts()).toEqual(['beside', 'inner 1', 'inner 3', 'outer 1', 'outer 3'])
})

test('after an error nothing more can be done in the transaction, and the error says so', async () => {
  const caught = db.transaction(async (tx) => {
    await tx.create(Note, { text: 'beside' }).catch(() => {})
    await tx.count(Note)
  })
  await expect(caught).rejects.toMatchObject({ code: 'TRANSACTION_ABORTED' })
})

test('secrets are in no error, no log line and no JSON', async () => {
  const note = await db.create(Note, { text: 'secret', token: 'TOPSECRET' })
  expect(note.token).toBe('TOPSECRET')
  const clash = await db
    .create(Note, { text: 'again', token: 'TOPSECRET' })
    .catch((error: unknown) => error)
  expect(clash).toMatchObject({ code: 'CONFLICT', fields: ['token'] })
  const { inspect } = await import('node:util')
  expect(
    `${inspect(clash, { depth: 9 })} ${inspect(note)} ${JSON.stringify(note)} ${JSON.stringify({ ...note })}`,
  ).not.toContain('TOPSECRET')
})

test('a migration that fails on a secret does not tell it', async () => {
  const url = await server.freshUrl()
  class Before extends Entity('Keeper', { id: id(), pin: string().secret() }) {}
  {
    await using before = await open(defineModel({ Keeper: Before }), postgres(url))
    await before.create(Before, { pin: 'TOPSECRET' })
  }
  class After extends Entity('Keeper', { id: id(), pin: int().secret() }) {}
  await using after = await open(defineModel({ Keeper: After }), postgres(url), {
    migrate: 'never',
  })
  const error = await after.migrations.apply({ allowLoss: true }).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'MIGRATION_FAILED' })
  const { inspect } = await import('node:util')
  expect(inspect(error, { depth: 9 })).not.toContain('TOPSECRET')
})

test('a back-fill function is held to the field’s own checks', async () => {
  const url = await server.freshUrl()
  class Before extends Entity('Keeper', { id: id() }) {}
  {
    await using before = await open(defineModel({ Keeper: Before }), postgres(url))
    await before.create(Before, {})
  }
  class After extends Entity('Keeper', {
    id: id(),
    mail: string()
      .email('no mail')
      .backfill(() => 'wrong'),
  }) {}
  await using after = await open(defineModel({ Keeper: After }), postgres(url), {
    migrate: 'never',
  })
  await expect(after.migrations.apply()).rejects.toMatchObject({
    code: 'MIGRATION_FAILED',
    message: expect.stringContaining('Keeper.mail'),
  })
})

test('events from before a change of type are told; what does not fit any more is null', async () => {
  const url = await server.freshUrl()
  class Before extends Entity('Keeper', { id: id(), n: string() }) {}
  await using before = await open(defineModel({ Keeper: Before }), postgres(url))
  const start = await before.changesEnd()
  const row = await before.create(Before, { n: 'forty' })
  await before.update(Before, row, { n: '40' })
  class After extends Entity('Keeper', { id: id(), n: int() }) {}
  await using after = await open(defineModel({ Keeper: After }), postgres(url), {
    migrate: 'never',
  })
  await after.migrations.apply({ allowLoss: true })
  const told: unknown[] = []
  for await (const { row } of after.changes({ after: start })) {
    if (told.push((row as { n: unknown }).n) === 2) break
  }
  expect(told).toEqual([null, 40])
})
