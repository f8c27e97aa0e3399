import { expect, it, describe as suite } from 'vitest'
import {
  belongsTo,
  type Change,
  current,
  date,
  datetime,
  decimal,
  defineModel,
  describe,
  diff,
  type Entities,
  Entity,
  float,
  hasMany,
  id,
  int,
  int8,
  json,
  list,
  object,
  oneOf,
  type Relation,
  string,
} from './index.ts'

type Fields = Parameters<typeof Entity>[1]

/** A model of the one entity Thing. */
function thing(fields: Fields, options: object = {}): Entities {
  class Thing extends Entity('Thing', { id: id(), ...fields }, options) {}
  return { Thing }
}

function changes(before: Entities, after: Entities): Change[] {
  const [old, now] = [describe(defineModel(before)), describe(defineModel(after))]
  // As a store gives it back: PostgreSQL's jsonb orders keys by itself.
  return diff(JSON.parse(JSON.stringify(reordered(old))), now)
}

function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, part]) => [name, reordered(part)] as const)
      .reverse(),
  )
}

/** Kind, effect, summary and what blocks of each change. */
function told(before: Entities, after: Entities): unknown[] {
  return changes(before, after).map(({ kind, effect, summary, blocked }) =>
    blocked === undefined ? [kind, effect, summary] : [kind, effect, summary, blocked],
  )
}

suite('entities', () => {
  class Old extends Entity('Old', { id: id() }) {}

  it('are added and dropped', () => {
    class New extends Entity('New', { id: id() }) {}
    expect(told({ Old }, { New })).toEqual([
      ['addEntity', 'safe', 'new entity New'],
      ['dropEntity', 'loses', 'Old is gone, with all its rows'],
    ])
  })

  it('are renamed with the relations that lead to them', () => {
    class Link extends Entity('Link', {
      id: id(),
      get to() {
        return belongsTo(Old)
      },
    }) {}
    class New extends Entity(
      'New',
      {
        id: id(),
        get links() {
          return hasMany(Later, 'to')
        },
      },
      { was: 'Old' },
    ) {}
    const Later: typeof Link = class Link extends Entity('Link', {
      id: id(),
      get to() {
        return belongsTo(New)
      },
    }) {} as never
    expect(told({ Old, Link }, { New, Link: Later })).toEqual([
      ['renameEntity', 'safe', 'Old (table old) becomes New (table new)'],
      ['addRelation', 'safe', 'new relation New.links'],
    ])
  })

  it('keep an earlier name that is long gone', () => {
    class New extends Entity('New', { id: id() }, { was: 'Ancient' }) {}
    expect(told({ New }, { New })).toEqual([])
  })

  it('move to another table', () => {
    class Moved extends Entity('Old', { id: id() }, { table: 'elsewhere' }) {}
    expect(told({ Old }, { Old: Moved })).toEqual([
      ['renameEntity', 'safe', 'Old (table old) becomes Old (table elsewhere)'],
    ])
  })
})

suite('added and dropped fields', () => {
  it.each([
    ['nullable', string().nullable(), 'safe', 'new field Thing.a, null in older rows', undefined],
    ['default', int().default(3), 'fills', 'new field Thing.a, 3 in older rows', undefined],
    [
      'settled default',
      decimal().default('3'),
      'fills',
      'new field Thing.a, "3.00" in older rows',
      undefined,
    ],
    [
      'secret default',
      string().secret().default('hunter2'),
      'fills',
      'new field Thing.a, a secret value in older rows',
      undefined,
    ],
    [
      'computed default',
      string().default(() => 'x'),
      'fills',
      'new field Thing.a, a computed value in older rows',
      undefined,
    ],
    [
      'backfill',
      string().backfill('x'),
      'fills',
      'new field Thing.a, "x" in older rows',
      undefined,
    ],
    [
      'nullable with backfill',
      string().nullable().backfill('x'),
      'fills',
      'new field Thing.a, "x" in older rows',
      undefined,
    ],
    [
      'required',
      string(),
      'fills',
      'new required field Thing.a',
      'older rows have no value for Thing.a; add .nullable(), .default(…) or .backfill(…)',
    ],
    [
      'unique with one default',
      string().unique().default('x'),
      'fills',
      'new unique field Thing.a',
      'Thing.a is unique, so older rows cannot all get the same value; use .backfill((row) => …) or .nullable()',
    ],
    [
      'unique and computed',
      string()
        .unique()
        .backfill((row) => String(row.id)),
      'fills',
      'new field Thing.a, a computed value in older rows',
      undefined,
    ],
  ])('%s', (_, a, effect, summary, blocked) => {
    expect(changes(thing({}), thing({ a }))).toEqual([
      {
        kind: 'addField',
        entity: 'Thing',
        effect,
        summary,
        ...(blocked ? { blocked } : {}),
        after: expect.objectContaining({ name: 'a' }),
      },
    ])
  })

  it('a dropped field loses its values', () => {
    expect(told(thing({ a: string() }), thing({}))).toEqual([
      ['dropField', 'loses', 'Thing.a is gone, with its values'],
    ])
  })
})

suite('renamed fields', () => {
  it('follow was(), through a chain of names', () => {
    expect(told(thing({ a: string() }), thing({ b: string().was('a') }))).toEqual([
      ['renameField', 'safe', 'Thing.a becomes Thing.b'],
    ])
    const c = string().was('b').was('a')
    expect(told(thing({ a: string() }), thing({ c }))).toEqual([
      ['renameField', 'safe', 'Thing.a becomes Thing.c'],
    ])
    expect(told(thing({ b: string() }), thing({ c }))).toEqual([
      ['renameField', 'safe', 'Thing.b becomes Thing.c'],
    ])
    expect(told(thing({ c }), thing({ c }))).toEqual([])
  })

  it('change at the same time', () => {
    expect(told(thing({ a: int() }), thing({ b: int8().nullable().was('a') }))).toEqual([
      ['renameField', 'safe', 'Thing.a becomes Thing.b'],
      ['changeField', 'safe', 'Thing.b: int4 becomes int8; may be null'],
    ])
  })

  it('take keys, groups and options along', () => {
    const before = { a: string(), t: string(), at: datetime().nullable() }
    const after = {
      b: string().was('a'),
      u: string().was('t'),
      on: datetime().nullable().was('at'),
    }
    expect(
      told(
        thing(before, {
          key: ['a'],
          unique: [['t', 'a']],
          indexes: [['t']],
          tenant: 't',
          softDelete: 'at',
        }),
        thing(after, {
          key: ['b'],
          unique: [['u', 'b']],
          indexes: [['u']],
          tenant: 'u',
          softDelete: 'on',
        }),
      ).map((one) => (one as string[])[0]),
    ).toEqual(['renameField', 'renameField', 'renameField'])
  })
})

suite('changed fields', () => {
  const roles = oneOf('a', 'b')
  const stops = 'the migration stops, and nothing is changed, when a value does not fit'
  const others = 'any other value becomes the default or null, or stops the migration'

  it.each([
    ['type, widened', int(), int8(), 'safe', 'int4 becomes int8'],
    ['type, to text', int(), string(), 'safe', 'int4 becomes text'],
    ['type, narrowed', string(), int(), 'loses', `text becomes int4; ${stops}`],
    [
      'more digits',
      decimal(10, 2),
      decimal(12, 3),
      'safe',
      'decimal(10, 2) becomes decimal(12, 3)',
    ],
    [
      'fewer digits',
      decimal(10, 2),
      decimal(10, 3),
      'loses',
      `decimal(10, 2) becomes decimal(10, 3); digits that it does not keep are rounded; ${stops}`,
    ],
    ['whole to decimal', int(), decimal(12, 2), 'safe', 'int4 becomes decimal(12, 2)'],
    [
      'whole to few digits',
      int(),
      decimal(11, 2),
      'loses',
      `int4 becomes decimal(11, 2); ${stops}`,
    ],
    [
      'instant to day',
      datetime(),
      date(),
      'loses',
      `datetime becomes date; the time of day is lost; ${stops}`,
    ],
    [
      'fraction to whole',
      float(),
      int(),
      'loses',
      `double becomes int4; digits that it does not keep are rounded; ${stops}`,
    ],
    [
      'text to choice',
      string(),
      roles.nullable(),
      'loses',
      `text becomes enum; ${others}; may be null; values changed`,
    ],
    [
      'text to choice with a default',
      string(),
      roles.default('a'),
      'loses',
      `text becomes enum; ${others}; values, default changed`,
    ],
    ['choice added', roles, oneOf('a', 'b', 'c'), 'safe', 'values changed'],
    [
      'choice dropped',
      roles.default('a'),
      oneOf('a').default('a'),
      'loses',
      'no longer allows b; rows that have it cannot stay',
    ],
    [
      'choice dropped, nullable',
      roles.nullable(),
      oneOf('a').nullable(),
      'loses',
      'no longer allows b; rows that have it cannot stay',
    ],
    ['choice to text', roles, string(), 'safe', 'enum becomes text; values changed'],
    ['nullable', string(), string().nullable(), 'safe', 'may be null'],
    ['default', string(), string().default('x'), 'safe', 'default changed'],
    [
      'unique',
      string(),
      string().unique(),
      'safe',
      'unique from now on; refused while rows share a value',
    ],
    ['no longer unique', string().unique(), string(), 'safe', 'unique changed'],
    ['indexed', string(), string().index(), 'safe', 'indexed changed'],
    ['secret', string(), string().secret(), 'safe', 'secret changed'],
    [
      'no longer secret',
      string().secret(),
      string(),
      'safe',
      'no longer secret; its values can be read',
    ],
    ['readonly', string(), string().readonly(), 'safe', 'readonly changed'],
    ['checks', string(), string().max(3), 'safe', 'checks changed'],
    [
      'required with a default',
      string().nullable(),
      string().default('x'),
      'fills',
      'required from now on; default changed',
    ],
    [
      'required with a backfill',
      string().nullable(),
      string().backfill('x'),
      'fills',
      'required from now on',
    ],
  ])('%s', (_, before, after, effect, text) => {
    expect(told(thing({ a: before }), thing({ a: after }))).toEqual([
      ['changeField', effect, `Thing.a: ${text}`],
    ])
  })

  it('required without a value is blocked, whatever else changes', () => {
    const blocked = 'rows where Thing.a is null need a value; add .default(…) or .backfill(…)'
    expect(told(thing({ a: string().nullable() }), thing({ a: string() }))).toEqual([
      ['changeField', 'fills', 'Thing.a: required from now on', blocked],
    ])
    expect(told(thing({ a: string().nullable() }), thing({ a: int() }))).toEqual([
      [
        'changeField',
        'loses',
        `Thing.a: text becomes int4; ${stops}; required from now on`,
        blocked,
      ],
    ])
  })

  it.each([
    ['a choice dropped', roles, oneOf('a'), 'with b'],
    ['a choice dropped, computed default', roles, oneOf('a').default(() => 'a'), 'with b'],
    ['choices dropped', oneOf('a', 'b', 'c'), oneOf('a'), 'with b, c'],
    ['text to choice', string(), roles, 'with any other value'],
    ['number to choice', int(), oneOf('1'), 'with any other value'],
  ])('%s is blocked where nothing can stand in its place', (_, before, after, rows) => {
    expect(changes(thing({ a: before }), thing({ a: after }))).toMatchObject([
      {
        effect: 'loses',
        blocked: `rows ${rows} in Thing.a need one that is allowed; add .default(…) with a value, or .nullable()`,
      },
    ])
  })

  it.each([
    ['an item type', list(string()), list(int()), 'list of text becomes list of int4'],
    ['JSON to an object', json(), object({ b: int() }), 'json becomes object'],
    [
      'an object to a list of it',
      object({ b: int() }),
      list(object({ b: int() })),
      'object becomes list of object',
    ],
  ])('%s is blocked, since no store looks at each part', (_, before, after, text) => {
    const blocked =
      'Thing.a cannot change in rows that exist; add a new field with .backfill(…) from Thing.a, then remove Thing.a'
    expect(told(thing({ a: before }), thing({ a: after }))).toEqual([
      ['changeField', 'loses', expect.stringMatching(`^Thing.a: ${text}`), blocked],
    ])
  })

  it('names its aspects, and what people read is none', () => {
    const [change] = changes(thing({ a: string() }), thing({ a: string().nullable().index() }))
    expect(change).toMatchObject({ kind: 'changeField', aspects: ['nullable', 'indexed'] })
    expect(told(thing({ a: string() }), thing({ a: string().describe('for people') }))).toEqual([])
  })
})

suite('the inside of objects and lists', () => {
  const one = { street: string(), city: string().nullable() }
  const wayOut = (part: string) =>
    `${part} cannot change in rows that exist; add a new field with .backfill(…) from Thing.a, then remove Thing.a`

  it.each([
    [
      'part added, nullable',
      object({ ...one, zip: string().nullable() }),
      'safe',
      'new part Thing.a.zip',
      undefined,
    ],
    [
      'part added with a default',
      object({ ...one, floor: int().default(0) }),
      'safe',
      'new part Thing.a.floor',
      undefined,
    ],
    [
      'part added, required',
      object({ ...one, zip: string() }),
      'fills',
      'Thing.a.zip is required from now on',
      'older rows have no Thing.a.zip; add .nullable() or .default(…)',
    ],
    [
      'part required',
      object({ ...one, city: string() }),
      'fills',
      'Thing.a.city is required from now on',
      'older rows may have null in Thing.a.city; keep it .nullable()',
    ],
    [
      'part required with a default, which nulls do not get',
      object({ ...one, city: string().default('x') }),
      'fills',
      'Thing.a.city is required from now on',
      'older rows may have null in Thing.a.city; keep it .nullable()',
    ],
    [
      'part nullable',
      object({ ...one, street: string().nullable() }),
      'safe',
      'shape changed',
      undefined,
    ],
    [
      'part dropped',
      object({ street: string() }),
      'loses',
      'Thing.a.city is gone, with its values',
      wayOut('Thing.a.city'),
    ],
    [
      'part renamed',
      object({ street: string(), town: string().nullable() }),
      'loses',
      'new part Thing.a.town; Thing.a.city is gone, with its values',
      wayOut('Thing.a.city'),
    ],
    [
      'part of another type',
      object({ ...one, street: int() }),
      'loses',
      'Thing.a.street: text becomes int4',
      wayOut('Thing.a.street'),
    ],
    [
      'part with other checks',
      object({ ...one, street: string().min(1) }),
      'safe',
      'checks changed',
      undefined,
    ],
  ])('%s', (_, after, effect, text, blocked) => {
    expect(told(thing({ a: object(one) }), thing({ a: after }))).toEqual([
      ['changeField', effect, `Thing.a: ${text}`, ...(blocked ? [blocked] : [])],
    ])
  })

  it('is found in lists of objects, and in objects of objects', () => {
    expect(
      told(thing({ a: list(object(one)) }), thing({ a: list(object({ street: string() })) })),
    ).toEqual([
      [
        'changeField',
        'loses',
        'Thing.a: Thing.a[].city is gone, with its values',
        wayOut('Thing.a[].city'),
      ],
    ])
    expect(
      told(
        thing({ a: object({ b: object(one) }) }),
        thing({ a: object({ b: object({ ...one, zip: string() }) }) }),
      ),
    ).toMatchObject([
      [
        'changeField',
        'fills',
        'Thing.a: Thing.a.b.zip is required from now on',
        expect.any(String),
      ],
    ])
    expect(
      told(thing({ a: list(string().nullable()) }), thing({ a: list(string()) })),
    ).toMatchObject([
      ['changeField', 'fills', 'Thing.a: Thing.a[] is required from now on', expect.any(String)],
    ])
  })
})

suite('the type of a part', () => {
  it.each([
    [
      'of an object, even where it is wider',
      'safe',
      object({ n: int() }),
      object({ n: int8() }),
      '.n',
    ],
    [
      'of an object in an object',
      'loses',
      object({ o: object({ n: string() }) }),
      object({ o: object({ n: int() }) }),
      '.o.n',
    ],
    [
      'of objects in a list',
      'loses',
      list(object({ n: string() })),
      list(object({ n: date() })),
      '[].n',
    ],
    [
      'of a list in an object',
      'loses',
      object({ n: list(string()) }),
      object({ n: list(int()) }),
      '.n',
    ],
    [
      'of objects in a list of lists',
      'loses',
      list(list(object({ n: string() }))),
      list(list(object({ n: int() }))),
      '[][].n',
    ],
    [
      'that is a choice with fewer values',
      'loses',
      object({ n: oneOf('a', 'b') }),
      object({ n: oneOf('a') }),
      '.n',
    ],
    ['that is a choice in a list', 'loses', list(oneOf('a', 'b')), list(oneOf('a')), '[]'],
  ])('%s is blocked', (_, effect, before, after, part) => {
    expect(changes(thing({ a: before }), thing({ a: after }))).toMatchObject([
      {
        effect,
        blocked: `Thing.a${part} cannot change in rows that exist; add a new field with .backfill(…) from Thing.a, then remove Thing.a`,
      },
    ])
  })

  it.each([
    ['in an object', object({ n: oneOf('a') }), object({ n: oneOf('b', 'a') })],
    ['in a list', list(oneOf('a')), list(oneOf('a', 'b'))],
  ])('may be a choice with more values, %s', (_, before, after) => {
    expect(told(thing({ a: before }), thing({ a: after }))).toEqual([
      ['changeField', 'safe', 'Thing.a: shape changed'],
    ])
  })
})

suite('relations', () => {
  class Other extends Entity('Other', { id: id() }) {}
  class Third extends Entity('Third', { id: id() }) {}
  const linked = (link: () => Relation, name = 'to'): Entities => ({
    Other,
    Third,
    ...thing(Object.defineProperty({}, name, { get: link, enumerable: true }) as Fields),
  })
  // Spread evaluates a getter, which is as good here.
  const to = (target: typeof Other | typeof Third) => belongsTo(target as typeof Other)

  it('added, nullable', () => {
    expect(
      told(
        { Other, Third, ...thing({}) },
        linked(() => to(Other).nullable()),
      ),
    ).toEqual([['addRelation', 'safe', 'new relation Thing.to']])
  })

  it('added, required', () => {
    expect(
      told(
        { Other, Third, ...thing({}) },
        linked(() => to(Other)),
      ),
    ).toEqual([
      [
        'addRelation',
        'fills',
        'new required relation Thing.to',
        'older rows have no Other for Thing.to; add .nullable()',
      ],
    ])
  })

  it('dropped with its links', () => {
    expect(
      told(
        linked(() => to(Other)),
        { Other, Third, ...thing({}) },
      ),
    ).toEqual([['dropRelation', 'loses', 'Thing.to is gone, with its links']])
  })

  it('renamed', () => {
    expect(
      told(
        linked(() => to(Other)),
        linked(() => to(Other).was('to'), 'of'),
      ),
    ).toEqual([['renameRelation', 'safe', 'Thing.to becomes Thing.of']])
  })

  it('changed', () => {
    const changed = (after: () => Relation, before: () => Relation = () => to(Other)) =>
      told(linked(before), linked(after))
    expect(changed(() => to(Third))).toEqual([
      ['changeRelation', 'loses', 'Thing.to: points to Third instead of Other; its links are lost'],
    ])
    expect(changed(() => to(Other).unique())).toEqual([
      ['changeRelation', 'safe', 'Thing.to changed'],
    ])
    expect(changed(() => to(Other).onDelete('cascade'))).toHaveLength(1)
    expect(
      changed(
        () => to(Other),
        () => to(Other).nullable(),
      ),
    ).toEqual([
      ['changeRelation', 'fills', 'Thing.to: required from now on; refused while rows have none'],
    ])
  })

  it('of the other side are seen or not, and lose nothing', () => {
    class Parent extends Entity('Parent', {
      id: id(),
      get children() {
        return hasMany(Child, 'parent')
      },
    }) {}
    class Child extends Entity('Child', {
      id: id(),
      get parent() {
        return belongsTo(Parent)
      },
    }) {}
    const Bare: typeof Parent = class Parent extends Entity('Parent', { id: id() }) {} as never
    const Second: typeof Child = class Child extends Entity('Child', {
      id: id(),
      get parent() {
        return belongsTo(Bare)
      },
    }) {} as never
    expect(told({ Parent, Child }, { Parent: Bare, Child: Second })).toEqual([
      ['dropRelation', 'safe', 'Parent.children is no longer seen'],
    ])
    expect(told({ Parent: Bare, Child: Second }, { Parent, Child })).toEqual([
      ['addRelation', 'safe', 'new relation Parent.children'],
    ])
  })

  it('a field in place of a relation is another thing', () => {
    expect(
      told(
        linked(() => to(Other)),
        { Other, Third, ...thing({ to: string().nullable() }) },
      ),
    ).toEqual([
      ['addField', 'safe', 'new field Thing.to, null in older rows'],
      ['dropRelation', 'loses', 'Thing.to is gone, with its links'],
    ])
  })
})

suite('keys, groups and options', () => {
  const fields = { a: string(), b: string(), n: int().default(0) }

  it('each have a change of their own', () => {
    expect(
      told(
        thing(fields, { unique: [['a']], indexes: [['b']] }),
        thing(fields, {
          key: ['a', 'b'],
          unique: [['a', 'b']],
          indexes: [['b', 'a']],
          version: 'n',
          tenant: 'a',
          description: 'things',
          allow: { read: { a: current('tenant') } },
        }),
      ),
    ).toEqual([
      ['dropUnique', 'safe', 'Thing: unique group (a) is gone'],
      ['dropIndex', 'safe', 'Thing: index (b) is gone'],
      ['changeKey', 'safe', 'Thing: the primary key becomes a, b'],
      ['changeOptions', 'safe', 'Thing: rules, tenant, version, description changed'],
      ['addUnique', 'safe', 'Thing: new unique group (a, b)'],
      ['addIndex', 'safe', 'Thing: new index (b, a)'],
    ])
  })
})

it('changes come in an order that a store can follow', () => {
  class Gone extends Entity('Gone', { id: id() }) {}
  class Fresh extends Entity('Fresh', { id: id() }) {}
  const kinds = changes(
    { Gone, ...thing({ a: string(), x: string(), c: int() }, { unique: [['x']] }) },
    {
      ...thing({ b: string().was('a'), y: string().nullable(), c: int8() }, { unique: [['y']] }),
      Fresh,
    },
  ).map(({ kind }) => kind)
  expect(kinds).toEqual([
    'renameField',
    'dropUnique',
    'addEntity',
    'addField',
    'changeField',
    'addUnique',
    'dropField',
    'dropEntity',
  ])
})
