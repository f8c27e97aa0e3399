/** What goes wrong or is refused: masked errors, outages, limits, introspection. */
import { describe, expect, test, vi } from 'vitest'
import { libraryApi } from '../library.ts'
import type { Body, Harness } from './harness.ts'

export function describeRefusals(harness: Harness): void {
  const { post, run } = harness

  describe('refusals', () => {
    test('what is unforeseen is masked, reported and found again by its id', async () => {
      const answer = await run('{ a: fails(how: "x") b: fails(how: "store") c: fails(how: "own") }')
      expect(answer.data).toEqual({ a: null, b: null, c: null })
      const [a, b, c] = answer.errors ?? []
      expect(a).toMatchObject({
        message: 'internal error',
        path: ['a'],
        extensions: { code: 'INTERNAL' },
      })
      expect(b).toMatchObject({ message: 'internal error', extensions: { code: 'INTERNAL' } })
      expect(c).toMatchObject({
        message: 'sold out',
        extensions: { code: 'OUT_OF_STOCK', left: 0 },
      })
      expect(JSON.stringify(answer)).not.toMatch(/hunter2|secret|at /)
      expect(harness.reports.map((report) => report.id)).toEqual([
        a?.extensions.id,
        b?.extensions.id,
      ])
      expect(String(harness.reports[0]?.error)).toContain('hunter2')
    })

    test('an outage is 503 with Retry-After when nothing could be answered', async () => {
      const all = await post({ query: '{ fails(how: "outage") }' })
      expect([all.status, all.headers.get('retry-after')]).toEqual([503, '1'])
      const body = (await all.json()) as Body
      expect(body).not.toHaveProperty('data')
      expect(body.errors?.[0]?.message).toBe('the store does not answer now; try again in a moment')
      const part = await post({ query: '{ fails(how: "outage") echo(value: 1) }' })
      expect(part.status).toBe(200)
      const json = await post({ query: '{ fails(how: "outage") }' }, { accept: 'application/json' })
      expect(json.status).toBe(503)
    })

    test("the context's refusal is the request's status", async () => {
      const status = async (role: string) =>
        (await post({ query: '{ __typename }' }, { 'x-role': role })).status
      expect(await status('nobody')).toBe(401)
      expect(await status('broken')).toBe(500)
      const masked = await run('{ __typename }', {}, { 'x-role': 'broken' })
      expect(masked.errors?.[0]?.message).toBe('internal error')
    })

    test.each([
      [
        '2,000 aliases',
        `{ ${Array.from({ length: 2000 }, (_, n) => `a${n}: book(id: ${n}) { id }`).join(' ')} }`,
        'the document has 2000 aliases; at most 100 are allowed',
      ],
      [
        'a deep cycle',
        `{ bookList { ${'author { books { '.repeat(20)} id ${'} }'.repeat(20)} } }`,
        'the document has 42 levels; at most 15 are allowed',
      ],
      [
        'many root fields',
        `{ ${'__typename '.repeat(51)} }`,
        'the document has 51 fields of its root; at most 50 are allowed',
      ],
      [
        'many fields',
        `{ stats { ${'books '.repeat(2001)} } }`,
        'the document has 2002 fields; at most 2000 are allowed',
      ],
      [
        'a bomb of fragments',
        `{ ...F0 } ${Array.from({ length: 30 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`).join(' ')} fragment F30 on Query { stats { books } }`,
        'the document has 1073741824 fields of its root; at most 50 are allowed',
      ],
      [
        'a large product of lists',
        '{ bookList(first: 1000) { author { books(first: 1000) { id } } } }',
        'the document may make 1002000 rows; at most 20000 are allowed. Ask for fewer levels of lists, or for smaller ones with first',
      ],
      [
        'many tokens',
        `{ ${'a '.repeat(60_000)} }`,
        'the document has more than 50000 tokens, which is not allowed',
      ],
      [
        'a deep list',
        `{ echo(value: ${'['.repeat(20_000)}${']'.repeat(20_000)}) }`,
        'the document is nested too deeply',
      ],
    ])('%s is refused before any query of the store', async (_, query, message) => {
      const select = vi.spyOn(harness.opened.db.backend, 'select')
      const answer = await run(query)
      expect(answer.errors?.map((error) => error.message)).toEqual([message])
      expect(answer.errors?.[0]?.extensions.code).toBe('TOO_COSTLY')
      expect(select).not.toHaveBeenCalled()
      vi.restoreAllMocks()
    })

    test('cycles of fragments are refused', async () => {
      const answer = await run('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }')
      expect(answer.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
    })

    test('introspection can be left to some, and then nothing hints at the schema', async () => {
      const api = libraryApi(harness.opened.db, {
        introspection: ({ current: { role } }) => role === 'admin',
      })
      const ask = (query: string, role: string) =>
        api.execute({ query }, { context: { current: { role } } })
      expect((await ask('{ __schema { queryType { name } } }', 'admin')).errors).toBeUndefined()
      const refused = await ask('{ __schema { queryType { name } } }', 'anonymous')
      expect(refused.errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED')
      const hint = await ask('{ bok(id: 1) { id } }', 'admin')
      expect(hint.errors?.[0]?.message).toMatch(/Did you mean/)
      const none = await ask('{ bok(id: 1) { id } }', 'anonymous')
      expect(none.errors?.[0]?.message).toBe('Cannot query field "bok" on type "Query".')
    })
  })
}
