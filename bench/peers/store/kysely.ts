/** Kysely's query builder on its own PostgreSQL dialect. */
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { v7 } from 'uuid'
import type { BenchMaker } from '../../measure.ts'
import { joinServer } from './server.ts'
import { askedOf, lastPlace, type NewNote, type Row, repeated } from './tasks.ts'

interface Tables {
  user: { id: string; email: string; name: string; created_at: Date }
  post: {
    id: string
    title: string
    body: string
    likes: number
    created_at: Date
    author_id: string
  }
  note: { id: string; text: string; likes: number; created_at: Date; author_id: string }
}

const user = ['id', 'email', 'name', 'created_at as createdAt'] as const
const post = [
  'id',
  'title',
  'body',
  'likes',
  'created_at as createdAt',
  'author_id as author',
] as const
const note = ['id', 'text', 'likes', 'created_at as createdAt', 'author_id as author'] as const

export const bench: BenchMaker = async (args) => {
  const { data, task } = askedOf(args)
  const server = await joinServer(data)
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: new pg.Pool(server) }) })
  const values = ({ text, likes, createdAt, author }: NewNote) => ({
    id: v7(),
    text,
    likes,
    created_at: createdAt,
    author_id: author,
  })
  return repeated(task, {
    get: (id) => db.selectFrom('post').select(post).where('id', '=', id).executeTakeFirst(),
    async usersWithPosts(first) {
      const users = await db.selectFrom('user').select(user).orderBy('email').limit(first).execute()
      const lists = new Map(users.map(({ id }) => [id, [] as Row[]]))
      const posts = await db
        .selectFrom('post')
        .select(post)
        .where('author_id', '=', sql<string>`any(${[...lists.keys()]})`)
        .orderBy('id')
        .execute()
      for (const one of posts) lists.get(one.author)?.push(one)
      return users.map((one) => ({ ...one, posts: lists.get(one.id) }))
    },
    usersLiked: (likes, first) =>
      db
        .selectFrom('user')
        .select(user)
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('post')
              .select('post.id')
              .whereRef('post.author_id', '=', 'user.id')
              .where('post.likes', '>', likes),
          ),
        )
        .orderBy('email')
        .limit(first)
        .execute(),
    async page(size, toEnd) {
      let query = db
        .selectFrom('post')
        .select(post)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(size + 1)
      if (toEnd) {
        query = query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('created_at', 'id'), '<', tuple(lastPlace.createdAt, lastPlace.id)),
        )
      }
      const found = await query.execute()
      return { items: found.slice(0, size), hasNext: found.length > size }
    },
    insert: (one) => db.insertInto('note').values(values(one)).returning(note).executeTakeFirst(),
    insertMany: (notes) =>
      db.insertInto('note').values(notes.map(values)).returning(note).execute(),
    update: (id, author, text) =>
      db
        .updateTable('note')
        .set({ text })
        .where('id', '=', id)
        .where('author_id', '=', author)
        .returning(note)
        .executeTakeFirst(),
    async [Symbol.asyncDispose]() {
      await db.destroy()
      await server[Symbol.asyncDispose]()
    },
  })
}
