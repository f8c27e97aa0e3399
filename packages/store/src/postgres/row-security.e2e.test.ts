/** Rules as policies: the second wall holds even for a statement that forgot its conditions. */
import {
  belongsTo,
  current,
  defineModel,
  Entity,
  hasMany,
  id,
  string,
  when,
} from '@typestead/entity'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { open, postgres } from '../index.ts'
import { actAs } from './row-security.ts'
import { startTestServer, type TestServer } from './server.testing.ts'

class Shop extends Entity('Shop', { id: id(), name: string() }) {}
class Person extends Entity('Person', {
  id: id(),
  name: string(),
  get orders() {
    return hasMany(Order, 'buyer')
  },
}) {}
class Order extends Entity(
  'Order',
  {
    id: id(),
    title: string(),
    get shop() {
      return belongsTo(Shop)
    },
    get buyer() {
      return belongsTo(Person)
    },
  },
  {
    tenant: 'shop',
    allow: {
      read: [when({ role: 'admin' }), { buyer: current('userId') }],
      create: { buyer: current('userId') },
      update: { buyer: current('userId') },
      delete: when({ role: 'admin' }),
    },
  },
) {}
const model = defineModel({ Shop, Person, Order })

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
})

async function world() {
  const url = await server.freshUrl()
  const db = await open(model, postgres(url, { rowLevelSecurity: true }))
  const [one, two] = await db.createMany(Shop, [{ name: 'one' }, { name: 'two' }])
  const [ann, bob] = await db.createMany(Person, [{ name: "Ann O'Hara" }, { name: 'Bob' }])
  if (!one || !two || !ann || !bob) throw new Error('not written')
  await db.createMany(Order, [
    { title: 'of Ann in one', shop: one, buyer: ann },
    { title: 'of Bob in one', shop: one, buyer: bob },
    { title: 'of Ann in two', shop: two, buyer: ann },
  ])
  return { db, url, one, two, ann, bob }
}

test('scoped operations work as without policies', async () => {
  const { db, one, ann, bob } = await world()
  const annInOne = db.as({ userId: ann.id, role: 'reader', tenant: one.id })
  expect((await annInOne.find(Order)).map((order) => order.title)).toEqual(['of Ann in one'])
  expect(await annInOne.count(Order)).toBe(1)
  const written = await annInOne.create(Order, { title: 'new', shop: one, buyer: ann })
  expect((await annInOne.update(Order, written, { title: 'newer' }))?.title).toBe('newer')
  await expect(annInOne.update(Order, written, { buyer: bob })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
  await expect(annInOne.create(Order, { title: 'x', shop: one, buyer: bob })).rejects.toMatchObject(
    { code: 'FORBIDDEN' },
  )
  await expect(annInOne.delete(Order, written)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  const admin = db.as({ userId: bob.id, role: 'admin', tenant: one.id })
  expect(await admin.count(Order)).toBe(3)
  expect((await admin.delete(Order, written))?.title).toBe('newer')
  const result = await annInOne.transaction(async (tx) =>
    tx.find(Person, { load: { orders: true } }),
  )
  expect(result.map((person) => person.orders.length).sort()).toEqual([0, 1])
  await db[Symbol.asyncDispose]()
})

test('a statement without conditions sees and changes only what the rules allow', async () => {
  const { db, url, one, two, ann } = await world()
  const client = await server.connect(url)
  const titles = async (current: Record<string, unknown>) => {
    await client.query('begin')
    try {
      await client.query(actAs(['userId', 'role', 'tenant'], current).text)
      const { rows } = await client.query('select title from "order" order by title')
      const { rowCount } = await client.query(`update "order" set title = title`)
      return { titles: rows.map((row) => row.title), changed: rowCount }
    } finally {
      await client.query('rollback')
    }
  }
  expect(await titles({ userId: ann.id, tenant: two.id })).toEqual({
    titles: ['of Ann in two'],
    changed: 1,
  })
  expect(await titles({ role: 'admin', tenant: one.id })).toEqual({
    titles: ['of Ann in one', 'of Bob in one'],
    changed: 0,
  })
  expect(await titles({})).toEqual({ titles: [], changed: 0 })
  expect(await titles({ userId: ann.id })).toEqual({ titles: [], changed: 0 })
  const hostile = `x'; drop table "order"; --`
  expect(await titles({ userId: hostile, tenant: one.id })).toEqual({ titles: [], changed: 0 })
  await client.end()
  await db[Symbol.asyncDispose]()
})

test('whom a transaction acts for may change within it', async () => {
  const { db, one, ann, bob } = await world()
  const counts = await db.transaction(async (tx) => {
    const admin = tx.as({ role: 'admin', tenant: one.id })
    const mine = tx.as({ userId: ann.id, tenant: one.id })
    const failed = await tx
      .transaction(async (inner) => {
        await inner.as({ userId: bob.id, tenant: one.id }).count(Order)
        throw new Error('undone')
      })
      .catch((error: Error) => error.message)
    const garbage = tx.as({ userId: 'garbage', tenant: one.id, role: 'a\0b' })
    return [
      await tx.count(Order),
      await admin.count(Order),
      await mine.count(Order),
      await garbage.count(Order),
      await tx.count(Order),
      failed,
    ]
  })
  expect(counts).toEqual([3, 2, 1, 0, 3, 'undone'])
  await db[Symbol.asyncDispose]()
})

test('switched off again, the policies are gone', async () => {
  const { db, url } = await world()
  await db[Symbol.asyncDispose]()
  await using plain = await open(model, postgres(url), { migrate: 'safe' })
  expect((await plain.migrations.plan()).steps).toEqual([])
  const client = await server.connect(url)
  expect((await client.query('select count(*)::int as n from pg_policies')).rows[0].n).toBe(0)
  await client.end()
})
