/** A library with every kind of field, rules, a version and earlier names, served by default operations and a few of its own. */
import {
  belongsTo,
  boolean,
  bytes,
  createdAt,
  current,
  date,
  datetime,
  decimal,
  defineModel,
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
  string,
  when,
} from '@typestead/entity'
import { type Database, StoreError } from '@typestead/store'
import {
  ApiError,
  type ApiOptions,
  type Context,
  computed,
  create,
  graphql,
  interfaceOf,
  list as listing,
  mutation,
  query,
  resolved,
  shape,
  unionOf,
  view,
} from '../src/index.ts'

export class Author extends Entity(
  'Author',
  {
    id: id(),
    name: string().min(1).unique().describe('As it stands on the cover.'),
    biography: string().nullable().was('bio'),
    bornOn: date().nullable(),
    hidden: boolean().default(false),
    pin: string().nullable().secret(),
    createdAt: createdAt(),
    get books() {
      return hasMany(Book, 'author')
    },
  },
  {
    description: 'Who wrote a book.',
    allow: {
      read: [when({ role: 'admin' }), { hidden: false }],
      update: [when({ role: 'admin' }), { id: current('authorId') }],
      delete: when({ role: 'admin' }),
    },
  },
) {}

export class Book extends Entity(
  'Book',
  {
    id: id(),
    title: string().min(1),
    price: decimal(18, 2),
    pages: int().min(1).default(100),
    sold: int8().default(0n),
    rating: float().nullable(),
    genre: oneOf('novel', 'short-story', 'poetry').default('novel'),
    publishedAt: datetime().nullable(),
    tags: list(string()).default(() => []),
    meta: json().nullable(),
    size: object({ width: int(), unit: string() }).nullable(),
    cover: bytes().nullable(),
    version: int().default(1),
    get author() {
      return belongsTo(Author).onDelete('restrict')
    },
  },
  { version: 'version' },
) {}

export const library = defineModel({ Author, Book })

export interface LibraryContext {
  readonly current: { readonly role: string; readonly authorId?: string }
}

export function libraryContext(request: Request): LibraryContext {
  const role = request.headers.get('x-role') ?? 'anonymous'
  if (role === 'nobody') throw new ApiError('UNAUTHENTICATED', 'sign in first')
  if (role === 'broken') throw new Error('the session store said: password=hunter2')
  return { current: { role, authorId: request.headers.get('x-author') ?? '' } }
}

const Authors = view(Author, {
  add: {
    initials: computed('String!', ['name'], ({ name }) =>
      name
        .split(' ')
        .map((part) => part.charAt(0))
        .join(''),
    ),
    greeting: resolved({
      type: 'String!',
      arguments: { polite: { type: 'Boolean', default: false } },
      resolve: (author, { polite }, context: Context<LibraryContext>) =>
        `${polite ? 'Dear' : 'Hi'} ${author.name}, says ${context.current.role}`,
    }),
  },
})

export const libraryApi = (db: Database, options: Partial<ApiOptions<LibraryContext>> = {}) =>
  graphql<LibraryContext>(db, {
    context: libraryContext,
    types: {
      Author: Authors,
      Book: view(Book),
      BookFlat: view(Book, { fields: { heading: 'title', writer: 'author' }, nullable: true }),
      Found: unionOf('Author', 'Book'),
      Identified: interfaceOf({ id: 'ID!' }, ['Author', 'Book']),
      Stats: shape({ books: 'Int!', biggest: 'Book' }),
    },
    inputs: { Range: { from: 'Int!', to: { type: 'Int', default: 10 } } },
    queries: {
      bookList: listing(Book, { orderBy: { title: 'asc' } }),
      stats: query({
        type: 'Stats!',
        resolve: async (_, { db }) => ({
          books: await db.count(Book),
          biggest: await db.first(Book, { orderBy: { pages: 'desc' } }),
        }),
      }),
      found: query({
        type: '[Found!]!',
        arguments: { text: 'String!' },
        resolve: async ({ text }, { db }) => [
          ...(await db.find(Author, { where: { name: { contains: text } } })),
          ...(await db.find(Book, { where: { title: { contains: text } } })),
        ],
      }),
      identified: query({
        type: 'Identified',
        arguments: { id: 'ID!' },
        resolve: async ({ id }, { db }) => (await db.get(Author, id)) ?? (await db.get(Book, id)),
      }),
      echo: query({
        type: 'JSON',
        arguments: { value: 'JSON', range: 'Range', at: 'DateTime', big: 'BigInt' },
        resolve: ({ value, range, at, big }) => ({
          value,
          range,
          at,
          big: big?.toString() ?? null,
        }),
      }),
      fails: query({
        type: 'String',
        arguments: { how: 'String!' },
        resolve: ({ how }) => {
          if (how === 'store') throw new StoreError('INTERNAL', 'select secret from table')
          if (how === 'outage') throw new StoreError('UNAVAILABLE', 'host db.internal refused')
          if (how === 'own')
            throw new ApiError('OUT_OF_STOCK', 'sold out', { extensions: { left: 0 } })
          throw new Error(`password=hunter2 at ${how}`)
        },
      }),
    },
    mutations: {
      setTitle: mutation({
        type: 'Book',
        arguments: { id: 'ID!', title: 'String!' },
        resolve: ({ id, title }, { db }) => db.update(Book, id, { title }),
      }),
      addAuthor: create(Author, { arguments: { fullName: 'name' } }),
    },
    expose: [Author, Book],
    ...options,
  })
