import { expect, test } from 'vitest'
import { rowsInData, rowsInText } from './row-count.ts'

test.each([
  [{ users: [] }, 0],
  [{ user: null }, 0],
  [{ user: { name: 'a' } }, 1],
  [{ users: [{ name: '{"' }, { name: '\\', posts: [{ title: '{{{' }] }] }, 3],
])('%j has %i rows', (data, rows) => {
  expect(rowsInText(JSON.stringify({ data }))).toBe(rows)
  expect(rowsInData(data)).toBe(rows)
})
