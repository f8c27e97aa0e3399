import { describe, expect, it } from 'vitest'
import {
  bytes,
  datetime,
  decimal,
  type FieldDefinition,
  fromWire,
  int,
  int8,
  json,
  list,
  object,
  string,
  toWire,
} from './index.ts'

function through(definition: FieldDefinition, value: unknown): unknown {
  return fromWire(definition, JSON.parse(JSON.stringify(toWire(definition, value))))
}

describe('the JSON form', () => {
  it.each([
    [string().definition, 'a\u2028b', 'a\u2028b'],
    [int8().definition, 2n ** 53n + 1n, '9007199254740993'],
    [decimal().definition, '7.50', '7.50'],
    [datetime().definition, new Date(0), '1970-01-01T00:00:00.000Z'],
    [bytes().definition, new Uint8Array([0, 255]), 'AP8='],
    [json().definition, { a: [1, null] }, { a: [1, null] }],
    [list(int8()).definition, [1n, 2n], ['1', '2']],
    [list(datetime().nullable()).definition, [null], [null]],
    [
      object({ at: datetime(), n: int8().nullable() }).definition,
      { at: new Date(0), n: null },
      { at: '1970-01-01T00:00:00.000Z', n: null },
    ],
  ])('%# goes there and back', (definition, value, wire) => {
    expect(toWire(definition, value)).toEqual(wire)
    expect(through(definition, value)).toEqual(value)
  })

  it('null and undefined are null', () => {
    for (const { definition } of [int8(), datetime(), list(int())]) {
      expect(toWire(definition, null)).toBeNull()
      expect(toWire(definition, undefined)).toBeNull()
      expect(fromWire(definition, null)).toBeNull()
    }
  })

  it('large bytes go there and back', () => {
    const large = Uint8Array.from({ length: 100_000 }, (_, index) => index)
    expect(through(bytes().definition, large)).toEqual(large)
  })

  it('a part newer than the row has its default, one that is gone is left behind', () => {
    const { definition } = object({ a: int(), b: int().default(3), c: string().nullable() })
    expect(fromWire(definition, { a: 1, z: 1 })).toEqual({ a: 1, b: 3, c: null })
  })
})
