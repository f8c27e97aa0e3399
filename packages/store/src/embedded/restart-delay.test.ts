import { expect, test } from 'vitest'
import { restartDelay } from './restart-delay.ts'

test('restarts come at once, then ever later, ten seconds at most', () => {
  expect([0, 1, 2, 3, 9, 5000].map(restartDelay)).toEqual([0, 200, 400, 800, 10_000, 10_000])
})
