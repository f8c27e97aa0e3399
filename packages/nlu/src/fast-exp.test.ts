import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expOfNegative } from './fast-exp.ts'

test('is the exponential to 3 in a million, and 0 far down', () => {
  const inRange = fc.double({ min: -24, max: 0, noNaN: true, minExcluded: true })
  fc.assert(fc.property(inRange, (x) => Math.abs(expOfNegative(x) / Math.exp(x) - 1) < 3e-6))
  expect([-24, -1e9, -Infinity, Number.NaN].map(expOfNegative)).toEqual([0, 0, 0, 0])
})
