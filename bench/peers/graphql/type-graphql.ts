/** TypeGraphQL with the same dataloaders, served by graphql-yoga. Its decorators are called as functions, as a compiler would. */
import 'reflect-metadata'
import { createYoga } from 'graphql-yoga'
import {
  Arg,
  buildSchema,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql'
import type { BenchMaker } from '../../measure.ts'
import {
  type CommentRow,
  type Loaders,
  openRows,
  type PostRow,
  type Rows,
  type UserRow,
} from './rows.ts'
import { answerer, askedOf } from './serve.ts'

class User {}
class Post {}
class Comment {}

const field = (
  target: { prototype: object },
  name: string,
  type: () => unknown,
  nullable = false,
) => Field(type as never, { nullable })(target.prototype, name)

field(User, 'id', () => ID)
field(User, 'email', () => String)
field(User, 'firstName', () => String)
field(Post, 'id', () => ID)
field(Post, 'title', () => String)
field(Post, 'likes', () => Int)
field(Comment, 'id', () => ID)
field(Comment, 'text', () => String)
ObjectType()(User)
ObjectType()(Post)
ObjectType()(Comment)

let rows: Rows

class Queries {
  user(email: string) {
    return rows.user(email)
  }
  users(first: number) {
    return rows.users(first)
  }
}

class UserFields {
  posts(row: UserRow, { posts }: Loaders) {
    return posts.load(row.id)
  }
}

class PostFields {
  shout(row: PostRow) {
    return row.title.toUpperCase()
  }
  author(row: PostRow, { users }: Loaders) {
    return users.load(row.author)
  }
  comments(row: PostRow, { comments }: Loaders) {
    return comments.load(row.id)
  }
}

class CommentFields {
  author(row: CommentRow, { users }: Loaders) {
    return users.load(row.author)
  }
}

function operation(
  name: 'user' | 'users',
  type: () => unknown,
  argument: string,
  of: () => unknown,
  nullable: boolean,
) {
  const { prototype } = Queries
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor
  Reflect.defineMetadata('design:paramtypes', [Object], prototype, name)
  Arg(argument, of as never)(prototype, name, 0)
  Query(type as never, { nullable })(prototype, name, descriptor)
}
operation(
  'user',
  () => User,
  'email',
  () => String,
  true,
)
operation(
  'users',
  () => [User],
  'first',
  () => Int,
  false,
)
Resolver()(Queries)

function resolver(
  target: { prototype: object },
  name: string,
  type: () => unknown,
  nullable: boolean,
  context = true,
) {
  const { prototype } = target
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor
  Reflect.defineMetadata('design:paramtypes', [Object, Object], prototype, name)
  Root()(prototype, name, 0)
  if (context) Ctx()(prototype, name, 1)
  FieldResolver(type as never, { nullable })(prototype, name, descriptor)
}
resolver(UserFields, 'posts', () => [Post], false)
resolver(PostFields, 'shout', () => String, false, false)
resolver(PostFields, 'author', () => User, true)
resolver(PostFields, 'comments', () => [Comment], false)
resolver(CommentFields, 'author', () => User, true)
Resolver(() => User)(UserFields)
Resolver(() => Post)(PostFields)
Resolver(() => Comment)(CommentFields)

export const bench: BenchMaker = async (args) => {
  const asked = askedOf(args)
  rows = await openRows(asked.data)
  const schema = await buildSchema({
    resolvers: [Queries, UserFields, PostFields, CommentFields],
    validate: false,
  })
  const yoga = createYoga<object, Loaders>({
    logging: false,
    graphiql: false,
    landingPage: false,
    schema: schema as never,
    context: () => rows.loaders(),
  })
  return answerer(
    asked,
    (request) => yoga.fetch(request),
    () => rows[Symbol.asyncDispose](),
  )
}
