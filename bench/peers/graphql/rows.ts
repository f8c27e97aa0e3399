/** The rows of tenant a that nothing hides, by hand-written SQL and one dataloader for each relation and request. */
import { startEmbedded } from '@typestead/store/embedded'
import DataLoader from 'dataloader'
import pg from 'pg'

export interface UserRow {
  readonly id: string
  readonly email: string
  readonly firstName: string
}

export interface PostRow {
  readonly id: string
  readonly title: string
  readonly likes: number
  readonly author: string
}

export interface CommentRow {
  readonly id: string
  readonly text: string
  readonly post: string
  readonly author: string
}

export interface Loaders {
  readonly users: DataLoader<string, UserRow | null>
  readonly posts: DataLoader<string, PostRow[]>
  readonly comments: DataLoader<string, CommentRow[]>
}

export const typeDefs = `
  type User { id: ID! email: String! firstName: String! posts: [Post!]! }
  type Post { id: ID! title: String! likes: Int! shout: String! author: User comments: [Comment!]! }
  type Comment { id: ID! text: String! author: User }
  type Query { user(email: String!): User users(first: Int, from: String): [User!]! }
`

const seen = `tenant = 'a' and not hidden`
const user = 'id, email, first_name as "firstName"'
const post = 'id, title, likes, author_id as author'
const comment = 'id, text, post_id as post, author_id as author'

export interface Rows extends AsyncDisposable {
  readonly pool: pg.Pool
  readonly connectionString: string
  loaders(): Loaders
  user(email: string): Promise<UserRow | null>
  users(first: number, from?: string): Promise<UserRow[]>
}

export async function openRows(data: string): Promise<Rows> {
  const server = await startEmbedded({ data })
  const { host, port, user: name, database } = server
  const pool = new pg.Pool({ host, port, user: name, database })
  const read = async <R extends object>(
    key: string,
    text: string,
    ...values: unknown[]
  ): Promise<R[]> => (await pool.query<R>({ name: key, text, values })).rows
  return {
    pool,
    connectionString: `postgres://${name}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`,
    async user(email) {
      const text = `select ${user} from "user" where email = $1 and ${seen}`
      return (await read<UserRow>('one', text, email))[0] ?? null
    },
    users: (first, from) =>
      from === undefined
        ? read('list', `select ${user} from "user" where ${seen} order by email limit $1`, first)
        : read(
            'from',
            `select ${user} from "user" where email >= $2 and ${seen} order by email limit $1`,
            first,
            from,
          ),
    loaders: () => ({
      users: new DataLoader(async (ids) => {
        const rows = await read<UserRow>(
          'users',
          `select ${user} from "user" where id = any($1) and ${seen}`,
          ids,
        )
        const byId = new Map(rows.map((row) => [row.id, row]))
        return ids.map((id) => byId.get(id) ?? null)
      }),
      posts: new DataLoader(async (ids) => {
        const rows = await read<PostRow>(
          'posts',
          `select ${post} from post where author_id = any($1) and ${seen} order by id`,
          ids,
        )
        const byAuthor = Map.groupBy(rows, (row) => row.author)
        return ids.map((id) => byAuthor.get(id) ?? [])
      }),
      comments: new DataLoader(async (ids) => {
        const rows = await read<CommentRow>(
          'comments',
          `select ${comment} from comment where post_id = any($1) and ${seen} order by id`,
          ids,
        )
        const byPost = Map.groupBy(rows, (row) => row.post)
        return ids.map((id) => byPost.get(id) ?? [])
      }),
    }),
    async [Symbol.asyncDispose]() {
      await pool.end()
      await server[Symbol.asyncDispose]()
    },
  }
}
