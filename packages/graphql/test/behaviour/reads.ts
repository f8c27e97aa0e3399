/** Reading: rules, relations in batches, pages, filters and orders. */
import { describe, expect, test, vi } from 'vitest'
import { Author, Book, libraryApi, libraryContext } from '../library.ts'
import { admin, type Harness } from './harness.ts'

export function describeReads(harness: Harness): void {
  const { run } = harness

  describe('reading', () => {
    test('rules hide a row from lists, relations, counts, filters and errors', async () => {
      const hidden = await harness.opened.db.create(Author, { name: 'Hidden One', hidden: true })
      const seen = await harness.opened.db.create(Author, { name: 'Seen One' })
      await harness.opened.db.createMany(Book, [
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
      const author = await harness.opened.db.create(Author, { name: 'Pointed At' })
      await harness.opened.db.create(Book, { title: 'P', price: '1', author: author.id })
      const text = `mutation { deleteAuthor(id: "${author.id}") { id } }`
      expect((await run(text)).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
      expect((await run(text, {}, admin)).errors?.[0]).toMatchObject({
        message: 'other rows still point to this one',
        extensions: { code: 'REFERENCED' },
      })
    })

    test('one query of the store for each relation of each level', async () => {
      for (const letter of ['a', 'b', 'c']) {
        const author = await harness.opened.db.create(Author, { name: `Level ${letter}` })
        await harness.opened.db.createMany(
          Book,
          [1, 2, 3, 4].map((n) => ({
            title: `Level ${letter}${n}`,
            price: '1',
            pages: n,
            author: author.id,
          })),
        )
      }
      const select = vi.spyOn(harness.opened.db.backend, 'select')
      const related = vi.spyOn(harness.opened.db.backend, 'selectRelated')
      const api = libraryApi(harness.opened.db, { context: libraryContext })
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
      const author = await harness.opened.db.create(Author, { name: 'Paged' })
      await harness.opened.db.createMany(
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
      const author = await harness.opened.db.create(Author, { name: 'Filtered' })
      await harness.opened.db.createMany(Book, [
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
  })
}
