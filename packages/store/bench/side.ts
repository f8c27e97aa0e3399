/** Our side: the store as applications open it. */
import type { BenchMaker } from '../../../bench/measure.ts'
import { askedOf, idOf, pageSize, repeated, type Tasks } from '../../../bench/peers/store/tasks.ts'
import { embedded, open } from '../src/index.ts'
import { model, Note, Post, User } from './library.ts'

const newest = { createdAt: 'desc' } as const

export const bench: BenchMaker = async (args) => {
  const { data, task } = askedOf(args)
  const db = await open(model, embedded({ data }))
  const end = await db.page(Post, { orderBy: newest, last: pageSize + 1 })
  if (end.items[0]?.id !== idOf('post', pageSize)) throw new Error('the last page is elsewhere')
  const after = end.cursors[0] as string
  const side: Tasks = {
    get: (id) => db.get(Post, id),
    usersWithPosts: (first) =>
      db.find(User, { orderBy: { email: 'asc' }, first, load: { posts: true } }),
    usersLiked: (likes, first) =>
      db.find(User, {
        where: { posts: { some: { likes: { gt: likes } } } },
        orderBy: { email: 'asc' },
        first,
      }),
    page: (size, toEnd) =>
      db.page(Post, { orderBy: newest, first: size, ...(toEnd ? { after } : {}) }),
    insert: (note) => db.create(Note, note),
    insertMany: (notes) => db.createMany(Note, notes),
    update: (id, userId, text) => db.as({ userId }).update(Note, id, { text }),
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  }
  return repeated(task, side)
}
