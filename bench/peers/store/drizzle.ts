/** Drizzle's relational queries, prepared once where it can prepare them; its query builder for writes. */
import { and, asc, desc, eq, exists, gt, relations, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { v7 } from 'uuid'
import type { BenchMaker } from '../../measure.ts'
import { joinServer } from './server.ts'
import { askedOf, lastPlace, repeated } from './tasks.ts'

const createdAt = () => timestamp('created_at', { withTimezone: true, precision: 3 }).notNull()
const id = () =>
  uuid('id')
    .primaryKey()
    .$defaultFn(() => v7())
const author = () =>
  uuid('author_id')
    .notNull()
    .references(() => users.id)

const users = pgTable('user', {
  id: id(),
  email: text('email').notNull().unique(),
  name: text('name').notNull(),
  createdAt: createdAt(),
})
const posts = pgTable('post', {
  id: id(),
  title: text('title').notNull(),
  body: text('body').notNull(),
  likes: integer('likes').notNull(),
  createdAt: createdAt(),
  author: author(),
})
const notes = pgTable('note', {
  id: id(),
  text: text('text').notNull(),
  likes: integer('likes').notNull(),
  createdAt: createdAt(),
  author: author(),
})
const usersRelations = relations(users, ({ many }) => ({ posts: many(posts) }))
const postsRelations = relations(posts, ({ one }) => ({
  writer: one(users, { fields: [posts.author], references: [users.id] }),
}))

export const bench: BenchMaker = async (args) => {
  const { data, task } = askedOf(args)
  const server = await joinServer(data)
  const pool = new pg.Pool(server)
  const db = drizzle(pool, { schema: { users, posts, notes, usersRelations, postsRelations } })
  const $ = (name: string) => sql.placeholder(name)
  const newest = [desc(posts.createdAt), desc(posts.id)]
  const get = db.query.posts.findFirst({ where: eq(posts.id, $('id')) }).prepare('get')
  const withPosts = db.query.users
    .findMany({
      orderBy: asc(users.email),
      limit: $('first'),
      with: { posts: { orderBy: asc(posts.id) } },
    })
    .prepare('with_posts')
  const liked = db.query.users
    .findMany({
      where: (user) =>
        exists(
          db
            .select({ id: posts.id })
            .from(posts)
            .where(and(eq(posts.author, user.id), gt(posts.likes, $('likes')))),
        ),
      orderBy: asc(users.email),
      limit: $('first'),
    })
    .prepare('liked')
  const start = db.query.posts.findMany({ orderBy: newest, limit: $('size') }).prepare('start')
  const after = db.query.posts
    .findMany({
      where: sql`(${posts.createdAt}, ${posts.id}) < (${$('createdAt')}, ${$('id')})`,
      orderBy: newest,
      limit: $('size'),
    })
    .prepare('after')
  const insert = db
    .insert(notes)
    .values({
      id: $('id'),
      text: $('text'),
      likes: $('likes'),
      createdAt: $('createdAt'),
      author: $('author'),
    })
    .returning()
    .prepare('insert')
  const update = db
    .update(notes)
    // Placeholders in `set` are not in its types, but work.
    .set({ text: sql`${$('text')}` })
    .where(and(eq(notes.id, $('id')), eq(notes.author, $('author'))))
    .returning()
    .prepare('update')
  return repeated(task, {
    get: (id) => get.execute({ id }),
    usersWithPosts: (first) => withPosts.execute({ first }),
    usersLiked: (likes, first) => liked.execute({ likes, first }),
    async page(size, toEnd) {
      const found = toEnd
        ? await after.execute({ size: size + 1, ...lastPlace })
        : await start.execute({ size: size + 1 })
      return { items: found.slice(0, size), hasNext: found.length > size }
    },
    insert: async (one) => (await insert.execute({ id: v7(), ...one }))[0],
    insertMany: (many) =>
      db
        .insert(notes)
        .values([...many])
        .returning(),
    update: async (id, author, text) => (await update.execute({ id, author, text }))[0],
    async [Symbol.asyncDispose]() {
      await pool.end()
      await server[Symbol.asyncDispose]()
    },
  })
}
