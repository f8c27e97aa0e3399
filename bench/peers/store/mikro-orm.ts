/** MikroORM 7 with a fork of its entity manager for each task, as one has it for each request. */
import { defineEntity, p } from '@mikro-orm/core'
import { MikroORM } from '@mikro-orm/postgresql'
import { v7 } from 'uuid'
import type { BenchMaker } from '../../measure.ts'
import { joinServer } from './server.ts'
import { askedOf, lastPlace, type NewNote, repeated } from './tasks.ts'

const id = () =>
  p
    .uuid()
    .primary()
    .onCreate(() => v7())
const createdAt = () => p.datetime().columnType('timestamptz(3)')

const User = defineEntity({
  name: 'User',
  tableName: 'user',
  properties: {
    id: id(),
    email: p.text().unique(),
    name: p.text(),
    createdAt: createdAt(),
    posts: () => p.oneToMany(Post).mappedBy('author'),
  },
})
const Post = defineEntity({
  name: 'Post',
  tableName: 'post',
  properties: {
    id: id(),
    title: p.text(),
    body: p.text(),
    likes: p.integer(),
    createdAt: createdAt(),
    author: () => p.manyToOne(User),
  },
})
const Note = defineEntity({
  name: 'Note',
  tableName: 'note',
  properties: {
    id: id(),
    text: p.text(),
    likes: p.integer(),
    createdAt: createdAt(),
    author: () => p.manyToOne(User),
  },
})

export const bench: BenchMaker = async (args) => {
  const { data, task } = askedOf(args)
  const server = await joinServer(data)
  const { host, port, user, database } = server
  const orm = await MikroORM.init({
    entities: [User, Post, Note],
    host,
    port,
    user,
    dbName: database,
    pool: { max: 10 },
    debug: false,
  })
  const fork = () => orm.em.fork()
  const newest = { createdAt: 'desc', id: 'desc' } as const
  return repeated(task, {
    get: (id) => fork().findOne(Post, id),
    usersWithPosts: (first) =>
      fork().find(
        User,
        {},
        {
          orderBy: { email: 'asc' },
          limit: first,
          populate: ['posts'],
          populateOrderBy: { posts: { id: 'asc' } },
          strategy: 'select-in',
        },
      ),
    usersLiked: (likes, first) =>
      fork().find(
        User,
        { posts: { $some: { likes: { $gt: likes } } } },
        { orderBy: { email: 'asc' }, limit: first },
      ),
    async page(size, toEnd) {
      const page = await fork().findByCursor(Post, {
        first: size,
        orderBy: newest,
        includeCount: false,
        ...(toEnd ? { after: lastPlace } : {}),
      })
      return { items: page.items, hasNext: page.hasNextPage }
    },
    async insert(note: NewNote) {
      const em = fork()
      const made = em.create(Note, note)
      await em.flush()
      return made
    },
    async insertMany(notes) {
      const em = fork()
      const made = notes.map((note) => em.create(Note, note))
      await em.flush()
      return made
    },
    async update(id, author, text) {
      const em = fork()
      const found = await em.findOne(Note, { id, author })
      if (found === null) return null
      found.text = text
      await em.flush()
      return found
    },
    async [Symbol.asyncDispose]() {
      await orm.close()
      await server[Symbol.asyncDispose]()
    },
  })
}
