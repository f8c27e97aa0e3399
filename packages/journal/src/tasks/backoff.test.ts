import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoff, completePolicy } from './backoff.ts'
import { ReadAhead } from './read-ahead.ts'

test('waits double from time to time, between half the step and all of it, up to the longest', () => {
  fc.assert(
    fc.property(fc.nat(60), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, random) => {
      const policy = completePolicy({ first: 100, longest: 10_000 })
      const step = Math.min(10_000, 100 * 2 ** failures)
      const ms = backoff(policy, failures + 1, random)
      expect(ms).toBeGreaterThanOrEqual(step / 2)
      expect(ms).toBeLessThanOrEqual(step)
    }),
  )
})

test('refuses what makes no sense', () => {
  expect(() => completePolicy({ attempts: 0 })).toThrow('retry.attempts must be a whole number')
  expect(() => completePolicy({ first: -1 })).toThrow('retry.first must be milliseconds')
})

test('claims ahead while tasks are short, and not when they are long', () => {
  const ahead = new ReadAhead(10)
  expect(ahead.limit).toBe(0)
  ahead.took(1)
  expect(ahead.limit).toBe(500)
  for (let i = 0; i < 100; i++) ahead.took(100)
  expect(ahead.limit).toBe(0)
})
