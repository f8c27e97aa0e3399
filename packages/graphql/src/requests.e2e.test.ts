import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Author, Book, type LibraryContext, library, libraryApi } from '../test/library.ts'
import { type Opened, openPostgres } from '../test/stores.ts'
import type { ApiOptions } from './index.ts'
import { sha256 } from './persisted.ts'

let opened: Opened
beforeAll(async () => {
  opened = await openPostgres(library)
  const author = await opened.db.create(Author, { name: 'Ann' })
  await opened.db.create(Book, { title: 'One', price: '1', author: author.id })
})
afterAll(() => opened?.[Symbol.asyncDispose]())

const sender = (options: Partial<ApiOptions<LibraryContext>>) => {
  const api = libraryApi(opened.db, options)
  return async (body: unknown, headers: Record<string, string> = {}, method = 'POST') => {
    const search = method === 'GET' ? `?${new URLSearchParams(body as Record<string, string>)}` : ''
    const response = await api.handler(
      new Request(`http://127.0.0.1/api${search}`, {
        method,
        headers: {
          accept: 'application/json',
          ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
      }),
    )
    const text = await response.text()
    return { status: response.status, text, json: () => JSON.parse(text) }
  }
}

describe('persisted operations', () => {
  const query = '{ bookList { title } }'
  const hash = sha256(query)
  const extensions = { persistedQuery: { version: 1, sha256Hash: hash } }
  const answer = { data: { bookList: [{ title: 'One' }] } }
  const codeOf = (body: { errors?: { extensions: { code: string } }[] }) =>
    body.errors?.[0]?.extensions.code

  test('callers register documents by their hash, then send the hash alone', async () => {
    const send = sender({ persisted: { automatic: true } })
    const missing = (await send({ extensions })).json()
    expect([missing.errors[0].message, codeOf(missing)]).toEqual([
      'PersistedQueryNotFound',
      'PERSISTED_QUERY_NOT_FOUND',
    ])
    expect(codeOf((await send({ query: '{ stats { books } }', extensions })).json())).toBe(
      'BAD_INPUT',
    )
    expect((await send({ query, extensions })).json()).toEqual(answer)
    expect((await send({ extensions })).json()).toEqual(answer)
    expect((await send({ extensions: JSON.stringify(extensions) }, {}, 'GET')).json()).toEqual(
      answer,
    )
  })

  test('only registered operations, when that is asked for', async () => {
    const send = sender({ persisted: { only: true, operations: [query] } })
    expect((await send({ documentId: `sha256:${hash}` })).json()).toEqual(answer)
    expect((await send({ extensions })).json()).toEqual(answer)
    expect((await send({ query })).json()).toEqual(answer)
    expect(codeOf((await send({ query: '{ stats { books } }' })).json())).toBe('PERSISTED_ONLY')
    const other = '{ __typename }'
    const named = { persistedQuery: { version: 1, sha256Hash: sha256(other) } }
    expect(codeOf((await send({ query: other, extensions: named })).json())).toBe(
      'PERSISTED_QUERY_NOT_FOUND',
    )
  })

  test("names of one's own, and names that are none", async () => {
    const send = sender({ persisted: { operations: { titles: query } } })
    expect((await send({ documentId: 'titles' })).json()).toEqual(answer)
    expect(codeOf((await send({ documentId: '__proto__' })).json())).toBe(
      'PERSISTED_QUERY_NOT_FOUND',
    )
    expect((await send({ documentId: 5 })).status).toBe(400)
    expect(codeOf((await send({ extensions: { persistedQuery: { version: 2 } } })).json())).toBe(
      'BAD_INPUT',
    )
  })
})

describe('batches', () => {
  test('are refused by default, answered in order where they are allowed, and bounded', async () => {
    const list = [
      { query: '{ bookList { title } }' },
      { query: '{ x }' },
      { query: '{ __typename }' },
    ]
    const off = await sender({})(list)
    expect([off.status, off.json().errors[0].message]).toEqual([
      400,
      'the body is a list; batches of requests are not available',
    ])
    const send = sender({ limits: { batch: 3 } })
    const [one, two, three] = (await send(list)).json()
    expect([one.data, two.errors.length, three.data]).toEqual([
      { bookList: [{ title: 'One' }] },
      1,
      { __typename: 'Query' },
    ])
    expect((await send([...list, ...list])).status).toBe(400)
    expect((await send([])).status).toBe(400)
    expect((await send([5])).status).toBe(400)
  })
})

describe('@defer', () => {
  const query = '{ bookList { title ... @defer(label: "later") { author { name } } } }'

  test('is unknown unless it is asked for', async () => {
    expect((await sender({})({ query })).json().errors[0].message).toBe(
      'Unknown directive "@defer".',
    )
  })

  test('parts come as they are ready; callers that read no parts get the whole', async () => {
    const send = sender({ defer: true })
    expect((await send({ query })).json()).toEqual({
      data: { bookList: [{ title: 'One', author: { name: 'Ann' } }] },
    })
    const { text } = await send({ query }, { accept: 'multipart/mixed, application/json' })
    const parts = text
      .split('\r\n---')
      .map((part) => part.split('\r\n\r\n')[1])
      .filter((part) => part?.startsWith('{'))
      .map((part) => JSON.parse(part as string))
    expect(parts[0]).toMatchObject({ data: { bookList: [{ title: 'One' }] }, hasNext: true })
    expect(parts.at(-1)).toMatchObject({ hasNext: false })
    expect(JSON.stringify(parts.slice(1))).toContain('"author":{"name":"Ann"}')
    expect(text.endsWith('\r\n-----\r\n')).toBe(true)
    const plain = await send(
      { query: '{ __typename }' },
      { accept: 'multipart/mixed, application/json' },
    )
    expect(plain.json()).toEqual({ data: { __typename: 'Query' } })
    const wrong = await send({ query: '{ x }' }, { accept: 'multipart/mixed, application/json' })
    expect(wrong.json().errors).toHaveLength(1)
  })
})

describe('forged requests', () => {
  const mutation = 'mutation { addAuthor(fullName: "Forged") { id } }'

  test.each([
    ['a form', 'application/x-www-form-urlencoded'],
    ['a form with files', 'multipart/form-data; boundary=x'],
    ['plain text', 'text/plain'],
    ['plain text that says JSON in a parameter', 'text/plain; application/json'],
    ['nothing', ''],
  ])('%s of another origin is refused before it is read', async (_, type) => {
    const answered = await sender({})({ query: mutation }, { 'content-type': type })
    expect(answered.status).toBe(415)
    expect(await opened.db.count(Author, { name: 'Forged' })).toBe(0)
  })

  test('a link cannot write', async () => {
    const answered = await sender({})({ query: mutation }, {}, 'GET')
    expect(answered.status).toBe(405)
    expect(await opened.db.count(Author, { name: 'Forged' })).toBe(0)
  })
})
