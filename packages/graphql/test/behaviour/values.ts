/** Values going in and out: every scalar, literals and variables, and what is wrong with them told by its path. */
import { describe, expect, test } from 'vitest'
import { Author, Book } from '../library.ts'
import type { Harness } from './harness.ts'

export function describeValues(harness: Harness): void {
  const { run } = harness

  describe('values', () => {
    test('every scalar goes in and out unchanged', async () => {
      const author = await harness.opened.db.create(Author, { name: 'Every Scalar' })
      const data = {
        title: 'A\u2028B "\\ \u{1f600}',
        price: '12345678901234.50',
        pages: 2147483647,
        sold: '9007199254740993',
        rating: 0.1,
        genre: 'short_story',
        publishedAt: '2026-02-28T12:00:00+01:00',
        tags: ['x', ''],
        meta: { a: [1, null, { b: 'c' }] },
        size: { width: 3, unit: 'cm' },
        cover: 'AAEC/w==',
        author: author.id,
      }
      const fields =
        'title price pages sold rating genre publishedAt tags meta size { width unit } cover author { name }'
      const made = await run(
        `mutation ($data: BookCreateInput!) { createBook(data: $data) { id ${fields} } }`,
        { data },
      )
      expect(made.errors).toBeUndefined()
      const row = made.data?.createBook as unknown as Record<string, unknown>
      const expected = {
        ...data,
        publishedAt: '2026-02-28T11:00:00.000Z',
        author: { name: 'Every Scalar' },
      }
      expect(row).toEqual({ id: row.id, ...expected })
      const read = await run(`query ($id: ID!) { book(id: $id) { ${fields} } }`, { id: row.id })
      expect(read).toEqual({ data: { book: expected } })
    })

    test('literals are read as strictly as variables', async () => {
      const echoed = await run(
        '{ echo(value: {a: [1, 2.5, "x", null, true], __proto__: 1}, range: {from: 1}, at: "2026-01-01T00:00Z", big: 9007199254740993) }',
      )
      expect(echoed.data?.echo).toEqual({
        value: JSON.parse('{"a":[1,2.5,"x",null,true],"__proto__":1}'),
        range: { from: 1, to: 10 },
        at: '2026-01-01T00:00:00.000Z',
        big: '9007199254740993',
      })
    })

    test.each([
      ['book(id: true) { id }', 'id: must be a text or a whole number'],
      ['book { id }', 'id: is required'],
      ['book(id: null) { id }', 'id: must not be null'],
      ['book(id: 1, x: 2) { id }', 'Unknown argument "x" on field "Query.book".'],
      ['bookList(first: "2") { id }', 'first: must be a whole number of 32 bits'],
      ['bookList(where: {titel: {eq: "x"}}) { id }', 'where.titel: BookFilter has no such field'],
      [
        'bookList(where: {genre: {eq: prose}}) { id }',
        'where.genre.eq: must be one of novel, short_story, poetry',
      ],
      [
        'bookList(where: {publishedAt: {lt: "yesterday"}}) { id }',
        'where.publishedAt.lt: must be a value of DateTime: An instant: ISO 8601 in UTC with milliseconds, such as 2026-02-28T12:00:00.000Z.',
      ],
      ['echo(range: {to: 3})', 'range.from: is required'],
      [
        'echo(at: "2026-02-30T00:00:00Z")',
        'at: must be a value of DateTime: An instant: ISO 8601 in UTC with milliseconds, such as 2026-02-28T12:00:00.000Z.',
      ],
      [
        'echo(big: 9223372036854775808)',
        'big: must be a value of BigInt: A whole number of 64 bits as text, such as "9007199254740993".',
      ],
      ['nothing', 'Cannot query field "nothing" on type "Query".'],
      [
        'book(id: 1)',
        'Field "book" of type "Book" must have a selection of subfields. Did you mean "book { ... }"?',
      ],
      [
        'stats { books { x } }',
        'Field "books" must not have a selection since type "Int!" has no subfields.',
      ],
      ['...A', 'Unknown fragment "A".'],
      ['echo @skip', '@skip.if: is required'],
    ])('refuses { %s }', async (selection, message) => {
      const answer = await run(`{ ${selection} }`)
      expect(answer.data).toBeUndefined()
      expect(answer.errors?.map((error) => error.message)).toEqual([message])
      expect(answer.errors?.[0]?.extensions.code).toMatch(/BAD_INPUT|GRAPHQL_VALIDATION_FAILED/)
    })

    test('wrong variables are named by their paths, and never repeated', async () => {
      const answer = await run(
        'mutation ($d: AuthorCreateInput!) { createAuthor(data: $d) { id } }',
        {
          d: { nmae: 'hunter2', pin: 77231, bornOn: 'soon', biography: ['x'], __proto__x: 1 },
        },
      )
      expect(answer.errors?.[0]?.extensions).toEqual({
        code: 'BAD_INPUT',
        fields: [
          { path: ['d', 'nmae'], message: 'AuthorCreateInput has no such field' },
          { path: ['d', '__proto__x'], message: 'AuthorCreateInput has no such field' },
          { path: ['d', 'name'], message: 'is required' },
          { path: ['d', 'biography'], message: 'must be a text' },
          {
            path: ['d', 'bornOn'],
            message: 'must be a value of Date: A day without a time zone, such as 2026-02-28.',
          },
          { path: ['d', 'pin'], message: 'must be a text' },
        ],
      })
      expect(JSON.stringify(answer)).not.toMatch(/hunter2|77231/)
    })

    test.each([
      [{}, '$d: is required'],
      [{ d: null }, '$d: must not be null'],
      [{ d: 5 }, '$d: must be an object (AuthorCreateInput)'],
      [{ d: [] }, '$d: must be an object (AuthorCreateInput)'],
    ])('refuses the variables %j', async (variables, message) => {
      const answer = await run(
        'mutation ($d: AuthorCreateInput!) { createAuthor(data: $d) { id } }',
        variables,
      )
      expect(answer.errors?.map((error) => error.message)).toEqual([message])
    })

    test("the entity's own checks name the input's paths", async () => {
      const answer = await run('mutation { createAuthor(data: {name: ""}) { id } }')
      expect(answer.data).toBeNull()
      expect(answer.errors?.[0]?.extensions).toMatchObject({
        code: 'BAD_INPUT',
        fields: [{ path: ['data', 'name'] }],
      })
      const flat = await run('mutation { addAuthor(fullName: "") { id } }')
      expect(flat.errors?.[0]?.extensions.fields).toMatchObject([{ path: ['fullName'] }])
    })

    test('a clash names the field that is taken', async () => {
      await run('mutation { createAuthor(data: {name: "Twice"}) { id } }')
      const again = await run('mutation { addAuthor(fullName: "Twice") { id } }')
      expect(again.errors?.[0]).toMatchObject({
        message: 'another Author has this fullName',
        extensions: { code: 'CONFLICT', fields: [{ path: ['fullName'], message: 'is taken' }] },
      })
    })

    test('an update with an older version is stale', async () => {
      const author = await harness.opened.db.create(Author, { name: 'Versioned' })
      const book = await harness.opened.db.create(Book, {
        title: 'V',
        price: '1',
        author: author.id,
      })
      const text =
        'mutation ($id: ID!, $v: Int) { updateBook(id: $id, version: $v, data: {pages: 7}) { pages version } }'
      const first = await run(text, { id: book.id, v: 1 })
      expect(first.data?.updateBook).toEqual({ pages: 7, version: 2 })
      const second = await run(text, { id: book.id, v: 1 })
      expect(second.errors?.[0]?.extensions.code).toBe('STALE')
      const unknown = await run(text, { id: 'nothing' })
      expect(unknown).toEqual({ data: { updateBook: null } })
    })
  })
}
