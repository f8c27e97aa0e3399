import {
  decimal,
  defineModel,
  Entity,
  id,
  int,
  json,
  list,
  parseWhere,
  string,
} from '@typestead/entity'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { beyond, filterOf, type Resolved, sortOf, visibleAnd } from './query.ts'

class Thing extends Entity('Thing', {
  id: id(),
  name: string().nullable(),
  size: int(),
  price: decimal(8, 2),
  free: json(),
  tags: list(string()),
}) {}
const meta = defineModel({ Thing }).meta(Thing)
// These conditions have no relations, so they are resolved as they stand.
const compile = (where: object) => filterOf(meta, parseWhere(meta, where) as Resolved)

test('the key is at the top of the filter, where servers look for it', () => {
  const key = '018f0000-0000-7000-8000-00000000000a'
  expect(visibleAnd(compile({ id: key }))).toEqual({ _id: { $eq: key }, _hidden: { $eq: null } })
})

test('two conditions on one path stay two', () => {
  expect(compile({ size: { gt: 1, lt: 3 } })).toEqual({
    size: { $gt: 1 },
    $and: [{ size: { $lt: 3 } }],
  })
})

test('decimals are compared by their key', () => {
  expect(compile({ price: { gt: '2.5' } })).toEqual({ '_sort.price': { $gt: '1000125' } })
})

test('a part of a text is matched as it is written', () => {
  expect(compile({ name: { endsWith: 'a.b$' } })).toEqual({
    name: { $regex: 'a\\.b\\$\\z', $options: '' },
  })
})

test('nothing that a user gives is read as an operator', () => {
  const given = fc.oneof(fc.jsonValue(), fc.constant({ $gt: '' }), fc.constant({ $where: '1' }))
  fc.assert(
    fc.property(given, (value) => {
      const filter = compile({ free: { eq: value as never } })
      for (const key of operatorsIn(filter)) expect(['$eq', '$and', '$not', '$type']).toContain(key)
    }),
  )
})

test('a place in an order is compared term by term, nulls as the smallest', () => {
  const order = [
    { name: 'name', descending: true, nullable: true },
    { name: 'id', descending: false, nullable: false },
  ]
  expect(sortOf(meta, order, false)).toEqual([
    ['name', -1],
    ['_id', 1],
  ])
  expect(sortOf(meta, order, true)).toEqual([
    ['name', 1],
    ['_id', -1],
  ])
  expect(beyond(meta, order, ['b', 'x'], false)).toEqual({
    $or: [
      { $or: [{ name: { $lt: 'b' } }, { name: { $eq: null } }] },
      { name: { $eq: 'b' }, _id: { $gt: 'x' } },
    ],
  })
  expect(beyond(meta, order, [null, 'x'], false)).toEqual({
    $or: [{ name: { $eq: null }, _id: { $gt: 'x' } }],
  })
  expect(beyond(meta, order, [null, 'x'], true)).toEqual({
    $or: [{ name: { $ne: null } }, { name: { $eq: null }, _id: { $lt: 'x' } }],
  })
})

/** Every key that starts with `$`, at any depth. */
function operatorsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => [
    ...(key.startsWith('$') ? [key] : []),
    ...operatorsIn(part),
  ])
}
