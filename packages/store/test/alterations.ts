/** Migrations that alter what is there: types, choices, uniqueness, relations. */
import {
  belongsTo,
  boolean,
  datetime,
  decimal,
  defineModel,
  Entity,
  id,
  int,
  int8,
  oneOf,
  string,
} from '@typestead/entity'
import { open } from '@typestead/store'
import { describe, expect, test } from 'vitest'
import type { Office } from './behaviour.ts'
import { ada, bea, migrated, populated, User } from './migrated.ts'

export function alterationsBehave(office: Office): void {
  describe('migrations that alter', () => {
    test('change types, keeping every value that fits', async () => {
      const source = await office.fresh()
      class Wide extends Entity('Thing', {
        id: id(),
        size: int(),
        code: string(),
        flag: boolean(),
        price: decimal(6, 2),
      }) {}
      await populated(source, Wide, [
        { size: 7, code: '12', flag: true, price: '1.50' },
        { size: -2147483648, code: '-3', flag: false, price: '-9999.99' },
      ])
      class Next extends Entity('Thing', {
        id: id(),
        size: int8(),
        code: int(),
        flag: string(),
        price: decimal(9, 3),
      }) {}
      await expect(migrated(source, { Thing: Next })).rejects.toMatchObject({
        code: 'MIGRATION_REFUSED',
      })
      await using db = await migrated(source, { Thing: Next }, { allowLoss: true })
      const things = await db.find(Next, { orderBy: { size: 'desc' } })
      expect(things.map(({ size, code, flag, price }) => [size, code, flag, price])).toEqual([
        [7n, 12, 'true', '1.500'],
        [-2147483648n, -3, 'false', '-9999.990'],
      ])
      expect(await db.count(Next, { price: { lt: '0' } })).toBe(1)
    })

    test('fail without doing anything when a value does not fit', async () => {
      const source = await office.fresh()
      await populated(source, User, [ada, bea])
      class Next extends Entity('User', {
        ...User.fields,
        firstName: int(),
        extra: int().nullable(),
      }) {}
      await expect(migrated(source, { User: Next }, { allowLoss: true })).rejects.toMatchObject({
        code: expect.stringMatching(/MIGRATION_(REFUSED|FAILED)/),
      })
      await using db = await open(defineModel({ User }), source)
      const users = await db.find(User, { orderBy: { email: 'asc' } })
      expect(users.map((user) => user.firstName)).toEqual(['Ada', 'Bea'])
      expect(await db.migrations.history()).toHaveLength(1)
    })

    test('change the values of a choice', async () => {
      const source = await office.fresh()
      class Old extends Entity('Job', {
        id: id(),
        state: oneOf('new', 'old', 'lost').default('new'),
      }) {}
      await populated(source, Old, [{ state: 'new' }, { state: 'old' }, { state: 'lost' }])
      class More extends Entity('Job', {
        id: id(),
        state: oneOf('new', 'old', 'lost', 'found').default('new'),
      }) {}
      {
        await using db = await migrated(source, { Job: More })
        await db.create(More, { state: 'found' })
      }
      class Less extends Entity('Job', {
        id: id(),
        state: oneOf('new', 'old', 'found').default('new'),
      }) {}
      await expect(migrated(source, { Job: Less })).rejects.toMatchObject({
        code: 'MIGRATION_REFUSED',
      })
      await using db = await migrated(source, { Job: Less }, { allowLoss: true })
      const states = (await db.find(Less, { orderBy: { state: 'asc' } })).map((job) => job.state)
      expect(states).toEqual(['found', 'new', 'new', 'old'])
    })

    test('add uniqueness and indexes, or say which values clash', async () => {
      const source = await office.fresh()
      const same = [ada, { ...bea, firstName: 'Ada' }]
      await populated(source, User, same)
      class Next extends Entity('User', { ...User.fields, firstName: string().unique() }) {}
      const clash = migrated(source, { User: Next })
      await expect(clash).rejects.toMatchObject({
        code: 'MIGRATION_REFUSED',
        message: expect.stringMatching(/first_?name/i),
      })
      await expect(clash).rejects.not.toMatchObject({ message: expect.stringContaining('Ada') })
      {
        await using db = await open(defineModel({ User }), source)
        await db.updateMany(User, { email: 'bea@x.io' }, { firstName: 'Bea' })
      }
      {
        await using db = await migrated(source, { User: Next })
        const third = db.create(Next, { ...bea, email: 'c@x.io' })
        await expect(third).rejects.toMatchObject({ code: 'CONFLICT', fields: ['firstName'] })
      }
      class Grouped extends Entity('User', User.fields, {
        unique: [['firstName', 'lastName']],
        indexes: [['lastName', 'email']],
      }) {}
      await using db = await migrated(source, { User: Grouped })
      await db.create(Grouped, { ...bea, email: 'c@x.io' })
      await expect(db.create(Grouped, { ...ada, email: 'd@x.io' })).rejects.toMatchObject({
        code: 'CONFLICT',
        fields: ['firstName', 'lastName'],
      })
    })

    test('let uniqueness follow soft deletion', async () => {
      const source = await office.fresh()
      class Plain extends Entity('Key', {
        id: id(),
        name: string().unique(),
        goneAt: datetime().nullable(),
      }) {}
      await populated(source, Plain, [{ name: 'a', goneAt: new Date(0) }, { name: 'b' }])
      class Soft extends Entity('Key', Plain.fields, { softDelete: 'goneAt' }) {}
      {
        await using db = await migrated(source, { Key: Soft })
        expect(await db.count(Soft)).toBe(1)
        await db.create(Soft, { name: 'a' })
        await expect(db.create(Soft, { name: 'b' })).rejects.toMatchObject({ code: 'CONFLICT' })
      }
      await expect(migrated(source, { Key: Plain })).rejects.toMatchObject({
        code: 'MIGRATION_REFUSED',
      })
    })

    test('add and drop relations', async () => {
      const source = await office.fresh()
      await populated(source, User, [ada])
      class Linked extends Entity('User', {
        ...User.fields,
        get friend() {
          return belongsTo(Friend).nullable().onDelete('setNull')
        },
      }) {}
      class Friend extends Entity('Friend', { id: id(), name: string() }) {}
      {
        await using db = await migrated(source, { User: Linked, Friend })
        const friend = await db.create(Friend, { name: 'Bea' })
        const [user] = await db.find(Linked, { where: { friend: null } })
        await db.update(Linked, user?.id ?? '', { friend: friend.id })
        expect(await db.count(Linked, { friend: { name: 'Bea' } })).toBe(1)
      }
      await expect(migrated(source, { User, Friend })).rejects.toMatchObject({
        code: 'MIGRATION_REFUSED',
      })
      await using db = await migrated(source, { User, Friend }, { allowLoss: true })
      expect(await db.count(User)).toBe(1)
    })
  })
}
