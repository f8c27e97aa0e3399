/**
 * What the compiler must accept and refuse of rows, inputs, filters, orders and loads. `npm run check` compiles this file;
 * nothing runs it. Each `@ts-expect-error` fails the check when the line below it compiles.
 */
import { z } from 'zod'
import {
  belongsTo,
  boolean,
  bytes,
  type CreateInput,
  createdAt,
  current,
  datetime,
  decimal,
  Entity,
  field,
  hasMany,
  hasOne,
  type Instance,
  id,
  int,
  int8,
  json,
  type KeyOf,
  type Load,
  type Loaded,
  list,
  type OrderBy,
  object,
  oneOf,
  string,
  type UpdateInput,
  updatedAt,
  uuid,
  type Where,
  when,
} from '../src/index.ts'
import type { Author } from './circular/author.ts'
import type { Book } from './circular/book.ts'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function expectType<_T extends true>(): void {}

class User extends Entity(
  'User',
  {
    id: id(),
    email: string().email().unique(),
    firstName: string(),
    lastName: string().nullable(),
    password: string().min(8).secret(),
    role: oneOf('admin', 'reader').default('reader'),
    balance: int8().default(0n),
    price: decimal(10, 2).nullable(),
    born: datetime().nullable().readonly(),
    tags: list(string()),
    maybes: list(string().nullable()).default([]),
    address: object({
      street: string(),
      note: string().nullable(),
      floor: int().default(0),
    }).nullable(),
    settings: json<{ dark: boolean }>().default({ dark: false }),
    code: field(z.string().regex(/^[A-Z]{3}$/)),
    avatar: bytes().nullable(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    get posts() {
      return hasMany(Post, 'author')
    },
    get profile() {
      return hasOne(Profile, 'user')
    },
  },
  { allow: { read: [when({ role: 'admin' }), { id: current('userId') }] }, indexes: [['role']] },
) {
  get fullName(): string {
    return `${this.firstName} ${this.lastName ?? ''}`
  }
  postTitles(): string[] {
    return this.posts?.map((post) => post.title) ?? []
  }
}

class Post extends Entity('Post', {
  id: id(),
  title: string(),
  likes: int().default(0),
  published: boolean(),
  get author() {
    return belongsTo(User)
  },
  get editor() {
    return belongsTo(User).nullable().onDelete('setNull')
  },
  get parent() {
    return belongsTo(Post).nullable().readonly()
  },
  get replies() {
    return hasMany(Post, 'parent')
  },
}) {}

class Profile extends Entity('Profile', {
  id: id(),
  bio: string(),
  get user() {
    return belongsTo(User).unique()
  },
}) {}

class Seat extends Entity(
  'Seat',
  {
    hall: string(),
    number: int(),
    get takenBy() {
      return belongsTo(User).nullable()
    },
  },
  { key: ['hall', 'number'] },
) {}

class Ticket extends Entity('Ticket', {
  id: id(),
  get seat() {
    return belongsTo(Seat)
  },
}) {}

export function rows(user: User, post: Post, profile: Profile, seat: Seat): void {
  expectType<Equal<typeof user.id, string>>()
  expectType<Equal<typeof user.lastName, string | null>>()
  expectType<Equal<typeof user.role, 'admin' | 'reader'>>()
  expectType<Equal<typeof user.balance, bigint>>()
  expectType<Equal<typeof user.price, string | null>>()
  expectType<Equal<typeof user.born, Date | null>>()
  expectType<Equal<typeof user.maybes, (string | null)[]>>()
  expectType<Equal<typeof user.settings, { dark: boolean }>>()
  expectType<Equal<typeof user.code, string>>()
  expectType<Equal<typeof user.avatar, Uint8Array | null>>()
  expectType<Equal<NonNullable<typeof user.address>['floor'], number>>()
  expectType<Equal<NonNullable<typeof user.address>['note'], string | null>>()
  expectType<Equal<typeof user.fullName, string>>()
  expectType<Equal<ReturnType<User['postTitles']>, string[]>>()
  expectType<Equal<Instance<typeof User>, User>>()

  // A relation that is not loaded: many rows are undefined, one row is its key.
  expectType<Equal<typeof user.posts, readonly Post[] | undefined>>()
  expectType<Equal<typeof user.profile, Profile | null | undefined>>()
  expectType<Equal<typeof post.author.id, string>>()
  expectType<Equal<typeof post.editor, { readonly id: string } | null>>()
  expectType<Equal<typeof profile.user.id, string>>()
  expectType<Equal<typeof seat.number, number>>()
  // @ts-expect-error only the key of a reference can be read
  post.author.email
  // @ts-expect-error may be null
  post.editor.id
  // @ts-expect-error not loaded
  user.posts.length
  // @ts-expect-error relations are not assigned
  post.author = user
  // @ts-expect-error no such field
  user.nickname
}

export const create: CreateInput<typeof User> = {
  email: 'a@b.co',
  firstName: 'Ada',
  password: 'correct horse',
  tags: ['x'],
  code: 'ABC',
  address: { street: 'Main St' },
}
export const createAll: CreateInput<typeof User> = {
  ...create,
  id: '0190b5a2-0000-7000-8000-000000000000',
  lastName: null,
  role: 'admin',
  balance: 1n,
  price: '1.00',
  born: new Date(0),
  maybes: ['a', null],
  address: { street: 'x', note: null, floor: 3 },
  settings: { dark: true },
  createdAt: new Date(0),
}
export const createPost: CreateInput<typeof Post> = { title: 'x', published: true, author: 'id' }
export const createPostByRow = (author: User): CreateInput<typeof Post> => ({
  title: 'x',
  published: true,
  author,
  editor: null,
  parent: { id: 'x' },
})
export const createSeat: CreateInput<typeof Seat> = { hall: 'A', number: 3 }
export const createTicket: CreateInput<typeof Ticket> = { seat: { hall: 'A', number: 3 } }

// @ts-expect-error firstName, password, tags and code are missing
export const tooLittle: CreateInput<typeof User> = { email: 'a@b.co' }
// @ts-expect-error no such field
export const unknownField: CreateInput<typeof User> = { ...create, nickname: 'x' }
// @ts-expect-error not one of the choices
export const wrongChoice: CreateInput<typeof User> = { ...create, role: 'owner' }
// @ts-expect-error firstName is not nullable
export const wrongNull: CreateInput<typeof User> = { ...create, firstName: null }
// @ts-expect-error a number is no bigint
export const wrongNumber: CreateInput<typeof User> = { ...create, balance: 1 }
// @ts-expect-error the street is missing
export const wrongPart: CreateInput<typeof User> = { ...create, address: { note: 'x' } }
// @ts-expect-error the other side of a relation is not written
export const wrongSide: CreateInput<typeof User> = { ...create, posts: [] }
// @ts-expect-error the author is required
export const noAuthor: CreateInput<typeof Post> = { title: 'x', published: true }

export const update: UpdateInput<typeof User> = { lastName: null, role: 'admin' }
export const updateNothing: UpdateInput<typeof User> = {}
export const updatePost: UpdateInput<typeof Post> = { author: 'id', editor: null }
// @ts-expect-error read-only: the key
export const updateId: UpdateInput<typeof User> = { id: 'x' }
// @ts-expect-error read-only: createdAt
export const updateCreated: UpdateInput<typeof User> = { createdAt: new Date() }
// @ts-expect-error read-only: nullable().readonly()
export const updateBorn: UpdateInput<typeof User> = { born: null }
// @ts-expect-error read-only relation
export const updateParent: UpdateInput<typeof Post> = { parent: null }
// @ts-expect-error not nullable
export const updateNull: UpdateInput<typeof Post> = { title: null }
// @ts-expect-error not nullable relation
export const updateAuthor: UpdateInput<typeof Post> = { author: null }

export const wheres: Where<typeof User>[] = [
  { email: 'a@b.co', lastName: null },
  { email: { contains: '@', ignoreCase: true }, balance: { gt: 3n }, role: { in: ['admin'] } },
  { tags: { contains: 'x' }, born: { lt: new Date() } },
  {
    posts: { some: { likes: { gte: 3 }, author: { email: 'x' } }, none: { published: false } },
    profile: { bio: { startsWith: 'x' } },
  },
  { or: [{ email: 'x' }, { not: { posts: { every: { title: 'x' } } } }], and: [{ profile: null }] },
]
export const postWheres: Where<typeof Post>[] = [
  { author: 'id' },
  { author: { id: 'x' }, editor: null },
  { author: { in: ['id', { id: 'x' }] }, editor: { notIn: ['id', null] } },
  { author: { ne: 'id' }, parent: { eq: null }, editor: { ne: null } },
  { replies: { some: { replies: { some: { author: { posts: { some: { title: 'x' } } } } } } } },
]
// @ts-expect-error secrets are not filtered
export const whereSecret: Where<typeof User> = { password: 'x' }
// @ts-expect-error no such field
export const whereUnknown: Where<typeof User> = { nickname: 'x' }
// @ts-expect-error wrong type
export const whereType: Where<typeof User> = { email: 3 }
// @ts-expect-error wrong type of a bound
export const whereBound: Where<typeof User> = { balance: { gt: 3 } }
// @ts-expect-error no such comparison
export const whereOperator: Where<typeof User> = { email: { like: 'x' } }
// @ts-expect-error a bound is never null
export const whereNullBound: Where<typeof User> = { born: { gt: null } }
// @ts-expect-error not one of the choices
export const whereChoice: Where<typeof User> = { role: 'owner' }
// @ts-expect-error many rows take some, every or none
export const whereMany: Where<typeof User> = { posts: { title: 'x' } }
// @ts-expect-error deep inside
export const whereDeep: Where<typeof User> = { posts: { some: { author: { nickname: 'x' } } } }
export const seatWheres: Where<typeof Ticket>[] = [
  { seat: { hall: 'A', number: 3 } },
  { seat: { in: [{ hall: 'A', number: 3 }] } },
]
export const wheresByRow = (author: User): Where<typeof Post> => ({
  author: { in: [author] },
  editor: { ne: author },
})
// @ts-expect-error keys are texts
export const whereKeys: Where<typeof Post> = { author: { in: [3] } }
// @ts-expect-error in takes a list
export const whereOneKey: Where<typeof Post> = { author: { in: 'id' } }
// @ts-expect-error author is never null
export const whereNullKey: Where<typeof Post> = { author: { eq: null } }
// @ts-expect-error links have no order
export const whereLinkOrder: Where<typeof Post> = { author: { gt: 'id' } }
// @ts-expect-error the parts of a key have types
export const whereParts: Where<typeof Ticket> = { seat: { in: [{ hall: 3, number: 3 }] } }
// @ts-expect-error author cannot be null
export const whereNull: Where<typeof Post> = { author: null }

export const order: OrderBy<typeof User> = { lastName: 'asc', createdAt: 'desc' }
// @ts-expect-error no such direction
export const orderDirection: OrderBy<typeof User> = { lastName: 'up' }
// @ts-expect-error secrets are not sorted by
export const orderSecret: OrderBy<typeof User> = { password: 'asc' }
// @ts-expect-error relations have no order
export const orderRelation: OrderBy<typeof User> = { posts: 'asc' }
// @ts-expect-error no such field
export const orderUnknown: OrderBy<typeof User> = { nickname: 'asc' }

export const load: Load<typeof User> = {
  profile: true,
  posts: {
    where: { published: true },
    orderBy: { likes: 'desc' },
    first: 3,
    load: { editor: true },
  },
}
// @ts-expect-error a field is no relation
export const loadField: Load<typeof User> = { email: true }
// @ts-expect-error the nested filter is typed too
export const loadWhere: Load<typeof User> = { posts: { where: { nickname: 'x' } } }
// @ts-expect-error no such relation of the nested entity
export const loadNested: Load<typeof User> = { posts: { load: { owner: true } } }

export function loaded(
  user: Loaded<typeof User, { posts: { load: { editor: true } }; profile: true }>,
  bare: Loaded<typeof User, {}>,
): void {
  expectType<Equal<(typeof user.posts)[0]['title'], string>>()
  const [post] = user.posts
  const name: string | undefined = post?.editor?.fullName
  const bio: string | undefined = user.profile?.bio
  // @ts-expect-error the author of a loaded post is still a reference
  post?.author.email
  // @ts-expect-error nothing is loaded
  bare.posts.length
  // Methods stay.
  const full: string = user.fullName
  void [name, bio, full]
}

expectType<Equal<KeyOf<typeof User>, string>>()
export const seatKey: KeyOf<typeof Seat> = { hall: 'A', number: 3 }

export function twoFiles(author: Author, book: Book): void {
  const title: string | undefined = author.books?.[0]?.title
  const authorId: string = book.author.id
  const sequel: string | undefined = book.sequelOf?.id
  const said: string = author.greeting()
  void [title, authorId, sequel, said]
}
export const authors: Where<typeof Author> = {
  books: {
    some: { author: { name: 'x' }, sequelOf: { title: 'y' } },
    none: { author: { in: ['x'] } },
  },
}

// What Standard Schema tools infer.
type Output = NonNullable<(typeof User)['~standard']['types']>['output']
expectType<Equal<Output['email'], string>>()

// @ts-expect-error an inverse must be a member of the other entity
export const wrongInverse = (): unknown => hasMany(Post, 'writer')
// @ts-expect-error the key must be made of fields
export const wrongKey = Entity('Wrong', { code: uuid() }, { key: ['id'] })
// @ts-expect-error there is no such option
export const wrongOption = Entity('Wrong', { id: id() }, { softdelete: 'id' })
// @ts-expect-error a default is of the field's type
export const wrongDefault = int().default('3')
// @ts-expect-error a choice's default is one of the choices
export const wrongRole = oneOf('a', 'b').default('c')
// @ts-expect-error an action that rules do not know
export const wrongAction = Entity('Wrong', { id: id() }, { allow: { write: true } })

// Methods of a loaded list give its rows with what was loaded into them.
declare const withAuthors: Loaded<typeof User, { posts: { load: { author: true } } }>
export const authorNames: string[] = withAuthors.posts.map((post) => post.author.email)
