/** Three users and four posts for an empty blog, so that there is something to ask for. */
import type { Database } from '@typestead/store'
import { Post, User } from './model.ts'

export async function seedIfEmpty(db: Database): Promise<void> {
  if ((await db.first(User)) !== null) return
  const [ann, bo] = await db.createMany(User, [
    { name: 'Ann Lee', email: 'ann@example.com' },
    { name: 'Bo Berg', email: 'bo@example.com' },
    { name: 'Cleo Diaz', email: 'cleo@example.com' },
  ])
  if (!ann || !bo) throw new TypeError('createMany returned fewer rows than were given')
  await db.createMany(Post, [
    { title: 'GraphQL in an afternoon', body: 'One class for each thing, one query.', author: ann },
    { title: 'What a relation is', body: 'A key in one row that names another.', author: ann },
    { title: 'Errors are part of the API', body: 'They say what to change.', author: bo },
    { title: 'On deleting posts', body: 'Ask twice, delete once.', author: bo },
  ])
}
