import { buildSchema, type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  articleFive,
  articleFiveSdl,
  articleOne,
  articleOneSdl,
  model,
  Post,
  User,
} from '../test/articles.ts'
import { type Server, serve } from '../test/serve.ts'
import { type Opened, openPostgres, stores } from '../test/stores.ts'

interface Body {
  readonly data?: Readonly<Record<string, Readonly<Record<string, unknown>> | null>> | null
  readonly errors?: readonly { readonly message: string; readonly extensions: unknown }[]
}

for (const store of stores) {
  describe.skipIf(!store.available)(`the articles' programs on ${store.name}`, () => {
    let opened: Opened
    let one: Server
    let five: Server
    let ada: string

    beforeAll(async () => {
      opened = await store.open(model)
      one = await serve(articleOne(opened.db).handler)
      five = await serve(articleFive(opened.db).handler)
      const user = { email: 'ada@example.org', firstName: 'Ada', password: 'analytical' }
      ada = (await opened.db.create(User, user)).id
    })
    afterAll(async () => {
      await one?.[Symbol.asyncDispose]()
      await five?.[Symbol.asyncDispose]()
      await opened?.[Symbol.asyncDispose]()
    })

    const post = async (
      server: Server,
      query: string,
      variables: Record<string, unknown> = {},
    ): Promise<Body> => {
      const response = await fetch(server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query, variables }),
      })
      expect(response.status).toBe(200)
      return (await response.json()) as Body
    }
    const messages = ({ errors }: Body) => errors?.map((error) => error.message)

    test('article 01: a user is created by a service, read, updated, and never shows its password', async () => {
      const fields = 'id email firstName lastName createdAt updatedAt'
      const data = { email: 'grace@example.org', firstName: 'Grace', password: 'compilers' }
      const made = await post(
        one,
        `mutation ($data: UserCreateInput!) { createUser(data: $data) { ${fields} } }`,
        { data },
      )
      const user = made.data?.createUser
      expect(user).toMatchObject({ email: data.email, firstName: 'Grace', lastName: null })
      const id = String(user?.id)
      const read = await post(one, `query ($id: ID!) { User(id: $id) { ${fields} } }`, { id })
      expect(read).toEqual({ data: { User: user } })
      const changed = await post(
        one,
        `mutation ($id: ID!) { updateUser(id: $id, data: {lastName: "Hopper"}) { ${fields} } }`,
        { id },
      )
      expect(changed.data?.updateUser).toMatchObject({
        lastName: 'Hopper',
        createdAt: user?.createdAt,
      })
      expect(Date.parse(String(changed.data?.updateUser?.updatedAt))).toBeGreaterThanOrEqual(
        Date.parse(String(user?.updatedAt)),
      )
      expect((await opened.db.get(User, id))?.password).toBe('hashed:compilers')
      const asked = await post(one, `{ User(id: "${id}") { password } }`)
      expect(messages(asked)).toEqual(['Cannot query field "password" on type "User".'])
      expect(await post(one, '{ User(id: "nobody") { id } }')).toEqual({ data: { User: null } })
    })

    test('article 01: what is wrong is told by field', async () => {
      const text = 'mutation ($data: UserCreateInput!) { createUser(data: $data) { id } }'
      const wrong = await post(one, text, {
        data: { email: 'x', firstName: 'G', password: 'short' },
      })
      expect(wrong.errors?.[0]?.extensions).toMatchObject({
        code: 'BAD_INPUT',
        fields: [
          { path: ['data', 'email'], message: 'must be an e-mail address' },
          { path: ['data', 'password'] },
        ],
      })
      const twice = { email: 'ada@example.org', firstName: 'A', password: 'analytical' }
      const clash = await post(one, text, { data: twice })
      expect(clash.errors?.[0]).toMatchObject({
        message: 'another User has this email',
        extensions: { code: 'CONFLICT', fields: [{ path: ['data', 'email'] }] },
      })
    })

    test('article 05: posts are created, nested, updated and deleted', async () => {
      const created = await post(
        five,
        `mutation ($title: String!, $body: String!, $user: ID!) {
          createPost(title: $title, body: $body, accountsUserId: $user) { id title body accountsUser { name email } } }`,
        { title: 'On engines', body: 'Text', user: ada },
      )
      const blogPost = created.data?.createPost
      const id = String(blogPost?.id)
      const user = { name: 'Ada', email: 'ada@example.org' }
      expect(blogPost).toEqual({ id, title: 'On engines', body: 'Text', accountsUser: user })
      const found = await post(
        five,
        `query ($email: String!) { accountsUser(email: $email) { id name email posts { title accountsUser { name } } } }`,
        { email: 'ada@example.org' },
      )
      expect(found.data?.accountsUser).toEqual({
        id: ada,
        ...user,
        posts: [{ title: 'On engines', accountsUser: { name: 'Ada' } }],
      })
      const lists = await post(five, '{ blogPosts { id title } accountsUsers { posts { id } } }')
      expect(lists.data?.blogPosts).toEqual([{ id, title: 'On engines' }])
      const change =
        'mutation ($id: ID!, $post: UpdatePostParams) { updatePost(id: $id, post: $post) { title body accountsUser { name } } }'
      const same = await post(five, change, { id })
      expect(same.data?.updatePost).toEqual({
        title: 'On engines',
        body: 'Text',
        accountsUser: { name: 'Ada' },
      })
      const next = await post(five, change, { id, post: { title: 'On notes' } })
      expect(next.data?.updatePost).toMatchObject({ title: 'On notes', body: 'Text' })
      const gone = await post(
        five,
        'mutation ($id: ID!) { deletePost(id: $id) { id title accountsUser { name } } }',
        { id },
      )
      expect(gone.data?.deletePost).toEqual({
        id,
        title: 'On notes',
        accountsUser: { name: 'Ada' },
      })
      expect(await opened.db.count(Post)).toBe(0)
    })

    test.each([
      ['{ accountsUser(email: "no@example.org") { id } }', 'User email no@example.org not found!'],
      ['{ blogPost(id: "17") { id } }', 'Post id 17 not found'],
      ['mutation { deletePost(id: 17) { id } }', 'Post id 17 not found'],
      ['mutation { updatePost(id: "17") { id } }', 'Post id 17 not found'],
      ['mutation { updatePost(id: "17", post: {title: "x"}) { id } }', 'Post id 17 not found'],
      [
        'mutation { createPost(title: "t", body: "b", accountsUserId: "17") { id } }',
        'User id 17 not found',
      ],
      [
        'mutation { createPost(title: "t", body: "b", accountsUserId: "00000000-0000-7000-8000-000000000000") { id } }',
        'User id 00000000-0000-7000-8000-000000000000 not found',
      ],
    ])('article 05: %s', async (query, message) => {
      const answer = await post(five, query)
      expect(messages(answer)).toEqual([message])
      expect(Object.values(answer.data ?? {})).toEqual([null])
      expect(answer.errors?.[0]?.extensions).toEqual({ code: 'NOT_FOUND' })
    })
  })
}

describe('the schemas', () => {
  const text = (schema: GraphQLSchema) =>
    printSchema(lexicographicSortSchema(schema)).replace(/^""".*?"""\n/gms, '')

  test('are those of the articles, and nothing more', async () => {
    await using opened = await openPostgres(model)
    expect(text(articleOne(opened.db).schema)).toBe(text(buildSchema(articleOneSdl)))
    expect(text(articleFive(opened.db).schema)).toBe(text(buildSchema(articleFiveSdl)))
  })
})
