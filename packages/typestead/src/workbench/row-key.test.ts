import {
  belongsTo,
  bytes,
  datetime,
  defineModel,
  Entity,
  id,
  int,
  int8,
  string,
} from '@typestead/entity'
import { describe, expect, it } from 'vitest'
import { keyText, readKey, rowKey, rowLabel, rowValues } from './row-key.ts'

class Shelf extends Entity(
  'Shelf',
  { room: string(), number: int(), note: string().nullable() },
  { key: ['room', 'number'] },
) {}
class Book extends Entity('Book', {
  id: id(),
  code: string(),
  title: string().nullable(),
  size: int8(),
  at: datetime(),
  cover: bytes(),
  pin: string().secret(),
  get shelf() {
    return belongsTo(Shelf).nullable()
  },
}) {}
class Counter extends Entity('Counter', { number: int() }, { key: ['number'] }) {}
const model = defineModel({ Shelf, Book, Counter })
const [shelf, book, counter] = [model.meta(Shelf), model.meta(Book), model.meta(Counter)]
const row = {
  id: 'k',
  code: 'c-1',
  title: null,
  size: 5n,
  at: new Date(0),
  cover: new Uint8Array([1]),
  pin: '1234',
  shelf: { room: 'a', number: 2 },
}

describe('rows of the workbench', () => {
  it('are JSON without secrets, links as keys', () => {
    const values = rowValues(book, row)
    expect(values).toEqual({
      id: 'k',
      code: 'c-1',
      title: null,
      size: '5',
      at: '1970-01-01T00:00:00.000Z',
      cover: 'AQ==',
      shelf: { room: 'a', number: 2 },
    })
  })

  it('have keys that come back from an address', () => {
    expect(readKey(book, keyText(rowKey(book, row)))).toBe('k')
    const key = rowKey(shelf, { room: 'a/b', number: 2 })
    expect(readKey(shelf, keyText(key))).toEqual({ room: 'a/b', number: 2 })
    expect(readKey(counter, keyText(rowKey(counter, { number: 7 })))).toBe(7)
  })

  it('have no key of a text that no key can have', () => {
    expect(readKey(shelf, 'a')).toBeUndefined()
    expect(readKey(shelf, '{')).toBeUndefined()
    expect(readKey(counter, 'seven')).toBeUndefined()
  })

  it('are called by a title or name, never by a secret', () => {
    expect(rowLabel(book, row)).toBe('c-1')
    expect(rowLabel(book, { ...row, title: 'Emma' })).toBe('Emma')
    expect(rowLabel(shelf, { room: '', number: 2, note: null })).toBe('{"room":"","number":2}')
  })
})
