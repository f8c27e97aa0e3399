import { expect, test } from 'vitest'
import { best, score } from './palette-match.ts'

const names = ['Operations: Log', 'Model: Rows', 'Book', 'createBook', 'books', 'OrderLine'].map(
  (label) => ({
    label,
    kind: '',
  }),
)
const found = (typed: string) => best(names, typed, 3).map(({ label }) => label)

test('all as they come while nothing is typed', () => {
  expect(found(' ')).toEqual(['Operations: Log', 'Model: Rows', 'Book'])
})

test('letters in order; together and at the begin of words is better', () => {
  expect(found('book')[0]).toBe('Book')
  expect(found('ol')[0]).toBe('OrderLine')
  expect(found('oplog')[0]).toBe('Operations: Log')
  expect(found('xyz')).toEqual([])
  expect(score('book', 'bkoo')).toBe(0)
})
