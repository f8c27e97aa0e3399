import { expect, test } from 'vitest'
import { schemaChanges } from './schema-changes.ts'

const before = `
  enum Genre { NOVEL POETRY }
  type Book { id: ID! title: String! pages: Int genre: Genre old: String }
  input BookInput { title: String! pages: Int }
  type Query { book(id: ID!): Book gone: String }
`

test('nothing changed is no change', () => {
  expect(schemaChanges(before, before)).toEqual([])
})

test('each change is breaking, dangerous or safe, the breaking ones first', () => {
  const after = `
    enum Genre { NOVEL POETRY DRAMA }
    type Book { id: ID! title: String pages: Int! genre: Genre old: String @deprecated(reason: "Renamed to new.") new: String }
    input BookInput { title: String pages: Int tags: [String!]! }
    type Author { id: ID! }
    type Query { book(id: ID!, draft: Boolean): Book }
  `
  const found = schemaChanges(before, after).map(({ effect, path }) => `${effect} ${path}`)
  expect(found.sort()).toEqual(
    [
      'breaking Book.title',
      'breaking BookInput.tags',
      'breaking Query.gone',
      'dangerous Genre.DRAMA',
      'dangerous Query.book',
      'safe Author',
      'safe Book.new',
      'safe Book.old',
      'safe Book.pages',
      'safe BookInput.title',
    ].sort(),
  )
  for (const { summary } of schemaChanges(before, after)) expect(summary).toMatch(/^[A-Z].*\.$/)
})
