/** Migrations on a real server: a migrated catalogue equals a fresh one, whatever the two models are. */
import {
  belongsTo,
  bytes,
  createdAt,
  date,
  datetime,
  decimal,
  defineModel,
  Entity,
  type EntityLike,
  float,
  id,
  int,
  int8,
  json,
  list,
  type Model,
  object,
  oneOf,
  string,
} from '@typestead/entity'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { open, postgres } from '../index.ts'
import { startTestServer, type TestServer } from './server.testing.ts'
import { quote } from './table.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
})

/** All that PostgreSQL says of the tables of a database, without the order of columns. */
async function catalogue(database: string): Promise<string[]> {
  const client = await server.connect(database)
  try {
    const { rows } = await client.query(`
      select 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '-') || ' ' || coalesce(l.collname, '-') as line
        from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum left join pg_collation l on l.oid = a.attcollation
        where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped
      union all select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
      union all select 'index ' || pg_get_indexdef(indexrelid) || ' ' || indisvalid from pg_index join pg_class c on c.oid = indrelid where c.relnamespace = 'public'::regnamespace
      union all select 'trigger ' || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
      union all select 'policy ' || tablename || ' ' || policyname || ' ' || cmd || ' ' || coalesce(qual, '-') || ' ' || coalesce(with_check, '-') from pg_policies
      order by 1`)
    return rows.map((row) => row.line)
  } finally {
    await client.end()
  }
}

async function migrate(model: Model, database: string, rowLevelSecurity = false): Promise<void> {
  await using db = await open(model, postgres(database, { connections: 2, rowLevelSecurity }), {
    migrate: 'never',
  })
  await db.migrations.apply({ allowLoss: true })
  expect((await db.migrations.plan()).steps).toEqual([])
}

const kinds = {
  text: () => string(),
  textDefault: () => string().default(`it's "quoted" \\ and 'so'`),
  int: () => int().default(7),
  int8: () => int8(),
  float: () => float().default(1.5),
  decimal: () => decimal(12, 3).default('1.250'),
  enumeration: () => oneOf('a', "b'c", 'd').default('a'),
  otherEnumeration: () => oneOf('x', 'y'),
  datetime: () => datetime().default(new Date(0)),
  date: () => date(),
  json: () => json(),
  bytes: () => bytes(),
  tags: () => list(string()).default([]),
  numbers: () => list(int()),
  address: () => object({ city: string(), since: datetime().nullable() }),
} as const

interface FieldPlan {
  readonly kind: keyof typeof kinds
  readonly nullable: boolean
  readonly mark: 'none' | 'unique' | 'index'
}

interface EntityPlan {
  readonly fields: Readonly<Record<string, FieldPlan>>
  readonly link: 'none' | 'required' | 'nullable' | 'cascade' | 'unique'
  readonly group: 'none' | 'unique' | 'index'
  readonly softDelete: boolean
  readonly rule: boolean
}

const scalarKinds = Object.keys(kinds) as (keyof typeof kinds)[]
const unindexable = new Set<keyof typeof kinds>(['json', 'bytes', 'tags', 'numbers', 'address'])
const fieldPlan: fc.Arbitrary<FieldPlan> = fc
  .record({
    kind: fc.constantFrom(...scalarKinds),
    nullable: fc.boolean(),
    mark: fc.constantFrom('none', 'unique', 'index'),
  })
  .map((plan) =>
    unindexable.has(plan.kind) ? { ...plan, mark: 'none' } : plan,
  ) as fc.Arbitrary<FieldPlan>
const entityPlan: fc.Arbitrary<EntityPlan> = fc.record({
  fields: fc.dictionary(fc.constantFrom('alpha', 'betaField', 'gamma', 'delta'), fieldPlan, {
    maxKeys: 4,
  }),
  link: fc.constantFrom('none', 'required', 'nullable', 'cascade', 'unique'),
  group: fc.constantFrom('none', 'unique', 'index'),
  softDelete: fc.boolean(),
  rule: fc.boolean(),
})
const modelPlan = fc.dictionary(fc.constantFrom('Alpha', 'BetaThing', 'Gamma'), entityPlan, {
  minKeys: 1,
  maxKeys: 3,
})

/** An entity of the plan; `was` names what it and its fields were called before. */
function build(
  plans: Readonly<Record<string, EntityPlan>>,
  was: Readonly<Record<string, string>> = {},
): Model {
  const entities: Record<string, EntityLike> = {}
  for (const [name, plan] of Object.entries(plans)) {
    const fields: Record<string, unknown> = {
      id: id(),
      rank: int().default(0),
      createdAt: createdAt(),
    }
    for (const [field, { kind, nullable, mark }] of Object.entries(plan.fields)) {
      let built = kinds[kind]() as ReturnType<typeof string>
      if (nullable) built = built.nullable() as never
      if (mark === 'unique') built = built.unique()
      if (mark === 'index') built = built.index()
      const before = was[`${name}.${field}`]
      fields[field] = before === undefined ? built : built.was(before)
    }
    if (plan.softDelete) fields.deletedAt = datetime().nullable()
    if (plan.link !== 'none') {
      Object.defineProperty(fields, 'other', {
        enumerable: true,
        get() {
          const relation = belongsTo(Object.values(entities)[0] as EntityLike)
          if (plan.link === 'nullable') return relation.nullable()
          if (plan.link === 'cascade') return relation.onDelete('cascade')
          return plan.link === 'unique' ? relation.unique() : relation
        },
      })
    }
    const group =
      plan.group === 'none'
        ? {}
        : { [plan.group === 'unique' ? 'unique' : 'indexes']: [['rank', 'createdAt']] }
    const options = {
      ...group,
      ...(plan.softDelete ? { softDelete: 'deletedAt' } : {}),
      ...(plan.rule ? { allow: { read: { rank: { gt: 3 } }, update: false } } : {}),
      ...(was[name] === undefined ? {} : { was: was[name] }),
    }
    entities[name] = class extends Entity(
      name,
      fields,
      options as never,
    ) {} as unknown as EntityLike
  }
  return defineModel(entities)
}

describe('a migrated catalogue equals a fresh one', () => {
  test('between any two models', async () => {
    await fc.assert(
      fc.asyncProperty(modelPlan, modelPlan, fc.boolean(), async (before, after, policies) => {
        const [migrated, fresh] = [await server.freshUrl(), await server.freshUrl()]
        await migrate(build(before), migrated)
        await migrate(build(after), migrated, policies)
        await migrate(build(after), fresh, policies)
        expect(await catalogue(migrated)).toEqual(await catalogue(fresh))
      }),
      { numRuns: 12 },
    )
  })

  test('when entities and fields are renamed', async () => {
    await fc.assert(
      fc.asyncProperty(modelPlan, async (before) => {
        const after: Record<string, EntityPlan> = {}
        const was: Record<string, string> = {}
        for (const [name, plan] of Object.entries(before)) {
          const fields: Record<string, FieldPlan> = {}
          for (const [field, one] of Object.entries(plan.fields)) {
            fields[`${field}Now`] = one
            was[`${name}New.${field}Now`] = field
          }
          after[`${name}New`] = { ...plan, fields }
          was[`${name}New`] = name
        }
        const [migrated, fresh] = [await server.freshUrl(), await server.freshUrl()]
        await migrate(build(before), migrated)
        const model = build(after, was)
        {
          await using db = await open(model, postgres(migrated), { migrate: 'never' })
          const plan = await db.migrations.plan()
          expect(plan.losing).toEqual([])
          expect(plan.steps.filter((step) => step.effect === 'loses')).toEqual([])
        }
        await migrate(model, migrated)
        await migrate(model, fresh)
        expect(await catalogue(migrated)).toEqual(await catalogue(fresh))
      }),
      { numRuns: 6 },
    )
  })
})

describe('a migration that cannot be finished', () => {
  class Item extends Entity('Item', { id: id(), name: string() }) {}

  test('leaves nothing behind when a step of the transaction fails', async () => {
    const database = await server.freshUrl()
    const before = defineModel({ Item })
    {
      await using db = await open(before, postgres(database))
      await db.create(Item, { name: 'not a number' })
    }
    const was = await catalogue(database)
    class Changed extends Entity('Item', { id: id(), name: int(), extra: string().default('x') }) {}
    await using db = await open(defineModel({ Item: Changed }), postgres(database), {
      migrate: 'never',
    })
    await expect(db.migrations.apply({ allowLoss: true })).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
    })
    expect(await catalogue(database)).toEqual(was)
    expect(await db.migrations.stored()).toMatchObject({
      entities: [{ fields: [{ name: 'id' }, { name: 'name', type: 'text' }] }],
    })
  })

  test('goes on with the steps that are left', async () => {
    const database = await server.freshUrl()
    {
      await using db = await open(defineModel({ Item }), postgres(database))
      await db.createMany(
        Item,
        Array.from({ length: 2500 }, (_, index) => ({ name: `n${index}` })),
      )
    }
    let calls = 0
    let broken = true
    const slug = string()
      .unique()
      .backfill((row) => {
        if (broken && ++calls === 1500) throw new Error('the network is down')
        return `slug-${row.name}`
      })
    class Changed extends Entity('Item', { id: id(), name: string(), slug }) {}
    const model = defineModel({ Item: Changed })
    await using db = await open(model, postgres(database), { migrate: 'never' })
    await expect(db.migrations.apply()).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringContaining('the network is down'),
    })
    await expect(open(model, postgres(database))).rejects.toMatchObject({
      code: 'MIGRATION_PENDING',
    })
    broken = false
    await db.migrations.apply()
    expect(await db.count(Changed, { slug: { startsWith: 'slug-n' } })).toBe(2500)
    const fresh = await server.freshUrl()
    await migrate(model, fresh)
    expect(await catalogue(database)).toEqual(await catalogue(fresh))
  })

  test('that would make duplicates unique is refused before anything is done', async () => {
    const database = await server.freshUrl()
    {
      await using db = await open(defineModel({ Item }), postgres(database))
      await db.createMany(Item, [{ name: 'same' }, { name: 'same' }])
    }
    const was = await catalogue(database)
    class Changed extends Entity('Item', { id: id(), name: string().unique() }) {}
    await using db = await open(defineModel({ Item: Changed }), postgres(database), {
      migrate: 'never',
    })
    await expect(db.migrations.apply()).rejects.toMatchObject({ code: 'MIGRATION_REFUSED' })
    expect(await catalogue(database)).toEqual(was)
  })
})

describe('several migrations at once', () => {
  test('happen one after the other; the later ones find nothing to do', async () => {
    class Item extends Entity('Item', { id: id(), name: string().unique() }) {}
    const database = await server.freshUrl()
    const model = defineModel({ Item })
    const stores = await Promise.all(
      Array.from({ length: 4 }, () => open(model, postgres(database), { migrate: 'never' })),
    )
    const plans = await Promise.all(stores.map((db) => db.migrations.apply()))
    expect(plans.filter((plan) => plan.steps.length > 0)).toHaveLength(1)
    expect(await stores[0]?.migrations.history()).toHaveLength(1)
    for (const db of stores) await db[Symbol.asyncDispose]()
  })
})

test('identifiers are quoted', () => {
  expect(quote('a"b')).toBe('"a""b"')
})
