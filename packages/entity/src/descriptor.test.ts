import { expect, it, describe as suite } from 'vitest'
import {
  belongsTo,
  bytes,
  createdAt,
  current,
  datetime,
  decimal,
  defineModel,
  describe,
  descriptorVersion,
  diff,
  Entity,
  hasMany,
  id,
  int,
  int8,
  list,
  object,
  oneOf,
  readDescriptor,
  string,
  when,
} from './index.ts'

class User extends Entity(
  'User',
  {
    id: id(),
    email: string().email().unique().describe('Where we write to'),
    password: string().secret(),
    role: oneOf('admin', 'reader').default('reader').index(),
    size: int8().default(2n ** 60n),
    since: datetime().default(new Date(0)).backfill(new Date(1000)),
    mark: bytes().default(new Uint8Array([1, 2])),
    fee: decimal(6, 2).default('1').was('cost').was('price'),
    address: object({ city: string(), floor: int().default(0) }).nullable(),
    tags: list(string().nullable()).default([]),
    deletedAt: datetime().nullable(),
    revision: int().default(0),
    tenant: string(),
    createdAt: createdAt(),
    get posts() {
      return hasMany(Post, 'author').describe('All that they wrote')
    },
  },
  {
    was: 'Account',
    table: 'people',
    description: 'Who signs in',
    unique: [['tenant', 'email']],
    indexes: [['createdAt']],
    softDelete: 'deletedAt',
    version: 'revision',
    tenant: 'tenant',
    allow: {
      read: [when({ role: 'admin' }), { id: current('userId'), size: { gt: 5n } }],
      create: true,
      update: { since: { lt: new Date(0) } },
    },
  },
) {}
class Post extends Entity('Post', {
  id: id(),
  get author() {
    return belongsTo(User).onDelete('cascade').readonly()
  },
}) {}
const model = defineModel({ User, Post })

suite('describe', () => {
  const descriptor = describe(model)
  const [user, post] = descriptor.entities

  it('is plain JSON that comes back the same', () => {
    const back = JSON.parse(JSON.stringify(descriptor))
    expect(back).toEqual(descriptor)
    expect(diff(readDescriptor(back), descriptor)).toEqual([])
    expect(diff(descriptor, descriptor)).toEqual([])
  })

  it('says everything of an entity', () => {
    expect(user).toMatchObject({
      name: 'User',
      table: 'people',
      was: 'Account',
      description: 'Who signs in',
      key: ['id'],
      unique: [['tenant', 'email']],
      indexes: [['createdAt']],
      softDelete: 'deletedAt',
      lock: 'revision',
      tenant: 'tenant',
      allow: {
        read: [{ $when: { role: 'admin' } }, { id: { $current: 'userId' }, size: { gt: '5' } }],
        create: true,
        update: { since: { lt: '1970-01-01T00:00:00.000Z' } },
      },
    })
  })

  it('says everything of a field, its values in their JSON form', () => {
    const field = (name: string) => user?.fields.find((one) => one.name === name)
    expect(field('email')).toEqual({
      name: 'email',
      type: 'text',
      nullable: false,
      unique: true,
      indexed: false,
      readonly: false,
      secret: false,
      was: [],
      description: 'Where we write to',
      schema: expect.objectContaining({ type: 'string', format: 'email' }),
    })
    expect(field('id')?.default).toEqual({ generated: true })
    expect(field('size')?.default).toEqual({ value: '1152921504606846976' })
    expect(field('since')?.default).toEqual({ value: '1970-01-01T00:00:00.000Z' })
    expect(field('since')?.backfill).toEqual({ value: '1970-01-01T00:00:01.000Z' })
    expect(field('mark')?.default).toEqual({ value: 'AQI=' })
    expect(field('fee')).toMatchObject({
      default: { value: '1.00' },
      precision: 6,
      scale: 2,
      was: ['cost', 'price'],
    })
    expect(field('role')).toMatchObject({ values: ['admin', 'reader'], indexed: true })
    expect(field('tags')?.item).toMatchObject({ type: 'text', nullable: true })
    expect(field('address')?.fields?.map(({ name }) => name)).toEqual(['city', 'floor'])
  })

  it('says everything of a relation', () => {
    expect(post?.relations).toEqual([
      {
        name: 'author',
        kind: 'belongsTo',
        target: 'User',
        nullable: false,
        unique: false,
        readonly: true,
        onDelete: 'cascade',
        was: [],
      },
    ])
    expect(user?.relations).toMatchObject([
      {
        name: 'posts',
        kind: 'hasMany',
        target: 'Post',
        inverse: 'author',
        description: 'All that they wrote',
      },
    ])
  })

  it('keeps secrets out of the schema of a row', () => {
    expect(user?.schema.properties).not.toHaveProperty('password')
    expect(user?.createSchema.properties).toHaveProperty('password')
  })
})

suite('readDescriptor', () => {
  it('refuses a newer format and what is none', () => {
    expect(() => readDescriptor({ version: descriptorVersion + 1, entities: [] })).toThrow(
      'has format 2, this version reads format 1; update @typestead/entity',
    )
    for (const stored of [null, undefined, 'x', {}, { version: '1' }]) {
      expect(() => readDescriptor(stored)).toThrow('the stored model is none')
    }
  })
})
