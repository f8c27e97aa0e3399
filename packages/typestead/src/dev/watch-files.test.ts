import { expect, it } from 'vitest'
import { isWatched } from './watch-files.ts'

it.each(['model.ts', 'entities/user.ts', 'package.json', 'data/books.csv'])(
  '%s is watched',
  (file) => {
    expect(isWatched(file)).toBe(true)
  },
)

it.each([
  'node_modules/x/index.js',
  '.typestead/endpoints.json',
  '.git/HEAD',
  'dist/a.js',
  'model.test.ts',
  'README.md',
  'model.ts~',
  '.model.ts.swp',
  '4913',
])('%s is not', (file) => {
  expect(isWatched(file)).toBe(false)
})
