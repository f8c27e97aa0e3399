/** Changing and deleting rows: what was read is what is changed, and nothing points to what is gone. */
import { ValidationError } from '@typestead/entity'
import { describe, expect, test } from 'vitest'
import type { Office } from './behaviour.ts'
import { Comment, Member, Post, Profile, Slot, Team } from './models.ts'

export function changesBehave(office: Office): void {
  describe('updating', () => {
    test('changes what is given and moves updatedAt by itself', async () => {
      const { db } = office
      const row = await db.create(Member, { email: 'update@x.io', name: 'Before' })
      await new Promise((resolve) => setTimeout(resolve, 5))
      const updated = await db.update(Member, row.id, { name: 'After' })
      expect(updated).toMatchObject({ name: 'After', email: 'update@x.io' })
      expect(updated?.updatedAt.getTime()).toBeGreaterThan(row.updatedAt.getTime())
      expect(await db.get(Member, row.id)).toEqual(updated)
      expect(await db.update(Member, row.id, {})).toEqual(updated)
    })

    test('a row that is not there gives null', async () => {
      expect(
        await office.db.update(Member, '00000000-0000-7000-8000-000000000000', { name: 'x' }),
      ).toBe(null)
      expect(await office.db.update(Member, 'no uuid', { name: 'x' })).toBe(null)
    })

    test('read-only fields is refused', async () => {
      const row = await office.db.create(Member, { email: 'readonly@x.io', name: 'R' })
      for (const input of [{ id: row.id }, { updatedAt: new Date() }, { posts: [] }])
        await expect(office.db.update(Member, row.id, input as never)).rejects.toThrow(
          ValidationError,
        )
    })

    test('many changes those that match and says how many', async () => {
      const { db } = office
      await db.createMany(
        Team,
        ['bulk 1', 'bulk 2', 'bulk 3'].map((name) => ({ name })),
      )
      const slots = await db.createMany(
        Slot,
        [1, 2, 3].map((hour) => ({ room: 'bulk', hour })),
      )
      expect(await db.updateMany(Slot, { room: 'bulk', hour: { gt: 1 } }, { room: 'bulk!' })).toBe(
        2,
      )
      expect(await db.count(Slot, { room: 'bulk!' })).toBe(2)
      expect((await db.get(Slot, slots[1]?.id ?? ''))?.version).toBe(2)
      expect(await db.updateMany(Slot, { room: 'nothing' }, { room: 'x' })).toBe(0)
    })

    test('with the version that was read fails when the row has changed', async () => {
      const { db } = office
      const slot = await db.create(Slot, { room: 'lock', hour: 1 })
      const first = await db.update(Slot, slot, { hour: 2 })
      expect(first?.version).toBe(2)
      await expect(db.update(Slot, slot, { hour: 3 })).rejects.toMatchObject({ code: 'STALE' })
      await expect(db.update(Slot, slot.id, { hour: 3 }, { version: 1 })).rejects.toMatchObject({
        code: 'STALE',
      })
      expect((await db.update(Slot, slot.id, { hour: 4 }))?.version).toBe(3)
      expect((await db.get(Slot, slot.id))?.hour).toBe(4)
    })

    test('that changes nothing and a deletion look at the version too', async () => {
      const { db } = office
      const slot = await db.create(Slot, { room: 'still', hour: 1 })
      const now = await db.update(Slot, slot, { hour: 2 })
      for (const late of [
        () => db.update(Slot, slot, {}),
        () => db.update(Slot, slot.id, {}, { version: 1 }),
        () => db.delete(Slot, slot),
        () => db.delete(Slot, slot.id, { version: 1 }),
      ]) {
        await expect(late()).rejects.toMatchObject({ code: 'STALE' })
      }
      expect((await db.update(Slot, now ?? '', {}))?.version).toBe(2)
      expect((await db.delete(Slot, now ?? ''))?.hour).toBe(2)
      expect(await db.delete(Slot, now ?? '')).toBeNull()
    })

    test('at the same time with one version lets one win', async () => {
      const { db } = office
      const slot = await db.create(Slot, { room: 'race', hour: 1 })
      const tries = Array.from({ length: 10 }, (_, index) =>
        db.update(Slot, slot, { hour: 100 + index }),
      )
      const results = await Promise.allSettled(tries)
      expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
      expect((await db.get(Slot, slot.id))?.version).toBe(2)
    })

    test('at the same time without one keeps every change', async () => {
      const { db } = office
      const slot = await db.create(Slot, { room: 'all', hour: 1 })
      await Promise.all(
        Array.from({ length: 10 }, (_, index) => db.update(Slot, slot.id, { hour: index })),
      )
      expect((await db.get(Slot, slot.id))?.version).toBe(11)
    })
  })

  describe('deleting', () => {
    test('gives the row as it was, and null when there is none', async () => {
      const team = await office.db.create(Team, { name: 'delete me' })
      expect(await office.db.delete(Team, team.id)).toEqual(team)
      expect(await office.db.delete(Team, team.id)).toBe(null)
      expect(await office.db.get(Team, team.id)).toBe(null)
    })

    test('is refused while rows point there that do not follow', async () => {
      const { db } = office
      const member = await db.create(Member, { email: 'restrict@x.io', name: 'R' })
      const post = await db.create(Post, { title: 'restrict', author: member.id })
      await expect(db.delete(Member, member.id)).rejects.toMatchObject({
        code: 'REFERENCED',
        entity: 'Post',
        fields: ['author'],
      })
      expect(await db.get(Member, member.id)).not.toBe(null)
      await db.delete(Post, post.id)
      expect(await db.delete(Member, member.id)).toMatchObject({ name: 'R' })
    })

    test('takes rows along that follow, and lets go of those that may', async () => {
      const { db } = office
      const team = await db.create(Team, { name: 'cascade' })
      const [ann, bob] = await db.createMany(
        Member,
        ['a', 'b'].map((name) => ({ email: `${name}@cascade.io`, name, team: team.id })),
      )
      if (!ann || !bob) throw new Error('not made')
      const post = await db.create(Post, { title: 'cascade', author: ann.id })
      const comment = await db.create(Comment, { text: 'mine', post: post.id, author: bob.id })
      const profile = await db.create(Profile, { bio: 'b', member: bob.id })
      await db.delete(Member, bob.id)
      expect(await db.get(Profile, profile.id)).toBe(null)
      expect((await db.get(Comment, comment.id))?.author).toBe(null)
      await db.delete(Team, team.id)
      expect((await db.get(Member, ann.id))?.team).toBe(null)
      await db.delete(Post, post.id)
      expect(await db.get(Comment, comment.id)).toBe(null)
    })

    test('refused deep in a cascade deletes nothing', async () => {
      const { db } = office
      const member = await db.create(Member, { email: 'deep@x.io', name: 'Deep' })
      await db.create(Profile, { bio: 'deep', member: member.id })
      await db.create(Post, { title: 'deep', author: member.id })
      await expect(db.delete(Member, member.id)).rejects.toMatchObject({ code: 'REFERENCED' })
      expect(await db.count(Profile, { member: member.id })).toBe(1)
    })

    test('many deletes those that match and says how many', async () => {
      const { db } = office
      await db.createMany(
        Team,
        [1, 2, 3].map((index) => ({ name: `drop ${index}` })),
      )
      expect(await db.deleteMany(Team, { name: { in: ['drop 1', 'drop 3', 'drop 9'] } })).toBe(2)
      expect(await db.count(Team, { name: { startsWith: 'drop ' } })).toBe(1)
    })

    test('softly hides the row everywhere', async () => {
      const { db } = office
      const slot = await db.create(Slot, { room: 'hidden', hour: 1 })
      expect(await db.delete(Slot, slot.id)).toMatchObject({ room: 'hidden' })
      expect(await db.find(Slot, { where: { room: 'hidden' } })).toEqual([])
      expect(await db.count(Slot, { room: 'hidden' })).toBe(0)
      expect(await db.update(Slot, slot.id, { hour: 2 })).toBe(null)
      expect(await db.delete(Slot, slot.id)).toBe(null)
      expect(await db.withDeleted().count(Slot, { room: 'hidden' })).toBe(1)
    })
  })

  describe('upserting', () => {
    test('makes the row, then updates it', async () => {
      const { db } = office
      const upsert = (name: string) =>
        db.upsert(Member, {
          by: ['email'],
          create: { email: 'upsert@x.io', name },
          update: { name },
        })
      const made = await upsert('first')
      const updated = await upsert('second')
      expect(updated.id).toBe(made.id)
      expect(await db.get(Member, made.id)).toMatchObject({ name: 'second' })
      expect(
        await db.upsert(Member, {
          by: ['email'],
          create: { email: 'upsert@x.io', name: 'x' },
          update: {},
        }),
      ).toMatchObject({ name: 'second' })
    })

    test('by several fields counts the version', async () => {
      const { db } = office
      const upsert = () =>
        db.upsert(Slot, {
          by: ['room', 'hour'],
          create: { room: 'up', hour: 1 },
          update: { code: null },
        })
      expect((await upsert()).version).toBe(1)
      expect((await upsert()).version).toBe(2)
    })

    test('finds no row that was deleted softly', async () => {
      const { db } = office
      const upsert = () =>
        db.upsert(Slot, {
          by: ['code'],
          create: { room: 'up2', code: 'up' },
          update: { room: 'up3' },
        })
      const first = await upsert()
      await db.delete(Slot, first.id)
      const second = await upsert()
      expect(second.id).not.toBe(first.id)
      expect(second.room).toBe('up2')
    })

    test('at the same time makes one row', async () => {
      const { db } = office
      const upserts = Array.from({ length: 8 }, (_, index) =>
        db
          .upsert(Team, {
            by: ['name'],
            create: { name: 'upsert race' },
            update: { name: 'upsert race' },
          })
          .then((row) => [index, row.id]),
      )
      const ids = new Set((await Promise.all(upserts)).map(([, id]) => id))
      expect(ids.size).toBe(1)
    })

    test('needs fields that are unique, and clashes elsewhere as a create does', async () => {
      const { db } = office
      const by = { by: ['name'], create: { email: 'by@x.io', name: 'x' }, update: {} } as const
      await expect(db.upsert(Member, by)).rejects.toThrow(ValidationError)
      await db.create(Member, { email: 'nick@x.io', name: 'x', nick: 'taken' })
      const clash = db.upsert(Member, {
        by: ['email'],
        create: { email: 'free@x.io', name: 'x', nick: 'taken' },
        update: {},
      })
      await expect(clash).rejects.toMatchObject({ code: 'CONFLICT', fields: ['nick'] })
    })
  })
}
