/** Relations: loaded in one query for each level, filtered through, and never pointing to nothing. */
import { ValidationError } from '@typestead/entity'
import { type Backend, Database } from '@typestead/store'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Office } from './behaviour.ts'
import { Comment, Enrolment, Mark, Member, model, Post, Profile, Team } from './models.ts'

export function relationsBehave(office: Office): void {
  describe('relations', () => {
    let ann = ''
    let bob = ''
    let cat = ''
    let team = ''

    beforeAll(async () => {
      const { db } = office
      team = (await db.create(Team, { name: 'relations' })).id
      ann = (await db.create(Member, { email: 'ann@rel.io', name: 'Ann', team, age: 30 })).id
      bob = (await db.create(Member, { email: 'bob@rel.io', name: 'Bob', team })).id
      cat = (await db.create(Member, { email: 'cat@rel.io', name: 'Cat', age: 50 })).id
      await db.create(Profile, { bio: 'I am Ann', member: ann })
      const posts = await db.createMany(Post, [
        { title: 'ann 1', likes: 5, author: ann },
        { title: 'ann 2', likes: 1, author: ann },
        { title: 'ann 3', likes: 3, author: ann },
        { title: 'bob 1', likes: 2, author: bob },
      ])
      await db.createMany(Comment, [
        { text: 'good', post: posts[0]?.id ?? '', author: bob },
        { text: 'bad', post: posts[0]?.id ?? '', author: cat },
        { text: 'nobody', post: posts[3]?.id ?? '' },
      ])
    })

    const people = () => ({ id: { in: [ann, bob, cat] } })
    const names = async (where: object) => {
      const found = await office.db.find(Member, {
        where: { and: [people(), where as never] },
        orderBy: { name: 'asc' },
      })
      return found.map((member) => member.name)
    }

    test('that are not loaded are the other row’s key', async () => {
      const member = await office.db.get(Member, ann)
      expect(member?.team).toEqual({ id: team })
      expect(member?.posts).toBeUndefined()
      expect((await office.db.get(Member, cat))?.team).toBe(null)
      expect(member?.greeting()).toBe('I am Ann')
    })

    test('of each kind are loaded, with methods', async () => {
      const found = await office.db.find(Member, {
        where: people(),
        orderBy: { name: 'asc' },
        load: { team: true, profile: true, posts: { orderBy: { likes: 'desc' } } },
      })
      expect(found.map((member) => member.team?.name ?? null)).toEqual([
        'relations',
        'relations',
        null,
      ])
      expect(found.map((member) => member.profile?.bio ?? null)).toEqual(['I am Ann', null, null])
      expect(found.map((member) => member.posts.map((post) => post.title))).toEqual([
        ['ann 1', 'ann 3', 'ann 2'],
        ['bob 1'],
        [],
      ])
      const [post] = await office.db.find(Post, {
        where: { title: 'bob 1' },
        load: { author: true },
      })
      expect(post?.author.greeting()).toBe('I am Bob')
    })

    test('are loaded several deep', async () => {
      const found = await office.db.get(Team, team, {
        load: {
          members: {
            orderBy: { name: 'asc' },
            load: {
              posts: {
                orderBy: { title: 'asc' },
                load: { comments: { orderBy: { text: 'asc' }, load: { author: true } } },
              },
            },
          },
        },
      })
      const first = found?.members[0]?.posts[0]
      const [bad, good] = [first?.comments[0], first?.comments[1]]
      expect([bad?.text, bad?.author?.name]).toEqual(['bad', 'Cat'])
      expect([good?.text, good?.author?.name]).toEqual(['good', 'Bob'])
      expect(found?.members[1]?.posts[0]?.comments.map((comment) => comment.author)).toEqual([null])
    })

    test('count first and where for each parent', async () => {
      const found = await office.db.find(Member, {
        where: people(),
        orderBy: { name: 'asc' },
        load: { posts: { where: { likes: { gt: 1 } }, orderBy: { likes: 'desc' }, first: 1 } },
      })
      expect(found.map((member) => member.posts.map((post) => post.title))).toEqual([
        ['ann 1'],
        ['bob 1'],
        [],
      ])
      const none = await office.db.get(Member, ann, { load: { posts: { first: 0 } } })
      expect(none?.posts).toEqual([])
      const filtered = await office.db.get(Member, ann, {
        load: { team: { where: { name: 'other' } } },
      })
      expect(filtered?.team).toBe(null)
    })

    test('are loaded into rows that are there already', async () => {
      const member = await office.db.get(Member, ann)
      if (!member) throw new Error('Ann is gone')
      const loaded = await office.db.load(Member, member, { posts: true })
      expect(loaded.posts).toHaveLength(3)
    })

    test('take one query for each level, however many rows there are', async () => {
      const counted = countQueries(office.db.backend)
      const db = new Database(model, counted.backend)
      await db.find(Member, {
        where: people(),
        load: { team: true, posts: { load: { comments: { load: { author: true } } } } },
      })
      expect(counted.queries).toBe(5)
    })

    test('are filtered through: some, every, none', async () => {
      expect(await names({ posts: { some: { likes: { gt: 2 } } } })).toEqual(['Ann'])
      expect(await names({ posts: { some: {} } })).toEqual(['Ann', 'Bob'])
      expect(await names({ posts: { none: {} } })).toEqual(['Cat'])
      expect(await names({ posts: { none: { likes: { gt: 2 } } } })).toEqual(['Bob', 'Cat'])
      expect(await names({ posts: { every: { likes: { gt: 1 } } } })).toEqual(['Bob', 'Cat'])
      expect(await names({ not: { posts: { every: { likes: { gt: 1 } } } } })).toEqual(['Ann'])
      expect(
        await names({ posts: { some: { comments: { some: { author: { name: 'Cat' } } } } } }),
      ).toEqual(['Ann'])
      expect(await names({ posts: { some: { comments: { some: { author: null } } } } })).toEqual([
        'Bob',
      ])
    })

    test('to one are filtered through, by key, by null and by their fields', async () => {
      expect(await names({ team: team })).toEqual(['Ann', 'Bob'])
      expect(await names({ team: { in: [team] } })).toEqual(['Ann', 'Bob'])
      expect(await names({ team: { notIn: [team] } })).toEqual(['Cat'])
      expect(await names({ team: { ne: team } })).toEqual(['Cat'])
      expect(await names({ team: null })).toEqual(['Cat'])
      expect(await names({ team: { name: { startsWith: 'rel' } } })).toEqual(['Ann', 'Bob'])
      expect(await names({ team: {} })).toEqual(['Ann', 'Bob'])
      expect(await names({ not: { team: { name: 'relations' } } })).toEqual(['Cat'])
      expect(await names({ profile: null })).toEqual(['Bob', 'Cat'])
      expect(await names({ profile: { bio: { contains: 'Ann' } } })).toEqual(['Ann'])
      expect(await names({ team: 'no uuid' })).toEqual([])
      expect(await names({ team: { members: { some: { name: 'Bob' } } } })).toEqual(['Ann', 'Bob'])
    })

    test('lead to a row that is there, or the write is refused', async () => {
      const nowhere = '00000000-0000-7000-8000-000000000000'
      const refused = { issues: [{ path: ['author'], message: 'there is no such Member' }] }
      await expect(office.db.create(Post, { title: 'x', author: nowhere })).rejects.toMatchObject(
        refused,
      )
      await expect(office.db.create(Post, { title: 'x', author: 'no uuid' })).rejects.toMatchObject(
        refused,
      )
      const many = office.db.createMany(Post, [
        { title: 'half', author: ann },
        { title: 'half', author: nowhere },
      ])
      await expect(many).rejects.toMatchObject(refused)
      expect(await office.db.count(Post, { title: 'half' })).toBe(0)
      const [post] = await office.db.find(Post, { where: { title: 'ann 1' } })
      await expect(office.db.update(Post, post?.id ?? '', { author: nowhere })).rejects.toThrow(
        ValidationError,
      )
    })

    test('are given as a key, as a reference or as a row', async () => {
      const { db } = office
      const row = await db.get(Member, bob)
      for (const author of [bob, { id: bob }, row as NonNullable<typeof row>]) {
        const post = await db.create(Post, { title: 'given', author })
        expect((await db.get(Post, post.id))?.author).toEqual({ id: bob })
        await db.delete(Post, post.id)
      }
    })

    test('to a key of several parts are kept, filtered and loaded', async () => {
      const { db } = office
      const key = { member: ann, course: 'latin' }
      await db.create(Enrolment, { ...key, grade: 2 })
      await db.create(Enrolment, { member: bob, course: 'latin' })
      const mark = await db.create(Mark, { value: 1, enrolment: key as never })
      expect(await db.get(Enrolment, key as never)).toMatchObject({ grade: 2, member: { id: ann } })
      expect(await db.get(Enrolment, { ...key, course: 'greek' } as never)).toBe(null)
      const loaded = await db.get(Mark, mark.id, {
        load: { enrolment: { load: { member: true } } },
      })
      expect(loaded?.enrolment.member.name).toBe('Ann')
      const [enrolment] = await db.find(Enrolment, {
        where: { member: ann, course: 'latin' },
        load: { marks: true },
      })
      expect(enrolment?.marks.map((one) => one.value)).toEqual([1])
      expect(await db.count(Enrolment, { marks: { some: { value: 1 } } })).toBe(1)
      expect(await db.count(Enrolment, { course: 'latin', marks: { none: {} } })).toBe(1)
      expect(await db.count(Mark, { enrolment: { member: { name: 'Ann' } } })).toBe(1)
      await expect(db.create(Enrolment, { ...key })).rejects.toMatchObject({
        code: 'CONFLICT',
        fields: ['member', 'course'],
      })
      expect(await db.update(Enrolment, key as never, { grade: 5 })).toMatchObject({ grade: 5 })
      expect(await db.delete(Enrolment, key as never)).toMatchObject({ course: 'latin' })
      expect(await db.get(Mark, mark.id)).toBe(null)
    })
  })
}

/** The same backend, counting what is read. */
function countQueries(backend: Backend): { readonly backend: Backend; readonly queries: number } {
  let queries = 0
  const counting = new Proxy(backend, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      if (name === 'select' || name === 'selectRelated' || name === 'count') queries++
      return value.bind(target)
    },
  })
  return {
    backend: counting,
    get queries() {
      return queries
    },
  }
}
