import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ask, signInAs } from './ask.ts'
import { type Shop, startShop } from './shop.ts'

let shop: Shop
beforeAll(async () => {
  shop = await startShop()
})
afterAll(() => shop[Symbol.asyncDispose]())

/** After whatever was sent, the same process still answers. */
afterEach(async () => {
  process.kill(shop.pid, 0)
  expect((await fetch(`${shop.url}/readyz`)).status).toBe(200)
})

const json = { 'content-type': 'application/json' }
const body = (query: string, variables?: unknown) => JSON.stringify({ query, variables })
const createUser = 'mutation ($data: UserCreateInput!) { createUser(data: $data) { id } }'
const user = { email: 'bad@example.com', firstName: 'Bad', password: 'long enough' }
const books = 'query ($where: BookFilter) { books(where: $where) { totalCount } }'

interface Sent {
  readonly what: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly query?: string
  readonly status: number
}

/** With the media type of GraphQL over HTTP, whose statuses say what was wrong. */
const accept = 'application/graphql-response+json'

const requests: readonly Sent[] = [
  { what: 'broken JSON', body: '{"query": "{ me { id } }"', status: 400 },
  { what: 'no JSON at all', body: 'hello', status: 400 },
  { what: 'an empty body', body: '', status: 400 },
  { what: 'a list in place of a request', body: '[]', status: 400 },
  { what: 'a text in place of a request', body: '"{ me { id } }"', status: 400 },
  { what: 'null in place of a request', body: 'null', status: 400 },
  { what: 'a request without a query', body: '{}', status: 400 },
  { what: 'a query that is a number', body: '{"query": 7}', status: 400 },
  {
    what: 'variables that are a list',
    body: '{"query": "{ me { id } }", "variables": [1]}',
    status: 400,
  },
  {
    what: 'variables that are text',
    body: '{"query": "{ me { id } }", "variables": "x"}',
    status: 400,
  },
  {
    what: 'an unknown operation',
    body: '{"query": "query A { me { id } }", "operationName": "B"}',
    status: 400,
  },
  { what: 'a query with a syntax error', body: body('{ me { id }'), status: 400 },
  { what: 'an unknown field of an answer', body: body('{ me { wealth } }'), status: 400 },
  { what: 'a secret field of an answer', body: body('{ me { password } }'), status: 400 },
  { what: '__proto__ as a field', body: body('{ __proto__ { id } }'), status: 400 },
  { what: 'an unknown argument', body: body('{ User(id: "1", x: 1) { id } }'), status: 400 },
  {
    what: 'an unknown field of an input',
    body: body(createUser, { data: { ...user, x: 1 } }),
    status: 400,
  },
  {
    what: 'a number for text',
    body: body(createUser, { data: { ...user, firstName: 7 } }),
    status: 400,
  },
  {
    what: 'an object for text',
    body: body(createUser, { data: { ...user, email: { $ne: '' } } }),
    status: 400,
  },
  {
    what: 'null for what must be there',
    body: body(createUser, { data: { ...user, password: null } }),
    status: 400,
  },
  {
    what: 'an unknown role',
    body: body(createUser, { data: { ...user, role: 'king' } }),
    status: 400,
  },
  {
    what: '$where in a filter',
    body: body(books, { where: { $where: 'sleep(1000)' } }),
    status: 400,
  },
  {
    what: '$gt in a comparison',
    body: body(books, { where: { title: { $gt: '' } } }),
    status: 400,
  },
  {
    what: '__proto__ in a filter',
    body: `{"query": ${JSON.stringify(books)}, "variables": {"where": {"__proto__": {"id": 1}}}}`,
    status: 400,
  },
  {
    what: '__proto__ in variables',
    body: `{"query": ${JSON.stringify(books)}, "variables": {"__proto__": {"where": {}}, "where": {"constructor": {}}}}`,
    status: 400,
  },
  {
    what: 'a filter by a secret',
    body: body('{ users(where: { password: { startsWith: "$" } }) { totalCount } }'),
    status: 400,
  },
  {
    what: 'an order by a secret',
    body: body('{ users(orderBy: { password: ASC }) { totalCount } }'),
    status: 400,
  },
  { what: 'a size below zero', body: body('{ books(first: -1) { nodes { id } } }'), status: 200 },
  {
    what: 'a size without bound',
    body: body('{ books(first: 2000000000) { nodes { id } } }'),
    status: 400,
  },
  {
    what: 'two thousand aliases',
    body: body(`{ ${Array.from({ length: 2000 }, (_, at) => `a${at}: me { id }`).join(' ')} }`),
    status: 400,
  },
  {
    what: 'thirty levels',
    body: body(`{ me ${'{ posts { accountsUser '.repeat(30)} { id } ${'} }'.repeat(30)} }`),
    status: 400,
  },
  {
    what: 'plain text as the content type',
    headers: { 'content-type': 'text/plain' },
    body: body('{ me { id } }'),
    status: 415,
  },
  {
    what: 'a form as the content type',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'query={me{id}}',
    status: 415,
  },
  {
    what: 'no content type',
    headers: { 'content-type': '' },
    body: body('{ me { id } }'),
    status: 415,
  },
  {
    what: 'an Accept that nothing fits',
    headers: { ...json, accept: 'image/png' },
    body: body('{ me { id } }'),
    status: 406,
  },
  { what: 'PUT', method: 'PUT', body: body('{ me { id } }'), status: 405 },
  { what: 'DELETE', method: 'DELETE', status: 405 },
  {
    what: 'a mutation by GET',
    method: 'GET',
    query: 'mutation { deletePost(id: "1") { id } }',
    status: 405,
  },
  {
    what: 'broken variables by GET',
    method: 'GET',
    query: '{ me { id } }&variables={',
    status: 400,
  },
]

describe('a request to /api', () => {
  it.each(requests)('with $what gets $status', async (sent) => {
    const method = sent.method ?? 'POST'
    const response = await fetch(
      `${shop.api}${sent.query === undefined ? '' : `?query=${sent.query}`}`,
      {
        method,
        headers: { accept, ...json, ...sent.headers },
        ...(sent.body === undefined ? {} : { body: sent.body }),
      },
    )
    const text = await response.text()
    expect([response.status, text]).toEqual([sent.status, expect.stringContaining('"errors"')])
    expectNothingLeaked(text)
  })

  it.each([
    ['content-length', 'says that it has ten megabytes'],
    ['transfer-encoding', 'has ten megabytes and does not say so'],
  ] as const)('that by %s %s gets 413', async (header, _what) => {
    const { hostname, port } = new URL(shop.url)
    const text = body(`{ me { id } } # ${'x'.repeat(10_000_000)}`)
    const value = header === 'content-length' ? Buffer.byteLength(text) : 'chunked'
    const headers = { ...json, [header]: value }
    const status = await new Promise((resolve) => {
      const sent = request({ hostname, port, path: '/api', method: 'POST', headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      sent.on('error', resolve)
      sent.end(text)
    })
    expect(status).toBe(413)
  })

  it('that breaks a check of an entity names the field, and no statement', async () => {
    const wrong = await ask(shop, createUser, {
      data: { ...user, email: "x'; drop table user --" },
    })
    expect(wrong.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_INPUT',
      fields: [{ path: ['data', 'email'] }],
    })
    expectNothingLeaked(wrong.text)
  })

  it('with text that no store keeps is refused, and with hostile text is kept as it is', async () => {
    const nul = await ask(shop, createUser, { data: { ...user, firstName: 'a\u0000b' } })
    expect(nul.errors?.[0]?.extensions.code).toBe('BAD_INPUT')
    const names = ['\u2028', `"'\\;--`, '{"$gt": ""}', '😀', '__proto__']
    for (const [at, firstName] of names.entries()) {
      const data = { ...user, email: `hostile${at}@example.com`, firstName: `x${firstName}y` }
      const made = await ask(shop, createUser.replace('{ id }', '{ firstName }'), { data })
      expect(made.data.createUser.firstName).toBe(`x${firstName}y`)
    }
  })
})

describe('a request elsewhere', () => {
  it.each([
    ['/nowhere', 404],
    ['/api/../secrets.json', 404],
    ['/%2e%2e/%2e%2e/etc/passwd', 404],
    ['/sessions', 405],
  ] as const)('to %s gets %i', async (path, status) => {
    const response = await fetch(`${shop.url}${path}`)
    expect(response.status).toBe(status)
    expectNothingLeaked(await response.text())
  })

  it.each([
    ['not JSON', json, '{', 400],
    ['a list', json, '[]', 400],
    ['objects for texts', json, '{"login": {"$ne": ""}, "password": {"$ne": ""}}', 400],
    ['no password', json, '{"login": "admin@bookstore.example"}', 400],
    ['another content type', { 'content-type': 'text/plain' }, 'login=a&password=b', 415],
  ] as const)('to sign in with %s gets a clear status', async (_, headers, sent, status) => {
    const response = await fetch(`${shop.url}/sessions`, { method: 'POST', headers, body: sent })
    expect(response.status).toBe(status)
    expect(response.headers.get('set-cookie')).toBe(null)
    expectNothingLeaked(await response.text())
  })

  it('for another Host is refused', async () => {
    const answer = await rawAnswer(
      'GET / HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n',
    )
    expect(answer).toMatch(/^HTTP\/1\.1 403 /)
  })

  it('in no HTTP at all is cut off', async () => {
    expect(await rawAnswer('\u0016\u0003\u0001 hello\r\n\r\n')).toMatch(/^(HTTP\/1\.1 400 |$)/)
  })
})

describe('the log', () => {
  it('has no password, token or e-mail address of anyone', async () => {
    const cookie = await signInAs(shop, 'admin')
    const secret = 'very secret pass'
    await ask(
      shop,
      createUser,
      { data: { ...user, email: 'log@example.com', password: secret } },
      { cookie },
    )
    const output = shop.output()
    for (const hidden of [
      secret,
      cookie.split('=')[1] ?? cookie,
      'log@example.com',
      'admin@bookstore.example',
    ]) {
      expect(output).not.toContain(hidden)
    }
  })
})

/** No statement, stack, path of ours, or stored secret. */
function expectNothingLeaked(text: string): void {
  expect(text).not.toMatch(
    /\bselect\b.*\bfrom\b|insert into|\bat .*\.(ts|js):\d|node_modules|\/packages\/|postgres|pg_|mongo|\$scrypt/i,
  )
}

function rawAnswer(text: string): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(shop.url)
    const socket = connect(Number(port), hostname, () => socket.write(text))
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', () => resolve(answer))
    socket.on('close', () => resolve(answer))
  })
}
