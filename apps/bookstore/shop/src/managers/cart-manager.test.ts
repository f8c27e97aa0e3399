import { flush } from '@typestead/screens'
import { PreferencesManager } from '@typestead/screens/managers'
import { describe, expect, test } from 'vitest'
import type { Book } from '../api/answers.ts'
import { CartManager } from './cart-manager.ts'

class MemoryStorage {
  readonly kept = new Map<string, string>()
  getItem(key: string): string | null {
    return this.kept.get(key) ?? null
  }
  setItem(key: string, value: string): void {
    this.kept.set(key, value)
  }
}

const book: Book = {
  id: 'b1',
  title: 'Emma',
  subtitle: null,
  genre: 'romance',
  language: 'en',
  price: '7.50',
  stock: 3,
  publishedOn: '1815-12-23',
  version: 0,
  author: { id: 'a1', name: 'Jane Austen' },
}

function cartOn(storage: MemoryStorage): CartManager {
  return new CartManager(new PreferencesManager('test', storage))
}

describe('the cart', () => {
  test('counts copies, keeps them, and is read again as it was', () => {
    const storage = new MemoryStorage()
    const cart = cartOn(storage)
    cart.add(book)
    cart.add(book)
    cart.add({ ...book, id: 'b2', title: 'Persuasion' })
    flush()
    expect(cart.copies.value).toBe(3)
    const again = cartOn(storage)
    expect(again.lines.value.map(({ title, quantity }) => [title, quantity])).toEqual([
      ['Emma', 2],
      ['Persuasion', 1],
    ])
    expect(again.order).toBe(cart.order)
  })

  test('has another order id after each change, so that only the very same order is placed once', () => {
    const cart = cartOn(new MemoryStorage())
    const orders = new Set([cart.order])
    cart.add(book)
    orders.add(cart.order)
    cart.setQuantity('b1', 2)
    orders.add(cart.order)
    cart.clear()
    orders.add(cart.order)
    expect(orders.size).toBe(4)
  })

  test('takes whole numbers of copies within what one order may have; none takes the line out', () => {
    const cart = cartOn(new MemoryStorage())
    cart.add(book)
    cart.setQuantity('b1', 2.9)
    expect(cart.quantityOf('b1')).toBe(2)
    cart.setQuantity('b1', 1e9)
    expect(cart.quantityOf('b1')).toBe(1000)
    const [line] = cart.lines.value
    cart.setQuantity('b1', -1)
    expect(cart.lines.value).toEqual([])
    if (line !== undefined) cart.putBack(line, 0)
    expect(cart.quantityOf('b1')).toBe(1000)
  })

  test('believes nothing that is no cart', () => {
    for (const stored of [
      'null',
      '[]',
      '{"order":1,"lines":[]}',
      '{"order":"x","lines":[{"id":"b1"}]}',
      '{',
    ]) {
      const storage = new MemoryStorage()
      storage.setItem('test.cart', stored)
      expect(cartOn(storage).lines.value).toEqual([])
    }
  })
})
