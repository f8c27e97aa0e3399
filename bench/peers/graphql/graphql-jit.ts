/** graphql-jit: each document compiled once, with the same dataloaders, and as little HTTP as possible around it. */
import { buildSchema, type GraphQLObjectType, parse } from 'graphql'
import { type CompiledQuery, compileQuery } from 'graphql-jit'
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
  const schema = buildSchema(typeDefs)
  const set = (
    type: string,
    field: string,
    resolve: (row: never, args: never, loaders: Loaders) => unknown,
  ) => {
    const found = (schema.getType(type) as GraphQLObjectType).getFields()[field]
    if (found) found.resolve = resolve as never
  }
  set('Query', 'user', (_, { email }: { email: string }) => rows.user(email))
  set('Query', 'users', (_, { first, from }: { first: number; from?: string }) =>
    rows.users(first, from),
  )
  set('User', 'posts', (row: UserRow, _, { posts }) => posts.load(row.id))
  set('Post', 'shout', (row: PostRow) => row.title.toUpperCase())
  set('Post', 'author', (row: PostRow, _, { users }) => users.load(row.author))
  set('Post', 'comments', (row: PostRow, _, { comments }) => comments.load(row.id))
  set('Comment', 'author', (row: CommentRow, _, { users }) => users.load(row.author))
  const compiled = new Map<string, CompiledQuery>()
  return answerer(
    asked,
    async (request) => {
      const { query, variables } = (await request.json()) as {
        query: string
        variables?: Record<string, unknown>
      }
      let one = compiled.get(query)
      if (!one) {
        one = compileQuery(schema, parse(query)) as CompiledQuery
        compiled.set(query, one)
      }
      const result = await one.query({}, rows.loaders(), variables ?? {})
      return new Response(JSON.stringify(result), {
        headers: { 'content-type': 'application/json' },
      })
    },
    () => rows[Symbol.asyncDispose](),
  )
}
