/** graphql-yoga with one dataloader a request for each relation; its parser and validation caches on, nothing else. */
import { createSchema, createYoga } from 'graphql-yoga'
import type { BenchMaker } from '../../measure.ts'
import {
  type CommentRow,
  type Loaders,
  openRows,
  type PostRow,
  typeDefs,
  type UserRow,
} from './rows.ts'
import { answerer, askedOf } from './serve.ts'

export const bench: BenchMaker = async (args) => {
  const asked = askedOf(args)
  const rows = await openRows(asked.data)
  const yoga = createYoga<object, Loaders>({
    logging: false,
    graphiql: false,
    landingPage: false,
    schema: createSchema<Loaders>({
      typeDefs,
      resolvers: {
        Query: {
          user: (_, { email }: { email: string }) => rows.user(email),
          users: (_, { first, from }: { first: number; from?: string }) => rows.users(first, from),
        },
        User: { posts: (row: UserRow, _, { posts }) => posts.load(row.id) },
        Post: {
          shout: (row: PostRow) => row.title.toUpperCase(),
          author: (row: PostRow, _, { users }) => users.load(row.author),
          comments: (row: PostRow, _, { comments }) => comments.load(row.id),
        },
        Comment: { author: (row: CommentRow, _, { users }) => users.load(row.author) },
      },
    }),
    context: () => rows.loaders(),
  })
  return answerer(
    asked,
    (request) => yoga.fetch(request),
    () => rows[Symbol.asyncDispose](),
  )
}
