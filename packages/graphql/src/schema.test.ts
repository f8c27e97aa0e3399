import { belongsTo, defineModel, Entity, hasMany, id, string } from '@typestead/entity'
import { printSchema } from 'graphql'
import { expect, test } from 'vitest'
import { Post, User } from '../test/articles.ts'
import { Author, Book } from '../test/library.ts'
import { DeclarationError } from './api-error.ts'
import { pluralOf } from './exposed.ts'
import { all, create, list, one, query } from './operation.ts'
import { type Declarations, schemaOf } from './schema.ts'
import { computed, show, view } from './view.ts'

function problems(declarations: Declarations): readonly string[] {
  try {
    schemaOf(declarations)
    return []
  } catch (error) {
    if (error instanceof DeclarationError) return error.problems
    throw error
  }
}

test('an exposed entity gets its operations, inputs without what is kept, filters without what is secret', () => {
  const text = printSchema(schemaOf({ expose: [Author, Book] }))
  expect(text).toContain('book(id: ID!): Book\n')
  expect(text).toContain(
    'books(where: BookFilter, orderBy: [BookOrderBy!], first: Int, after: String, last: Int, before: String): BookConnection!',
  )
  expect(text).toContain('createBook(data: BookCreateInput!): Book!')
  expect(text).toContain('deleteBook(id: ID!): Book\n')
  const input = /input AuthorCreateInput \{[^}]*\}/.exec(text)?.[0] ?? ''
  expect(input).toContain('pin: String')
  expect(input).not.toMatch(/\bid\b|createdAt|books/)
  const filter = /input AuthorFilter \{[^}]*\}/.exec(text)?.[0] ?? ''
  expect(filter).not.toContain('pin')
  expect(filter).toContain('books: BookListFilter')
  expect(/input BookUpdateInput \{[^}]*\}/.exec(text)?.[0]).not.toContain('version')
})

test('a rule that lets no one leaves the operation out', () => {
  class Note extends Entity(
    'Note',
    { id: id(), text: string() },
    { allow: { create: false, update: false, delete: false } },
  ) {}
  const text = printSchema(schemaOf({ expose: [Note] }))
  expect(text).toContain('notes(')
  expect(text).not.toContain('Mutation')
})

test('a relation to rows that may be hidden may be null', () => {
  const text = printSchema(schemaOf({ expose: [Author, Book] }))
  expect(text).toMatch(/^ {2}author: Author$/m)
  expect(printSchema(schemaOf({ expose: [User, Post] }))).toMatch(/^ {2}author: User!$/m)
})

test('key of several parts', () => {
  class Shelf extends Entity('Shelf', {
    id: id(),
    get places() {
      return hasMany(Place, 'shelf')
    },
  }) {}
  class Place extends Entity(
    'Place',
    {
      row: string().readonly(),
      get shelf() {
        return belongsTo(Shelf).readonly()
      },
      label: string().nullable(),
    },
    { key: ['shelf', 'row'] },
  ) {}
  defineModel({ Shelf, Place })
  const text = printSchema(schemaOf({ expose: [Shelf, Place] }))
  expect(text).toContain('place(shelf: ID!, row: String!): Place\n')
  expect(text).toContain('updatePlace(shelf: ID!, row: String!, data: PlaceUpdateInput!): Place')
  expect(/input PlaceUpdateInput \{[^}]*\}/.exec(text)?.[0]).toBe(
    'input PlaceUpdateInput {\n  label: String\n}',
  )
})

test.each<[string, Declarations, string]>([
  ['no query', {}, 'Query: an API needs at least one query; add queries or expose an entity'],
  [
    'a secret field',
    { types: { User: view(User, { fields: { password: true } }) } },
    'User.password: User.password is secret, so no view can show it',
  ],
  [
    'a field that is not there',
    { types: { User: view(User, { fields: { name: true } }) } },
    'User.name: User has no field or relation "name"',
  ],
  [
    'a relation to what is not shown',
    { types: { Post: view(Post, { fields: { author: true } }) } },
    'Post.author: no view shows User; add one to types',
  ],
  [
    'a relation to two views',
    {
      types: {
        Post: view(Post, { fields: { author: true } }),
        A: view(User, { fields: { id: true } }),
        B: view(User, { fields: { id: true } }),
      },
    },
    "Post.author: A and B show User; say which with show('author', { as: 'A' })",
  ],
  [
    'a view that is none of the entity',
    {
      types: { Post: view(Post, { fields: { id: true, author: show('author', { as: 'Post' }) } }) },
    },
    'Post.author: Post is no view of User',
  ],
  [
    'columns that are not there',
    { types: { User: view(User, { fields: { x: computed('String', ['posts'], () => '') } }) } },
    'User.x: needs "posts", which User does not store',
  ],
  [
    'a field that is not unique',
    {
      types: { Post: view(Post, { omit: ['author'] }) },
      queries: { post: one(Post, { by: 'title' }) },
    },
    'Query.post: title is not unique in Post; use list',
  ],
  [
    'a mutation in Query',
    { types: { Post: view(Post, { omit: ['author'] }) }, queries: { post: create(Post) } },
    'Query.post: create does not belong into Query',
  ],
  [
    'a required field that is in no input',
    {
      types: { Post: view(Post, { omit: ['author'] }) },
      queries: { posts: all(Post) },
      mutations: { createPost: create(Post, { arguments: { title: true, body: true } }) },
    },
    'Mutation.createPost: Post.author is required, but not in the input',
  ],
  [
    'an unknown type',
    { queries: { x: query({ type: '[Nothing!]!', resolve: () => [] }) } },
    'Query.x: there is no type Nothing; add it to types or inputs',
  ],
  [
    'a type that is none',
    { queries: { x: query({ type: 'String!!', resolve: () => '' }) } },
    'Query.x: "String!!" is not a type (Syntax Error: Expected <EOF>, found "!".)',
  ],
  [
    'a view that is not among the types',
    { queries: { x: list(view(Post)) } },
    'Query.x: its view is not in types',
  ],
  [
    'two types of one name',
    { types: { DateTime: view(Post, { omit: ['author'] }) }, queries: { posts: all(Post) } },
    'the type DateTime would be both a scalar and the view DateTime; rename one',
  ],
])('%s is refused with a sentence', (_, declarations, problem) => {
  expect(problems(declarations)).toContain(problem)
})

test('plurals', () => {
  expect(['book', 'category', 'box', 'day', 'branch', 'bus'].map(pluralOf)).toEqual([
    'books',
    'categories',
    'boxes',
    'days',
    'branches',
    'buses',
  ])
})
