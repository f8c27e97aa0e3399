/** The SQL that one would write by hand for the list query, its JSON text sent on; no GraphQL at all. */
import type { BenchMaker } from '../../measure.ts'
import { openRows } from './rows.ts'
import { type Asked, answerer, askedOf } from './serve.ts'

const seen = (alias: string) => `${alias}.tenant = 'a' and not ${alias}.hidden`

const statements: Readonly<Record<string, string>> = {
  user: `select json_build_object('data', json_build_object('user', (select json_build_object('id', u.id, 'email', u.email, 'firstName', u.first_name) from "user" u where u.email = 'a0500@example.org' and ${seen('u')})))::text`,
  list: `select json_build_object('data', json_build_object('users', (select json_agg(json_build_object('email', u.email, 'posts', (select coalesce(json_agg(json_build_object('title', p.title, 'likes', p.likes) order by p.id), '[]') from post p where p.author_id = u.id and ${seen('p')})) order by u.email) from (select * from "user" u where ${seen('u')} order by email limit 50) u)))::text`,
  levels: `select json_build_object('data', json_build_object('users', (select json_agg(json_build_object('email', u.email, 'posts', (select coalesce(json_agg(json_build_object('title', p.title, 'comments', (select coalesce(json_agg(json_build_object('text', c.text, 'author', (select json_build_object('email', a.email) from "user" a where a.id = c.author_id and ${seen('a')})) order by c.id), '[]') from comment c where c.post_id = p.id and ${seen('c')})) order by p.id), '[]') from post p where p.author_id = u.id and ${seen('p')})) order by u.email) from (select * from "user" u where ${seen('u')} order by email limit 20) u)))::text`,
}

export const bench: BenchMaker = async (args) => {
  const asked = askedOf(args) as Asked & { statement: string }
  const rows = await openRows(asked.data)
  const text = statements[asked.statement] ?? ''
  return answerer(
    asked,
    async (request) => {
      await request.json()
      const found = await rows.pool.query({ text, rowMode: 'array', name: 'raw' })
      return new Response((found.rows as string[][])[0]?.[0], {
        headers: { 'content-type': 'application/json; charset=utf-8' },
      })
    },
    () => rows[Symbol.asyncDispose](),
  )
}
