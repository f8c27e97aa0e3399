import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Opened, openPostgres } from '../test/stores.ts'
import { type ChatContext, chat, chatApi, Message, Room } from '../test/subscriptions.ts'

let opened: Opened
let api: ReturnType<typeof chatApi>

beforeAll(async () => {
  opened = await openPostgres(chat)
  api = chatApi(opened.db)
})
afterAll(() => opened?.[Symbol.asyncDispose]())

const reader: ChatContext = { current: { role: 'reader', name: '' } }
const run = async (query: string, variables = {}, context = reader) =>
  // Answers of mutations are read by their tests only.
  (await api.execute({ query, variables }, { context })) as { data?: never; errors?: never }
const kinds = (count: number) =>
  api
    .plans()
    .slice(-count)
    .map(({ kind }) => kind)

test('a mutation is its write and one read that writes the text, equal to the general answer', async () => {
  const room = await opened.db.create(Room, { name: 'text' })
  const query =
    'mutation ($data: MessageNestedCreateInput!) { createMessage(data: $data) { text likes room { name messages { text } } } }'
  const variables = { data: { text: 'a"\u2028', room: { connect: room.id } } }
  const answer = await run(query, variables)
  expect(answer).toEqual({
    data: {
      createMessage: {
        text: 'a"\u2028',
        likes: 0,
        room: { name: 'text', messages: [{ text: 'a"\u2028' }] },
      },
    },
  })
  expect(kinds(1)).toEqual(['text'])
  await opened.db.deleteMany(Message, {})
  const general = await api.executeText({ query, variables }, { context: reader, plan: 'general' })
  expect(general).toBe(JSON.stringify(answer))
})

test('a row that was written is answered, also one that its writer may not read', async () => {
  const room = await opened.db.create(Room, { name: 'own' })
  const query = `mutation { createMessage(data: {text: "x", secret: true, room: {connect: "${room.id}"}}) { text } }`
  expect(await run(query)).toEqual({ data: { createMessage: { text: 'x' } } })
})

test('a field that fails leaves nothing behind; those before it stay', async () => {
  const room = await opened.db.create(Room, { name: 'stays' })
  const answer = await run(`mutation {
    a: createMessage(data: {text: "kept", room: {connect: "${room.id}"}}) { text }
    b: createMessage(data: {text: "", room: {create: {name: "not kept"}}}) { text }
    c: createMessage(data: {text: "never", room: {connect: "${room.id}"}}) { text }
  }`)
  expect(answer).toMatchObject({
    data: null,
    errors: [
      { path: ['b'], extensions: { code: 'BAD_INPUT', fields: [{ path: ['data', 'text'] }] } },
    ],
  })
  expect(await opened.db.count(Room, { name: 'not kept' })).toBe(0)
  const kept = await opened.db.find(Message, { where: { room: { id: room.id } } })
  expect(kept.map(({ text }) => text)).toEqual(['kept'])
})

test('rows of relations are written with their row, or not at all', async () => {
  const query =
    'mutation ($data: RoomNestedCreateInput!) { createRoom(data: $data) { name messages { text } } }'
  const made = await run(query, {
    data: { name: 'nested', messages: { create: [{ text: 'one' }, { text: 'two' }] } },
  })
  expect(made).toEqual({
    data: { createRoom: { name: 'nested', messages: [{ text: 'one' }, { text: 'two' }] } },
  })
  const wrong = await run(query, {
    data: { name: 'nested wrong', messages: { create: [{ text: 'one' }, { text: '' }] } },
  })
  expect(wrong).toMatchObject({
    errors: [{ extensions: { fields: [{ path: ['data', 'messages', 'create', 1, 'text'] }] } }],
  })
  const nowhere = await run(query, {
    data: { name: 'nested wrong', messages: { connect: [crypto.randomUUID()] } },
  })
  expect(nowhere).toMatchObject({
    errors: [
      {
        extensions: {
          fields: [
            { path: ['data', 'messages', 'connect', 0], message: 'there is no such Message' },
          ],
        },
      },
    ],
  })
  expect(await opened.db.count(Room, { name: 'nested wrong' })).toBe(0)
  const [other] = await opened.db.find(Message, { where: { text: 'one' } })
  const moved = await run(
    'mutation ($id: ID!, $d: RoomNestedUpdateInput!) { updateRoom(id: $id, data: $d) { messages { text } } }',
    {
      id: (await opened.db.create(Room, { name: 'moved' })).id,
      d: { messages: { connect: [other?.id], create: [{ text: 'new' }] } },
    },
  )
  expect(moved).toEqual({ data: { updateRoom: { messages: [{ text: 'one' }, { text: 'new' }] } } })
})

test('upsert creates, then changes; many rows are changed and deleted by a filter', async () => {
  const query =
    'mutation ($name: String!) { upsertRoom(create: {name: $name}, update: {open: false}) { name open } }'
  const first = await run(query, { name: 'upserted' })
  expect(first).toEqual({ data: { upsertRoom: { name: 'upserted', open: true } } })
  const second = await run(query, { name: 'upserted' })
  expect(second).toEqual({ data: { upsertRoom: { name: 'upserted', open: false } } })
  const room = await opened.db.create(Room, { name: 'many' })
  await opened.db.createMany(Message, [
    { text: 'm1', room: room.id },
    { text: 'm2', room: room.id },
    { text: 'hidden', room: room.id, secret: true },
  ])
  const where = `where: {room: {id: {eq: "${room.id}"}}}`
  expect(await run(`mutation { likeMessages(${where}, data: {likes: 5}) }`)).toEqual({
    data: { likeMessages: 2 },
  })
  expect(await run(`mutation { deleteMessages(${where}) }`)).toEqual({
    data: { deleteMessages: 2 },
  })
})

test('the write and its reads go over one connection', async () => {
  const room = await opened.db.create(Room, { name: 'one connection' })
  const transaction = vi.spyOn(opened.db.backend, 'transaction')
  const select = vi.spyOn(opened.db.backend, 'select')
  await run(
    `mutation { createMessage(data: {text: "t", room: {connect: "${room.id}"}}) { room { name } } }`,
  )
  await run(`mutation { deleteMessages(where: {text: {eq: "t"}}) }`)
  expect([transaction.mock.calls.length, select.mock.calls.length]).toEqual([2, 0])
  vi.restoreAllMocks()
})
