import { get } from 'node:http'
import type { Database } from '@typestead/store'
import { buildSchema, lexicographicSortSchema, parse, print, printSchema, visit } from 'graphql'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findTool } from '../../../scripts/tools.ts'
import { blogApi } from '../api.ts'
import { ask, type Program, stores } from './program.ts'

/** The article's interface, as its specification has it. */
const article = `
type Query { blogPosts: [BlogPost]  blogPost(id: ID!): BlogPost
  accountsUsers: [AccountsUser]  accountsUser(email: String!): AccountsUser }
type Mutation { createPost(title: String!, body: String!, accountsUserId: ID!): BlogPost
  updatePost(id: ID!, post: UpdatePostParams): BlogPost  deletePost(id: ID!): BlogPost }
type AccountsUser { id: ID name: String email: String posts: [BlogPost] }
type BlogPost { id: ID title: String body: String accountsUser: AccountsUser }
input UpdatePostParams { title: String body: String accountsUserId: ID }
`

const unknown = '00000000-0000-7000-8000-000000000000'
const createPost =
  'mutation ($user: ID!) { createPost(title: "New", body: "Text", accountsUserId: $user) { id title body accountsUser { id } } }'
const updatePost =
  'mutation ($id: ID!, $post: UpdatePostParams) { updatePost(id: $id, post: $post) { id title body } }'
const deletePost = 'mutation ($id: ID!) { deletePost(id: $id) { id title } }'

it('serves exactly the interface of the article', () => {
  // The schema follows from the declarations alone; no row is asked for.
  const api = blogApi({ as: () => ({}), metas: [] } as unknown as Database)
  expect(plain(api.sdl)).toBe(plain(article))
})

describe.each(stores)('on $name', ({ name, available, start }) => {
  describe.skipIf(!available)(`with ${name} installed`, () => {
    let program: Program
    let url: string
    beforeAll(async () => {
      program = await start()
      url = `${program.url}/api`
    })
    afterAll(() => program[Symbol.asyncDispose]())

    it('lists posts and users with what belongs to them, by POST and by GET', async () => {
      const query = '{ blogPosts { title accountsUser { name posts { title } } } }'
      const { data } = await ask(url, query)
      expect(data.blogPosts[0]).toEqual({
        title: 'GraphQL in an afternoon',
        accountsUser: {
          name: 'Ann Lee',
          posts: [{ title: 'GraphQL in an afternoon' }, { title: 'What a relation is' }],
        },
      })
      const got = await fetch(`${url}?query=${encodeURIComponent(query)}`)
      expect(await got.json()).toEqual({ data })
      const users = await ask(url, '{ accountsUsers { name email posts { title } } }')
      expect(users.data.accountsUsers.map((user: { name: string }) => user.name)).toEqual([
        'Ann Lee',
        'Bo Berg',
        'Cleo Diaz',
      ])
    })

    it('finds one post and one user, by variables, and says which is not there', async () => {
      const byEmail = 'query ($email: String!) { accountsUser(email: $email) { id name email } }'
      const found = await ask(url, byEmail, { email: 'bo@example.com' })
      expect(found.data.accountsUser).toMatchObject({ name: 'Bo Berg', email: 'bo@example.com' })
      const noUser = await ask(url, byEmail, { email: 'who@example.com' })
      expect(noUser.errors?.[0]?.message).toBe('User email who@example.com not found!')
      for (const id of [unknown, '42', 'x']) {
        const byId = await ask(url, 'query ($id: ID!) { blogPost(id: $id) { id } }', { id })
        expect(byId.errors?.[0]?.message).toBe(`Post id ${id} not found`)
        expect(byId.data).toEqual({ blogPost: null })
      }
    })

    it('creates, updates and deletes a post, with the texts of the article', async () => {
      const user = (await ask(url, '{ accountsUser(email: "cleo@example.com") { id } }')).data
        .accountsUser.id
      const { id, ...created } = (await ask(url, createPost, { user })).data.createPost
      expect(created).toEqual({ title: 'New', body: 'Text', accountsUser: { id: user } })
      const missing = await ask(url, createPost, { user: unknown })
      expect(missing.errors?.[0]?.message).toBe(`User id ${unknown} not found`)

      const same = await ask(url, updatePost, { id })
      expect(same).toEqual({ data: { updatePost: { id, title: 'New', body: 'Text' } } })
      const changed = await ask(url, updatePost, { id, post: { title: 'Newer' } })
      expect(changed.data.updatePost).toEqual({ id, title: 'Newer', body: 'Text' })

      expect((await ask(url, deletePost, { id })).data.deletePost).toEqual({ id, title: 'Newer' })
      for (const gone of [deletePost, updatePost]) {
        const again = await ask(url, gone, { id, post: { title: 'Late' } })
        expect(again.errors?.[0]?.message).toBe(`Post id ${id} not found`)
      }
    })

    it('refuses a mutation by GET, and a request that names another host', async () => {
      const query = encodeURIComponent(`mutation { deletePost(id: "${unknown}") { id } }`)
      const got = await fetch(`${url}?query=${query}`)
      expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST'])
      expect(await statusFor(program.url, 'evil.example')).toBe(403)
    })
  })
})

const browser = findTool('chromium')

describe.skipIf(browser === null)('in Chromium', () => {
  it('has a page in which a query can be run', async () => {
    await using program = await stores[0].start()
    const chrome = await chromium.launch({
      executablePath: browser ?? '',
      args: ['--no-sandbox'],
    })
    try {
      const page = await chrome.newPage()
      await page.goto(`${program.url}/api/graphiql`)
      const editor = page.locator('.graphiql-query-editor .view-lines').first()
      await expect.poll(() => editor.innerText(), { timeout: 30_000 }).toContain('blogPosts')
      await editor.click()
      await page.keyboard.press('Control+Enter')
      const answer = page.locator('.result-window')
      // The editor writes spaces as no-break spaces.
      await expect
        .poll(() => answer.innerText(), { timeout: 15_000 })
        .toMatch(/GraphQL\sin\san\safternoon/)
    } finally {
      await chrome.close()
    }
  })
})

/** The status of a request whose Host is another one; fetch does not let that be set. */
function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(`${url}/api?query={blogPosts{id}}`, { headers: { host } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    }).on('error', reject)
  })
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
