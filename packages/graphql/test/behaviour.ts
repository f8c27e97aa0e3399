/** What the API does, over HTTP and on a real store: run on graphql-js 17 and 16, with equal answers. */
import { version } from 'graphql'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ErrorReport } from '../src/index.ts'
import { Author, Book, library, libraryApi, libraryContext } from './library.ts'
import { type Server, serve } from './serve.ts'
import { type Opened, openPostgres } from './stores.ts'

interface Body {
  readonly data?: Readonly<Record<string, never>> | null
  readonly errors?: readonly {
    readonly message: string
    readonly path?: readonly unknown[]
    readonly extensions: {
      readonly code: string
      readonly fields?: readonly unknown[]
      readonly id?: string
    }
  }[]
}

export function describeBehaviour(major: string): void {
  let opened: Opened
  let server: Server
  const reports: ErrorReport[] = []

  beforeAll(async () => {
    opened = await openPostgres(library)
    const api = libraryApi(opened.db, { onError: (report) => reports.push(report) })
    server = await serve(api.handler)
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    await opened?.[Symbol.asyncDispose]()
  })
  beforeEach(() => void reports.splice(0))

  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(server.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        ...headers,
      },
      body:
        typeof body === 'string' || body instanceof Uint8Array
          ? (body as BodyInit)
          : JSON.stringify(body),
    })
  const run = async (
    query: string,
    variables?: Record<string, unknown>,
    headers: Record<string, string> = {},
  ): Promise<Body> => (await post({ query, variables }, headers)).json() as Promise<Body>
  const admin = { 'x-role': 'admin' }

  describe(`on graphql-js ${major}`, () => {
    test('is the version that is meant', () => {
      expect(version.split('.')[0]).toBe(major)
    })

    test('every scalar goes in and out unchanged', async () => {
      const author = await opened.db.create(Author, { name: 'Every Scalar' })
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
      const author = await opened.db.create(Author, { name: 'Versioned' })
      const book = await opened.db.create(Book, { title: 'V', price: '1', author: author.id })
      const text =
        'mutation ($id: ID!, $v: Int) { updateBook(id: $id, version: $v, data: {pages: 7}) { pages version } }'
      const first = await run(text, { id: book.id, v: 1 })
      expect(first.data?.updateBook).toEqual({ pages: 7, version: 2 })
      const second = await run(text, { id: book.id, v: 1 })
      expect(second.errors?.[0]?.extensions.code).toBe('STALE')
      const unknown = await run(text, { id: 'nothing' })
      expect(unknown).toEqual({ data: { updateBook: null } })
    })

    test('rules hide a row from lists, relations, counts, filters and errors', async () => {
      const hidden = await opened.db.create(Author, { name: 'Hidden One', hidden: true })
      const seen = await opened.db.create(Author, { name: 'Seen One' })
      await opened.db.createMany(Book, [
        { title: 'Rule H', price: '1', author: hidden.id },
        { title: 'Rule S', price: '1', author: seen.id },
      ])
      const text = `{
        author(id: "${hidden.id}") { name }
        authors(where: {name: {endsWith: " One"}}) { totalCount nodes { name } }
        bookList(where: {title: {startsWith: "Rule"}}) { title author { name } }
        some: bookList(where: {author: {name: {eq: "Hidden One"}}}) { title }
        none: bookList(where: {title: {startsWith: "Rule"}, not: {author: {name: {eq: "Hidden One"}}}}) { title }
      }`
      const answer = await run(text)
      expect(answer).toEqual({
        data: {
          author: null,
          authors: { totalCount: 1, nodes: [{ name: 'Seen One' }] },
          bookList: [
            { title: 'Rule H', author: null },
            { title: 'Rule S', author: { name: 'Seen One' } },
          ],
          some: [],
          none: [{ title: 'Rule H' }, { title: 'Rule S' }],
        },
      })
      const all = await run(text, {}, admin)
      expect(all.data?.authors).toMatchObject({ totalCount: 2 })
      expect(all.data?.some).toEqual([{ title: 'Rule H' }])
      const change = `mutation { updateAuthor(id: "${hidden.id}", data: {name: "x"}) { id } }`
      expect(await run(change)).toEqual({ data: { updateAuthor: null } })
      const own = `mutation { updateAuthor(id: "${seen.id}", data: {biography: "b"}) { biography } }`
      expect((await run(own)).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
      const mine = await run(own, {}, { 'x-author': seen.id })
      expect(mine.data?.updateAuthor).toEqual({ biography: 'b' })
      const link = await run(
        `mutation { createBook(data: {title: "x", price: "1", author: "${hidden.id}"}) { id } }`,
      )
      expect(link.errors?.[0]?.extensions).toEqual({
        code: 'BAD_INPUT',
        fields: [{ path: ['data', 'author'], message: 'there is no such Author' }],
      })
    })

    test('a row that others point to says so without naming them', async () => {
      const author = await opened.db.create(Author, { name: 'Pointed At' })
      await opened.db.create(Book, { title: 'P', price: '1', author: author.id })
      const text = `mutation { deleteAuthor(id: "${author.id}") { id } }`
      expect((await run(text)).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
      expect((await run(text, {}, admin)).errors?.[0]).toMatchObject({
        message: 'other rows still point to this one',
        extensions: { code: 'REFERENCED' },
      })
    })

    test('one query of the store for each relation of each level', async () => {
      for (const letter of ['a', 'b', 'c']) {
        const author = await opened.db.create(Author, { name: `Level ${letter}` })
        await opened.db.createMany(
          Book,
          [1, 2, 3, 4].map((n) => ({
            title: `Level ${letter}${n}`,
            price: '1',
            pages: n,
            author: author.id,
          })),
        )
      }
      const select = vi.spyOn(opened.db.backend, 'select')
      const related = vi.spyOn(opened.db.backend, 'selectRelated')
      const api = libraryApi(opened.db, { context: libraryContext })
      const query = `{ authors(where: {name: {startsWith: "Level"}}, orderBy: [{name: ASC}]) { nodes {
        name
        two: books(first: 2, orderBy: [{pages: DESC}]) { title }
        books { title author { name books(first: 1) { title author { initials } } } }
      } } }`
      const context = { current: { role: 'anonymous' } }
      const answer = await api.execute({ query }, { context, plan: 'general' })
      expect(answer.errors).toBeUndefined()
      const authors = answer.data?.authors as unknown as
        | { nodes: Record<string, unknown>[] }
        | undefined
      const first = authors?.nodes[0]
      expect(first?.two).toEqual([{ title: 'Level a4' }, { title: 'Level a3' }])
      expect(first?.books).toHaveLength(4)
      // authors; then books twice (two sets of arguments); authors of books; their books; the authors of those.
      expect([select.mock.calls.length, related.mock.calls.length]).toEqual([3, 3])
      vi.restoreAllMocks()
    })

    test('pages go forward and back by cursor, and refuse cursors of other lists', async () => {
      const author = await opened.db.create(Author, { name: 'Paged' })
      await opened.db.createMany(
        Book,
        [1, 2, 3, 4, 5].map((n) => ({ title: `Page ${n}`, price: '1', author: author.id })),
      )
      const text = `query ($first: Int, $after: String, $last: Int, $before: String, $direction: OrderDirection = ASC) {
        books(where: {author: {name: {eq: "Paged"}}}, orderBy: [{title: $direction}], first: $first, after: $after, last: $last, before: $before) {
          totalCount nodes { title } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        } }`
      interface Paged {
        readonly totalCount: number
        readonly nodes: readonly { readonly title: string }[]
        readonly edges: readonly { readonly cursor: string }[]
        readonly pageInfo: Record<string, unknown>
      }
      const page = async (variables: Record<string, unknown>) =>
        (await run(text, variables)).data?.books as unknown as Paged
      const first = await page({ first: 2 })
      expect(first.nodes.map((node) => node.title)).toEqual(['Page 1', 'Page 2'])
      expect(first).toMatchObject({
        totalCount: 5,
        pageInfo: { hasNextPage: true, hasPreviousPage: false },
      })
      const second = await page({ first: 10, after: first.pageInfo.endCursor })
      expect(second.nodes.map((node) => node.title)).toEqual(['Page 3', 'Page 4', 'Page 5'])
      const back = await page({ last: 1, before: second.pageInfo.startCursor })
      expect(back.nodes.map((node) => node.title)).toEqual(['Page 2'])
      for (const variables of [
        { after: 'nonsense' },
        { after: first.pageInfo.endCursor, direction: 'DESC' },
      ]) {
        const refused = await run(text, variables)
        expect(refused.errors?.[0]?.extensions.code).toBe('BAD_INPUT')
      }
      for (const variables of [{ first: -1 }, { first: 1001 }, { first: 1, last: 1 }]) {
        const refused = await run(text, variables)
        expect(refused.errors?.[0]?.extensions.code).toBe('BAD_INPUT')
      }
    })

    test('an order names one field an entry, a filter joins by and, or and not', async () => {
      const author = await opened.db.create(Author, { name: 'Filtered' })
      await opened.db.createMany(Book, [
        { title: 'f1', price: '1', pages: 1, tags: ['red'], author: author.id },
        { title: 'f2', price: '2.5', pages: 1, size: { width: 2, unit: 'cm' }, author: author.id },
        { title: 'f3', price: '10', pages: 3, sold: 9007199254740993n, author: author.id },
      ])
      const titles = async (where: string, orderBy = '[{title: ASC}]') => {
        const answer = await run(
          `{ bookList(where: {author: {name: {eq: "Filtered"}}, and: [${where}]}, orderBy: ${orderBy}) { title } }`,
        )
        const rows = answer.data?.bookList as unknown as { title: string }[] | undefined
        return answer.errors?.[0]?.message ?? rows?.map((row) => row.title).join()
      }
      expect(await titles('{price: {gt: "1.99"}}')).toBe('f2,f3')
      expect(await titles('{or: [{title: {eq: "f1"}}, {sold: {gte: "9007199254740993"}}]}')).toBe(
        'f1,f3',
      )
      expect(await titles('{not: {title: {in: ["f1", "f2"]}}}')).toBe('f3')
      expect(await titles('{title: {contains: "F", ignoreCase: true}}')).toBe('f1,f2,f3')
      expect(await titles('{tags: {contains: "red"}}')).toBe('f1')
      expect(await titles('{size: {width: {eq: 2}}}')).toBe('f2')
      expect(await titles('{size: null}')).toBe('f1,f3')
      expect(await titles('{}', '[{pages: DESC}, {title: DESC}]')).toBe('f3,f2,f1')
      expect(await titles('{}', '[{pages: DESC, title: DESC}]')).toBe(
        'orderBy.0: must name one field; give further ones as entries of their own',
      )
      expect(await titles('{title: {lt: null}}')).toBe('where.and.0.title.lt: must not be null')
      const some = await run(
        '{ authors(where: {books: {some: {title: {eq: "f2"}}}}) { nodes { name } } }',
      )
      expect(some.data?.authors).toEqual({ nodes: [{ name: 'Filtered' }] })
    })

    test('earlier names stay as deprecated fields, descriptions are shown', async () => {
      await opened.db.create(Author, { name: 'Old Name', biography: 'b' })
      const answer = await run(`{
        authors(where: {name: {eq: "Old Name"}}) { nodes { bio biography initials greeting(polite: true) } }
        __type(name: "Author") { description fields(includeDeprecated: true) { name description deprecationReason } }
      }`)
      expect(answer.data?.authors).toEqual({
        nodes: [
          { bio: 'b', biography: 'b', initials: 'ON', greeting: 'Dear Old Name, says anonymous' },
        ],
      })
      const type = answer.data?.__type as unknown as {
        description: string
        fields: { name: string }[]
      }
      expect(type.description).toBe('Who wrote a book.')
      expect(type.fields).toContainEqual({
        name: 'bio',
        description: null,
        deprecationReason: 'Renamed to biography.',
      })
      expect(type.fields).toContainEqual({
        name: 'name',
        description: 'As it stands on the cover.',
        deprecationReason: null,
      })
      expect(type.fields.map((field) => field.name)).not.toContain('pin')
    })

    test('earlier names also stay in inputs, filters and orders', async () => {
      const made = await run(
        'mutation { createAuthor(data: {name: "Earlier", bio: "b"}) { biography } }',
      )
      expect(made.data?.createAuthor).toEqual({ biography: 'b' })
      const found = await run(
        '{ authors(where: {bio: {eq: "b"}, name: {eq: "Earlier"}}, orderBy: [{bio: ASC}]) { nodes { name } } }',
      )
      expect(found.data?.authors).toEqual({ nodes: [{ name: 'Earlier' }] })
      const both = await run(
        '{ authors(where: {bio: {eq: "b"}, biography: {eq: "c"}}) { nodes { name } } }',
      )
      expect(both.data?.authors).toEqual({ nodes: [] })
      const type = await run(
        '{ __type(name: "AuthorCreateInput") { inputFields(includeDeprecated: true) { name deprecationReason } } }',
      )
      expect(type.data?.__type).toMatchObject({
        inputFields: expect.arrayContaining([
          { name: 'bio', deprecationReason: 'Renamed to biography.' },
        ]),
      })
    })

    test('views of one row, shapes and custom operations', async () => {
      const author = await opened.db.create(Author, { name: 'Custom' })
      const book = await opened.db.create(Book, {
        title: 'big',
        price: '1',
        pages: 99_999,
        author: author.id,
      })
      const changed = await run(
        `mutation { setTitle(id: "${book.id}", title: "bigger") { title author { name } } stats: __typename }`,
      )
      expect(changed.data?.setTitle).toEqual({ title: 'bigger', author: { name: 'Custom' } })
      const stats = await run('{ stats { biggest { title pages author { name } } } }')
      expect(stats.data?.stats).toMatchObject({ biggest: { author: {} } })
    })

    test('unions and interfaces over entities', async () => {
      const author = await opened.db.create(Author, { name: 'Abstract Ann' })
      await opened.db.create(Book, { title: 'Abstract Book', price: '1', author: author.id })
      const answer = await run(`{
        found(text: "Abstract") { __typename ... on Author { name books { title } } ... on Book { title } ... on Identified { id } }
        identified(id: "${author.id}") { id ... on Author { initials } }
        author(id: "${author.id}") { ... on Identified { id } ... on Found { __typename } }
      }`)
      expect(answer.errors).toBeUndefined()
      expect(answer.data?.found).toMatchObject([
        { __typename: 'Author', name: 'Abstract Ann', books: [{ title: 'Abstract Book' }] },
        { __typename: 'Book', title: 'Abstract Book' },
      ])
      expect(answer.data?.identified).toEqual({ id: author.id, initials: 'AA' })
      expect(answer.data?.author).toEqual({ id: author.id, __typename: 'Author' })
      await run(`{ author(id: "${author.id}") { ... on Identified { id } } }`)
    })

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
      expect(reports.map((report) => report.id)).toEqual([a?.extensions.id, b?.extensions.id])
      expect(String(reports[0]?.error)).toContain('hunter2')
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
      const select = vi.spyOn(opened.db.backend, 'select')
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
      const api = libraryApi(opened.db, {
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
        [
          'a query that is a number',
          { query: 0 },
          400,
          400,
          'the parameter "query" must be a text',
        ],
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
        expect((await post('{"query":"{ __typename }"}', { 'content-type': type })).status).toBe(
          415,
        )
      })

      test('GET answers queries and refuses mutations with 405', async () => {
        const get = (search: Record<string, string>, accept = modern) =>
          fetch(`${server.url}/?${new URLSearchParams(search)}`, { headers: { accept } })
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
        expect(await opened.db.count(Author, { name: 'By Get' })).toBe(0)
        expect((await get({})).status).toBe(400)
        expect((await get({ query: '{ __typename }', variables: '[1]' })).status).toBe(400)
        expect((await get({ query: '{ __typename }', variables: '{' })).status).toBe(400)
      })

      test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is 405', async (method) => {
        const response = await fetch(server.url, { method })
        expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST'])
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
        const response = await libraryApi(opened.db).handler(request)
        expect(response.status).toBe(413)
        expect(sent).toBeLessThan(2_000_000)
        const known = await post(new Uint8Array(10_000_000).fill(32)).catch(() => null)
        expect(known === null || known.status === 413).toBe(true)
      })
    })
  })
}
