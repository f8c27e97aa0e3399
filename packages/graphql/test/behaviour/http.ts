/** GraphQL over HTTP, point by point of its specification (draft of 2025): media types, statuses and bodies of answers. */
import { describe, expect, test } from 'vitest'
import { libraryApi } from '../library.ts'
import type { Body, Harness } from './harness.ts'

export function describeHttp(harness: Harness): void {
  const { post } = harness

  describe('over HTTP', () => {
    const json = 'application/json'
    const modern = 'application/graphql-response+json'

    test.each([
      [modern, modern],
      [json, json],
      ['*/*', json],
      ['application/*', json],
      [`${modern}, ${json};q=0.9`, modern],
      [`${json}, ${modern};q=0.1`, json],
      ['text/html, */*;q=0.1', json],
    ])('accept %s gets %s', async (accept, type) => {
      const response = await post({ query: '{ __typename }' }, { accept })
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`)
    })

    test.each(['text/html', `${modern};q=0, ${json};q=0`, 'application/xml'])(
      'accept %s is 406',
      async (accept) => {
        expect((await post({ query: '{ __typename }' }, { accept })).status).toBe(406)
      },
    )

    test.each<[string, unknown, number, number, string]>([
      [
        'a syntax error',
        { query: '{ ' },
        400,
        200,
        'Syntax Error: Expected Name, found <EOF> at line 1, column 3',
      ],
      [
        'a validation error',
        { query: '{ x }' },
        400,
        200,
        'Cannot query field "x" on type "Query".',
      ],
      [
        'no operation of the name',
        { query: '{ __typename }', operationName: 'A' },
        400,
        200,
        'the document has no operation of this operationName',
      ],
      [
        'several operations',
        { query: 'query A { __typename } query B { __typename }' },
        400,
        200,
        'the document has several operations; say which with operationName',
      ],
      [
        'no operation',
        { query: 'fragment A on Query { __typename }' },
        400,
        200,
        'Fragment "A" is never used.',
      ],
      [
        'a failed variable',
        { query: 'query ($i: ID!) { book(id: $i) { id } }' },
        400,
        200,
        '$i: is required',
      ],
      ['an empty body', '', 400, 400, 'the body is empty; send JSON with a "query"'],
      ['nonsense', 'NONSENSE', 400, 400, 'the body is not JSON'],
      ['half of JSON', '{"query":', 400, 400, 'the body is not JSON'],
      [
        'a list',
        [{ query: '{ __typename }' }],
        400,
        400,
        'the body is a list; batches of requests are not available',
      ],
      ['a number', 5, 400, 400, 'the body must be a JSON object with a "query"'],
      ['null', null, 400, 400, 'the body must be a JSON object with a "query"'],
      ['no query', { qeury: '{ __typename }' }, 400, 400, 'the parameter "query" is missing'],
      ['a query that is a number', { query: 0 }, 400, 400, 'the parameter "query" must be a text'],
      [
        'variables in a list',
        { query: '{ __typename }', variables: [7] },
        400,
        400,
        'the parameter "variables" must be an object',
      ],
      [
        'variables in a text',
        { query: '{ __typename }', variables: '{}' },
        400,
        400,
        'the parameter "variables" must be an object',
      ],
      [
        'a name that is an object',
        { query: '{ __typename }', operationName: {} },
        400,
        400,
        'the parameter "operationName" must be a text',
      ],
      [
        'extensions that are a number',
        { query: '{ __typename }', extensions: 0 },
        400,
        400,
        'the parameter "extensions" must be an object',
      ],
      [
        '__proto__',
        '{"query":"{ __typename }","__proto__":{"x":1}}',
        400,
        400,
        'the request must not have a key "__proto__"',
      ],
      [
        '__proto__ in variables',
        '{"query":"{ __typename }","variables":{"__proto__":{"x":1}}}',
        400,
        400,
        'the parameter "variables" must not have a key "__proto__"',
      ],
      [
        'bytes that are not UTF-8',
        new Uint8Array([0x7b, 0xff, 0x7d]),
        400,
        400,
        'the body is not UTF-8',
      ],
    ])('%s', async (_, body, modernStatus, jsonStatus, message) => {
      for (const [accept, status] of [
        [modern, modernStatus],
        [json, jsonStatus],
      ] as const) {
        const response = await post(body, { accept })
        const answer = (await response.json()) as Body
        expect([response.status, answer.errors?.map((error) => error.message)]).toEqual([
          status,
          [message],
        ])
        expect(answer).not.toHaveProperty('data')
      }
    })

    test.each(['variables', 'operationName', 'extensions'])('%s may be null', async (name) => {
      const response = await post({ query: '{ __typename }', [name]: null })
      expect(await response.json()).toEqual({ data: { __typename: 'Query' } })
    })

    test('without an Accept the newer type is sent, by the rule that holds since 2025', async () => {
      const request = new Request('http://x.test/', {
        method: 'POST',
        headers: { 'content-type': json },
        body: '{"query":"{ __typename }"}',
      })
      const response = await libraryApi(harness.opened.db).handler(request)
      expect(response.headers.get('content-type')).toBe(`${modern}; charset=utf-8`)
    })

    test.each([
      [`${modern}; charset=utf-8, ${json}; charset=utf-8`, modern],
      [`${json}; charset=utf-8, ${modern}; charset=utf-8`, modern],
      [`${json};charset="UTF-8"`, json],
      ['APPLICATION/JSON', json],
      [`${modern};q=0.5, */*;q=0.8`, json],
      [`${modern};q=0, */*`, json],
    ])('accept %s gets %s, in UTF-8', async (accept, type) => {
      const response = await post({ query: '{ __typename }' }, { accept })
      expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`)
    })

    test.each([`${json};charset=latin1`, `${modern};charset=utf-16`, `${json};q=2`])(
      'accept %s, which nothing here is, is 406 and says what there is',
      async (accept) => {
        const response = await post({ query: '{ __typename }' }, { accept })
        expect(response.status).toBe(406)
        expect(await response.text()).toContain(`answers are ${modern} or ${json}`)
      },
    )

    test('refusals are told in a type that the caller reads, in JSON otherwise', async () => {
      for (const [accept, type] of [
        [modern, modern],
        [json, json],
        ['text/html', json],
      ] as const) {
        const response = await post('NONSENSE', { accept })
        expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`)
      }
    })

    test.each([
      ['a field that fails', '{ fails(how: "own") }', { fails: null }],
      ['one field of several that fails', '{ __typename fails(how: "own") }', { fails: null }],
    ])('%s is an answer with 200 in both types', async (_, query, data) => {
      for (const accept of [modern, json]) {
        const response = await post({ query }, { accept })
        expect(response.status).toBe(200)
        const body = (await response.json()) as Body
        expect(body.data).toMatchObject(data)
        expect(body.errors).toHaveLength(1)
      }
    })

    test('an answer that is null as a whole is still an answer, with 200', async () => {
      const query =
        'mutation { createBook(data: {title: "x", price: "1", author: "nobody"}) { id } }'
      for (const accept of [modern, json]) {
        const response = await post({ query }, { accept })
        expect([response.status, await response.json()]).toMatchObject([200, { data: null }])
      }
    })

    test('answers are not kept by caches, and vary by what the caller reads', async () => {
      const { headers } = await post({ query: '{ __typename }' })
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('vary')).toBe('accept')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    })
  })
}
