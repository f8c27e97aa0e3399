import { describe, expect, it } from 'vitest'
import {
  always,
  and,
  belongsTo,
  bindCurrent,
  boolean,
  bytes,
  type Condition,
  current,
  date,
  datetime,
  decimal,
  defineModel,
  Entity,
  float,
  hasMany,
  hasOne,
  id,
  instantiate,
  int,
  int8,
  json,
  list,
  namesIn,
  never,
  not,
  object,
  oneOf,
  or,
  parseRule,
  parseWhere,
  string,
  ValidationError,
  when,
} from './index.ts'

class User extends Entity('User', {
  id: id(),
  email: string(),
  password: string().secret(),
  role: oneOf('admin', 'reader'),
  age: int().nullable(),
  balance: int8(),
  price: decimal(10, 2),
  weight: float(),
  active: boolean(),
  born: datetime(),
  day: date(),
  avatar: bytes(),
  tags: list(string()),
  data: json(),
  address: object({ city: string(), floor: int().nullable() }),
  get posts() {
    return hasMany(Post, 'author')
  },
  get profile() {
    return hasOne(Profile, 'user')
  },
}) {}
class Post extends Entity('Post', {
  id: id(),
  title: string(),
  get author() {
    return belongsTo(User)
  },
  get seat() {
    return belongsTo(Seat).nullable()
  },
}) {}
class Profile extends Entity(
  'Profile',
  {
    bio: string(),
    get user() {
      return belongsTo(User).unique()
    },
    get likes() {
      return hasMany(Like, 'profile')
    },
  },
  { key: ['user'] },
) {}
class Like extends Entity('Like', {
  id: id(),
  get profile() {
    return belongsTo(Profile)
  },
}) {}
class Seat extends Entity('Seat', { hall: string(), row: int() }, { key: ['hall', 'row'] }) {}

const model = defineModel({ User, Post, Profile, Like, Seat })
const key = '0190b5a2-0000-7000-8000-000000000000'

/** A condition without the entity's definitions, short enough to read. */
function brief(condition: Condition): unknown {
  switch (condition.op) {
    case 'and':
    case 'or':
      return { [condition.op]: condition.of.map(brief) }
    case 'not':
      return { not: brief(condition.of) }
    case 'compare': {
      const name = [condition.field, ...condition.path].join('.')
      return [name, condition.operator, condition.value, ...(condition.ignoreCase ? ['i'] : [])]
    }
    case 'key':
      return [condition.relation.name, condition.operator, condition.value]
    case 'isNull':
      return [condition.relation.name, 'is null']
    case 'related':
      return [condition.relation.name, condition.quantifier, brief(condition.where)]
    case 'when':
      return { when: condition.values }
    default:
      return condition.op
  }
}

const userWhere = (where: unknown) => brief(parseWhere(model.meta(User), where))
const postWhere = (where: unknown) => brief(parseWhere(model.meta(Post), where))

function refusal(where: unknown, of: keyof typeof model.entities = 'User'): unknown {
  try {
    parseWhere(model.meta(of), where)
  } catch (error) {
    if (error instanceof ValidationError) return error.issues[0]
    throw error
  }
  return 'accepted'
}

describe('parseWhere', () => {
  it('takes a bare value as eq and joins members by and', () => {
    expect(userWhere({ email: 'a', age: null })).toEqual({
      and: [
        ['email', 'eq', 'a'],
        ['age', 'eq', null],
      ],
    })
    expect(userWhere({})).toBe('always')
    expect(userWhere({ email: undefined, age: {} })).toBe('always')
  })

  it('reads every comparison', () => {
    expect(userWhere({ age: { gt: 1, lte: 5, ne: 3 } })).toEqual({
      and: [['age', 'gt', 1], ['age', 'lte', 5], { not: ['age', 'eq', 3] }],
    })
    expect(userWhere({ email: { startsWith: 'a', endsWith: 'b', contains: 'c' } })).toEqual({
      and: [
        ['email', 'startsWith', 'a'],
        ['email', 'endsWith', 'b'],
        ['email', 'contains', 'c'],
      ],
    })
    expect(userWhere({ tags: { contains: 'x' } })).toEqual(['tags', 'has', 'x'])
    expect(userWhere({ tags: ['x'] })).toEqual(['tags', 'eq', ['x']])
    expect(userWhere({ data: { eq: { $gt: 1 } } })).toEqual(['data', 'eq', { $gt: 1 }])
  })

  it('ignoreCase is of text comparisons alone', () => {
    expect(userWhere({ email: { contains: 'A', eq: 'B', ignoreCase: true } })).toEqual({
      and: [
        ['email', 'contains', 'A', 'i'],
        ['email', 'eq', 'B'],
      ],
    })
    expect(refusal({ email: { contains: 'A', ignoreCase: 'yes' } })).toEqual({
      path: ['email', 'ignoreCase'],
      message: 'must be true or false',
    })
  })

  it('leads into objects', () => {
    expect(userWhere({ address: { city: { startsWith: 'B' }, floor: null } })).toEqual({
      and: [
        ['address.city', 'startsWith', 'B'],
        ['address.floor', 'eq', null],
      ],
    })
    expect(userWhere({ address: { eq: { city: 'B' } } })).toEqual([
      'address',
      'eq',
      { city: 'B', floor: null },
    ])
    expect(refusal({ address: { eq: { city: 'B', x: 1 } } })).toEqual({
      path: ['address', 'eq'],
      message: 'must be an object without "x"',
    })
  })

  it('splits null off a list, and folds an empty one', () => {
    expect(userWhere({ age: { in: [1, null, 2] } })).toEqual({
      or: [
        ['age', 'in', [1, 2]],
        ['age', 'eq', null],
      ],
    })
    expect(userWhere({ age: { in: [null] } })).toEqual(['age', 'eq', null])
    expect(userWhere({ age: { in: [] } })).toBe('never')
    expect(userWhere({ age: { notIn: [] } })).toBe('always')
    expect(userWhere({ age: { notIn: [1] } })).toEqual({ not: ['age', 'in', [1]] })
  })

  it('folds what no row can have', () => {
    expect(userWhere({ id: 'nobody' })).toBe('never')
    expect(userWhere({ id: { ne: 'nobody' } })).toBe('always')
    expect(userWhere({ id: { in: ['nobody', key.toUpperCase()] } })).toEqual(['id', 'in', [key]])
    expect(userWhere({ role: 'owner' })).toBe('never')
    expect(userWhere({ email: 'a\0' })).toBe('never')
    expect(userWhere({ email: { contains: '\ud800' } })).toBe('never')
    expect(userWhere({ tags: { contains: '\0' } })).toBe('never')
    expect(userWhere({ email: { contains: '' } })).toEqual({ not: ['email', 'eq', null] })
    expect(userWhere({ or: [{ id: 'nobody' }, { email: 'a' }] })).toEqual(['email', 'eq', 'a'])
    expect(userWhere({ not: { and: [{}, { id: 'x' }] } })).toBe('always')
  })

  it('brings operands to the form that rows have', () => {
    expect(userWhere({ balance: '9007199254740993' })).toEqual(['balance', 'eq', 2n ** 53n + 1n])
    expect(userWhere({ balance: { gt: 5 } })).toEqual(['balance', 'gt', 5n])
    expect(userWhere({ price: '007.5' })).toEqual(['price', 'eq', '7.50'])
    expect(userWhere({ price: { lt: '-00.1230' } })).toEqual(['price', 'lt', '-0.123'])
    expect(userWhere({ born: '2026-01-01T01:00:00+01:00' })).toEqual([
      'born',
      'eq',
      new Date('2026-01-01T00:00:00Z'),
    ])
    expect(userWhere({ avatar: 'AQI=' })).toEqual(['avatar', 'eq', new Uint8Array([1, 2])])
  })

  it.each([
    [{ password: 'x' }, ['password'], 'is secret and cannot be filtered'],
    [
      { posts: { some: { author: { password: 'x' } } } },
      ['posts', 'some', 'author', 'password'],
      'is secret and cannot be filtered',
    ],
    [{ nickname: 'x' }, ['nickname'], 'User has no field "nickname"'],
    [JSON.parse('{"__proto__":{}}'), ['__proto__'], 'User has no field "__proto__"'],
    [{ email: 3 }, ['email'], 'must be a text'],
    [
      { email: { like: 'x' } },
      ['email', 'like'],
      'is no comparison; there are eq, ne, lt, lte, gt, gte, in, notIn, contains, startsWith, endsWith',
    ],
    [{ email: { $ne: 'x' } }, ['email', '$ne'], expect.stringContaining('is no comparison')],
    [
      { address: JSON.parse('{"__proto__":"x"}') },
      ['address', '__proto__'],
      expect.stringContaining('is no comparison'),
    ],
    [
      { address: { constructor: 'x' } },
      ['address', 'constructor'],
      expect.stringContaining('is no comparison'),
    ],
    [{ age: 1.5 }, ['age'], 'must be a whole number of 32 bits'],
    [{ age: 2 ** 31 }, ['age'], 'must be a whole number of 32 bits'],
    [{ age: { in: [1, 'x'] } }, ['age', 'in', 1], 'must be a whole number of 32 bits'],
    [{ age: { in: 3 } }, ['age', 'in'], 'must be a list'],
    [{ age: { gt: null } }, ['age', 'gt'], 'must not be null'],
    [{ age: { contains: '1' } }, ['age', 'contains'], 'is for text'],
    [
      { balance: 2 ** 53 },
      ['balance'],
      'must be a whole number of 64 bits; give large ones as text',
    ],
    [
      { balance: 2n ** 63n },
      ['balance'],
      'must be a whole number of 64 bits; give large ones as text',
    ],
    [{ price: 7 }, ['price'], "must be a decimal number as text, such as '12.50'"],
    [{ weight: Number.NaN }, ['weight'], 'must be a number'],
    [{ active: 'true' }, ['active'], 'must be true or false'],
    [{ born: '2026' }, ['born'], 'must be an instant such as 2026-02-28T12:00:00.000Z'],
    [{ born: new Date(Number.NaN) }, ['born'], expect.stringContaining('must be an instant')],
    [{ day: '2026-02-30' }, ['day'], 'must be a day such as 2026-02-28'],
    [{ avatar: 3 }, ['avatar'], 'must be bytes, or base64 text'],
    [{ tags: { lt: ['x'] } }, ['tags', 'lt'], 'values of type list have no order'],
    [{ tags: 'x' }, ['tags'], 'must be a list'],
    [{ data: { gt: 1 } }, ['data', 'gt'], 'values of type json have no order'],
    [{ email: current('x') }, ['email'], 'current() is for rules'],
    [when({ role: 'admin' }), ['$when'], 'User has no field "$when"'],
    [{ and: {} }, ['and'], 'must be a list of filters'],
    [{ or: [3] }, ['or', 0], 'must be an object with a filter over User'],
    [{ not: null }, ['not'], 'must be an object with a filter over User'],
    [{ posts: { title: 'x' } }, ['posts', 'title'], 'is none of some, every and none'],
    [{ posts: [] }, ['posts'], 'must be an object with some, every or none'],
    [null, [], 'must be an object with a filter over User'],
    [new Date(), [], 'must be an object with a filter over User'],
    [new Map(), [], 'must be an object with a filter over User'],
  ])('refuses %o', (where, path, message) => {
    expect(refusal(where)).toEqual({ path, message })
  })

  it('bounds depth, comparisons and operands', () => {
    const nested = (depth: number): object => (depth === 0 ? {} : { not: nested(depth - 1) })
    expect(refusal(nested(12))).toBe('accepted')
    expect(refusal(nested(13))).toMatchObject({ message: 'filters may be nested 12 deep' })
    const many = (count: number) => ({ or: Array.from({ length: count }, () => ({ age: 1 })) })
    expect(refusal(many(1000))).toBe('accepted')
    expect(refusal(many(1001))).toMatchObject({ message: 'has more than 1000 comparisons' })
    const values = (count: number) => ({ age: { in: Array.from({ length: count }, () => 1) } })
    expect(refusal(values(10_000))).toBe('accepted')
    expect(refusal(values(10_001))).toEqual({
      path: ['age', 'in'],
      message: 'has 10001 values; at most 10000 may be given',
    })
  })
})

describe('filters over relations', () => {
  it('compare the link itself where a key is given', () => {
    const row = instantiate(User, { id: key, email: 'a', password: 'x' })
    for (const author of [key, key.toUpperCase(), row, { eq: key }, { eq: row }]) {
      expect(postWhere({ author })).toEqual(['author', 'eq', key])
    }
    expect(postWhere({ author: { in: [key, 'nobody'] } })).toEqual(['author', 'in', [key]])
    expect(postWhere({ author: { notIn: [row] } })).toEqual({ not: ['author', 'in', [key]] })
    expect(postWhere({ author: { ne: key } })).toEqual({ not: ['author', 'eq', key] })
    expect(postWhere({ author: { notIn: [key], ne: null } })).toEqual({
      and: [{ not: ['author', 'in', [key]] }, { not: ['author', 'is null'] }],
    })
    expect(postWhere({ author: 'nobody' })).toBe('never')
    expect(refusal({ author: { in: [key], email: 'a' } }, 'Post')).toMatchObject({
      path: ['author', 'in'],
    })
    expect(refusal({ author: 3 }, 'Post')).toMatchObject({ message: 'must be a text' })
    expect(refusal({ author: { in: key } }, 'Post')).toEqual({
      path: ['author', 'in'],
      message: 'must be a list',
    })
  })

  it('know null', () => {
    expect(postWhere({ seat: null })).toEqual(['seat', 'is null'])
    expect(postWhere({ author: { eq: null } })).toEqual(['author', 'is null'])
    expect(postWhere({ author: { ne: null } })).toEqual({ not: ['author', 'is null'] })
    expect(postWhere({ author: { in: [null, key] } })).toEqual({
      or: [
        ['author', 'in', [key]],
        ['author', 'is null'],
      ],
    })
    expect(userWhere({ profile: null })).toEqual(['profile', 'none', 'always'])
  })

  it('lead into the other row', () => {
    expect(postWhere({ author: { email: 'a', posts: { none: {} } } })).toEqual([
      'author',
      'some',
      {
        and: [
          ['email', 'eq', 'a'],
          ['posts', 'none', 'always'],
        ],
      },
    ])
    expect(userWhere({ posts: { some: {}, every: { title: 'x' }, none: { title: 'y' } } })).toEqual(
      {
        and: [
          ['posts', 'some', 'always'],
          ['posts', 'every', ['title', 'eq', 'x']],
          ['posts', 'none', ['title', 'eq', 'y']],
        ],
      },
    )
  })

  it('fold where it does not matter which rows there are', () => {
    expect(userWhere({ posts: { some: { id: 'nobody' } } })).toBe('never')
    expect(userWhere({ posts: { none: { id: 'nobody' } } })).toBe('always')
    expect(userWhere({ posts: { every: {} } })).toBe('always')
  })

  it('follow a key that is itself a link', () => {
    const like = (where: unknown) => brief(parseWhere(model.meta(Like), where))
    expect(like({ profile: key })).toEqual(['profile', 'eq', key])
    expect(like({ profile: instantiate(Profile, { user: { id: key } }) })).toEqual([
      'profile',
      'eq',
      key,
    ])
  })

  it('a key of several parts is filtered by its parts', () => {
    const parts = {
      and: [
        ['hall', 'eq', 'A'],
        ['row', 'eq', 3],
      ],
    }
    expect(postWhere({ seat: { hall: 'A', row: 3 } })).toEqual(['seat', 'some', parts])
    expect(postWhere({ seat: instantiate(Seat, { hall: 'A', row: 3 }) })).toEqual([
      'seat',
      'some',
      parts,
    ])
    const other = { hall: 'B', row: 4 }
    expect(postWhere({ seat: { in: [{ hall: 'A', row: 3 }, other, null] } })).toEqual({
      or: [
        ['seat', 'some', parts],
        [
          'seat',
          'some',
          {
            and: [
              ['hall', 'eq', 'B'],
              ['row', 'eq', 4],
            ],
          },
        ],
        ['seat', 'is null'],
      ],
    })
    expect(postWhere({ seat: { ne: { hall: 'A', row: 3 } } })).toEqual({
      not: ['seat', 'some', parts],
    })
    expect(refusal({ seat: { in: ['A'] } }, 'Post')).toMatchObject({ path: ['seat', 'in', 0] })
    expect(refusal({ seat: { notIn: 'A' } }, 'Post')).toEqual({
      path: ['seat', 'notIn'],
      message: 'must be a list',
    })
    expect(refusal({ seat: 'A' }, 'Post')).toEqual({
      path: ['seat'],
      message: 'Seat has a key of several parts; filter by them: { hall, row }',
    })
  })
})

describe('rules', () => {
  const user = model.meta(User)
  const post = model.meta(Post)
  const bound = (rule: unknown, values: Record<string, unknown>, meta = post) =>
    brief(bindCurrent(parseRule(meta, rule), values))

  it('are true, false, one, or any of a list', () => {
    expect(parseRule(post, true)).toBe(always)
    expect(parseRule(post, false)).toBe(never)
    expect(parseRule(post, [])).toBe(never)
    expect(brief(parseRule(post, [when({ role: 'admin' }), { title: 'x' }]))).toEqual({
      or: [{ when: { role: 'admin' } }, ['title', 'eq', 'x']],
    })
  })

  it('current() becomes the value of whoever asks', () => {
    const rule = { author: current('userId') }
    expect(bound(rule, { userId: key })).toEqual(['author', 'eq', key])
    expect(bound({ author: { in: current('friends') } }, { friends: [key, 'nobody'] })).toEqual([
      'author',
      'in',
      [key],
    ])
    expect(bound({ email: { endsWith: current('domain') } }, { domain: '@x' }, user)).toEqual([
      'email',
      'endsWith',
      '@x',
    ])
    expect(bound({ tags: { contains: current('tag') } }, { tag: 'x' }, user)).toEqual([
      'tags',
      'has',
      'x',
    ])
    expect(bound({ age: { ne: current('age') } }, { age: 3 }, user)).toEqual({
      not: ['age', 'eq', 3],
    })
  })

  it('when() is decided, whatever is missing', () => {
    const rule = when({ role: 'admin', verified: true })
    expect(bound(rule, { role: 'admin', verified: true })).toBe('always')
    expect(bound(rule, { role: 'admin' })).toBe('never')
    expect(bound({ not: rule }, {})).toBe('always')
    expect(bound(when({ constructor: 'x' } as never), {})).toBe('never')
  })

  it.each([{}, { userId: null }, { userId: 3 }, { userId: { $ne: '' } }])(
    'a value that is missing or of the wrong type shows no row, not even under not: %o',
    (values) => {
      expect(bound({ author: current('userId') }, values)).toBe('never')
      expect(bound({ not: { author: current('userId') } }, values)).toBe('never')
      expect(bound({ author: { ne: current('userId') } }, values)).toBe('never')
      expect(bound({ author: { notIn: current('userId') } }, values)).toBe('never')
      expect(bound({ not: { or: [{ title: 'x' }, { author: current('userId') }] } }, values)).toBe(
        'never',
      )
      expect(bound([{ author: current('userId') }, { title: 'x' }], values)).toEqual([
        'title',
        'eq',
        'x',
      ])
      expect(bound({ posts: { none: { author: current('userId') } } }, values, user)).toEqual([
        'posts',
        'none',
        'always',
      ])
    },
  )

  it('a well-formed value that no row can have is simply another value', () => {
    expect(bound({ author: current('userId') }, { userId: 'nobody' })).toBe('never')
    expect(bound({ not: { author: current('userId') } }, { userId: 'nobody' })).toBe('always')
    expect(bound({ author: { in: current('friends') } }, { friends: [] })).toBe('never')
    expect(bound({ author: { notIn: current('friends') } }, { friends: [] })).toBe('always')
  })

  it('inherited values are not known', () => {
    expect(bound({ email: current('toString') }, {}, user)).toBe('never')
  })

  it('current() stands only where it can', () => {
    expect(() => parseRule(user, { tags: { lt: current('x') } })).toThrow('have no order')
    expect(() => parseRule(user, { age: { contains: current('x') } })).toThrow('is for text')
  })
})

describe('and, or, not', () => {
  const one = parseWhere(model.meta(User), { email: 'a' })
  const other = parseWhere(model.meta(User), { age: 1 })

  it('fold what is known', () => {
    expect([and([]), or([]), not(always), not(never)]).toEqual([always, never, never, always])
    expect(and([one, always])).toBe(one)
    expect(or([one, never])).toBe(one)
    expect(and([one, never])).toBe(never)
    expect(or([one, always])).toBe(always)
    expect(not(not(one))).toBe(one)
    expect(and([one, other])).toEqual({ op: 'and', of: [one, other] })
  })

  it('namesIn names what the row itself must have', () => {
    const names = (where: unknown) => namesIn(parseWhere(model.meta(Post), where))
    expect(names({ title: 'x', or: [{ author: key }, { seat: null }] })).toEqual(
      new Set(['title', 'author', 'seat']),
    )
    expect(names({})).toEqual(new Set())
    expect(names({ not: { author: { email: 'x' } } })).toBeNull()
  })
})
