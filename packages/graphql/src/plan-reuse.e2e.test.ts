import type { PostgresBackend } from '@typestead/store/sql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Author, Book, library, libraryApi } from '../test/library.ts'
import { type Opened, openPostgres } from '../test/stores.ts'

/** Plans are made for documents, not for the values that they are asked with. */
describe('one plan for all values of the variables', () => {
  let opened: Opened
  let api: ReturnType<typeof libraryApi>
  let authors: readonly Author[]

  beforeAll(async () => {
    opened = await openPostgres(library)
    api = libraryApi(opened.db, { onError: () => {} })
    authors = await opened.db.createMany(
      Author,
      Array.from({ length: 30 }, (_, n) => ({ name: `Author ${n}`, biography: `Life ${n}` })),
    )
    await opened.db.createMany(
      Book,
      Array.from({ length: 90 }, (_, n) => ({
        title: `Book ${String(n).padStart(3, '0')}`,
        price: '1.00',
        pages: 1 + (n % 7),
        author: (authors[n % 30] as Author).id,
      })),
    )
  })
  afterAll(() => opened?.[Symbol.asyncDispose]())

  const reader = { current: { role: 'reader', authorId: '' } }

  /** The statements that the server keeps prepared, on whichever connection they were. */
  async function prepared(): Promise<number> {
    const { pool } = (opened.db.backend as PostgresBackend).connections
    const { rows } = await pool.query('select count(*)::int as n from pg_prepared_statements')
    return (rows as { n: number }[])[0]?.n ?? 0
  }

  async function asked(
    query: string,
    variables: Readonly<Record<string, unknown>>,
    context = reader,
  ) {
    const text = await api.executeText({ query, variables }, { context })
    const entry = api.plans().at(-1)
    return { text, entry }
  }

  const id = (n: number) => authors[n % 30]?.id ?? ''
  const none = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
  const cases = [
    {
      name: 'one row by its key',
      kind: 'text',
      query: 'query ($id: ID!) { author(id: $id) { name biography } }',
      variables: (n: number) => ({ id: n % 2 ? id(n) : none(n) }),
    },
    {
      name: 'a list by a filter, an order and a size',
      kind: 'text',
      query: `query ($text: String, $pages: Int, $first: Int) {
        bookList(where: {title: {contains: $text}, pages: {gt: $pages}}, first: $first) { title author { name } }
      }`,
      variables: (n: number) => ({ text: String(n % 10), pages: n % 6, first: n % 100 }),
    },
    {
      name: 'a list by a filter that is one variable',
      kind: 'text',
      query: 'query ($where: BookFilter) { bookList(where: $where) { title } }',
      variables: (n: number) => ({
        where: { id: { in: [none(n), none(n + 1)] }, or: [{ pages: { lt: n } }] },
      }),
    },
    {
      name: 'relations with filters of their own',
      kind: 'text',
      query: `query ($first: Int, $title: String) {
        authors(first: 3) { nodes { name books(first: $first, where: {title: {startsWith: $title}}) { title } } }
      }`,
      variables: (n: number) => ({ first: n % 50, title: `Book ${n % 10}` }),
    },
    {
      name: 'functions of columns',
      kind: 'holes',
      query: 'query ($id: ID!) { author(id: $id) { initials books { genre meta } } }',
      variables: (n: number) => ({ id: id(n) }),
    },
  ]

  test.each(cases)('$name: 1,000 values, one $kind plan', async ({ query, variables, kind }) => {
    const before = await prepared()
    const statements = new Set<string | undefined>()
    let made = 0
    for (let n = 0; n < 1000; n++) {
      const { text, entry } = await asked(query, variables(n))
      expect(entry?.kind).toBe(kind)
      statements.add(entry?.sql)
      if (!entry?.cached) made++
      if (n % 40 === 0) {
        const options = { context: reader, plan: 'general' } as const
        expect(text).toBe(await api.executeText({ query, variables: variables(n) }, options))
      }
    }
    expect({ made, statements: statements.size }).toEqual({ made: 1, statements: 1 })
    // The general plans that were compared prepared some of their own, as few for all values.
    expect((await prepared()) - before).toBeLessThan(6)
  })

  test('pages: one plan for the first, one for all that follow a cursor, one for those before', async () => {
    const query = `query ($first: Int, $after: String, $last: Int, $before: String) {
      books(first: $first, after: $after, last: $last, before: $before) {
        nodes { title } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount
      }
    }`
    const statements = new Set<string | undefined>()
    let made = 0
    let variables: Record<string, unknown> = { first: 7 }
    for (let n = 0; n < 40; n++) {
      const { text, entry } = await asked(query, variables)
      expect(text).toBe(
        await api.executeText({ query, variables }, { context: reader, plan: 'general' }),
      )
      expect(entry?.kind).toBe('text')
      statements.add(entry?.sql)
      if (!entry?.cached) made++
      const { pageInfo } = JSON.parse(text).data.books
      variables =
        n < 10
          ? { first: 3 + n, after: pageInfo.endCursor }
          : { last: 2 + (n % 3), before: pageInfo.startCursor ?? variables.before }
    }
    expect({ made, statements: statements.size }).toEqual({ made: 3, statements: 3 })
  })

  test('who asks is a value too, what they may do is not', async () => {
    const query =
      'query ($name: String) { authorList: authors(where: {name: {eq: $name}}) { nodes { name } } }'
    const statements = new Set<string | undefined>()
    let made = 0
    for (let n = 0; n < 200; n++) {
      const context = { current: { role: n % 2 ? 'admin' : 'reader', authorId: id(n) } }
      const { entry } = await asked(query, { name: `Author ${n}` }, context)
      statements.add(entry?.sql)
      if (!entry?.cached) made++
    }
    expect({ made, statements: statements.size }).toEqual({ made: 1, statements: 2 })
  })

  test('skip and include make plans of their own', async () => {
    const query = `query ($id: ID!, $all: Boolean!) { author(id: $id) { name biography @include(if: $all) } }`
    let made = 0
    for (let n = 0; n < 100; n++) {
      const { text, entry } = await asked(query, { id: id(n), all: n % 2 === 0 })
      expect(text.includes('biography')).toBe(n % 2 === 0)
      if (!entry?.cached) made++
    }
    expect(made).toBe(2)
  })

  test('a mutation reads its answer by one plan for all its values', async () => {
    const query = `mutation ($id: ID!, $data: BookUpdateInput!, $first: Int) {
      updateBook(id: $id, data: $data) { title author { name books(first: $first) { title } } }
    }`
    const books = await opened.db.find(Book, { first: 50 })
    const statements = new Set<string | undefined>()
    for (let n = 0; n < 100; n++) {
      const data = { pages: 1 + n }
      const { text, entry } = await asked(query, { id: books[n % 50]?.id, data, first: n % 4 })
      expect(JSON.parse(text).data.updateBook.author.books).toHaveLength(Math.min(3, n % 4))
      statements.add(entry?.sql)
    }
    expect(statements.size).toBe(1)
  })

  test('values that are wrong are told by the general plan, and spoil nothing', async () => {
    const query =
      'query ($after: String, $first: Int) { books(first: $first, after: $after) { nodes { title } } }'
    for (const variables of [{ after: 'no cursor' }, { first: 5000 }, { first: -1 }]) {
      const { text } = await asked(query, variables)
      expect(JSON.parse(text).errors).toHaveLength(1)
    }
    const { text, entry } = await asked(query, { first: 1 })
    expect(JSON.parse(text).errors).toBeUndefined()
    expect(entry?.kind).toBe('text')
  })
})
