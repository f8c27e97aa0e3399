import {
  bytes,
  date,
  datetime,
  decimal,
  float,
  int,
  int8,
  json,
  list,
  oneOf,
  string,
  uuid,
} from '@typestead/entity'
import { describe, expect, test } from 'vitest'
import { convert } from './convert.ts'

const from = (type: string) => ({ type }) as Parameters<typeof convert>[0]

describe('a stored value becomes one of another type', () => {
  test.each([
    ['int4', int8(), 7, 7n],
    ['int8', int(), 7n, 7],
    ['text', int(), ' 12 ', 12],
    ['int4', string(), 12, '12'],
    ['double', int(), 2.5, 3],
    ['text', decimal(6, 2), '1.005', '1.01'],
    ['text', decimal(6, 2), '-0.001', '0.00'],
    ['decimal', decimal(9, 3), '1.50', '1.500'],
    ['decimal', int(), '-1.50', -2],
    ['text', float(), '1e3', 1000],
    ['text', oneOf('a', 'b'), 'a', 'a'],
    ['datetime', date(), new Date('2026-02-28T23:59:59.999Z'), '2026-02-28'],
    ['date', datetime(), '2026-02-28', new Date('2026-02-28T00:00:00.000Z')],
    ['datetime', string(), new Date(0), '1970-01-01T00:00:00.000Z'],
    ['boolean', int(), true, 1],
    ['boolean', string(), false, 'false'],
    ['text', json(), 'x', 'x'],
    ['text', list(string()), 'x', ['x']],
    [
      'text',
      uuid(),
      '018F0000-0000-7000-8000-00000000000A',
      '018f0000-0000-7000-8000-00000000000a',
    ],
  ])('%s', (type, field, before, after) => {
    expect(convert(from(type), field.definition, before)).toEqual(after)
    // Again, as a migration that was broken off does.
    expect(convert(from(type), field.definition, after)).toEqual(after)
    expect(convert(from(type), field.definition, null)).toBe(null)
  })

  test.each([
    ['text', int(), 'x'],
    ['text', int(), '2147483648'],
    ['text', decimal(3, 2), '10.00'],
    ['text', oneOf('a', 'b'), 'c'],
    ['text', date(), 'yesterday'],
    ['text', bytes(), 'x'],
    ['text', float(), ''],
  ])('%s, or is refused', (type, field, value) => {
    expect(() => convert(from(type), field.definition, value)).toThrow(RangeError)
  })
})
