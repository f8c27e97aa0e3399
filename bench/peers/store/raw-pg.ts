/** The SQL that one would write by hand, as named prepared statements of `pg`. */
import pg from 'pg'
import { v7 } from 'uuid'
import type { BenchMaker } from '../../measure.ts'
import { joinServer } from './server.ts'
import { askedOf, type Columns, lastPlace, repeated } from './tasks.ts'

const user = 'id, email, name, created_at as "createdAt"'
const post = 'id, title, body, likes, created_at as "createdAt", author_id as author'
const note = 'id, text, likes, created_at as "createdAt", author_id as author'

export const bench: BenchMaker = async (args) => {
  const { data, task } = askedOf(args)
  const server = await joinServer(data)
  const pool = new pg.Pool(server)
  const rows = async (name: string, text: string, values: unknown[]) =>
    (await pool.query<Columns>({ name, text, values })).rows
  return repeated(task, {
    get: async (id) => (await rows('get', `select ${post} from post where id = $1`, [id]))[0],
    async usersWithPosts(first) {
      const users = await rows('users', `select ${user} from "user" order by email limit $1`, [
        first,
      ])
      const lists = new Map(users.map(({ id }) => [id, [] as Columns[]]))
      const posts = await rows(
        'posts',
        `select ${post} from post where author_id = any($1) order by id`,
        [[...lists.keys()]],
      )
      for (const one of posts) lists.get(one.author)?.push(one)
      return users.map((one) => ({ ...one, posts: lists.get(one.id) }))
    },
    usersLiked: (likes, first) =>
      rows(
        'liked',
        `select ${user} from "user" u where exists (select from post p where p.author_id = u.id and p.likes > $1) order by email limit $2`,
        [likes, first],
      ),
    async page(size, toEnd) {
      const found = toEnd
        ? await rows(
            'after',
            `select ${post} from post where (created_at, id) < ($1, $2) order by created_at desc, id desc limit $3`,
            [lastPlace.createdAt, lastPlace.id, size + 1],
          )
        : await rows(
            'start',
            `select ${post} from post order by created_at desc, id desc limit $1`,
            [size + 1],
          )
      return { items: found.slice(0, size), hasNext: found.length > size }
    },
    insert: async ({ text, likes, createdAt, author }) =>
      (
        await rows(
          'insert',
          `insert into note (id, text, likes, created_at, author_id) values ($1, $2, $3, $4, $5) returning ${note}`,
          [v7(), text, likes, createdAt, author],
        )
      )[0],
    insertMany: (notes) =>
      rows(
        'insertMany',
        `insert into note (id, text, likes, created_at, author_id) select * from unnest($1::uuid[], $2::text[], $3::int[], $4::timestamptz[], $5::uuid[]) returning ${note}`,
        [
          notes.map(() => v7()),
          notes.map(({ text }) => text),
          notes.map(({ likes }) => likes),
          notes.map(({ createdAt }) => createdAt.toISOString()),
          notes.map(({ author }) => author),
        ],
      ),
    update: async (id, author, text) =>
      (
        await rows(
          'update',
          `update note set text = $1 where id = $2 and author_id = $3 returning ${note}`,
          [text, id, author],
        )
      )[0],
    async [Symbol.asyncDispose]() {
      await pool.end()
      await server[Symbol.asyncDispose]()
    },
  })
}
