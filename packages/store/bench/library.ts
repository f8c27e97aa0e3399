/** The rows that the benches read and write, in an embedded PostgreSQL that the bench file starts and fills once. */
import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  belongsTo,
  current,
  datetime,
  defineModel,
  Entity,
  hasMany,
  id,
  int,
  string,
} from '@typestead/entity'
import { idOf, noteCount, postsEach, timeOf, userCount } from '../../../bench/peers/store/tasks.ts'
import { embedded, open } from '../src/index.ts'

export class User extends Entity('User', {
  id: id(),
  email: string().email().unique(),
  name: string(),
  createdAt: datetime(),
  get posts() {
    return hasMany(Post, 'author')
  },
}) {}

export class Post extends Entity(
  'Post',
  {
    id: id(),
    title: string(),
    body: string(),
    likes: int(),
    createdAt: datetime(),
    get author() {
      return belongsTo(User)
    },
  },
  { indexes: [['createdAt', 'id']] },
) {}

/** What the writing tasks write; only its author may change a note. */
export class Note extends Entity(
  'Note',
  {
    id: id(),
    text: string(),
    likes: int(),
    createdAt: datetime(),
    get author() {
      return belongsTo(User)
    },
  },
  { allow: { update: { author: current('userId') } } },
) {}

export const model = defineModel({ User, Post, Note })

export const data = join(tmpdir(), `typestead-bench-store-${process.pid}`)

let filled: Promise<void> | undefined

/** Starts the database, for as long as this process lives, and fills it; once. */
export function prepare(): Promise<void> {
  filled ??= fill()
  return filled
}

async function fill(): Promise<void> {
  const db = await open(model, embedded({ data }))
  process.once('exit', removeData)
  await db.createMany(
    User,
    Array.from({ length: userCount }, (_, n) => ({
      id: idOf('user', n),
      email: `user${String(n).padStart(4, '0')}@example.org`,
      name: `User ${n}`,
      createdAt: timeOf(n),
    })),
  )
  await db.createMany(
    Post,
    Array.from({ length: userCount * postsEach }, (_, n) => ({
      id: idOf('post', n),
      title: `Post number ${n}`,
      body: `What post ${n} says. `.repeat(6),
      likes: (n * 7919) % 101,
      createdAt: timeOf(n),
      author: idOf('user', n % userCount),
    })),
  )
  await db.createMany(
    Note,
    Array.from({ length: noteCount }, (_, n) => ({
      id: idOf('note', n),
      text: `Note ${n}`,
      likes: n % 100,
      createdAt: timeOf(n),
      author: idOf('user', n % userCount),
    })),
  )
}

/** The server was told to stop by then; it writes into its folder until it has. */
function removeData(): void {
  const pidFile = join(data, 'postgres', 'postmaster.pid')
  for (let waited = 0; existsSync(pidFile) && waited < 10_000; waited += 50) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
  }
  rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}
