import {
  belongsTo,
  boolean,
  defineModel,
  describe as describeModel,
  Entity,
  id,
  int,
  json,
  oneOf,
  string,
} from '@typestead/entity'
import { expect, test } from 'vitest'
import { entityIn, type ModelShape, rowLabel } from './entities.ts'
import { comparisonsOf, filterable, orderOf, whereOf } from './row-filter.ts'

class Author extends Entity('Author', { id: id(), name: string() }) {}
class Book extends Entity('Book', {
  id: id(),
  title: string(),
  subtitle: string().nullable(),
  stock: int(),
  sold: boolean(),
  genre: oneOf('crime', 'poetry'),
  extra: json(),
  password: string().secret(),
  get author() {
    return belongsTo(Author)
  },
}) {}

// What the workbench sends is this, as JSON.
const model = JSON.parse(JSON.stringify(describeModel(defineModel({ Book, Author })))) as ModelShape
const book = entityIn(model, 'Book')
if (book === undefined) throw new Error('the model has a Book')

const where = (field: string, compare?: string, value?: string) =>
  whereOf(book, { field, compare, value })

test('neither secrets nor what has no order can be filtered', () => {
  expect(filterable(book).map(({ name }) => name)).toEqual([
    'id',
    'title',
    'subtitle',
    'stock',
    'sold',
    'genre',
  ])
  expect(where('password', 'eq', 'x')).toBeUndefined()
})

test('a text is found by a part of it, whatever its case', () => {
  expect(where('title', undefined, 'twi')).toEqual({ title: { contains: 'twi', ignoreCase: true } })
  expect(where('title', 'eq', 'Twilight')).toEqual({ title: { eq: 'Twilight' } })
})

test('numbers and booleans are sent as such; what is no number is for the server to refuse', () => {
  expect(where('stock', 'gte', '5')).toEqual({ stock: { gte: 5 } })
  expect(where('stock', 'gte', 'five')).toEqual({ stock: { gte: 'five' } })
  expect(where('sold', 'eq', 'false')).toEqual({ sold: { eq: false } })
})

test('null is asked for without a value, an unfinished filter asks nothing', () => {
  expect(where('subtitle', 'null')).toEqual({ subtitle: null })
  expect(where('subtitle', 'notNull')).toEqual({ subtitle: { ne: null } })
  expect(where('title', 'contains', '')).toBeUndefined()
  const title = filterable(book).find(({ name }) => name === 'title')
  expect(title && comparisonsOf(title).map(({ name }) => name)).not.toContain('null')
})

test('orders', () => {
  expect(orderOf('title')).toEqual({ title: 'asc' })
  expect(orderOf('-stock')).toEqual({ stock: 'desc' })
  expect(orderOf(undefined)).toBeUndefined()
})

test('a row is called by its title, else by its key', () => {
  expect(rowLabel(book, { key: 'k', values: { title: 'Emma' }, links: {} })).toBe('Emma')
  expect(rowLabel(book, { key: { a: 1 }, values: {}, links: {} })).toBe('{"a":1}')
})
