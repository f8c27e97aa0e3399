import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeJson, encodeJson } from './json-values.ts'

test('all JSON comes back', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value))
      expect(decodeJson(encodeJson(plain))).toEqual(plain)
    }),
  )
})

test('no key can be an operator, a path or a type of the driver', () => {
  const hostile = JSON.parse(
    '{"$where":1,"a.b":2,"_bsontype":"ObjectId","__proto__":{"x":1},"\uff05":[1],"":0,"\uff0524;":1}',
  )
  const stored = encodeJson(hostile) as Record<string, unknown>
  expect(Object.keys(stored).some((key) => /^\$|\.|^_bsontype$|^__proto__$/.test(key))).toBe(false)
  expect(Object.entries(decodeJson(stored) as object).sort()).toEqual(
    Object.entries(hostile).sort(),
  )
})

test('an array in an array is kept as an object', () => {
  expect(encodeJson([[1, [2]]])).toEqual([{ '\uff05': [1, { '\uff05': [2] }] }])
})

test('equal JSON is kept the same, in whatever order its keys come', () => {
  expect(JSON.stringify(encodeJson({ b: 1, a: -0 }))).toBe(
    JSON.stringify(encodeJson({ a: 0, b: 1 })),
  )
})
