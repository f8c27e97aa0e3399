/** The blog: users who write posts, and where their rows are kept. */
import { join } from 'node:path'
import {
  belongsTo,
  createdAt,
  defineModel,
  Entity,
  hasMany,
  id,
  string,
  updatedAt,
} from '@typestead/entity'
import { embedded, mongo, type Source } from '@typestead/store'

export class User extends Entity('User', {
  id: id(),
  name: string().min(1),
  email: string().email().unique(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
  get posts() {
    return hasMany(Post, 'author')
  },
}) {}

export class Post extends Entity('Post', {
  id: id(),
  title: string().min(1, 'A post needs a title'),
  body: string(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
  get author() {
    return belongsTo(User).onDelete('cascade')
  },
}) {}

export const model = defineModel({ User, Post })

const { MONGO_URL, TYPESTEAD_DATA } = process.env

/** MongoDB where `MONGO_URL` says so, else a PostgreSQL server from npm in this folder. */
export const source: Source = MONGO_URL
  ? mongo(MONGO_URL)
  : embedded({
      data: TYPESTEAD_DATA || join(import.meta.dirname, '.typestead'),
      resolveFrom: import.meta.dirname,
    })
