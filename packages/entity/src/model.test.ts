import { describe, expect, it, vi } from 'vitest'
import {
  belongsTo,
  checkCreate,
  createdAt,
  current,
  datetime,
  defineModel,
  Entity,
  EntityError,
  hasMany,
  hasOne,
  id,
  int,
  json,
  metaOf,
  snakeCase,
  storedNames,
  string,
} from './index.ts'

/** The sentences with which a model is refused. */
function problems(entities: Parameters<typeof defineModel>[0]): string[] {
  try {
    defineModel(entities)
  } catch (error) {
    if (error instanceof EntityError && error.code === 'INVALID_MODEL') {
      return error.message.split('\n')
    }
    throw error
  }
  return []
}

describe('names', () => {
  it.each(['', 'user', 'User Name', '9User', 'Üser', 'A'.repeat(64)])(
    'an entity is not called %o',
    (name) => {
      expect(() => Entity(name, { id: id() })).toThrow("an entity's name is a capital letter")
    },
  )

  it.each([
    'Name',
    'first_name',
    '$where',
    'a.b',
    'and',
    'or',
    'not',
    'then',
    'toString',
    'valueOf',
    'constructor',
    'hasOwnProperty',
    'toJSON',
    'a'.repeat(64),
  ])('a field is not called %o', (name) => {
    expect(() => Entity('User', { [name]: string() })).toThrow(`User.${name}: a field's name is`)
  })

  it('__proto__ as an own key is refused too', () => {
    const fields = JSON.parse('{"__proto__":1}')
    expect(() => Entity('User', fields)).toThrow('User.__proto__')
  })

  it('become snake case for tables', () => {
    expect(['OrderItem', 'firstName', 'HTTPServer', 'a1B2', 'User'].map(snakeCase)).toEqual([
      'order_item',
      'first_name',
      'http_server',
      'a1_b2',
      'user',
    ])
  })
})

describe('relations', () => {
  it.each([
    ['author', 'book'],
    ['book', 'author'],
  ])('of two files that import each other are resolved, %s imported first', async (...order) => {
    vi.resetModules()
    for (const file of order) await import(`../test/circular/${file}.ts`)
    const { Author } = await import('../test/circular/author.ts')
    const { Book } = await import('../test/circular/book.ts')
    const model = defineModel({ Author, Book })
    const books = model.meta(Author).relations.get('books')
    expect(books?.target).toBe(model.meta(Book))
    expect(books?.inverse).toBe(model.meta('Book').relations.get('author'))
    expect(model.meta(Book).relations.get('sequelOf')?.target).toBe(model.meta(Book))
    expect(metaOf(Book).relations.get('author')?.target.name).toBe('Author')
  })

  it('may lead to the entity itself and be part of the key', () => {
    class Node extends Entity('Node', {
      id: id(),
      get parent() {
        return belongsTo(Node).nullable()
      },
      get children() {
        return hasMany(Node, 'parent')
      },
    }) {}
    class Edge extends Entity(
      'Edge',
      {
        get from() {
          return belongsTo(Node)
        },
        get to() {
          return belongsTo(Node)
        },
        weight: int(),
      },
      { key: ['from', 'to'] },
    ) {}
    const model = defineModel({ Node, Edge })
    expect(model.meta(Edge).key).toEqual(['from', 'to'])
    expect(storedNames(model.meta(Edge))).toEqual(['weight', 'from', 'to'])
    expect(model.metas.map(({ table }) => table)).toEqual(['node', 'edge'])
  })

  it('hasOne needs a unique other side, or one that is the key', () => {
    class User extends Entity('User', {
      id: id(),
      get profile() {
        return hasOne(Profile, 'user')
      },
      get card() {
        return hasOne(Card, 'user')
      },
      get note() {
        return hasOne(Note, 'user')
      },
    }) {}
    class Profile extends Entity('Profile', {
      id: id(),
      get user() {
        return belongsTo(User).unique()
      },
    }) {}
    class Card extends Entity(
      'Card',
      {
        get user() {
          return belongsTo(User)
        },
      },
      { key: ['user'] },
    ) {}
    class Note extends Entity('Note', {
      id: id(),
      get user() {
        return belongsTo(User)
      },
    }) {}
    expect(problems({ User, Profile, Card, Note })).toEqual([
      'User.note: hasOne needs Note.user to be unique()',
    ])
  })
})

describe('defineModel refuses', () => {
  class Other extends Entity('Other', { id: id() }) {}

  it('what is no entity, or goes by another name', () => {
    expect(problems({ Nothing: {} as never, Missing: undefined as never, Alias: Other })).toEqual([
      'Nothing: is not a class that extends Entity(…)',
      'Missing: is not a class that extends Entity(…)',
      'Alias: is the entity Other; give it under its own name',
    ])
  })

  it('a subclass of an entity beside the entity, and takes it in its place', () => {
    class Special extends Other {}
    expect(problems({ Special })).toEqual([
      'Special: is the entity Other; give it under its own name',
    ])
    expect(defineModel({ Other: Special }).meta(Special).entity).toBe(Special)
  })

  it('members that are no fields, and getters that throw', () => {
    class Wrong extends Entity('Wrong', {
      id: id(),
      name: 'text' as never,
      get broken(): never {
        throw new ReferenceError("Cannot access 'Later' before initialization")
      },
    }) {}
    expect(problems({ Wrong })).toEqual([
      'Wrong.name: is neither a field nor a relation',
      "Wrong.broken: Cannot access 'Later' before initialization",
    ])
  })

  it('relations that lead nowhere', () => {
    class Wrong extends Entity('Wrong', {
      id: id(),
      get outside() {
        return belongsTo(Other)
      },
      get missing() {
        return belongsTo(undefined as never)
      },
    }) {}
    class Parent extends Entity('Parent', {
      id: id(),
      get wrongs() {
        return hasMany(Wrong, 'outside')
      },
      get none() {
        return hasMany(Wrong, 'id')
      },
      get self() {
        return belongsTo(Parent).onDelete('setNull')
      },
    }) {}
    expect(problems({ Wrong, Parent })).toEqual([
      'Wrong.outside: Other is not in this model; add it to defineModel({ … })',
      'Wrong.missing: its target is not in this model; add it to defineModel({ … })',
      'Parent.wrongs: Wrong.outside is not a belongsTo(Parent)',
      'Parent.none: Wrong.id is not a belongsTo(Parent)',
      "Parent.self: onDelete('setNull') needs nullable()",
    ])
  })

  it('keys that cannot be one', () => {
    class None extends Entity('None', { name: string() }) {}
    class Two extends Entity('Two', { id: id(), other: id() }) {}
    class Odd extends Entity(
      'Odd',
      { a: string().nullable(), b: string().secret(), c: json(), d: string() },
      { key: ['a', 'b', 'c', 'x' as 'a'] },
    ) {}
    expect(problems({ None, Two, Odd })).toEqual([
      'None: has no primary key; add id: id(), or the option key: [ … ]',
      'Two: has the ids id and other; make all but one uuid(), or say key: [ … ]',
      'Odd.a: part of the primary key, so it cannot be nullable()',
      'Odd.b: a key cannot be secret()',
      'Odd.c: values of type json cannot be a key',
      'Odd: the option key names "x", which is not a stored field',
    ])
  })

  it('keys made of each other', () => {
    class A extends Entity(
      'A',
      {
        get b() {
          return belongsTo(B)
        },
      },
      { key: ['b'] },
    ) {}
    class B extends Entity(
      'B',
      {
        get a() {
          return belongsTo(A)
        },
      },
      { key: ['a'] },
    ) {}
    expect(problems({ A, B })).toEqual([
      'A: its key is made of itself (A → B → A); key it by fields',
      'B: its key is made of itself (B → A → B); key it by fields',
    ])
  })

  it('options that do not fit', () => {
    class Wrong extends Entity(
      'Wrong',
      { id: id(), name: string(), at: datetime(), count: int() },
      {
        unique: [['x' as 'id'], []],
        indexes: [['name', 'name']],
        softDelete: 'at',
        version: 'count',
        tenant: 'y' as 'id',
        allow: { write: true } as never,
        softdelete: 'at',
      } as never,
    ) {}
    expect(problems({ Wrong })).toEqual([
      'Wrong: there is no option "softdelete"; there are key, unique, indexes, softDelete, version, tenant, allow, was, table, description',
      'Wrong: allow.write: is none of read, create, update, delete',
      'Wrong: the option unique names "x", which is not a stored field',
      'Wrong: a group in unique needs at least one field, each once',
      'Wrong: a group in indexes needs at least one field, each once',
      'Wrong: the option softDelete needs a datetime().nullable(), "at" is none',
      'Wrong: the option version needs an int() with default(…), "count" is none',
      'Wrong: the option tenant names "y", which is not a stored field',
    ])
  })

  it('tables that clash or cannot be', () => {
    class One extends Entity('One', { id: id() }, { table: 'same' }) {}
    class Two extends Entity('Two', { id: id() }, { table: 'same' }) {}
    class Three extends Entity('Three', { id: id() }, { table: 'typestead_outbox' }) {}
    class Four extends Entity('Four', { id: id() }, { table: 'drop table x' }) {}
    const limits =
      'cannot be a table: small letters, digits and _, at most 48, not starting with typestead_'
    expect(problems({ One, Two, Three, Four })).toEqual([
      'Two: its table "same" is One\'s; give one of them the option table',
      `Three: "typestead_outbox" ${limits}`,
      `Four: "drop table x" ${limits}`,
    ])
  })

  it('a name whose column PostgreSQL would cut off', () => {
    const [fits, long] = [
      `${'aB'.repeat(15)}${'c'.repeat(18)}`,
      `${'aB'.repeat(15)}${'c'.repeat(19)}`,
    ]
    class Right extends Entity('Right', { id: id(), [fits]: string() }) {}
    expect(problems({ Right })).toEqual([])
    class Wrong extends Entity('Wrong', { id: id(), [long]: string() }) {}
    expect(problems({ Wrong })).toEqual([
      expect.stringMatching(/^Wrong\.aBaB.*: PostgreSQL has no room for "a_ba_b/),
    ])
  })

  it.each(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid'])(
    'the field %s, a column that every table has',
    (name) => {
      class Wrong extends Entity('Wrong', { id: id(), [name]: string() }) {}
      expect(problems({ Wrong })).toEqual([
        `Wrong.${name}: PostgreSQL has no room for "${name}" in a table; give it another name`,
      ])
    },
  )

  it('two names that are one column', () => {
    class Seat extends Entity(
      'Seat',
      { hall: string(), rowNo: int() },
      { key: ['hall', 'rowNo'] },
    ) {}
    class Wrong extends Entity('Wrong', {
      id: id(),
      parentId: string(),
      userID: string(),
      userId: string(),
      seatRowNo: int(),
      get parent() {
        return belongsTo(Wrong).nullable()
      },
      get seat() {
        return belongsTo(Seat)
      },
      get ticketSeat() {
        return belongsTo(Ticket)
      },
      ticketSeatSeatHall: string(),
    }) {}
    class Ticket extends Entity(
      'Ticket',
      {
        get seat() {
          return belongsTo(Seat)
        },
      },
      { key: ['seat'] },
    ) {}
    const clash = (one: string, other: string, column: string) =>
      `Wrong: ${one} and ${other} are both kept in the column "${column}"; give one of them another name`
    expect(problems({ Seat, Ticket, Wrong })).toEqual([
      clash('userID', 'userId', 'user_id'),
      clash('parentId', 'parent', 'parent_id'),
      clash('seatRowNo', 'seat', 'seat_row_no'),
      clash('ticketSeatSeatHall', 'ticketSeat', 'ticket_seat_seat_hall'),
    ])
  })

  it('but no names that only look alike: what lies on the other side has no column', () => {
    class Parent extends Entity('Parent', {
      id: id(),
      childId: string(),
      xminimum: int(),
      get child() {
        return hasOne(Child, 'parent')
      },
    }) {}
    class Child extends Entity('Child', {
      id: id(),
      get parent() {
        return belongsTo(Parent).unique()
      },
    }) {}
    expect(problems({ Parent, Child })).toEqual([])
  })

  it('earlier names that are taken, and says how names swap', () => {
    class One extends Entity(
      'One',
      {
        id: id(),
        a: string().was('b'),
        b: string(),
        c: string().was('d').was('e'),
        f: string().was('d'),
      },
      { was: 'Two' },
    ) {}
    class Two extends Entity('Two', { id: id() }, { was: 'Old' }) {}
    class Three extends Entity('Three', { id: id() }, { was: 'Old' }) {}
    expect(problems({ One, Two, Three })).toEqual([
      'One: was "Two", but there is an entity of that name',
      'One.a: was("b"), but there is a field of that name; names that swap or shift go by a third name, in two migrations',
      'One.f: was("d") is said twice',
      'Three: was "Old", as another entity says too',
    ])
  })

  it('defaults and backfills that the field refuses, without telling them', () => {
    class Wrong extends Entity('Wrong', {
      id: id(),
      a: string().min(8, 'too short').secret().default('hunter2'),
      b: int().backfill(1.5),
    }) {}
    const found = problems({ Wrong })
    expect(found[0]).toBe(
      'Wrong.a: the default is not a valid value (too short); change it or the checks',
    )
    expect(found[1]).toMatch(/^Wrong\.b: the backfill is not a valid value/)
    expect(found.join()).not.toContain('hunter2')
  })

  it('rules that name what is not there', () => {
    class Wrong extends Entity(
      'Wrong',
      { id: id(), secret: string().secret() },
      { allow: { read: { owner: current('userId') } as never, update: [{ secret: 'x' }] } },
    ) {}
    expect(problems({ Wrong })).toEqual([
      'Wrong: allow.read: filter: owner: Wrong has no field "owner"',
      'Wrong: allow.update: filter: 0.secret: is secret and cannot be filtered',
    ])
  })
})

describe('a model', () => {
  class User extends Entity('User', { id: id(), createdAt: createdAt() }, { table: 'people' }) {}
  const model = defineModel({ User })

  it('knows its entities by class and by name', () => {
    expect(model.meta(User)).toBe(model.meta('User'))
    expect(model.meta(User)).toMatchObject({ name: 'User', table: 'people', key: ['id'] })
    class Stranger extends Entity('Stranger', { id: id() }) {}
    expect(() => model.meta(Stranger)).toThrow('Stranger is not in this model')
    expect(() => model.meta('Nobody')).toThrow('Nobody is not in this model')
    const Impostor = class User extends Entity('User', { id: id() }) {}
    expect(() => model.meta(Impostor)).toThrow('User is not in this model')
  })

  it('knows fields that another copy of this package made', async () => {
    vi.resetModules()
    const copy = await import('./index.ts')
    expect(copy.string).not.toBe(string)
    class Mixed extends Entity('Mixed', {
      id: copy.id(),
      name: copy.string(),
      get user() {
        return copy.belongsTo(User)
      },
    }) {}
    const meta = defineModel({ Mixed, User }).meta(Mixed)
    expect(storedNames(meta)).toEqual(['id', 'name', 'user'])
    expect(
      checkCreate(meta, { name: 'x', user: '0190b5a2-0000-7000-8000-000000000000' }),
    ).toMatchObject({ name: 'x' })
  })
})
