import { expect, test } from 'vitest'
import { newId } from './new-id.ts'

test('a new id is a UUID of version 7 that begins with its millisecond, and no two are equal', () => {
  const now = Date.UTC(2026, 5, 30, 12)
  const ids = Array.from({ length: 1000 }, () => newId(now))
  const time = now.toString(16).padStart(12, '0')
  for (const id of ids) {
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    expect(id.replaceAll('-', '').slice(0, 12)).toBe(time)
  }
  expect(new Set(ids).size).toBe(1000)
})
