import fc from 'fast-check'
import { expect, test } from 'vitest'
import { median, quantile, spread } from './statistics.ts'

test('the median is the middle value, or the mean of the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([7])).toBe(7)
})

test('quantiles lie between the nearest values', () => {
  expect(quantile([0, 10, 20, 30, 40], 0.25)).toBe(10)
  expect(quantile([0, 10], 0.75)).toBe(7.5)
})

test('one outlier moves neither the median nor the spread', () => {
  expect(median([10, 10, 10, 10, 1e9])).toBe(10)
  expect(spread([10, 10, 10, 10, 1e9])).toBe(0)
})

test('a quantile of nothing is refused', () => {
  expect(() => median([])).toThrow('at least one value')
})

test('a quantile stands within the values, and grows with q', () => {
  const values = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 })
  const part = fc.double({ noNaN: true, min: 0, max: 1 })
  fc.assert(
    fc.property(values, part, part, (list, a, b) => {
      const [low, high] = [quantile(list, Math.min(a, b)), quantile(list, Math.max(a, b))]
      expect(low).toBeGreaterThanOrEqual(Math.min(...list))
      expect(high).toBeLessThanOrEqual(Math.max(...list))
      expect(high - low).toBeGreaterThanOrEqual(-1e-6)
    }),
  )
})
