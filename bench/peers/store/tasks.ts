/**
 * The tasks that every side does, over the same rows: 500 users with 20 posts each, and notes to write to. What a side
 * makes of its rows is compared after the clock has stopped.
 */
import type { Bench, Json } from '../../measure.ts'

export interface NewNote {
  readonly text: string
  readonly likes: number
  readonly createdAt: Date
  /** A user's id. */
  readonly author: string
}

/** A row as a side's users get it; `author` is a key, or an object that has it as `id`. */
export type Row = object

/** A row whose columns are read by name. */
export type Columns = Readonly<Record<string, unknown>>

export interface Posts {
  readonly items: readonly Row[]
  readonly hasNext: boolean
}

export interface Tasks extends AsyncDisposable {
  /** One post by its id. */
  get(id: string): Promise<Row | null | undefined>
  /** The first users by email, each with `posts` in the order of their ids. */
  usersWithPosts(first: number): Promise<readonly Row[]>
  /** The first users by email who have a post with more likes than this. */
  usersLiked(likes: number, first: number): Promise<readonly Row[]>
  /** Posts by `createdAt` and id, newest first; `toEnd` gives those after the place that `size` rows follow. */
  page(size: number, toEnd: boolean): Promise<Posts>
  insert(note: NewNote): Promise<Row | undefined>
  insertMany(notes: readonly NewNote[]): Promise<readonly Row[]>
  /** Changes the note if it is this user's, and gives it as it then is. */
  update(id: string, author: string, text: string): Promise<Row | null | undefined>
}

/** How often a repetition does each task. */
export const tasks = {
  get: 200,
  load: 8,
  some: 20,
  firstPage: 80,
  lastPage: 80,
  insert: 25,
  insertMany: 1,
  update: 25,
} as const

export type Task = keyof typeof tasks

export const userCount = 500
export const postsEach = 20
export const noteCount = 1000
export const pageSize = 20

/** The n-th id of a table, the same on every side. */
export function idOf(table: 'user' | 'post' | 'note', n: number): string {
  const kind = { user: 1, post: 2, note: 3 }[table]
  return `00000000-0000-7000-8${kind}00-${n.toString(16).padStart(12, '0')}`
}

/** When the n-th row was made. */
export function timeOf(n: number): Date {
  return new Date(Date.UTC(2026, 0, 1) + n * 60_000)
}

/** Where a page to the end starts: the row before its first one. */
export const lastPlace = { createdAt: timeOf(pageSize), id: idOf('post', pageSize) } as const

/** Of a bench's arguments. */
export interface Asked {
  readonly data: string
  readonly task: Task
}

/** The bench file gives these arguments. */
export function askedOf(args: Json | undefined): Asked {
  return args as unknown as Asked
}

export async function repeated(task: Task, side: Tasks): Promise<Bench> {
  const times = tasks[task]
  const work = works[task]
  return {
    operations: times,
    async run() {
      const answers: unknown[] = []
      for (let n = 0; n < times; n++) answers.push(await work(side, n))
      return { toJSON: () => answers.map(plain) }
    },
    [Symbol.asyncDispose]: async () => void (await side[Symbol.asyncDispose]()),
  }
}

const works: Readonly<Record<Task, (side: Tasks, n: number) => Promise<unknown>>> = {
  get: (side, n) => side.get(idOf('post', (n * 7919) % (userCount * postsEach))),
  load: (side) => side.usersWithPosts(50),
  some: (side, n) => side.usersLiked(90 + (n % 5), 20),
  firstPage: (side) => side.page(pageSize, false),
  lastPage: (side) => side.page(pageSize, true),
  insert: async (side, n) => written(await side.insert(newNote(n))),
  insertMany: async (side) =>
    (await side.insertMany(Array.from({ length: 1000 }, (_, n) => newNote(n)))).map(written),
  update: (side, n) => side.update(idOf('note', n), idOf('user', n % userCount), `Changed ${n}`),
}

function newNote(n: number): NewNote {
  const author = idOf('user', n % userCount)
  return { text: `A note, number ${n}`, likes: n % 100, createdAt: timeOf(n), author }
}

/** Ids of new rows differ; that there is one does not. */
function written(row: Row | undefined): unknown {
  return { toJSON: () => ({ ...(plain(row) as Columns), id: typeof (row as Columns).id }) }
}

const names = ['id', 'email', 'name', 'title', 'body', 'text', 'likes', 'createdAt'] as const

/** The same form for every side's rows, pages and lists. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value ?? null
  if ('toJSON' in value && !('id' in value)) return value
  if ('items' in value) {
    const { items, hasNext } = value as Posts
    return { items: items.map(plain), hasNext }
  }
  const row = value as Columns
  const out: Record<string, unknown> = {}
  for (const name of names) if (row[name] !== undefined) out[name] = row[name]
  const { author, posts } = row
  if (typeof author === 'object' && author !== null) out.author = (author as Columns).id
  else if (author !== undefined) out.author = author
  if (isLoaded(posts)) out.posts = [...posts].map(plain)
  return out
}

/** A list; MikroORM has a collection there, also where none was loaded. */
function isLoaded(posts: unknown): posts is Iterable<unknown> {
  if (typeof posts !== 'object' || posts === null) return false
  return (
    !('isInitialized' in posts && typeof posts.isInitialized === 'function') ||
    posts.isInitialized() === true
  )
}
