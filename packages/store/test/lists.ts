/** Orders and pages: nulls are the smallest, texts go by code point, and pages put together are the list. */
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Office } from './behaviour.ts'
import { Enrolment, Member, Post, Sample } from './models.ts'

export function listsBehave(office: Office): void {
  describe('lists', () => {
    let ids: string[] = []
    let authorId = ''

    beforeAll(async () => {
      const author = await office.db.create(Member, { email: 'lists@x.io', name: 'Lists' })
      authorId = author.id
      const posts = Array.from({ length: 23 }, (_, index) => ({
        title: `list ${String(index).padStart(2, '0')}`,
        likes: index % 4,
        score: index % 3 === 0 ? null : (index % 5) / 2,
        author: author.id,
      }))
      ids = (await office.db.createMany(Post, posts)).map((post) => post.id)
    })

    const mine = () => ({ author: authorId, title: { startsWith: 'list' } })

    test('come in the order of the key when none is given', async () => {
      const found = await office.db.find(Post, { where: mine() })
      expect(found.map((post) => post.id)).toEqual([...ids].sort())
    })

    test.each(['asc', 'desc'] as const)('have nulls as the smallest, %s', async (direction) => {
      const found = await office.db.find(Post, { where: mine(), orderBy: { score: direction } })
      const scores = found.map((post) => post.score ?? -1)
      expect(scores).toEqual([...scores].sort((a, b) => (direction === 'asc' ? a - b : b - a)))
      expect(scores.filter((score) => score === -1)).toHaveLength(8)
    })

    test('of texts go by code point', async () => {
      const texts = ['', 'A', 'Z', 'a', 'ä', 'z', '\u2028', '\uE000', '\uFFFD', '\u{1F600}']
      const created = await office.db.createMany(
        Sample,
        texts.map((text) => ({ text })),
      )
      const where = { id: { in: created.map((row) => row.id) } }
      const found = await office.db.find(Sample, { where, orderBy: { text: 'asc' } })
      const bytes = [...texts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      expect(found.map((row) => row.text)).toEqual(bytes)
    })

    test('take several terms in order', async () => {
      const found = await office.db.find(Post, {
        where: mine(),
        orderBy: [{ likes: 'desc' }, { title: 'asc' }],
      })
      const terms = found.map((post) => `${9 - post.likes} ${post.title}`)
      expect(terms).toEqual([...terms].sort())
    })

    test('stop after first, also after none', async () => {
      expect(await office.db.find(Post, { where: mine(), first: 5 })).toHaveLength(5)
      expect(await office.db.find(Post, { where: mine(), first: 0 })).toEqual([])
      expect(
        (await office.db.first(Post, { where: mine(), orderBy: { title: 'desc' } }))?.title,
      ).toBe('list 22')
      expect(await office.db.first(Post, { where: { title: 'none' } })).toBe(null)
    })

    test.each(['asc', 'desc'] as const)(
      'in pages are the list, forwards and backwards, %s',
      async (direction) => {
        const orders = [
          undefined,
          { title: direction },
          { likes: direction },
          { score: direction },
          [{ score: direction }, { likes: direction === 'asc' ? 'desc' : 'asc' }] as const,
        ]
        for (const orderBy of orders) {
          const order = orderBy === undefined ? {} : { orderBy }
          const all = (await office.db.find(Post, { where: mine(), ...order })).map(
            (post) => post.id,
          )
          expect(await pages('forwards', order, 4)).toEqual(all)
          expect(await pages('backwards', order, 4)).toEqual(all)
        }
      },
    )

    test('in pages of any size under any order are the list', async () => {
      const term = fc.constantFrom('title', 'likes', 'score')
      const direction = fc.constantFrom('asc' as const, 'desc' as const)
      const orderBy = fc.array(fc.tuple(term, direction), { maxLength: 3 })
      await fc.assert(
        fc.asyncProperty(
          orderBy,
          fc.integer({ min: 1, max: 25 }),
          fc.boolean(),
          async (terms, size, forwards) => {
            const order = { orderBy: terms.map(([name, way]) => ({ [name]: way })) }
            const all = (await office.db.find(Post, { where: mine(), ...order })).map(
              (post) => post.id,
            )
            expect(await pages(forwards ? 'forwards' : 'backwards', order, size)).toEqual(all)
          },
        ),
        { numRuns: 12 },
      )
    })

    test('go on where they were when rows before the cursor are deleted', async () => {
      const batch = Array.from({ length: 6 }, (_, index) => ({
        title: `gone ${index}`,
        author: authorId,
      }))
      const posts = await office.db.createMany(Post, batch)
      const where = { title: { startsWith: 'gone' } }
      const page = await office.db.page(Post, { where, orderBy: { title: 'asc' }, first: 3 })
      expect(page.items.map((post) => post.title)).toEqual(['gone 0', 'gone 1', 'gone 2'])
      for (const index of [1, 2, 3]) await office.db.delete(Post, posts[index]?.id ?? '')
      const after = page.cursors[2] ?? ''
      const next = await office.db.page(Post, { where, orderBy: { title: 'asc' }, first: 3, after })
      expect(next.items.map((post) => post.title)).toEqual(['gone 4', 'gone 5'])
      expect(next.hasNext).toBe(false)
      expect(next.hasPrevious).toBe(true)
    })

    test('by a key of two parts, one of them a link, have pages too', async () => {
      const members = await office.db.createMany(
        Member,
        [1, 2, 3].map((index) => ({ email: `page${index}@x.io`, name: `Page ${index}` })),
      )
      const courses = ['art', 'bio', 'chemistry']
      await office.db.createMany(
        Enrolment,
        members.flatMap((member) => courses.map((course) => ({ member: member.id, course }))),
      )
      const where = { or: members.map((member) => ({ member: member.id })) }
      const seen: string[] = []
      let after: string | undefined
      do {
        const page = await office.db.page(Enrolment, {
          where,
          orderBy: { course: 'desc' },
          first: 2,
          ...(after === undefined ? {} : { after }),
        })
        seen.push(...page.items.map((row) => `${row.course} ${row.member.id}`))
        after = page.hasNext ? page.cursors.at(-1) : undefined
      } while (after !== undefined)
      expect(seen).toHaveLength(9)
      expect(seen).toEqual([...seen].sort().reverse())
    })

    test('refuse a cursor of another order, another shape, or none at all', async () => {
      const { cursors } = await office.db.page(Post, {
        where: mine(),
        orderBy: { likes: 'asc' },
        first: 1,
      })
      const cursor = cursors[0] ?? ''
      const tampered = Buffer.from(
        Buffer.from(cursor, 'base64url')
          .toString()
          .replace(/\[1,"[^"]*",\[\d/, (head) => head.replace(/\d$/, '{"$gt":0},0')),
      ).toString('base64url')
      const refused = { code: 'BAD_CURSOR' }
      for (const [after, orderBy] of [
        [cursor, { title: 'asc' }],
        [cursor, { likes: 'desc' }],
        [tampered, { likes: 'asc' }],
        ['', { likes: 'asc' }],
        ['no cursor', { likes: 'asc' }],
        [Buffer.from('[1,"likes,id",[{"$ne":1},"x"]]').toString('base64url'), { likes: 'asc' }],
        [Buffer.from('[1,"likes,id",[null,null]]').toString('base64url'), { likes: 'asc' }],
        [Buffer.from('[2,"likes,id",[1,"x"]]').toString('base64url'), { likes: 'asc' }],
      ] as const) {
        const page = office.db.page(Post, { where: mine(), orderBy, first: 1, after })
        await expect(page).rejects.toMatchObject(refused)
      }
    })

    async function pages(
      way: 'forwards' | 'backwards',
      order: object,
      size: number,
    ): Promise<string[]> {
      const seen: string[] = []
      let cursor: string | undefined
      for (;;) {
        const place =
          cursor === undefined ? {} : way === 'forwards' ? { after: cursor } : { before: cursor }
        const amount = way === 'forwards' ? { first: size } : { last: size }
        const page = await office.db.page(Post, { where: mine(), ...order, ...place, ...amount })
        const found = page.items.map((post) => post.id)
        if (way === 'forwards') seen.push(...found)
        else seen.unshift(...found)
        if (!(way === 'forwards' ? page.hasNext : page.hasPrevious)) return seen
        cursor = way === 'forwards' ? page.cursors.at(-1) : page.cursors[0]
      }
    }
  })
}
