/** A schema built by Pothos, executed by graphql-yoga with the same dataloaders. */
import SchemaBuilder from '@pothos/core'
import { createYoga } from 'graphql-yoga'
import type { BenchMaker } from '../../measure.ts'
import { type CommentRow, type Loaders, openRows, type PostRow, type UserRow } from './rows.ts'
import { answerer, askedOf } from './serve.ts'

export const bench: BenchMaker = async (args) => {
  const asked = askedOf(args)
  const rows = await openRows(asked.data)
  const builder = new SchemaBuilder<{ Context: Loaders; DefaultFieldNullability: false }>({
    defaultFieldNullability: false,
  })
  const User = builder.objectRef<UserRow>('User')
  const Post = builder.objectRef<PostRow>('Post')
  const Comment = builder.objectRef<CommentRow>('Comment')
  User.implement({
    fields: (t) => ({
      id: t.exposeID('id'),
      email: t.exposeString('email'),
      firstName: t.exposeString('firstName'),
      posts: t.field({ type: [Post], resolve: (row, _, { posts }) => posts.load(row.id) }),
    }),
  })
  Post.implement({
    fields: (t) => ({
      id: t.exposeID('id'),
      title: t.exposeString('title'),
      likes: t.exposeInt('likes'),
      shout: t.string({ resolve: (row) => row.title.toUpperCase() }),
      comments: t.field({
        type: [Comment],
        resolve: (row, _, { comments }) => comments.load(row.id),
      }),
      author: t.field({
        type: User,
        nullable: true,
        resolve: (row, _, { users }) => users.load(row.author),
      }),
    }),
  })
  Comment.implement({
    fields: (t) => ({
      id: t.exposeID('id'),
      text: t.exposeString('text'),
      author: t.field({
        type: User,
        nullable: true,
        resolve: (row, _, { users }) => users.load(row.author),
      }),
    }),
  })
  builder.queryType({
    fields: (t) => ({
      user: t.field({
        type: User,
        nullable: true,
        args: { email: t.arg.string({ required: true }) },
        resolve: (_, { email }) => rows.user(email),
      }),
      users: t.field({
        type: [User],
        args: { first: t.arg.int() },
        resolve: (_, { first }) => rows.users(first ?? 100),
      }),
    }),
  })
  const yoga = createYoga<object, Loaders>({
    logging: false,
    graphiql: false,
    landingPage: false,
    schema: builder.toSchema(),
    context: () => rows.loaders(),
  })
  return answerer(
    asked,
    (request) => yoga.fetch(request),
    () => rows[Symbol.asyncDispose](),
  )
}
