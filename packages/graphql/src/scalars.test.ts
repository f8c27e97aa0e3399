import fc from 'fast-check'
import { parseValue } from 'graphql'
import { expect, test } from 'vitest'
import { BigIntScalar, Bytes, DateOnly, DateTime, Decimal } from './scalars.ts'

test('instants come back as the same instant, whatever offset they were written with', () => {
  const dates = fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
  fc.assert(
    fc.property(dates, fc.integer({ min: -14, max: 14 }), (date, hours) => {
      const local = new Date(date.getTime() + hours * 3_600_000).toISOString().slice(0, -1)
      const sign = hours < 0 ? '-' : '+'
      const text = `${local}${sign}${String(Math.abs(hours)).padStart(2, '0')}:00`
      if (!/^\d{4}-/.test(text)) return
      expect(DateTime.serialize(DateTime.parseValue(text))).toBe(date.toISOString())
    }),
  )
})

test('64-bit integers, bytes and decimals come back unchanged', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      expect(BigIntScalar.parseValue(String(value))).toBe(value)
      expect(BigIntScalar.parseLiteral(parseValue(String(value)), {})).toBe(value)
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(Bytes.parseValue(Bytes.serialize(bytes))).toEqual(bytes)
    }),
  )
  expect(Decimal.parseLiteral(parseValue('12345678901234567890.12'), {})).toBe(
    '12345678901234567890.12',
  )
})

test.each([
  [DateTime, '2026-02-30T00:00:00Z'],
  [DateTime, '2026-02-28 00:00:00Z'],
  [DateTime, '2026-02-28T00:00:00'],
  [DateTime, 5],
  [DateOnly, '2026-13-01'],
  [DateOnly, '2026-1-1'],
  [Decimal, 1.5],
  [Decimal, '1e3'],
  [Decimal, 'NaN'],
  [BigIntScalar, '9223372036854775808'],
  [BigIntScalar, 2 ** 53],
  [BigIntScalar, ''],
  [Bytes, 'a'],
  [Bytes, 'ab=c'],
  [Bytes, 7],
])('%s refuses %j without repeating it', (scalar, value) => {
  expect(() => scalar.parseValue(value)).toThrow(/^must be /)
})
