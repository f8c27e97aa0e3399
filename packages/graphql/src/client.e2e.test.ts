import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest'
import { type Opened, openPostgres } from '../test/stores.ts'
import { type Streaming, serveStreams } from '../test/stream-clients.ts'
import { chat, chatApi, Room } from '../test/subscriptions.ts'
import {
  ClientError,
  createClient,
  type DataOf,
  type NoSuchField,
  type VariablesOf,
} from './client.ts'
import type { Api } from './index.ts'

/** As printed by the API; only what is used here. */
const sdl = `
enum ChangeOp {
  CREATED
  UPDATED
  DELETED
}

type Room {
  id: ID!
  name: String!
  open: Boolean!
  messages(where: MessageFilter, orderBy: [MessageOrderBy!], first: Int): [Message!]!
}

type Message {
  id: ID!
  text: String!
  likes: Int!
  room: Room
  old: String @deprecated(reason: "Renamed.")
}

input RoomFilter {
  name: StringFilter
  and: [RoomFilter!]
}

input StringFilter {
  eq: String
  in: [String]
}

input RoomCreateInput {
  name: String!
  open: Boolean
}

type RoomChange {
  op: ChangeOp!
  node: Room!
}

type Query {
  rooms(where: RoomFilter, first: Int): [Room!]!
}

type Mutation {
  upsertRoom(create: RoomCreateInput!): Room!
}

type Subscription {
  roomChanged(where: RoomFilter): RoomChange!
}
` as const
type Sdl = typeof sdl

let opened: Opened
let server: Streaming
beforeAll(async () => {
  opened = await openPostgres(chat)
  server = await serveStreams(chatApi(opened.db) as unknown as Api)
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await opened?.[Symbol.asyncDispose]()
})

test('answers are typed by the text of the document', async () => {
  const client = createClient<Sdl>({ url: server.url })
  const made = await client.request(
    'mutation ($data: RoomCreateInput!) { upsertRoom(create: $data) { id title: name open } }',
    { data: { name: 'typed' } },
  )
  expectTypeOf(made).toEqualTypeOf<{
    readonly upsertRoom: { readonly id: string; readonly title: string; readonly open: boolean }
  }>()
  const { rooms } = await client.request(
    `query ($where: RoomFilter, $more: Boolean!) {
      rooms(where: $where, first: 10) { name messages { text room { open } } open @include(if: $more) }
    }`,
    { where: { name: { eq: 'typed' } }, more: false },
  )
  expectTypeOf(rooms).toEqualTypeOf<
    readonly {
      readonly name: string
      readonly messages: readonly {
        readonly text: string
        readonly room: { readonly open: boolean } | null
      }[]
      readonly open: boolean | undefined
    }[]
  >()
  expect(rooms).toEqual([{ name: 'typed', messages: [] }])
  // @ts-expect-error: the variable is not given
  await expect(client.request('query ($a: Int!) { rooms(first: $a) { id } }')).rejects.toThrow(
    '$a: is required',
  )
  // @ts-expect-error: a number is no text
  const wrong: VariablesOf<Sdl, 'query ($a: ID!) { rooms { id } }'> = { a: 5 }
  expect(wrong).toBeDefined()
  expectTypeOf<DataOf<Sdl, '{ rooms { size } }'>>().toEqualTypeOf<{
    readonly rooms: readonly { readonly size: NoSuchField<'Room', 'size'> }[]
  }>()
  expectTypeOf<
    DataOf<Sdl, '{ rooms { ...F } } fragment F on Room { id }'>
  >().toEqualTypeOf<unknown>()
})

test('errors carry their code', async () => {
  const client = createClient<Sdl>({ url: server.url })
  const failed = client.request('{ rooms { size } }')
  await expect(failed).rejects.toBeInstanceOf(ClientError)
  await expect(failed).rejects.toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' })
})

test.each(['sse', 'ws'] as const)('subscriptions over %s', async (subscriptions) => {
  const client = createClient<Sdl>({ url: server.url, subscriptions })
  const stop = new AbortController()
  const events = client.subscribe(
    'subscription { roomChanged { op node { name } } }',
    {},
    { signal: stop.signal },
  )
  const first = events.next()
  const names: string[] = []
  const writing = setInterval(() => {
    const name = crypto.randomUUID()
    names.push(name)
    void opened.db.create(Room, { name })
  }, 50)
  const { value } = await first
  clearInterval(writing)
  if (value) expectTypeOf(value.roomChanged.op).toEqualTypeOf<'CREATED' | 'UPDATED' | 'DELETED'>()
  expect(value).toMatchObject({ roomChanged: { op: 'CREATED' } })
  stop.abort()
  await events.return()
})
