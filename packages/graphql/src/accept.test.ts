import { expect, test } from 'vitest'
import { negotiate } from './accept.ts'

const json = 'application/json'
const modern = 'application/graphql-response+json'

test.each([
  [null, modern],
  ['', modern],
  ['*/*', json],
  [`${json}, ${modern}`, modern],
  [`${json}; charset=utf-8`, json],
  [`${json}; charset=latin1`, null],
  [`*/*, ${modern};q=0`, json],
  [`*/*;q=0.5, ${json};q=0`, modern],
  [`${modern};q=0.5, ${json};q=0.6`, json],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', json],
  ['nonsense', null],
  ['application/json;q=2', null],
])('accept %s is answered in %s', (accept, type) => {
  expect(negotiate(accept)).toBe(type)
})
