import { expect, it } from 'vitest'
import { measureLoad } from '../bench/load.ts'

it('two hundred connections at once, a fifth of their requests writes, get no wrong answer', async () => {
  const report = await measureLoad({ connections: 200, seconds: 3 })
  expect(report.errors).toEqual({})
  expect(report.reads).toBeGreaterThan(200)
  expect(report.writes).toBeGreaterThan(40)
})
