/** Migrations: the class changes, the rows follow, and what would lose values is refused. */
import { belongsTo, decimal, defineModel, Entity, id, int, oneOf, string } from '@typestead/entity'
import { open } from '@typestead/store'
import { describe, expect, test } from 'vitest'
import type { Office } from './behaviour.ts'
import { ada, bea, migrated, planned, populated, User } from './migrated.ts'

export function migrationsBehave(office: Office): void {
  describe('migrations', () => {
    test('make an empty store by themselves, and ask before anything else', async () => {
      const source = await office.fresh()
      {
        await using db = await open(defineModel({ User }), source)
        expect(await db.migrations.stored()).not.toBe(null)
        expect((await db.migrations.plan()).steps).toEqual([])
        expect(await db.migrations.history()).toHaveLength(1)
      }
      class More extends Entity('User', { ...User.fields, nick: string().nullable() }) {}
      await expect(open(defineModel({ User: More }), source)).rejects.toMatchObject({
        code: 'MIGRATION_PENDING',
      })
      await using db = await open(defineModel({ User: More }), source, { migrate: 'safe' })
      expect((await db.migrations.plan()).steps).toEqual([])
    })

    test('add a property to the article’s user, and old rows survive', async () => {
      const source = await office.fresh()
      await populated(source, User, [ada, bea])
      class Next extends Entity('User', {
        ...User.fields,
        nick: string().nullable(),
        role: oneOf('admin', 'reader').default('reader'),
        balance: decimal(12, 2).default('10.00'),
        slug: string()
          .unique()
          .backfill((row) => String(row.firstName).toLowerCase()),
      }) {}
      await using db = await migrated(source, { User: Next })
      const users = await db.find(Next, { orderBy: { email: 'asc' } })
      expect(
        users.map((user) => [user.firstName, user.nick, user.role, user.balance, user.slug]),
      ).toEqual([
        ['Ada', null, 'reader', '10.00', 'ada'],
        ['Bea', null, 'reader', '10.00', 'bea'],
      ])
      expect(users[0]?.lastName).toBe('Lovelace')
      expect(await db.count(Next, { balance: { gte: '9.99' }, role: 'reader' })).toBe(2)
      const clash = db.create(Next, { ...bea, email: 'c@x.io', slug: 'ada' } as never)
      await expect(clash).rejects.toMatchObject({ code: 'CONFLICT', fields: ['slug'] })
      const history = await db.migrations.history()
      expect(history).toHaveLength(2)
      expect(history[1]?.summary.join()).toContain('slug')
      expect(history[1]?.appliedAt).toBeInstanceOf(Date)
    })

    test('plan without doing anything', async () => {
      const source = await office.fresh()
      await populated(source, User, [ada])
      class Next extends Entity('User', { ...User.fields, age: int().default(1) }) {}
      const plan = await planned(source, { User: Next })
      expect(plan.changes.map((change) => change.kind)).toEqual(['addField'])
      expect(plan.steps.length).toBeGreaterThan(0)
      expect(plan.steps.every((step) => step.summary !== '' && step.statement !== '')).toBe(true)
      expect((await planned(source, { User: Next })).steps).toEqual(plan.steps)
      await using db = await open(defineModel({ User }), source)
      expect(await db.count(User)).toBe(1)
    })

    test('rename fields, relations and entities, and keep every value', async () => {
      const source = await office.fresh()
      class Box extends Entity('Box', {
        id: id(),
        label: string().unique(),
        weight: decimal(8, 3).nullable(),
      }) {}
      class Item extends Entity('Item', {
        id: id(),
        name: string(),
        get box() {
          return belongsTo(Box)
        },
      }) {}
      {
        await using db = await open(defineModel({ Box, Item }), source)
        const box = await db.create(Box, { label: 'one', weight: '2.500' })
        await db.create(Item, { name: 'lamp', box: box.id })
      }
      class Crate extends Entity(
        'Crate',
        {
          id: id(),
          title: string().unique().was('label'),
          mass: decimal(8, 3).nullable().was('weight'),
        },
        { was: 'Box' },
      ) {}
      class Next extends Entity('Item', {
        id: id(),
        name: string(),
        get crate() {
          return belongsTo(Crate).was('box')
        },
      }) {}
      await using db = await migrated(source, { Crate, Item: Next })
      const [item] = await db.find(Next, { load: { crate: true } })
      expect(item).toMatchObject({ name: 'lamp', crate: { title: 'one', mass: '2.500' } })
      expect(await db.count(Crate, { mass: { gt: '2.4' } })).toBe(1)
      await expect(db.create(Crate, { title: 'one' })).rejects.toMatchObject({
        code: 'CONFLICT',
        fields: ['title'],
      })
      await expect(db.delete(Crate, item?.crate.id ?? '')).rejects.toMatchObject({
        code: 'REFERENCED',
      })
      expect((await db.migrations.plan()).steps).toEqual([])
    })

    test('refuse to drop values unless told to', async () => {
      const source = await office.fresh()
      await populated(source, User, [ada])
      const { lastName: _, ...fields } = User.fields
      class Less extends Entity('User', fields) {}
      const plan = await planned(source, { User: Less })
      expect(plan.losing).toHaveLength(1)
      await expect(migrated(source, { User: Less })).rejects.toMatchObject({
        code: 'MIGRATION_REFUSED',
        message: expect.stringContaining('lastName'),
      })
      await using db = await migrated(source, { User: Less }, { allowLoss: true })
      expect(await db.find(Less)).toHaveLength(1)
    })

    test('drop an entity with its rows when told to', async () => {
      const source = await office.fresh()
      class Tag extends Entity('Tag', { id: id(), name: string() }) {}
      {
        await using db = await open(defineModel({ User, Tag }), source)
        await db.create(Tag, { name: 'x' })
      }
      await expect(migrated(source, { User })).rejects.toMatchObject({ code: 'MIGRATION_REFUSED' })
      {
        await using db = await migrated(source, { User }, { allowLoss: true })
        expect(await db.count(User)).toBe(0)
      }
      await using db = await migrated(source, { User, Tag })
      expect(await db.count(Tag)).toBe(0)
    })

    test('refuse a required property without a value for old rows', async () => {
      const source = await office.fresh()
      await populated(source, User, [ada])
      class Next extends Entity('User', { ...User.fields, age: int() }) {}
      expect((await planned(source, { User: Next })).blocked).toHaveLength(1)
      await expect(migrated(source, { User: Next }, { allowLoss: true })).rejects.toMatchObject({
        code: 'MIGRATION_REFUSED',
        message: expect.stringContaining('User.age'),
      })
      await using db = await open(defineModel({ User }), source)
      expect(await db.count(User)).toBe(1)
    })

    test('let a required property into an entity without rows', async () => {
      const source = await office.fresh()
      await populated(source, User, [])
      class Next extends Entity('User', { ...User.fields, age: int() }) {}
      await using db = await migrated(source, { User: Next })
      await expect(db.create(Next, ada as never)).rejects.toThrow('age')
      expect(await db.create(Next, { ...ada, age: 36 })).toMatchObject({ age: 36 })
    })

    test('make a property required by filling its nulls', async () => {
      const source = await office.fresh()
      await populated(source, User, [ada, bea])
      class Next extends Entity('User', {
        ...User.fields,
        lastName: string().default('Unknown'),
      }) {}
      await using db = await migrated(source, { User: Next })
      const users = await db.find(Next, { orderBy: { email: 'asc' } })
      expect(users.map((user) => user.lastName)).toEqual(['Lovelace', 'Unknown'])
    })

    test('by two at once are done once', async () => {
      const source = await office.fresh()
      await populated(source, User, [ada, bea])
      class Next extends Entity('User', {
        ...User.fields,
        count: int().default(0),
        slug: string()
          .unique()
          .backfill((row) => String(row.email)),
      }) {}
      const both = await Promise.all([
        migrated(source, { User: Next }),
        migrated(source, { User: Next }),
        migrated(source, { User: Next }),
      ])
      try {
        expect(await both[0].migrations.history()).toHaveLength(2)
        expect(
          (await both[1].find(Next, { orderBy: { slug: 'asc' } })).map((user) => user.slug),
        ).toEqual(['ada@x.io', 'bea@x.io'])
      } finally {
        for (const db of both) await db[Symbol.asyncDispose]()
      }
    })

    test('of an empty store by two at once work', async () => {
      const source = await office.fresh()
      const both = await Promise.all([
        open(defineModel({ User }), source),
        open(defineModel({ User }), source),
      ])
      await both[0].create(User, ada)
      expect(await both[1].count(User)).toBe(1)
      expect(await both[1].migrations.history()).toHaveLength(1)
      for (const db of both) await db[Symbol.asyncDispose]()
    })

    test('tell each step as they go', async () => {
      const source = await office.fresh()
      await populated(source, User, [ada])
      class Next extends Entity('User', { ...User.fields, age: int().default(1) }) {}
      await using db = await open(defineModel({ User: Next }), source, { migrate: 'never' })
      const steps: string[] = []
      const plan = await db.migrations.apply({
        onStep: (step, index, total) => steps.push(`${index + 1}/${total} ${step.summary}`),
      })
      expect(steps.length).toBeGreaterThanOrEqual(plan.steps.length)
      expect((await db.migrations.apply()).steps).toEqual([])
    })

    test('reset removes everything', async () => {
      const source = await office.fresh()
      await populated(source, User, [ada])
      await using db = await open(defineModel({ User }), source)
      await db.migrations.reset()
      expect(await db.migrations.stored()).toBe(null)
      await db.migrations.apply()
      expect(await db.count(User)).toBe(0)
      expect(await db.migrations.history()).toHaveLength(1)
      await db.create(User, ada)
    })
  })
}
