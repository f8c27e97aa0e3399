import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  belongsTo,
  boolean,
  bytes,
  checkCreate,
  checkUpdate,
  createdAt,
  date,
  datetime,
  decimal,
  defineModel,
  Entity,
  EntityError,
  type Field,
  field,
  float,
  hasMany,
  id,
  instantiate,
  int,
  int8,
  json,
  list,
  object,
  oneOf,
  string,
  updatedAt,
  uuid,
  ValidationError,
} from './index.ts'

/** What a field makes of a value: the stored value, or the messages with their paths. */
function stored(one: Field<never, never, never> | Field<unknown, never>, value: unknown): unknown {
  class One extends Entity('One', { id: id(), one }) {}
  const meta = defineModel({ One }).meta(One)
  try {
    return checkCreate(meta, { one: value }).one
  } catch (error) {
    if (error instanceof ValidationError) return { issues: error.issues }
    throw error
  }
}

function issue(message: string, ...path: (string | number)[]) {
  return { issues: [{ path: ['one', ...path], message }] }
}

const anyMessage = { issues: [{ path: ['one'], message: expect.any(String) }] }

describe('text', () => {
  it('is kept as it is', () => {
    for (const text of ['', ' a ', 'ü', '😀', '\u2028', 'a'.repeat(100_000)]) {
      expect(stored(string(), text)).toBe(text)
    }
  })

  it.each([
    ['min', string().min(3, 'too short'), 'ab', 'abc'],
    ['max', string().max(3, 'too long'), 'abcd', 'abc'],
    ['email', string().email('no e-mail'), 'ada@', 'ada@example.com'],
    ['url', string().url('no url'), 'example', 'https://example.com/'],
    ['regex', string().regex(/^a+$/, 'only a'), 'ab', 'aa'],
    ['check', string().check((text) => text !== 'no', 'anything but no'), 'no', 'yes'],
  ])('%s refuses with its own message', (_, one, wrong, right) => {
    const { issues } = stored(one, wrong) as { issues: { message: string }[] }
    expect(issues[0]?.message).toMatch(/^(too short|too long|no e-mail|no url|only a|anything)/)
    expect(stored(one, right)).toBe(right)
  })

  it('regex with the flag g keeps no memory between values', () => {
    const one = string().regex(/^a+$/g)
    for (let turn = 0; turn < 3; turn++) expect(stored(one, 'aa')).toBe('aa')
  })

  it('trims and lowers before the checks that follow', () => {
    expect(stored(string().trim().lowercase().min(2), '  ADA ')).toBe('ada')
    expect(stored(string().trim().min(2, 'too short'), ' a ')).toEqual(issue('too short'))
  })

  it('names every check that does not hold', () => {
    expect(stored(string().min(3, 'min').regex(/^b/, 'regex'), 'a')).toEqual({
      issues: [
        { path: ['one'], message: 'min' },
        { path: ['one'], message: 'regex' },
      ],
    })
  })

  it('takes checks after check()', () => {
    expect(
      stored(
        string()
          .check((text) => text !== 'abc', 'no')
          .min(3, 'min'),
        'a',
      ),
    ).toEqual(issue('min'))
  })

  it('refuses what no store gives back as it was', () => {
    const half = 'must not contain half of a surrogate pair'
    expect(stored(string(), 'a\0b')).toEqual(issue('must not contain the character U+0000'))
    expect(stored(string(), 'a\ud800b')).toEqual(issue(half))
    expect(stored(list(string()), ['a', '\udc00'])).toEqual(issue(half, 1))
    expect(stored(object({ a: string() }), { a: '\ud83d' })).toEqual(issue(half, 'a'))
    expect(stored(json(), { a: [{ '\0': 1 }] })).toEqual(
      issue('must not contain the character U+0000', 'a', 0),
    )
    expect(stored(field(z.object({ a: z.string() })), { a: '\0' })).toEqual(
      issue('must not contain the character U+0000', 'a'),
    )
  })

  it.each([1, true, {}, [], new Date(0), 1n])('refuses %o', (value) => {
    expect(stored(string(), value)).toEqual(anyMessage)
  })
})

describe('numbers', () => {
  it('int takes 32 bits', () => {
    for (const value of [0, -0, 2147483647, -2147483648]) expect(stored(int(), value)).toBe(value)
    for (const value of [2147483648, -2147483649, 1.5, Number.NaN, Infinity, '1', 1n]) {
      expect(stored(int(), value)).toHaveProperty('issues')
    }
  })

  it('float takes every finite double', () => {
    for (const value of [0.1, -1e308, 5e-324, 2 ** 53]) expect(stored(float(), value)).toBe(value)
    for (const value of [Number.NaN, Infinity, -Infinity, '1.5']) {
      expect(stored(float(), value)).toEqual(anyMessage)
    }
  })

  it('bounds have messages of their own', () => {
    expect(stored(int().min(3, 'at least 3'), 2)).toEqual(issue('at least 3'))
    expect(stored(int().max(3, 'at most 3'), 4)).toEqual(issue('at most 3'))
    expect(stored(float().min(0.5), 0.5)).toBe(0.5)
    expect(stored(int8().min(3n, 'at least 3'), 2n)).toEqual(issue('at least 3'))
    expect(stored(int8().max(3n), '4')).toEqual(issue('must be at most 3'))
  })

  it('int8 keeps a check that stands before its bounds', () => {
    const even = int8()
      .check((value) => value % 2n === 0n, 'even only')
      .min(0n, 'not negative')
    expect(stored(even, 3)).toEqual(issue('even only'))
    expect(stored(even, -2)).toEqual(issue('not negative'))
    expect(stored(even, '4')).toBe(4n)
  })

  it('int8 takes bigints, safe numbers and digits', () => {
    expect(stored(int8(), 9007199254740993n)).toBe(2n ** 53n + 1n)
    expect(stored(int8(), '9007199254740993')).toBe(2n ** 53n + 1n)
    expect(stored(int8(), '-9223372036854775808')).toBe(-(2n ** 63n))
    expect(stored(int8(), 2n ** 63n - 1n)).toBe(2n ** 63n - 1n)
    expect(stored(int8(), '007')).toBe(7n)
    expect(stored(int8(), -0)).toBe(0n)
  })

  it.each([
    2n ** 63n,
    '9223372036854775808',
    '-9223372036854775809',
    2 ** 53,
    1.5,
    '1.0',
    '',
    '+1',
    ' 1',
    '1e3',
    '0x1f',
    true,
  ])('int8 refuses %o', (value) => {
    expect(stored(int8(), value)).toEqual(anyMessage)
  })

  it.each([
    ['7', '7.00'],
    ['007.5', '7.50'],
    ['-0.00', '0.00'],
    ['-0', '0.00'],
    ['-007.10', '-7.10'],
    ['0.010000', '0.01'],
    ['99999999.99', '99999999.99'],
  ])('decimal(10, 2) brings %s to %s', (given, kept) => {
    expect(stored(decimal(10, 2), given)).toBe(kept)
  })

  it.each(['', '-', '.5', '5.', '1,5', '+5', '1e3', ' 1', '٣', '100000000', '0.001', 'NaN', 7])(
    'decimal(10, 2) refuses %o',
    (value) => {
      expect(stored(decimal(10, 2), value)).toHaveProperty('issues')
    },
  )

  it('decimal counts digits on both sides of the point', () => {
    expect(stored(decimal(3, 0), '7')).toBe('7')
    expect(stored(decimal(3, 0), '7.0')).toBe('7')
    expect(stored(decimal(3, 0), '7.5')).toHaveProperty('issues')
    expect(stored(decimal(2, 2), '0.25')).toBe('0.25')
    expect(stored(decimal(2, 2), '')).toHaveProperty('issues')
    expect(stored(decimal(2, 2), '1.25')).toHaveProperty('issues')
  })

  it.each([
    [3, 4],
    [0, 0],
    [1001, 2],
    [2.5, 1],
    [5, -1],
  ])('decimal(%o, %o) is no definition', (precision, scale) => {
    expect(() => decimal(precision, scale)).toThrow(EntityError)
  })
})

describe('instants and days', () => {
  it('datetime takes dates, and ISO 8601 with any offset', () => {
    const noon = new Date('2026-02-28T12:00:00.000Z')
    expect(stored(datetime(), noon)).toEqual(noon)
    expect(stored(datetime(), '2026-02-28T12:00:00Z')).toEqual(noon)
    expect(stored(datetime(), '2026-02-28T14:00:00.000+02:00')).toEqual(noon)
    expect(stored(datetime(), '2026-02-28T06:30:00-05:30')).toEqual(noon)
    expect(stored(datetime(), '2026-02-28T12:00:00.000999Z')).toEqual(noon)
  })

  it('datetime holds the years 0001 to 9999', () => {
    expect(stored(datetime(), '0001-01-01T00:00:00Z')).toBeInstanceOf(Date)
    expect(stored(datetime(), '9999-12-31T23:59:59.999Z')).toBeInstanceOf(Date)
    expect(stored(datetime(), new Date(-1000))).toEqual(new Date(-1000))
  })

  it.each([
    '0000-12-31T23:59:59Z',
    '0001-01-01T00:00:00+01:00',
    '+010000-01-01T00:00:00Z',
    '9999-12-31T23:59:59-01:00',
    '2026-02-30T00:00:00Z',
    '2026-02-28',
    '2026-02-28T12:00:00',
    'March 7, 2026',
    0,
    new Date(Number.NaN),
    new Date('+010000-01-01T00:00:00Z'),
  ])('datetime refuses %o', (value) => {
    expect(stored(datetime(), value)).toEqual(
      issue('must be an instant such as 2026-02-28T12:00:00.000Z'),
    )
  })

  it('date takes days that the calendar has', () => {
    for (const day of ['2024-02-29', '0001-01-01', '9999-12-31']) {
      expect(stored(date(), day)).toBe(day)
    }
    for (const day of [
      '2026-02-29',
      '0000-01-01',
      '10000-01-01',
      '2026-2-1',
      '2026-01-01T00:00Z',
    ]) {
      expect(stored(date(), day)).toHaveProperty('issues')
    }
  })
})

describe('ids, choices, booleans and bytes', () => {
  it('uuid is made lower case, whatever its version', () => {
    expect(stored(uuid(), '0190B5A2-0000-0000-0000-00000000000A')).toBe(
      '0190b5a2-0000-0000-0000-00000000000a',
    )
    for (const value of ['', 'x', '0190b5a200007000800000000000000a', 7]) {
      expect(stored(uuid(), value)).toEqual(issue('must be a UUID'))
    }
  })

  it('oneOf takes its texts alone', () => {
    expect(stored(oneOf('a', 'b'), 'b')).toBe('b')
    for (const value of ['c', 'A', '', 'toString', 0]) {
      expect(stored(oneOf('a', 'b'), value)).toEqual(anyMessage)
    }
    expect(() => oneOf('a', 'a')).toThrow('each once')
  })

  it('boolean takes nothing that is only like one', () => {
    expect(stored(boolean(), false)).toBe(false)
    for (const value of [0, 1, 'true']) expect(stored(boolean(), value)).toEqual(anyMessage)
  })

  it('bytes are bytes or base64', () => {
    expect(stored(bytes(), new Uint8Array([1, 2]))).toEqual(new Uint8Array([1, 2]))
    expect(stored(bytes(), 'AQL/')).toEqual(new Uint8Array([1, 2, 255]))
    expect(stored(bytes(), '')).toEqual(new Uint8Array())
    for (const value of ['AQ', 'AQ==AQ==', 'A Q=', '-_==', [1, 2]]) {
      expect(stored(bytes(), value)).toEqual(issue('must be bytes, or base64 text'))
    }
    expect(stored(bytes(1), 'AQI=')).toEqual(issue('must be at most 1 bytes'))
  })
})

describe('values with parts', () => {
  const address = object({
    street: string().min(1),
    note: string().nullable(),
    floor: int().default(0),
    fee: decimal(5, 2).default('1.5'),
  })

  it('object fills in what was left out', () => {
    expect(stored(address, { street: 'Main' })).toEqual({
      street: 'Main',
      note: null,
      floor: 0,
      fee: '1.50',
    })
  })

  it('object names wrong, missing, null and unknown parts', () => {
    expect(stored(address, { note: 3, floor: null, city: 'x' })).toEqual({
      issues: expect.arrayContaining([
        { path: ['one', 'street'], message: expect.any(String) },
        { path: ['one', 'note'], message: expect.any(String) },
        { path: ['one', 'floor'], message: expect.any(String) },
        { path: ['one', 'city'], message: 'is unknown' },
      ]),
    })
    expect(stored(address, JSON.parse('{"street":"x","__proto__":{"a":1}}'))).toEqual(
      issue('is unknown', '__proto__'),
    )
    for (const value of [[], 'x', 3]) expect(stored(address, value)).toEqual(anyMessage)
  })

  it('list names wrong items by their index, at every depth', () => {
    expect(stored(list(object({ a: int() })), [{ a: 1 }, { a: 'x' }])).toEqual(
      issue('Invalid input: expected number, received string', 1, 'a'),
    )
    expect(stored(list(list(int())), [[1], [2, null]])).toEqual({
      issues: [{ path: ['one', 1, 1], message: expect.any(String) }],
    })
    expect(stored(list(string().nullable()), ['a', null])).toEqual(['a', null])
    expect(stored(list(int(), 2), [1, 2, 3])).toEqual(anyMessage)
    expect(stored(list(int()), { 0: 1, length: 1 })).toEqual(anyMessage)
  })

  it('a list is not shared with the input', () => {
    const given = ['a']
    const kept = stored(list(string()), given)
    given.push('b')
    expect(kept).toEqual(['a'])
  })

  it.each([
    ['unique', string().unique()],
    ['index', string().index()],
    ['secret', string().secret()],
    ['readonly', string().readonly()],
    ['was', string().was('x')],
  ])('%s() is refused inside', (_, part) => {
    expect(() => object({ part })).toThrow('object(): part: unique()')
    expect(() => list(part)).toThrow('list(): unique()')
  })

  it('refuses names that are no parts, and defaults of items', () => {
    expect(() => object({ 'a b': string() })).toThrow('object().a b')
    expect(() => object({ constructor: string() } as never)).toThrow('object().constructor')
    expect(() => list(string().default('x'))).toThrow('no default()')
  })

  it('json takes every JSON value but null', () => {
    for (const value of [0, '', false, [], {}, [null, { a: [1.5] }]]) {
      expect(stored(json(), value)).toEqual(value)
    }
    for (const value of [1n, Number.NaN, new Date(), new Map(), [undefined], { a: () => 1 }]) {
      expect(stored(json(), value)).toEqual(issue('must be a JSON value'))
    }
    expect(stored(json(), null)).toEqual(issue('must not be null'))
  })

  it('refuses what is nested too deep, and cycles', () => {
    let deep: unknown = 1
    for (let level = 0; level < 10_000; level++) deep = [deep]
    const cycle: unknown[] = []
    cycle.push(cycle)
    for (const value of [deep, cycle]) {
      expect(stored(json(), value)).toEqual(issue('must be nested at most 64 deep'))
      expect(stored(list(json()), value)).toEqual(issue('must be nested at most 64 deep'))
    }
  })
})

describe('field() of a Zod schema', () => {
  it('keeps its checks and messages', () => {
    expect(stored(field(z.string().regex(/^[A-Z]{3}$/, 'three capitals')), 'abc')).toEqual(
      issue('three capitals'),
    )
    expect(stored(field(z.enum(['a', 'b'])), 'b')).toBe('b')
    expect(stored(field(z.object({ a: z.number() })), { a: 'x' })).toEqual({
      issues: [{ path: ['one', 'a'], message: expect.any(String) }],
    })
  })

  it.each([
    [z.string(), 'text'],
    [z.email(), 'text'],
    [z.string().trim().brand<'Name'>(), 'text'],
    [z.int32(), 'int4'],
    [z.number(), 'double'],
    [z.bigint(), 'int8'],
    [z.boolean(), 'boolean'],
    [z.date(), 'datetime'],
    [z.enum(['a', 'b']), 'enum'],
    [z.literal(['a', 'b']), 'enum'],
    [z.literal(3), 'json'],
    [z.preprocess((value) => value, z.string()), 'text'],
    [z.string().transform((text) => text.length), 'json'],
    [z.array(z.string()), 'json'],
    [z.object({}).readonly(), 'json'],
  ])('stores %# as %s', (schema, type) => {
    expect(field(schema as z.ZodType).definition.type).toBe(type)
  })

  it('reads the JSON form of dates and bigints', () => {
    expect(stored(field(z.date().min(new Date(0), 'too old')), '2026-01-01T00:00:00Z')).toEqual(
      new Date('2026-01-01T00:00:00Z'),
    )
    expect(stored(field(z.date().min(new Date(0), 'too old')), new Date(-1))).toEqual(
      issue('too old'),
    )
    expect(stored(field(z.bigint().positive('positive')), '5')).toBe(5n)
    expect(stored(field(z.bigint()), 2n ** 64n)).toEqual(issue('must be a whole number of 64 bits'))
  })

  it('sends null and defaults to the field itself', () => {
    expect(() => field(z.string().nullable())).toThrow('.nullable() instead')
    expect(() => field(z.string().optional())).toThrow('.nullable() instead')
    expect(() => field(z.string().default('x'))).toThrow('.default(…) instead')
  })

  it('refuses outputs that JSON would change', () => {
    expect(() => field(z.object({ at: z.date() }))).toThrow('outputs a date')
    expect(() => field(z.array(z.bigint()))).toThrow('outputs a bigint')
    expect(() => field(z.map(z.string(), z.string()))).toThrow('outputs a map')
  })

  it('an asynchronous check is a wrong definition, not a wrong value', () => {
    const one = field(z.string().refine(async () => true))
    expect(() => stored(one, 'x')).toThrow('asynchronous')
  })
})

describe('create and update', () => {
  class User extends Entity('User', {
    id: id(),
    email: string().email().unique(),
    lastName: string().nullable(),
    password: string().min(8, 'at least 8 characters').secret(),
    role: oneOf('admin', 'reader').default('reader'),
    price: decimal(10, 2).default('7.5'),
    tags: list(string()).default([]),
    slug: string().readonly(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    get posts() {
      return hasMany(Post, 'author')
    },
  }) {
    #secret = 'hidden'
    get initial(): string {
      return this.email.slice(0, 1)
    }
    reveal(): string {
      return this.#secret
    }
  }
  class Post extends Entity('Post', {
    id: id(),
    title: string(),
    get author() {
      return belongsTo(User).readonly()
    },
    get seat() {
      return belongsTo(Seat).nullable()
    },
  }) {}
  class Seat extends Entity(
    'Seat',
    {
      row: int(),
      get user() {
        return belongsTo(User)
      },
    },
    { key: ['row', 'user'] },
  ) {}
  const model = defineModel({ User, Post, Seat })
  const [user, post] = [model.meta(User), model.meta(Post)]
  const author = '0190b5a2-0000-7000-8000-000000000000'
  const least = { email: 'a@b.co', password: '12345678', slug: 'a' }

  function issuesOf(work: () => unknown): unknown {
    try {
      work()
    } catch (error) {
      if (error instanceof ValidationError) return error.issues
      throw error
    }
    return []
  }

  it('fills in defaults in the form that rows have', () => {
    const values = checkCreate(user, least)
    expect(values).toEqual({
      ...least,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      lastName: null,
      role: 'reader',
      price: '7.50',
      tags: [],
      createdAt: expect.any(Date),
      updatedAt: expect.any(Date),
    })
    expect(checkCreate(user, values)).toEqual(values)
  })

  it('shares no default between rows', () => {
    const first = checkCreate(user, least)
    ;(first.tags as string[]).push('mine')
    expect(checkCreate(user, least).tags).toEqual([])
  })

  it('names everything that is wrong at once', () => {
    const input = JSON.parse(
      '{"email":"x","password":"short","role":null,"nickname":1,"__proto__":{},"posts":[],"tags":["a",1]}',
    )
    expect(issuesOf(() => checkCreate(user, input))).toEqual([
      { path: ['nickname'], message: 'User has no such field' },
      { path: ['__proto__'], message: 'User has no such field' },
      { path: ['posts'], message: 'is the other side of a relation; write it there' },
      { path: ['email'], message: expect.any(String) },
      { path: ['password'], message: 'at least 8 characters' },
      { path: ['role'], message: 'must not be null' },
      { path: ['tags', 1], message: expect.any(String) },
      { path: ['slug'], message: 'is required' },
    ])
  })

  it.each([null, undefined, 3, 'x', [], [least]])('refuses %o in place of an object', (input) => {
    const expected = [{ path: [], message: 'must be an object of its fields' }]
    expect(issuesOf(() => checkCreate(user, input))).toEqual(expected)
    expect(issuesOf(() => checkUpdate(user, input))).toEqual(expected)
  })

  it('sees unknown names of instances too', () => {
    class Given {
      nickname = 'x'
      get email() {
        return 'a@b.co'
      }
      password = '12345678'
      slug = 'a'
    }
    expect(issuesOf(() => checkCreate(user, new Given()))).toEqual([
      { path: ['nickname'], message: 'User has no such field' },
    ])
  })

  it('the error tells paths and messages, never values', () => {
    expect(() => checkCreate(user, { ...least, password: 'hunter2' })).toThrow(
      expect.objectContaining({
        code: 'BAD_INPUT',
        name: 'ValidationError',
        message: 'User: password: at least 8 characters',
      }),
    )
  })

  it('an update takes what may change and moves updatedAt', () => {
    expect(checkUpdate(user, { lastName: null, role: undefined })).toEqual({
      lastName: null,
      updatedAt: expect.any(Date),
    })
    expect(checkUpdate(user, {})).toEqual({})
    expect(
      issuesOf(() => checkUpdate(user, { id: author, slug: 'x', createdAt: null, x: 1 })),
    ).toEqual([
      { path: ['x'], message: 'User has no such field' },
      { path: ['id'], message: 'cannot be changed' },
      { path: ['slug'], message: 'cannot be changed' },
      { path: ['createdAt'], message: 'cannot be changed' },
    ])
    expect(issuesOf(() => checkUpdate(post, { author, title: null }))).toEqual([
      { path: ['title'], message: 'must not be null' },
      { path: ['author'], message: 'cannot be changed' },
    ])
  })

  it('a link is a key, an object with the key, or a row', () => {
    const row = instantiate(User, checkCreate(user, { ...least, id: author }))
    for (const given of [author, author.toUpperCase(), { id: author }, row]) {
      expect(checkCreate(post, { title: 'x', author: given })).toMatchObject({ author, seat: null })
    }
    expect(checkUpdate(post, { seat: { row: 3, user: row } })).toEqual({
      seat: { row: 3, user: author },
    })
  })

  it('a link is checked through every part of its key', () => {
    const wrong = [{ path: ['seat'], message: 'must be the row and user of a Seat' }]
    for (const seat of [
      3,
      'x',
      [],
      {},
      { row: 3 },
      { row: '3', user: author },
      { row: 3, user: { $gt: '' } },
      { row: 3, user: { id: { $ne: null } } },
    ]) {
      expect(issuesOf(() => checkUpdate(post, { seat }))).toEqual(wrong)
    }
    expect(issuesOf(() => checkCreate(post, { title: 'x', author: 'nobody' }))).toEqual([
      { path: ['author'], message: 'there is no such User' },
    ])
    expect(issuesOf(() => checkCreate(post, { title: 'x', author: null }))).toEqual([
      { path: ['author'], message: 'must not be null' },
    ])
    expect(issuesOf(() => checkCreate(post, { title: 'x' }))).toEqual([
      { path: ['author'], message: 'is required' },
    ])
  })

  it('rows have their methods, getters and private members', () => {
    const row = instantiate(User, checkCreate(user, least))
    expect(row).toBeInstanceOf(User)
    expect([row.initial, row.reveal(), row.email]).toEqual(['a', 'hidden', 'a@b.co'])
  })

  it('rows have their secrets by name only', () => {
    class Login extends Entity('Login', {
      id: id(),
      password: string().secret(),
      pin: string().nullable().secret(),
      get user() {
        return belongsTo(User).nullable()
      },
    }) {
      matches(password: string): boolean {
        return this.password === password
      }
    }
    const values = { id: author, password: 'hunter2' }
    const row = instantiate(Login, values)
    expect([row.password, row.matches('hunter2')]).toEqual(['hunter2', true])
    expect(Object.keys(row)).toEqual(['id'])
    expect(JSON.stringify(row)).toBe(JSON.stringify({ id: author }))
    expect({ ...row }).toEqual({ id: author })
    expect(inspect(row)).not.toContain('hunter2')
    expect('pin' in row).toBe(false)
    row.password = 'changed'
    expect([row.password, Object.keys(row), values.password]).toEqual([
      'changed',
      ['id'],
      'hunter2',
    ])
  })

  it('checks what a default function makes', () => {
    class Wrong extends Entity('Wrong', {
      id: id(),
      code: string()
        .min(3)
        .default(() => 'x'),
    }) {}
    class Right extends Entity('Right', {
      id: id(),
      code: string()
        .lowercase()
        .default(() => 'ABC'),
    }) {}
    const wrong = defineModel({ Wrong }).meta(Wrong)
    const right = defineModel({ Right }).meta(Right)
    expect(() => checkCreate(wrong, {})).toThrow('Wrong.code: its default() made a value')
    expect(checkCreate(right, {}).code).toBe('abc')
  })
})
