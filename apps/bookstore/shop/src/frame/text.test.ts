import { describe, expect, test } from 'vitest'
import { countText, stockClass, stockText, totalOf } from './text.ts'

describe('what people read', () => {
  test('stock: how many, that few are left, that none is', () => {
    expect([120, 6, 5, 1, 0, -1].map(stockText)).toEqual([
      '120 in stock',
      '6 in stock',
      'Only 5 left',
      'Only 1 left',
      'Sold out',
      'Sold out',
    ])
    expect([6, 5, 0].map(stockClass)).toEqual(['stock', 'stock few', 'stock none'])
  })

  test('sums are right to the cent, whatever the prices', () => {
    expect(totalOf([{ price: '0.10', quantity: 3 }])).toBe(0.3)
    expect(
      totalOf([
        { price: '19.99', quantity: 1000 },
        { price: '0.01', quantity: 1 },
      ]),
    ).toBe(19990.01)
    expect(totalOf([])).toBe(0)
  })

  test('one book, two books', () => {
    expect([0, 1, 2].map((count) => countText(count, 'book', 'books'))).toEqual([
      '0 books',
      '1 book',
      '2 books',
    ])
  })
})
