/** Earlier names, several views of one row, and types over several views. */
import { describe, expect, test } from 'vitest'
import { Author, Book } from '../library.ts'
import type { Harness } from './harness.ts'

export function describeNames(harness: Harness): void {
  const { run } = harness

  describe('names and views', () => {
    test('earlier names stay as deprecated fields, descriptions are shown', async () => {
      await harness.opened.db.create(Author, { name: 'Old Name', biography: 'b' })
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
      const author = await harness.opened.db.create(Author, { name: 'Custom' })
      const book = await harness.opened.db.create(Book, {
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
      const author = await harness.opened.db.create(Author, { name: 'Abstract Ann' })
      await harness.opened.db.create(Book, {
        title: 'Abstract Book',
        price: '1',
        author: author.id,
      })
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
  })
}
