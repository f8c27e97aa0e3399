/** Creating rows, all or none, and values that must be unique, with conflicts named. */
import { ValidationError } from '@typestead/entity'
import { describe, expect, test } from 'vitest'
import type { Office } from './behaviour.ts'
import { Member, Profile, Slot, Team } from './models.ts'

export function writesBehave(office: Office): void {
  describe('creating', () => {
    test('fills in defaults and gives the row with its methods', async () => {
      const row = await office.db.create(Member, { email: 'create@x.io', name: 'Create' })
      expect(row.greeting()).toBe('I am Create')
      expect(row).toMatchObject({ nick: null, age: null, team: null, password: 'secret' })
      expect(row.updatedAt).toBeInstanceOf(Date)
      expect(await office.db.get(Member, row.id)).toEqual(row)
    })

    test('takes an id that is given', async () => {
      const id = '018f0000-0000-7000-8000-00000000000a'
      expect((await office.db.create(Team, { id, name: 'given id' })).id).toBe(id)
      await expect(office.db.create(Team, { id, name: 'again' })).rejects.toMatchObject({
        code: 'CONFLICT',
        fields: ['id'],
      })
    })

    test('names every field that is wrong', async () => {
      const wrong = office.db.create(Member, { email: 'no mail', age: 1.5, colour: 'red' } as never)
      await expect(wrong).rejects.toThrow(ValidationError)
      const error = await wrong.catch((one: ValidationError) => one)
      const paths = (error as ValidationError).issues.map((issue) => issue.path[0])
      expect(new Set(paths)).toEqual(new Set(['email', 'name', 'age', 'colour']))
    })

    test('of many keeps their order', async () => {
      const names = ['c', 'a', 'b'].map((name) => `many ${name}`)
      const rows = await office.db.createMany(
        Team,
        names.map((name) => ({ name })),
      )
      expect(rows.map((row) => row.name)).toEqual(names)
      expect(await office.db.createMany(Team, [])).toEqual([])
    })

    test('of many writes all or none', async () => {
      await office.db.create(Team, { name: 'taken' })
      const conflict = { code: 'CONFLICT', entity: 'Team', fields: ['name'] }
      const names = ['first', 'second', 'taken', 'fourth']
      await expect(
        office.db.createMany(
          Team,
          names.map((name) => ({ name })),
        ),
      ).rejects.toMatchObject(conflict)
      const twice = ['third', 'fifth', 'fifth'].map((name) => ({ name }))
      await expect(office.db.createMany(Team, twice)).rejects.toMatchObject(conflict)
      const all = ['first', 'second', 'third', 'fourth', 'fifth']
      expect(await office.db.count(Team, { name: { in: all } })).toBe(0)
      expect(
        await office.db.createMany(
          Team,
          all.map((name) => ({ name })),
        ),
      ).toHaveLength(5)
    })

    test('of hundreds works', async () => {
      const rows = Array.from({ length: 250 }, (_, index) => ({ name: `hundreds ${index}` }))
      const created = await office.db.createMany(Team, rows)
      expect(created.map((row) => row.name)).toEqual(rows.map((row) => row.name))
      expect(await office.db.count(Team, { name: { startsWith: 'hundreds' } })).toBe(250)
      expect(await office.db.deleteMany(Team, { name: { startsWith: 'hundreds' } })).toBe(250)
    })

    test('by many at once lets one have a unique value', async () => {
      const tries = Array.from({ length: 12 }, () => office.db.create(Team, { name: 'raced for' }))
      const results = await Promise.allSettled(tries)
      expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
      for (const one of results)
        if (one.status === 'rejected')
          expect(one.reason).toMatchObject({ code: 'CONFLICT', fields: ['name'] })
    })
  })

  describe('unique values', () => {
    test('clash by the name of their field, in create and in update', async () => {
      const { db } = office
      const member = await db.create(Member, { email: 'unique@x.io', name: 'A', nick: 'uni' })
      const other = await db.create(Member, { email: 'other@x.io', name: 'B' })
      const byEmail = { code: 'CONFLICT', entity: 'Member', fields: ['email'] }
      const byNick = { code: 'CONFLICT', entity: 'Member', fields: ['nick'] }
      await expect(db.create(Member, { email: 'unique@x.io', name: 'C' })).rejects.toMatchObject(
        byEmail,
      )
      await expect(
        db.create(Member, { email: 'c@x.io', name: 'C', nick: 'uni' }),
      ).rejects.toMatchObject(byNick)
      await expect(db.update(Member, other.id, { email: 'unique@x.io' })).rejects.toMatchObject(
        byEmail,
      )
      await expect(
        db.updateMany(Member, { id: { in: [member.id, other.id] } }, { nick: 'both' }),
      ).rejects.toMatchObject(byNick)
      expect((await db.get(Member, member.id))?.nick).toBe('uni')
      expect((await db.get(Member, other.id))?.nick).toBe(null)
      expect(
        await db.update(Member, member.id, { email: 'unique@x.io', name: 'same' }),
      ).toMatchObject({ name: 'same' })
    })

    test('are told apart by case and by every character', async () => {
      for (const nick of ['Nick', 'nick', 'nick ', 'nıck'])
        await office.db.create(Member, {
          email: `n${nick.length}${nick.codePointAt(1)}${nick.codePointAt(0)}@x.io`,
          name: 'N',
          nick,
        })
    })

    test('that are null do not clash', async () => {
      const rows = ['null1', 'null2'].map((name) => ({ email: `${name}@x.io`, name, nick: null }))
      expect(await office.db.createMany(Member, rows)).toHaveLength(2)
    })

    test('of several fields clash together, unless one is null', async () => {
      const { db } = office
      await db.create(Slot, { room: 'red', hour: 9 })
      await db.create(Slot, { room: 'red', hour: 10 })
      await db.create(Slot, { room: 'blue', hour: 9 })
      const conflict = { code: 'CONFLICT', fields: ['room', 'hour'] }
      await expect(db.create(Slot, { room: 'red', hour: 9 })).rejects.toMatchObject(conflict)
      const [first] = await db.createMany(Slot, [{ room: 'red' }, { room: 'red' }])
      await expect(db.update(Slot, first?.id ?? '', { hour: 9 })).rejects.toMatchObject(conflict)
    })

    test('of rows that were deleted softly are free', async () => {
      const { db } = office
      const slot = await db.create(Slot, { room: 'soft', hour: 1, code: 'soft' })
      await db.delete(Slot, slot.id)
      expect(await db.get(Slot, slot.id)).toBe(null)
      expect((await db.withDeleted().get(Slot, slot.id))?.deletedAt).toBeInstanceOf(Date)
      const again = await db.create(Slot, { room: 'soft', hour: 1, code: 'soft' })
      await db.delete(Slot, again.id)
      await db.create(Slot, { room: 'soft', hour: 1, code: 'soft' })
      const back = db.withDeleted().update(Slot, slot.id, { deletedAt: null })
      await expect(back).rejects.toMatchObject({ code: 'CONFLICT' })
    })

    test('of deleted rows are free', async () => {
      const { db } = office
      for (let round = 0; round < 3; round++) {
        const team = await db.create(Team, { name: 'deleted and made' })
        await db.delete(Team, team.id)
        const same = await db.create(Team, { id: team.id, name: 'deleted and made' })
        await db.delete(Team, same.id)
      }
    })

    test('of a link let one row point to each', async () => {
      const { db } = office
      const member = await db.create(Member, { email: 'one@x.io', name: 'One' })
      await db.create(Profile, { bio: '1', member: member.id })
      const second = db.create(Profile, { bio: '2', member: member.id })
      await expect(second).rejects.toMatchObject({ code: 'CONFLICT', fields: ['member'] })
    })
  })
}
