/**
 * The blog that the benches read: 1,000 users with 20 posts of 3 comments each, a second tenant and hidden rows beside them, in an
 * embedded PostgreSQL that the bench file starts. Every read is scoped to a tenant, and a rule hides some rows.
 */
import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  belongsTo,
  boolean,
  defineModel,
  Entity,
  hasMany,
  id,
  int,
  string,
} from '@typestead/entity'
import { type Database, embedded, open } from '@typestead/store'
import { changed, computed, connection, graphql, list, one, update, view } from '../src/index.ts'

const shared = { tenant: 'tenant', allow: { read: { hidden: false } } } as const

export class User extends Entity(
  'User',
  {
    id: id(),
    tenant: string(),
    hidden: boolean().default(false),
    email: string().unique(),
    firstName: string(),
    get posts() {
      return hasMany(Post, 'author')
    },
  },
  shared,
) {}

export class Post extends Entity(
  'Post',
  {
    id: id(),
    tenant: string(),
    hidden: boolean().default(false),
    title: string(),
    likes: int(),
    get author() {
      return belongsTo(User)
    },
    get comments() {
      return hasMany(Comment, 'post')
    },
  },
  shared,
) {}

export class Comment extends Entity(
  'Comment',
  {
    id: id(),
    tenant: string(),
    hidden: boolean().default(false),
    text: string(),
    get post() {
      return belongsTo(Post)
    },
    get author() {
      return belongsTo(User)
    },
  },
  shared,
) {}

export const model = defineModel({ User, Post, Comment })

export const data = join(tmpdir(), `typestead-bench-graphql-${process.pid}`)

let filled: Promise<void> | undefined

/** Starts the database, for as long as this process lives, and fills it; once. */
export function prepare(): Promise<void> {
  filled ??= fill()
  return filled
}

async function fill(): Promise<void> {
  const db = await open(model, embedded({ data }))
  process.once('exit', removeData)
  for (const tenant of ['a', 'b']) {
    const names = Array.from({ length: tenant === 'a' ? 1000 : 200 }, (_, n) =>
      String(n).padStart(4, '0'),
    )
    const users = await db.createMany(
      User,
      names.map((n) => ({ tenant, email: `${tenant}${n}@example.org`, firstName: `First ${n}` })),
    )
    for (let at = 0; at < users.length; at += 50) {
      const some = users.slice(at, at + 50)
      const posts = await db.createMany(
        Post,
        some.flatMap((author) =>
          Array.from({ length: 20 }, (_, n) => ({
            tenant,
            title: `Post ${n} of ${author.firstName}`,
            likes: n,
            hidden: n === 19,
            author: author.id,
          })),
        ),
      )
      await db.createMany(
        Comment,
        posts.flatMap((post, p) =>
          Array.from({ length: 3 }, (_, n) => ({
            tenant,
            text: `Comment ${n} on ${post.title}`,
            post: post.id,
            author: (some[(p + n) % some.length] as User).id,
          })),
        ),
      )
    }
  }
}

/** The server was told to stop by then; it writes into its folder until it has. */
function removeData(): void {
  const pidFile = join(data, 'postgres', 'postmaster.pid')
  for (let waited = 0; existsSync(pidFile) && waited < 10_000; waited += 50) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
  }
  rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}

/** The API that is measured; whoever asks is of tenant a. */
export function blogApi(db: Database) {
  const Posts = view(Post, {
    omit: ['tenant', 'hidden'],
    add: { shout: computed('String!', ['title'], ({ title }) => title.toUpperCase()) },
  })
  const Users = view(User, {
    fields: { id: true, email: true, firstName: true, posts: true },
  })
  return graphql(db, {
    context: () => ({ current: { tenant: 'a' } }),
    types: { User: Users, Post: Posts, Comment: view(Comment, { omit: ['tenant', 'hidden'] }) },
    limits: { cost: 1e9 },
    queries: {
      user: one(Users, { by: 'email' }),
      users: list(Users, { orderBy: { email: 'asc' } }),
      postPages: connection(Posts),
    },
    mutations: { updatePost: update(Posts) },
    subscriptions: { postChanged: changed(Posts) },
  })
}
