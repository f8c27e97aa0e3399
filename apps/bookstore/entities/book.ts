/** A book of the catalogue. Everyone sees it; admins keep it; placing an order takes from its stock. */
import {
  belongsTo,
  createdAt,
  date,
  decimal,
  Entity,
  hasMany,
  id,
  int,
  oneOf,
  string,
  updatedAt,
} from '@typestead/entity'
import { Author } from './author.ts'
import { isIsbn13 } from './isbn.ts'
import { OrderLine } from './order-line.ts'
import { Review } from './review.ts'
import { admin } from './roles.ts'

export const genres = [
  'fantasy',
  'romance',
  'crime',
  'science fiction',
  'history',
  'biography',
  'poetry',
  'children',
  'science',
  'travel',
] as const

export class Book extends Entity(
  'Book',
  {
    id: id(),
    isbn: string()
      .regex(/^\d{13}$/, 'An ISBN has 13 digits, without hyphens')
      .check(isIsbn13, 'The last digit of this ISBN does not fit the others')
      .unique(),
    title: string().trim().min(1).max(300).index(),
    subtitle: string().trim().max(300).nullable(),
    genre: oneOf(...genres).index(),
    language: oneOf('en', 'de', 'fr', 'es', 'hi', 'zh').default('en'),
    pages: int().min(1).max(20_000),
    price: decimal(8, 2)
      .check((price) => !price.startsWith('-'), 'A price is not negative')
      .describe('In euros.'),
    stock: int().min(0, 'There cannot be less than no copies').default(0),
    publishedOn: date().index(),
    description: string().max(8000).default(''),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: int().default(0),
    get author() {
      return belongsTo(Author)
    },
    get reviews() {
      return hasMany(Review, 'book')
    },
    get orderLines() {
      return hasMany(OrderLine, 'book').describe('Only those that the caller may see.')
    },
  },
  {
    version: 'version',
    description: 'A book of the catalogue.',
    allow: { create: admin, update: admin, delete: admin },
  },
) {}
