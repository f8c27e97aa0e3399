import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLSchema,
  isInputObjectType,
  isObjectType,
} from 'graphql'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findTool } from '../../../scripts/tools.ts'
import { ask, problem, signIn, signInAs } from './ask.ts'
import { appFolder, type Shop, startShop, typestead } from './shop.ts'

/** Both articles' interfaces as their specification has them. */
const articles = `
type Query {
  User(id: ID!): User
  blogPosts: [BlogPost]  blogPost(id: ID!): BlogPost
  accountsUsers: [AccountsUser]  accountsUser(email: String!): AccountsUser
}
type Mutation {
  createUser(data: UserCreateInput!): User!  updateUser(id: ID!, data: UserUpdateInput!): User
  createPost(title: String!, body: String!, accountsUserId: ID!): BlogPost
  updatePost(id: ID!, post: UpdatePostParams): BlogPost  deletePost(id: ID!): BlogPost
}
type User { id: ID!  email: String!  firstName: String!  lastName: String  createdAt: DateTime!  updatedAt: DateTime! }
type AccountsUser { id: ID name: String email: String posts: [BlogPost] }
type BlogPost { id: ID title: String body: String accountsUser: AccountsUser }
input UpdatePostParams { title: String body: String accountsUserId: ID }
input UserCreateInput { email: String! firstName: String! lastName: String password: String! }
input UserUpdateInput { email: String firstName: String lastName: String password: String }
scalar DateTime
`

const unknown = '00000000-0000-7000-8000-000000000000'
const updatePost =
  'mutation ($id: ID!, $post: UpdatePostParams) { updatePost(id: $id, post: $post) { id title body } }'
const deletePost = 'mutation ($id: ID!) { deletePost(id: $id) { id title body } }'

let shop: Shop
beforeAll(async () => {
  shop = await startShop()
})
afterAll(() => shop[Symbol.asyncDispose]())

describe('the interfaces of both articles', () => {
  it('are there, name by name, with the same arguments and types', async () => {
    const printed = await typestead(['graphql', 'schema', '--app', appFolder], { data: shop.data })
    expect(printed.code).toBe(0)
    const served = members(buildSchema(printed.output))
    const wanted = members(buildSchema(articles))
    for (const [name, type] of wanted) expect([name, served.get(name)]).toEqual([name, type])
  })
})

describe('the article on blogs', () => {
  it('lists every post and every user, with what belongs to them, nested', async () => {
    const posts = await ask(
      shop,
      '{ blogPosts { id title body accountsUser { id name email posts { id accountsUser { name } } } } }',
    )
    expect(posts.data.blogPosts).toHaveLength(2000)
    const [{ accountsUser, id }] = posts.data.blogPosts
    expect(accountsUser.posts).toContainEqual({ id, accountsUser: { name: accountsUser.name } })
    const users = await ask(shop, '{ accountsUsers { id name email posts { id title } } }')
    expect(users.data.accountsUsers.length).toBeGreaterThanOrEqual(2000)
  })

  it('shows a user under first and last name, found by e-mail', async () => {
    const query =
      'query ($email: String!) { accountsUser(email: $email) { id name email posts { title } } }'
    const { data } = await ask(shop, query, { email: 'reader@bookstore.example' })
    expect(data.accountsUser).toMatchObject({
      name: 'Rita Reader',
      email: 'reader@bookstore.example',
    })
    const missing = await ask(shop, query, { email: 'who@example.com' })
    expect(missing.data).toEqual({ accountsUser: null })
    expect(problem(missing)[0]).toBe('User email who@example.com not found!')
  })

  it('creates, updates and deletes posts, with its own texts', async () => {
    const user = (await ask(shop, '{ accountsUser(email: "reader@bookstore.example") { id } }'))
      .data.accountsUser.id
    const create =
      'mutation ($user: ID!) { createPost(title: "Rain", body: "And a book.", accountsUserId: $user) { id title body accountsUser { name } } }'
    const { id, ...created } = (await ask(shop, create, { user })).data.createPost
    expect(created).toEqual({
      title: 'Rain',
      body: 'And a book.',
      accountsUser: { name: 'Rita Reader' },
    })
    const nobody = await ask(shop, create, { user: unknown })
    expect([nobody.data, problem(nobody)[0]]).toEqual([
      { createPost: null },
      `User id ${unknown} not found`,
    ])
    const byId = 'query ($id: ID!) { blogPost(id: $id) { id title } }'
    expect((await ask(shop, byId, { id })).data.blogPost).toEqual({ id, title: 'Rain' })

    expect((await ask(shop, updatePost, { id })).data.updatePost).toEqual({
      id,
      title: 'Rain',
      body: 'And a book.',
    })
    const changed = await ask(shop, updatePost, { id, post: { title: 'Snow' } })
    expect(changed.data.updatePost).toMatchObject({ title: 'Snow', body: 'And a book.' })
    const moved = await ask(shop, updatePost, { id, post: { accountsUserId: unknown } })
    expect(moved.errors).toHaveLength(1)

    expect((await ask(shop, deletePost, { id })).data.deletePost).toMatchObject({ title: 'Snow' })
    for (const query of [byId, updatePost, deletePost]) {
      const gone = await ask(shop, query, { id, post: { title: 'Late' } })
      expect(problem(gone)).toEqual([`Post id ${id} not found`, 'NOT_FOUND'])
    }
  })

  it('has not-found texts for ids that no row can have', async () => {
    for (const id of ['42', 'x', '', "' or 1=1 --", unknown]) {
      for (const query of [updatePost, deletePost]) {
        expect(problem(await ask(shop, query, { id }))[0]).toBe(`Post id ${id} not found`)
      }
    }
  })

  it('answers queries by GET and refuses mutations by GET with 405', async () => {
    const url = (query: string) => `${shop.api}?query=${encodeURIComponent(query)}`
    const got = await fetch(url('{ accountsUser(email: "admin@bookstore.example") { name } }'))
    expect(await got.json()).toEqual({ data: { accountsUser: { name: 'Ada Admin' } } })
    const refused = await fetch(url(`mutation { deletePost(id: "${unknown}") { id } }`))
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST'])
  })
})

describe('the article on type-safe backends', () => {
  const createUser =
    'mutation ($data: UserCreateInput!) { createUser(data: $data) { id email firstName lastName createdAt updatedAt } }'
  const updateUser =
    'mutation ($id: ID!, $data: UserUpdateInput!) { updateUser(id: $id, data: $data) { id firstName lastName createdAt updatedAt } }'
  const data = { email: 'article@example.com', firstName: 'Ann', password: 'correct horse' }

  it('creates a user for anyone, who then can sign in and change the own account', async () => {
    const made = (await ask(shop, createUser, { data })).data.createUser
    expect(made).toMatchObject({ email: data.email, firstName: 'Ann', lastName: null })
    expect(made.updatedAt).toBe(made.createdAt)
    const found = await ask(shop, 'query ($id: ID!) { User(id: $id) { email } }', { id: made.id })
    expect(found.data.User).toEqual({ email: data.email })

    const cookie = await signIn(shop, data.email, data.password)
    const change = { id: made.id, data: { lastName: 'Lee', password: 'battery staple' } }
    const updated = (await ask(shop, updateUser, change, { cookie })).data.updateUser
    expect(updated).toMatchObject({ lastName: 'Lee', createdAt: made.createdAt })
    expect(updated.updatedAt > made.updatedAt).toBe(true)
    await expect(signIn(shop, data.email, data.password)).rejects.toThrow('401')
    await signIn(shop, data.email, 'battery staple')
  })

  it('answers null for a user that is not there', async () => {
    const cookie = await signInAs(shop, 'admin')
    for (const id of ['42', unknown]) {
      const found = await ask(shop, 'query ($id: ID!) { User(id: $id) { id } }', { id })
      expect(found.data).toEqual({ User: null })
      const updated = await ask(shop, updateUser, { id, data: { firstName: 'Bo' } }, { cookie })
      expect([updated.data, updated.errors]).toEqual([{ updateUser: null }, undefined])
    }
  })

  it('names each wrong field in the words of the class, and keeps e-mail addresses unique', async () => {
    const wrong = await ask(shop, createUser, {
      data: { email: 'ann', firstName: ' ', password: 'short' },
    })
    expect(wrong.errors?.[0]?.extensions).toEqual({
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
    const taken = await ask(shop, createUser, {
      data: { ...data, email: 'READER@bookstore.example' },
    })
    expect(taken.errors?.[0]?.extensions).toMatchObject({
      code: 'CONFLICT',
      fields: [{ path: ['data', 'email'] }],
    })
  })
})

const browser = findTool('chromium')

describe.skipIf(browser === null)('GraphiQL in Chromium', () => {
  it('runs a query of the shop, and asks no other host for anything', async () => {
    const chrome = await chromium.launch({
      executablePath: browser ?? '',
      args: ['--no-sandbox'],
    })
    try {
      const page = await chrome.newPage()
      const foreign: string[] = []
      page.on('request', (request) => {
        const local = /^(data|blob):/.test(request.url()) || request.url().startsWith(shop.url)
        if (!local) foreign.push(request.url())
      })
      await page.goto(`${shop.url}/api/graphiql`)
      const editor = page.locator('.graphiql-query-editor .view-lines').first()
      await editor.waitFor({ timeout: 30_000 })
      await editor.click()
      await page.keyboard.press('Control+A')
      await page.keyboard.type('{ accountsUser(email: "admin@bookstore.example") { name }', {
        delay: 5,
      })
      await page.keyboard.press('Control+Enter')
      const answer = page.locator('.result-window')
      await expect.poll(() => answer.innerText(), { timeout: 15_000 }).toMatch(/Ada\sAdmin/)
      expect(foreign).toEqual([])
    } finally {
      await chrome.close()
    }
  })
})

/** `Query.User` → `(id: ID!): User`, for every field of every object and input type. */
function members(schema: GraphQLSchema): Map<string, string> {
  const found = new Map<string, string>()
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue
    if (!isObjectType(type) && !isInputObjectType(type)) continue
    for (const field of Object.values(type.getFields())) {
      const args =
        'args' in field ? field.args.map((one: GraphQLArgument) => `${one.name}: ${one.type}`) : []
      // Fields that the shop adds may have arguments of their own; those of the articles have exactly theirs.
      const written = args.length === 0 ? '' : `(${args.join(', ')})`
      found.set(`${type.name}.${field.name}`, `${written}: ${field.type}`)
    }
  }
  return found
}
