import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { accepts } from '../test/schema-validator.ts'
import {
  belongsTo,
  boolean,
  bytes,
  checkCreate,
  createdAt,
  date,
  datetime,
  decimal,
  defineModel,
  Entity,
  field,
  fieldSchema,
  float,
  hasMany,
  id,
  int,
  int8,
  type JsonSchema,
  json,
  list,
  object,
  oneOf,
  string,
  toJsonSchema,
  toWire,
  uuid,
} from './index.ts'

class User extends Entity(
  'User',
  {
    id: id(),
    email: string().email().max(50).describe('Where we write to'),
    name: string().min(2).nullable(),
    password: string().min(8).secret(),
    role: oneOf('admin', 'reader').default('reader'),
    age: int().min(0).nullable(),
    size: int8(),
    ratio: field(z.number().gt(0).lt(1)),
    price: decimal(10, 2).default('1'),
    active: boolean(),
    born: date().nullable(),
    seen: datetime(),
    avatar: bytes().nullable(),
    tags: list(string().nullable(), 3),
    address: object({ street: string(), floor: int().nullable() }).nullable(),
    data: json(),
    kind: oneOf('a', 'b').nullable(),
    slug: string().readonly(),
    createdAt: createdAt(),
    get posts() {
      return hasMany(Post, 'author')
    },
    get team() {
      return belongsTo(Team).nullable()
    },
    get seat() {
      return belongsTo(Seat).readonly().describe('Where they sit')
    },
  },
  { description: 'Who signs in' },
) {}
class Post extends Entity('Post', {
  id: id(),
  get author() {
    return belongsTo(User)
  },
}) {}
class Team extends Entity('Team', { code: int() }, { key: ['code'] }) {}
class Seat extends Entity(
  'Seat',
  {
    row: int(),
    get owner() {
      return belongsTo(Team)
    },
  },
  { key: ['row', 'owner'] },
) {}
const meta = defineModel({ User, Post, Team, Seat }).meta(User)

const input = {
  email: 'a@b.co',
  name: null,
  password: '12345678',
  age: 3,
  size: '5',
  ratio: 0.5,
  active: true,
  born: '2026-02-28',
  seen: '2026-02-28T12:00:00.000Z',
  avatar: 'AQI=',
  tags: ['x', null],
  address: { street: 'x', floor: null },
  data: { any: [1] },
  kind: null,
  slug: 'a',
  team: 3,
  seat: { row: 1, owner: 3 },
}

function properties(schema: JsonSchema): Record<string, JsonSchema> {
  return schema.properties as Record<string, JsonSchema>
}

describe('plain', () => {
  const create = toJsonSchema(User, 'plain', 'create')
  const update = toJsonSchema(meta, 'plain', 'update')
  const row = toJsonSchema(meta)

  it('accepts what create accepts, and its rows', () => {
    expect(accepts(create, input)).toBe(true)
    const values = checkCreate(meta, input)
    const wire = Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const definition = meta.fields.get(name)?.definition
        return [name, definition ? toWire(definition, value) : value]
      }),
    )
    const { password, ...shown } = wire
    expect(accepts(row, shown)).toBe(true)
    expect(accepts(row, wire)).toBe(false)
    expect(accepts(update, { name: 'Ada', kind: 'a' })).toBe(true)
  })

  it.each([
    ['email', 'x'],
    ['email', null],
    ['name', 'a'],
    ['age', -1],
    ['age', 1.5],
    ['age', 2 ** 31],
    ['size', 5],
    ['ratio', 0],
    ['role', 'owner'],
    ['price', '1e3'],
    ['tags', ['a', 'b', 'c', 'd']],
    ['tags', [1]],
    ['address', { floor: 1 }],
    ['address', { street: 'x', city: 'x' }],
    ['kind', 'c'],
    ['team', 'x'],
    ['seat', { row: 1 }],
    ['createdAt', '2026-02-28T12:00:00.000Z'],
    ['nickname', 'x'],
  ])('refuses %s = %o, as create does', (name, value) => {
    expect(accepts(create, { ...input, [name]: value })).toBe(false)
    const selfMade = name === 'createdAt'
    const check = () => checkCreate(meta, { ...input, [name]: value })
    if (!selfMade && !(name === 'size' && value === 5)) expect(check).toThrow()
  })

  it('create requires what nothing else gives', () => {
    expect(create.required).toEqual([
      'email',
      'password',
      'size',
      'ratio',
      'active',
      'seen',
      'tags',
      'data',
      'slug',
      'seat',
    ])
    expect(properties(create)).not.toHaveProperty('id')
    expect(properties(create).slug).toBeDefined()
    expect(properties(create).price).toMatchObject({ default: '1.00' })
    expect(create).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'User',
      description: 'Who signs in',
      additionalProperties: false,
    })
    expect(properties(create).email).toMatchObject({ description: 'Where we write to' })
    expect(properties(create).seat).toMatchObject({ description: 'Where they sit' })
  })

  it('update has nothing read-only and requires nothing', () => {
    expect(update).not.toHaveProperty('required')
    for (const name of ['id', 'slug', 'createdAt', 'seat', 'posts']) {
      expect(properties(update)).not.toHaveProperty(name)
    }
    expect(properties(update)).toHaveProperty('password')
  })

  it('a row has every stored name but secrets', () => {
    expect(row.required).toEqual(Object.keys(properties(row)))
    expect(properties(row)).not.toHaveProperty('password')
    expect(properties(row)).not.toHaveProperty('posts')
    expect(properties(row).team).toEqual({
      minimum: -2147483648,
      maximum: 2147483647,
      type: ['integer', 'null'],
    })
  })

  it('references of recursive schemas lead where they are', () => {
    const tree: z.ZodType = z.object({
      name: z.string(),
      get children() {
        return z.array(tree)
      },
    })
    class Tree extends Entity('Tree', {
      id: id(),
      root: field(tree),
      many: list(field(tree).nullable()),
      inside: object({ root: field(tree) }),
    }) {}
    const schema = toJsonSchema(Tree, 'plain', 'create')
    const leaf = { name: 'leaf', children: [] }
    const right = { name: 'x', children: [leaf] }
    const wrong = { name: 'x', children: [{ name: 1, children: [] }] }
    const value = { root: right, many: [right, null], inside: { root: right } }
    expect(accepts(schema, value)).toBe(true)
    expect(accepts(schema, { ...value, root: wrong })).toBe(false)
    expect(accepts(schema, { ...value, many: [wrong] })).toBe(false)
    expect(accepts(schema, { ...value, inside: { root: wrong } })).toBe(false)
  })

  it('fieldSchema tells of one field', () => {
    expect(fieldSchema(uuid().definition)).toEqual({ type: 'string', format: 'uuid' })
    expect(fieldSchema(json().definition)).toEqual({})
    expect(fieldSchema(bytes().definition)).toEqual({ type: 'string', contentEncoding: 'base64' })
    expect(fieldSchema(string().regex(/^a/).regex(/b$/).definition)).toEqual({
      type: 'string',
      allOf: [{ pattern: '^a' }, { pattern: 'b$' }],
    })
  })
})

describe('mongo', () => {
  const schema = toJsonSchema(User, 'mongo')
  const of = (name: string) => properties(schema)[name]

  it('has every stored field, secrets too, by its BSON type', () => {
    expect(schema).toMatchObject({ bsonType: 'object', title: 'User' })
    expect(schema).not.toHaveProperty('additionalProperties')
    expect(schema.required).toEqual([...Object.keys(properties(schema))])
    expect(of('id')).toEqual({ bsonType: 'string' })
    expect(of('password')).toEqual({ bsonType: 'string', minLength: 4 })
    expect(of('size')).toEqual({ bsonType: 'long' })
    expect(of('price')).toEqual({ bsonType: 'string' })
    expect(of('seen')).toEqual({ bsonType: 'date' })
    expect(of('avatar')).toEqual({ bsonType: ['binData', 'null'] })
    expect(of('active')).toEqual({ bsonType: 'bool' })
    expect(of('data')).toEqual({})
    expect(of('kind')).toEqual({ bsonType: ['string', 'null'], enum: ['a', 'b', null] })
    expect(of('age')).toEqual({ bsonType: ['int', 'null'], minimum: 0, maximum: 2147483647 })
    expect(of('ratio')).toEqual({
      bsonType: ['double', 'int', 'long'],
      minimum: 0,
      exclusiveMinimum: true,
      maximum: 1,
      exclusiveMaximum: true,
    })
    expect(of('tags')).toEqual({
      bsonType: 'array',
      items: { bsonType: ['string', 'null'] },
      maxItems: 3,
    })
    expect(of('address')).toEqual({
      bsonType: ['object', 'null'],
      properties: {
        street: { bsonType: 'string' },
        floor: { bsonType: ['int', 'null'], minimum: -2147483648, maximum: 2147483647 },
      },
      required: ['street'],
    })
    expect(of('seat')).toMatchObject({ bsonType: 'object', required: ['row', 'owner'] })
  })

  it('is the same in every view', () => {
    expect(toJsonSchema(User, 'mongo', 'create')).toEqual(schema)
    expect(toJsonSchema(User, 'mongo', 'update')).toEqual(schema)
  })

  it('has no empty list of required parts, which MongoDB refuses', () => {
    const { definition } = object({ note: string().nullable() })
    expect(fieldSchema(definition, 'mongo')).not.toHaveProperty('required')
  })
})

describe('crd', () => {
  const schema = toJsonSchema(User, 'crd', 'create')
  const of = (name: string) => properties(schema)[name]

  it('is a structural schema', () => {
    const words: string[] = []
    JSON.stringify(schema, (word, value) => {
      words.push(word)
      return value
    })
    for (const word of [
      '$schema',
      '$ref',
      '$defs',
      'additionalProperties',
      'anyOf',
      'title',
      'const',
      'contentEncoding',
      'default',
    ]) {
      expect(words).not.toContain(word)
    }
    expect(schema).toMatchObject({ type: 'object', description: 'Who signs in' })
    expect(of('name')).toEqual({ type: 'string', minLength: 1, nullable: true })
    expect(of('age')).toEqual({
      type: 'integer',
      format: 'int32',
      minimum: 0,
      maximum: 2147483647,
      nullable: true,
    })
    expect(of('avatar')).toEqual({ type: 'string', format: 'byte', nullable: true })
    expect(of('data')).toEqual({ 'x-kubernetes-preserve-unknown-fields': true })
    expect(of('ratio')).toEqual({
      type: 'number',
      minimum: 0,
      exclusiveMinimum: true,
      maximum: 1,
      exclusiveMaximum: true,
    })
    expect(of('role')).toEqual({ type: 'string', enum: ['admin', 'reader'] })
  })

  it('keeps the patterns that RE2 can read', () => {
    const one = string()
      .regex(/^(?!x)a/)
      .regex(/^a/)
      .regex(/(a)\1/)
      .regex(/b$/)
    expect(fieldSchema(one.definition, 'crd')).toEqual({
      type: 'string',
      pattern: '^a',
      allOf: [{ pattern: 'b$' }],
    })
    expect(fieldSchema(float().definition, 'crd')).toEqual({ type: 'number' })
    expect(fieldSchema(boolean().definition, 'crd')).toEqual({ type: 'boolean' })
  })
})
