/** The blog that the benches read: 1,000 users with 20 posts each, in an embedded PostgreSQL that the bench file starts. */
import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { belongsTo, defineModel, Entity, hasMany, id, int, string } from '@typestead/entity'
import { embedded, open } from '@typestead/store'
import type { BenchMaker } from '../../../bench/measure.ts'
import { all, graphql, list, one, view } from '../src/index.ts'

export class User extends Entity('User', {
  id: id(),
  email: string().unique(),
  firstName: string(),
  get posts() {
    return hasMany(Post, 'author')
  },
}) {}

export class Post extends Entity('Post', {
  id: id(),
  title: string(),
  likes: int(),
  get author() {
    return belongsTo(User)
  },
}) {}

const model = defineModel({ User, Post })

export const data = join(tmpdir(), `typestead-bench-graphql-${process.pid}`)

/** Starts the database, for as long as this process lives, and fills it. */
export async function prepare(): Promise<void> {
  const db = await open(model, embedded({ data }))
  process.once('exit', removeData)
  const names = Array.from({ length: 1000 }, (_, n) => String(n).padStart(4, '0'))
  const users = await db.createMany(
    User,
    names.map((n) => ({ email: `u${n}@example.org`, firstName: `First ${n}` })),
  )
  for (let at = 0; at < users.length; at += 50) {
    const posts = users
      .slice(at, at + 50)
      .flatMap((author) =>
        Array.from({ length: 20 }, (_, n) => ({ title: `Post ${n}`, likes: n, author: author.id })),
      )
    await db.createMany(Post, posts)
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

export interface Asked {
  readonly data: string
  readonly query: string
  readonly times: number
}

/** Our side: requests through the HTTP handler, one after the other. */
export const bench: BenchMaker = async (args) => {
  // The bench file gives these arguments.
  const { data: folder, query, times } = args as unknown as Asked
  const db = await open(model, embedded({ data: folder }))
  const views = {
    User: view(User, { fields: { id: true, email: true, firstName: true, posts: true } }),
    Post: view(Post),
  }
  const api = graphql(db, {
    types: views,
    queries: {
      user: one(views.User, { by: 'email' }),
      users: list(views.User, { orderBy: { email: 'asc' } }),
      all: all(views.User),
    },
  })
  return {
    operations: times,
    async run() {
      let text = ''
      for (let n = 0; n < times; n++) text = await (await api.handler(requestOf(query))).text()
      return JSON.parse(text)
    },
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  }
}

function requestOf(query: string): Request {
  return new Request('http://127.0.0.1/api', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query }),
  })
}
