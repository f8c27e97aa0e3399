/** What the compiler refuses in declarations; the assertions are the comments. */
import { expect, test } from 'vitest'
import { articleOne, Post, User } from '../test/articles.ts'
import type { LibraryContext } from '../test/library.ts'
import { type Context, computed, create, list, one, query, resolved, view } from './index.ts'

test('declarations are typed by their entities, their arguments and the context', () => {
  view(User, { fields: { name: 'firstName', posts: true } })
  // @ts-expect-error: User has no such field
  view(User, { fields: { name: 'fullName' } })
  // @ts-expect-error: User has no such field
  view(User, { omit: ['fullName'] })
  view(User, {
    fields: {
      name: computed('String', ['firstName'], (user) => user.firstName.toUpperCase()),
      // @ts-expect-error: lastName is not among the columns that it needs
      last: computed('String', ['firstName'], (user) => user.lastName),
    },
  })
  view(User, {
    fields: {
      hello: resolved({
        type: 'String!',
        arguments: { times: 'Int!', loud: 'Boolean' },
        // @ts-expect-error: times is a number
        resolve: (user, { times }) => user.email + times.toUpperCase(),
      }),
    },
  })
  one(User, { by: 'email' })
  // @ts-expect-error: User has no such field
  one(User, { by: 'mail' })
  list(Post, { where: { title: { contains: 'x' } }, orderBy: { title: 'asc' } })
  // @ts-expect-error: a title is text
  list(Post, { where: { title: 5 } })
  // @ts-expect-error: Post has no such relation
  create(Post, { unlinked: { user: 'no' } })
  query({
    type: 'Int',
    arguments: { id: 'ID!', at: 'DateTime', tags: '[String!]' },
    resolve: ({ id, at, tags }, context: Context<LibraryContext>) =>
      id.length + (at?.getTime() ?? 0) + (tags?.[0]?.length ?? 0) + context.current.role.length,
  })
  expect(articleOne).toBeTypeOf('function')
})
