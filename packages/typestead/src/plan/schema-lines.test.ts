import { expect, it } from 'vitest'
import { schemaLines } from './schema-lines.ts'

it('names what is new, gone and other, whatever the order of keys', () => {
  const before = {
    properties: { a: { type: 'string' }, b: {}, c: { type: 'string', enum: ['x'] } },
    required: ['a', 'b'],
  }
  const after = {
    properties: { a: { type: 'integer' }, c: { enum: ['x'], type: 'string' }, d: {} },
    required: ['d', 'a'],
  }
  expect(schemaLines(before, after)).toEqual([
    '~ a: {"type":"integer"}',
    '+ d: {}',
    '- b',
    '~ required: ["d","a"]',
  ])
  expect(schemaLines(after, { ...after, required: ['a', 'd'] })).toEqual([])
  expect(schemaLines(undefined, { properties: { a: {} } })).toEqual(['+ a: {}'])
})
