import { expect, test } from 'vitest'
import { namedType, readSdl } from './read-sdl.ts'
import { statementLines } from './statement-lines.ts'

const sdl = `
schema @link(url: "x") { query: Query }
directive @cost(n: Int = 1) repeatable on FIELD_DEFINITION | OBJECT
# a comment
"""
A book of the catalogue.
Second line.
"""
type Book implements Node & Named @key(fields: "id") {
  id: ID!
  "One line"
  title: String! @deprecated(reason: "use \\"name\\"")
  reviews(first: Int = 10, where: ReviewFilter = { stars: [1, 2], by: "x" }): [[Review!]!]!
  old: Int @deprecated
}
union Found = | Book | Review
enum Genre { CRIME "the best" POETRY }
input ReviewFilter { stars: [Int!], by: String = "a, b" }
scalar DateTime @specifiedBy(url: "y")
interface Node { id: ID! }
`

test('types with descriptions, fields, arguments, defaults and deprecations', () => {
  const types = readSdl(sdl)
  expect(types.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'type Book',
    'union Found',
    'enum Genre',
    'input ReviewFilter',
    'scalar DateTime',
    'interface Node',
  ])
  const [book, found, genre, filter] = types
  expect(book?.description).toBe('A book of the catalogue.\nSecond line.')
  expect(book?.others).toEqual(['Node', 'Named'])
  const [, title, reviews, old] = book?.fields ?? []
  expect(title).toMatchObject({ description: 'One line', deprecated: 'use "name"' })
  expect(reviews?.type).toBe('[[Review!]!]!')
  expect(reviews?.args.map((argument) => argument.default)).toEqual([
    '10',
    '{stars: [1, 2], by: "x"}',
  ])
  expect(old?.deprecated).toBe('No longer supported')
  expect(found?.others).toEqual(['Book', 'Review'])
  expect(genre?.fields.map(({ name, description }) => [name, description])).toEqual([
    ['CRIME', ''],
    ['POETRY', 'the best'],
  ])
  expect(filter?.fields[1]?.default).toBe('"a, b"')
})

test('what is no schema names the line', () => {
  expect(() => readSdl('type A { x: Int }\ntype B { y Int')).toThrow(/line 2/)
  expect(() => readSdl('query x { y }')).toThrow(/"query" begins no definition/)
})

test('the named type inside', () => {
  expect(namedType('[Book!]!')).toBe('Book')
})

test('a statement in lines keeps every word, and strings whole', () => {
  const sql = `select '{"a (from' || (select x from "t" where y = $1 limit 1) || '}' from u order by z`
  const lines = statementLines(sql)
  expect(lines.replace(/\s+/g, '')).toBe(sql.replace(/\s+/g, ''))
  expect(lines.split('\n')).toEqual([
    `select '{"a (from' || (`,
    '  select x',
    '  from "t"',
    '  where y = $1',
    '  limit 1',
    `) || '}'`,
    'from u',
    'order by z',
  ])
})
