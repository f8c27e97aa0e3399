/** Rules and tenants: a row that someone may not see has no influence on any answer that they get. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Office } from './behaviour.ts'
import { Paper, Reader, Sheet } from './models.ts'

export function rulesBehave(office: Office): void {
  describe('rules', () => {
    let ann = ''
    let bob = ''
    let eve = ''
    let annDraft = ''
    let annFinal = ''
    let bobDraft = ''
    let bobFinal = ''
    let elsewhere = ''
    const forbidden = { code: 'FORBIDDEN' }

    beforeAll(async () => {
      const { db } = office
      const readers = await db.createMany(Reader, [
        { name: 'Ann', circle: 'north' },
        { name: 'Bob', circle: 'north' },
        { name: 'Eve', circle: 'south' },
      ])
      ;[ann, bob, eve] = readers.map((reader) => reader.id) as [string, string, string]
      const paper = async (
        title: string,
        owner: string,
        state: 'draft' | 'final',
        tenant = 'one',
      ) => (await db.create(Paper, { title, owner, state, tenant })).id
      annDraft = await paper('ann draft', ann, 'draft')
      annFinal = await paper('ann final', ann, 'final')
      bobDraft = await paper('bob draft', bob, 'draft')
      bobFinal = await paper('bob final', bob, 'final')
      elsewhere = await paper('elsewhere', ann, 'final', 'two')
      await db.createMany(
        Sheet,
        [annDraft, bobDraft, bobFinal].map((id, index) => ({ text: `sheet ${index}`, paper: id })),
      )
    })

    const asAnn = () => office.db.as({ tenant: 'one', user: ann, circle: 'north' })
    const asEve = () => office.db.as({ tenant: 'one', user: eve, circle: 'south' })
    const asAdmin = () => office.db.as({ tenant: 'one', role: 'admin' })
    const titles = async (db: ReturnType<typeof asAnn>, where: object = {}) =>
      (await db.find(Paper, { where: where as never, orderBy: { title: 'asc' } })).map(
        (paper) => paper.title,
      )

    test('of reading hold in lists, counts, pages and by key', async () => {
      const seen = ['ann draft', 'ann final', 'bob final']
      expect(await titles(asAnn())).toEqual(seen)
      expect(await asAnn().count(Paper)).toBe(3)
      expect((await asAnn().page(Paper, { first: 2 })).hasNext).toBe(true)
      expect((await asAnn().page(Paper, { first: 3 })).hasNext).toBe(false)
      expect(await asAnn().get(Paper, bobDraft)).toBe(null)
      expect(await asAnn().get(Paper, bobFinal)).not.toBe(null)
      expect(await titles(asEve())).toEqual([])
      expect(await titles(asAdmin())).toEqual(['ann draft', 'ann final', 'bob draft', 'bob final'])
    })

    test('hold against any filter', async () => {
      expect(await titles(asAnn(), { not: { title: 'x' } })).toHaveLength(3)
      expect(
        await titles(asAnn(), { or: [{ title: { ne: 'x' } }, { id: bobDraft }] }),
      ).toHaveLength(3)
      expect(await asAnn().count(Paper, { title: 'bob draft' })).toBe(0)
    })

    test('hide rows from filters and loads through relations', async () => {
      const readers = await asEve().find(Reader, { where: { papers: { some: {} } } })
      expect(readers).toEqual([])
      expect(await asEve().count(Reader, { papers: { none: {} } })).toBe(
        await office.db.count(Reader),
      )
      expect(await asAnn().count(Reader, { papers: { some: { title: 'bob draft' } } })).toBe(0)
      expect(await asAnn().count(Reader, { id: bob, papers: { every: { state: 'final' } } })).toBe(
        1,
      )
      expect(await asAnn().count(Sheet, { paper: { title: { startsWith: 'bob' } } })).toBe(1)
      expect(await asAnn().count(Sheet, { paper: {} })).toBe(2)
      const reader = await asAnn().get(Reader, bob, { load: { papers: true } })
      expect(reader?.papers.map((paper) => paper.title)).toEqual(['bob final'])
      const sheets = await asAnn().find(Sheet, { load: { paper: true }, orderBy: { text: 'asc' } })
      expect(sheets.map((sheet) => sheet.paper?.title ?? null)).toEqual([
        'ann draft',
        null,
        'bob final',
      ])
    })

    test('without the values they ask for let nobody pass', async () => {
      expect(await office.db.as({ tenant: 'one' }).count(Paper)).toBe(0)
      expect(await office.db.as({ tenant: 'one', user: null, circle: null }).count(Paper)).toBe(0)
      expect(await office.db.as({ tenant: 'one', user: { $ne: null } }).count(Paper)).toBe(0)
      expect(await office.db.as({ tenant: 'one', user: 7 }).count(Paper)).toBe(0)
      expect(await office.db.as({ tenant: 'one', role: { toString: 'admin' } }).count(Paper)).toBe(
        0,
      )
      expect(await office.db.as({ user: ann }).count(Paper)).toBe(0)
      expect(await office.db.as({}).count(Paper)).toBe(0)
    })

    test('of creating refuse a row that does not fulfil them', async () => {
      const made = await asAnn().create(Paper, { title: 'made', owner: ann } as never)
      expect(made.tenant).toBe('one')
      await expect(
        asAnn().create(Paper, { title: 'for bob', owner: bob } as never),
      ).rejects.toMatchObject(forbidden)
      const many = asAnn().createMany(Paper, [
        { title: 'many 1', owner: ann } as never,
        { title: 'many 2', owner: bob } as never,
      ])
      await expect(many).rejects.toMatchObject(forbidden)
      expect(await office.db.count(Paper, { title: { startsWith: 'many' } })).toBe(0)
      await expect(
        office.db.as({ user: ann }).create(Paper, { title: 'no tenant', owner: ann } as never),
      ).rejects.toMatchObject(forbidden)
      await office.db.delete(Paper, made.id)
    })

    test('of updating tell a hidden row from one that may only be read', async () => {
      expect(await asAnn().update(Paper, bobDraft, { title: 'x' })).toBe(null)
      await expect(asAnn().update(Paper, bobFinal, { title: 'x' })).rejects.toMatchObject(forbidden)
      await expect(asAnn().update(Paper, annFinal, { title: 'x' })).rejects.toMatchObject(forbidden)
      expect(await asAnn().update(Paper, annDraft, { secretNote: 'x' })).toMatchObject({
        secretNote: 'x',
      })
      expect(await asAnn().updateMany(Paper, {}, { secretNote: 'y' })).toBe(1)
      expect(await office.db.count(Paper, { secretNote: 'y' })).toBe(1)
    })

    test('of updating refuse what moves a row out of one’s rights', async () => {
      await expect(asAnn().update(Paper, annDraft, { owner: bob })).rejects.toMatchObject(forbidden)
      await expect(asAnn().update(Paper, annDraft, { state: 'final' })).rejects.toMatchObject(
        forbidden,
      )
      await expect(asAnn().updateMany(Paper, {}, { state: 'final' })).rejects.toMatchObject(
        forbidden,
      )
      await expect(asAdmin().update(Paper, annDraft, { tenant: 'two' })).rejects.toMatchObject(
        forbidden,
      )
      expect(await office.db.get(Paper, annDraft)).toMatchObject({
        state: 'draft',
        owner: { id: ann },
        tenant: 'one',
      })
    })

    test('of deleting look through relations', async () => {
      expect(await asAnn().delete(Paper, bobDraft)).toBe(null)
      await expect(asAnn().delete(Paper, bobFinal)).rejects.toMatchObject(forbidden)
      const mine = await office.db.create(Paper, { title: 'delete', owner: ann, tenant: 'one' })
      expect(await asAnn().delete(Paper, mine.id)).toMatchObject({ title: 'delete' })
      const other = await office.db.create(Paper, { title: 'delete', owner: ann, tenant: 'one' })
      expect(await asEve().delete(Paper, other.id)).toBe(null)
      expect(
        await asAnn().deleteMany(Paper, { title: { in: ['delete', 'bob draft', 'bob final'] } }),
      ).toBe(1)
      expect(await office.db.get(Paper, bobDraft)).not.toBe(null)
    })

    test('keep tenants apart, also from an admin', async () => {
      expect(await asAdmin().get(Paper, elsewhere)).toBe(null)
      expect(await asAdmin().update(Paper, elsewhere, { title: 'x' })).toBe(null)
      expect(await asAdmin().delete(Paper, elsewhere)).toBe(null)
      expect(await asAdmin().count(Sheet, { paper: { id: elsewhere } })).toBe(0)
      const made = await asAdmin().create(Paper, {
        title: 'elsewhere',
        owner: ann,
        tenant: 'two',
      } as never)
      expect(made.tenant).toBe('one')
      await office.db.delete(Paper, made.id)
    })

    test('make a link to a hidden row look like a link to none', async () => {
      const none = { issues: [{ path: ['paper'], message: 'there is no such Paper' }] }
      const nowhere = '00000000-0000-7000-8000-000000000000'
      for (const paper of [nowhere, bobDraft, elsewhere])
        await expect(asAnn().create(Sheet, { text: 'x', paper })).rejects.toMatchObject(none)
      const sheet = await asAnn().create(Sheet, { text: 'x', paper: bobFinal })
      await expect(asAnn().update(Sheet, sheet.id, { paper: bobDraft })).rejects.toMatchObject(none)
      expect(await asAnn().update(Sheet, sheet.id, { paper: annDraft })).toMatchObject({
        paper: { id: annDraft },
      })
      await office.db.delete(Sheet, sheet.id)
    })

    test('hold in upserts', async () => {
      const upsert = (title: string) =>
        asAnn().upsert(Paper, {
          by: ['tenant', 'title'],
          create: { title, owner: ann } as never,
          update: { secretNote: 'upserted' },
        })
      const made = await upsert('upsert')
      expect(await upsert('upsert')).toMatchObject({ id: made.id, secretNote: 'upserted' })
      await expect(upsert('bob final')).rejects.toMatchObject(forbidden)
      await expect(upsert('bob draft')).rejects.toMatchObject(forbidden)
      const moved = asAnn().upsert(Paper, {
        by: ['tenant', 'title'],
        create: { title: 'upsert', owner: ann } as never,
        update: { tenant: 'two' },
      })
      await expect(moved).rejects.toMatchObject(forbidden)
      await office.db.delete(Paper, made.id)
    })

    test('do not hold for the system', async () => {
      expect(await office.db.count(Paper, { title: { contains: ' ' } })).toBe(4)
    })
  })
}
