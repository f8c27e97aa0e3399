import type { Database } from '@typestead/store'
import { buildSchema, lexicographicSortSchema, parse, print, printSchema, visit } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { userApi } from '../api.ts'
import { ask, type Program, startProgram, stores } from './program.ts'

/** The article's interface as its specification has it, with the inputs that it speaks of. */
const article = `
type Query { User(id: ID!): User }
type Mutation { createUser(data: UserCreateInput!): User!  updateUser(id: ID!, data: UserUpdateInput!): User  }
type User { id: ID!  email: String!  firstName: String!  lastName: String  createdAt: DateTime!  updatedAt: DateTime! }
input UserCreateInput { email: String! firstName: String! lastName: String password: String! }
input UserUpdateInput { email: String firstName: String lastName: String password: String }
scalar DateTime
`

let users = 0
/** Values of a user that no other test has made. */
function ann() {
  return { email: `ann${++users}@example.com`, firstName: 'Ann', password: 'correct horse' }
}

const createUser =
  'mutation ($data: UserCreateInput!) { createUser(data: $data) { id email firstName lastName createdAt updatedAt } }'
const updateUser =
  'mutation ($id: ID!, $data: UserUpdateInput!) { updateUser(id: $id, data: $data) { id firstName lastName createdAt updatedAt } }'

it('serves exactly the interface of the article', () => {
  // The schema follows from the declarations alone; no row is asked for.
  const api = userApi({ as: () => ({}), metas: [] } as unknown as Database)
  expect(plain(api.sdl)).toBe(plain(article))
})

describe.each(stores)('on $name', ({ name, available, start }) => {
  describe.skipIf(!available)(`with ${name} installed`, () => {
    let program: Program
    beforeAll(async () => {
      program = await start()
    })
    afterAll(() => program[Symbol.asyncDispose]())

    it('creates, finds and updates a user, and moves updatedAt by itself', async () => {
      const given = ann()
      const { data } = await ask(program.url, createUser, { data: given })
      const { id, createdAt } = data.createUser
      expect(data.createUser).toMatchObject({
        email: given.email,
        firstName: 'Ann',
        lastName: null,
      })
      expect(data.createUser.updatedAt).toBe(createdAt)
      const query = 'query ($id: ID!) { User(id: $id) { id email createdAt } }'
      expect((await ask(program.url, query, { id })).data.User).toEqual({
        id,
        email: given.email,
        createdAt,
      })
      await new Promise((resolve) => setTimeout(resolve, 5))
      const updated = await ask(program.url, updateUser, { id, data: { lastName: 'Lee' } })
      expect(updated.data.updateUser).toMatchObject({ lastName: 'Lee', createdAt })
      expect(updated.data.updateUser.updatedAt > createdAt).toBe(true)
    })

    it('answers null for an id that no user has, whatever its form', async () => {
      for (const id of ['00000000-0000-7000-8000-000000000000', 'x', '12']) {
        const found = await ask(program.url, 'query ($id: ID!) { User(id: $id) { id } }', { id })
        expect(found).toEqual({ data: { User: null } })
        const updated = await ask(program.url, updateUser, { id, data: { firstName: 'Bo' } })
        expect(updated.data).toEqual({ updateUser: null })
      }
    })

    it('says what is wrong in the words of the class, and keeps e-mail addresses unique', async () => {
      const bad = await ask(program.url, createUser, {
        data: { email: 'ann', firstName: '', password: 'short' },
      })
      expect(bad.errors?.[0]?.extensions).toMatchObject({
        code: 'BAD_INPUT',
        fields: [
          {
            path: ['data', 'email'],
            message: 'Please give an e-mail address, such as ann@example.com',
          },
          { path: ['data', 'firstName'], message: 'Please give a first name' },
          { path: ['data', 'password'], message: 'A password has at least 8 characters' },
        ],
      })
      const taken = ann()
      await ask(program.url, createUser, { data: taken })
      const again = await ask(program.url, createUser, { data: taken })
      expect(again.errors?.[0]?.extensions.code).toBe('CONFLICT')
    })

    it('keeps its users over a restart, and never tells a password', async () => {
      await using first = await startProgram(program.env)
      const given = ann()
      const { data } = await ask(first.url, createUser, { data: given })
      expect(await first.stop()).toBe(0)
      await using second = await startProgram(program.env)
      const { id } = data.createUser
      const found = await ask(second.url, 'query ($id: ID!) { User(id: $id) { email } }', { id })
      expect(found.data.User).toEqual({ email: given.email })
      const asked = await ask(second.url, 'query ($id: ID!) { User(id: $id) { password } }', { id })
      expect(asked.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
    })

    it('stores a hash in place of the password', async () => {
      const given = ann()
      const { id } = (await ask(program.url, createUser, { data: given })).data.createUser
      await ask(program.url, updateUser, { id, data: { password: 'another one' } })
      const stored = await storedUser(program, id)
      expect(stored.password).toMatch(/^scrypt:[0-9a-f]{32}:[0-9a-f]{64}$/)
      expect(await stored.hasPassword('another one')).toBe(true)
      expect(await stored.hasPassword(given.password)).toBe(false)
    })
  })
})

/** A user, read beside the program from the same store. */
async function storedUser({ env }: Program, id: string) {
  const { embedded, mongo, open } = await import('@typestead/store')
  const { defineModel } = await import('@typestead/entity')
  const { User } = await import('../user.ts')
  const { MONGO_URL, TYPESTEAD_DATA = '' } = env
  const source = MONGO_URL ? mongo(MONGO_URL) : embedded({ data: TYPESTEAD_DATA })
  await using db = await open(defineModel({ User }), source)
  const user = await db.get(User, id)
  if (!user) throw new Error('the user is not stored')
  return user
}

/** Sorted, without descriptions. */
function plain(sdl: string): string {
  const sorted = printSchema(lexicographicSortSchema(buildSchema(sdl)))
  const undescribed = {
    enter: (node: object) =>
      'description' in node ? { ...node, description: undefined } : undefined,
  }
  return print(visit(parse(sorted), undescribed))
}
