/** graphql-yoga with one dataloader a request for each relation, over pg; no schema of ours, no limits. */
import { startEmbedded } from '@typestead/store/embedded'
import DataLoader from 'dataloader'
import { createSchema, createYoga } from 'graphql-yoga'
import pg from 'pg'
import type { BenchMaker } from '../../measure.ts'

const typeDefs = `
  type User { id: ID! email: String! firstName: String! posts: [Post!]! }
  type Post { id: ID! title: String! likes: Int! author: User! }
  type Query { user(email: String!): User users(first: Int): [User!]! }
`

interface UserRow {
  readonly id: string
  readonly email: string
  readonly firstName: string
}

interface PostRow {
  readonly id: string
  readonly title: string
  readonly likes: number
  readonly author: string
}

interface Loaders {
  readonly users: DataLoader<string, UserRow>
  readonly posts: DataLoader<string, PostRow[]>
}

export const bench: BenchMaker = async (args) => {
  const { data, query, times } = args as { data: string; query: string; times: number }
  const server = await startEmbedded({ data })
  const { host, port, user, database } = server
  const pool = new pg.Pool({ host, port, user, database })
  const columns = 'id, email, first_name as "firstName"'
  const yoga = createYoga<object, Loaders>({
    logging: false,
    graphiql: false,
    landingPage: false,
    schema: createSchema<Loaders>({
      typeDefs,
      resolvers: {
        Query: {
          user: async (_, { email }: { email: string }) =>
            (await pool.query(`select ${columns} from "user" where email = $1`, [email])).rows[0],
          users: async (_, { first }: { first: number }) =>
            (await pool.query(`select ${columns} from "user" order by email limit $1`, [first]))
              .rows,
        },
        User: { posts: (row: UserRow, _, { posts }) => posts.load(row.id) },
        Post: { author: (row: PostRow, _, { users }) => users.load(row.author) },
      },
    }),
    context: (): Loaders => ({
      users: new DataLoader(async (ids) => {
        const { rows } = await pool.query<UserRow>(
          `select ${columns} from "user" where id = any($1)`,
          [ids],
        )
        const byId = new Map(rows.map((row) => [row.id, row]))
        return ids.map((id) => byId.get(id) ?? new Error('no such user'))
      }),
      posts: new DataLoader(async (ids) => {
        const { rows } = await pool.query<PostRow>(
          'select id, title, likes, author_id as author from post where author_id = any($1) order by id',
          [ids],
        )
        const byAuthor = Map.groupBy(rows, (row) => row.author)
        return ids.map((id) => byAuthor.get(id) ?? [])
      }),
    }),
  })
  return {
    operations: times,
    async run() {
      let text = ''
      for (let n = 0; n < times; n++) {
        const response = await yoga.fetch('http://127.0.0.1/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body: JSON.stringify({ query }),
        })
        text = await response.text()
      }
      return JSON.parse(text)
    },
    async [Symbol.asyncDispose]() {
      await pool.end()
      await server[Symbol.asyncDispose]()
    },
  }
}
