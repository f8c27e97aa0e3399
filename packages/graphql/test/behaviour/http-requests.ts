/** GraphQL over HTTP, point by point of its specification (draft of 2025): methods, parameters and bodies of requests. */
import { describe, expect, test } from 'vitest'
import { Author, libraryApi } from '../library.ts'
import type { Harness } from './harness.ts'

export function describeHttpRequests(harness: Harness): void {
  const { post } = harness

  describe('requests over HTTP', () => {
    const json = 'application/json'
    const modern = 'application/graphql-response+json'

    test('parameters that nobody knows change nothing, a name of no characters is none', async () => {
      const response = await post({ query: '{ __typename }', operationName: '', id: 5, foo: {} })
      expect([response.status, await response.json()]).toEqual([
        200,
        { data: { __typename: 'Query' } },
      ])
    })

    test('of a key that stands twice the last counts, as in every JSON.parse', async () => {
      const body = '{"query":"{ nothing }","query":"{ __typename }"}'
      expect(await (await post(body)).json()).toEqual({ data: { __typename: 'Query' } })
    })

    test('parameters of the URL are not those of a POST', async () => {
      const url = `${harness.server.url}/?query=${encodeURIComponent('{ nothing }')}`
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': json, accept: modern },
        body: '{"query":"{ __typename }"}',
      })
      expect(await response.json()).toEqual({ data: { __typename: 'Query' } })
      const empty = await fetch(url, { method: 'POST', headers: { 'content-type': json } })
      expect(empty.status).toBe(400)
    })

    test.each(['gzip', 'br', 'deflate', 'gzip, identity'])(
      'a body packed by %s is 415 and says which are not',
      async (encoding) => {
        const response = await post('{"query":"{ __typename }"}', { 'content-encoding': encoding })
        expect([response.status, response.headers.get('accept-encoding')]).toEqual([
          415,
          'identity',
        ])
      },
    )

    test('a POST that does not say what it sends is 415 and learns what to send', async () => {
      const request = new Request('http://x.test/', {
        method: 'POST',
        body: new TextEncoder().encode('{"query":"{ __typename }"}'),
      })
      const response = await libraryApi(harness.opened.db).handler(request)
      expect([response.status, response.headers.get('accept-post')]).toEqual([415, json])
    })

    test('a byte order mark and a charset are read', async () => {
      const headers = { 'content-type': 'application/json; charset="UTF-8"' }
      const response = await post('\ufeff{"query":"{ __typename }"}', headers)
      expect(response.status).toBe(200)
    })

    test.each([
      ['text/plain'],
      ['application/x-www-form-urlencoded'],
      ['multipart/form-data; boundary=x'],
      ['application/graphql'],
      ['application/json; charset=latin1'],
    ])('a body of %s is 415', async (type) => {
      expect((await post('{"query":"{ __typename }"}', { 'content-type': type })).status).toBe(415)
    })

    test('GET answers queries and refuses mutations with 405', async () => {
      const get = (search: Record<string, string>, accept = modern) =>
        fetch(`${harness.server.url}/?${new URLSearchParams(search)}`, { headers: { accept } })
      const ok = await get({
        query: 'query A($v: JSON) { echo(value: $v) }',
        variables: '{"v":[1]}',
        operationName: 'A',
        extensions: '',
      })
      expect(await ok.json()).toMatchObject({ data: { echo: { value: [1] } } })
      for (const accept of [modern, json]) {
        const refused = await get(
          { query: 'mutation { addAuthor(fullName: "By Get") { id } }' },
          accept,
        )
        expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST'])
      }
      expect(await harness.opened.db.count(Author, { name: 'By Get' })).toBe(0)
      expect((await get({})).status).toBe(400)
      expect((await get({ query: '{ __typename }', variables: '[1]' })).status).toBe(400)
      expect((await get({ query: '{ __typename }', variables: '{' })).status).toBe(400)
    })

    test('of several operations GET may run the query, and not the mutation', async () => {
      const query = 'query A { __typename } mutation B { addAuthor(fullName: "B") { id } }'
      const status = async (operationName: string) => {
        const search = new URLSearchParams({ query, operationName })
        return (await fetch(`${harness.server.url}/?${search}`)).status
      }
      expect([await status('A'), await status('B')]).toEqual([200, 405])
      expect(await harness.opened.db.count(Author, { name: 'B' })).toBe(0)
    })

    test('a parameter that stands twice in a URL is refused', async () => {
      const search = 'query=%7B__typename%7D&query=%7Bnothing%7D'
      const response = await fetch(`${harness.server.url}/?${search}`)
      expect([response.status, await response.json()]).toMatchObject([
        400,
        { errors: [{ message: 'the parameter "query" is given twice' }] },
      ])
    })

    test('HEAD is GET without the body', async () => {
      const head = (query: string) =>
        fetch(`${harness.server.url}/?${new URLSearchParams({ query })}`, {
          method: 'HEAD',
          headers: { accept: modern },
        })
      const response = await head('{ __typename }')
      expect([response.status, await response.text()]).toEqual([200, ''])
      expect(response.headers.get('content-type')).toBe(`${modern}; charset=utf-8`)
      expect((await head('mutation { addAuthor(fullName: "H") { id } }')).status).toBe(405)
      expect((await head('{ x }')).status).toBe(400)
    })

    test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'QUERY'])('%s is 405', async (method) => {
      const response = await fetch(harness.server.url, { method })
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
    })

    test('a body over the limit is refused while it is being sent', async () => {
      const chunk = new Uint8Array(64 * 1024).fill(32)
      let sent = 0
      const endless = new ReadableStream<Uint8Array>({
        pull(controller) {
          sent += chunk.length
          if (sent > 100_000_000) controller.close()
          else controller.enqueue(chunk)
        },
      })
      const request = new Request('http://x.test/', {
        method: 'POST',
        headers: { 'content-type': json },
        body: endless,
        duplex: 'half',
      } as RequestInit)
      const response = await libraryApi(harness.opened.db).handler(request)
      expect(response.status).toBe(413)
      expect(sent).toBeLessThan(2_000_000)
      const known = await post(new Uint8Array(10_000_000).fill(32)).catch(() => null)
      expect(known === null || known.status === 413).toBe(true)
    })
  })
}
