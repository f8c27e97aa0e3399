import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HashCounts, HashIndex } from './hash-index.ts'

const hashes = fc.array(fc.oneof(fc.integer(), fc.constantFrom(0, -1, 65536, 131072)), {
  maxLength: 2000,
})

test('counts are those of a map, however hashes collide, and the frequent ones stand in order', () => {
  fc.assert(
    fc.property(hashes, fc.integer({ min: 1, max: 3 }), (list, least) => {
      const counts = new HashCounts()
      for (const hash of list) counts.add(hash)
      const wanted = Map.groupBy(list, (hash) => hash >>> 0)
      for (const [hash, same] of wanted) expect(counts.get(hash)).toBe(same.length)
      const frequent = [...wanted].filter(([, same]) => same.length >= least).map(([hash]) => hash)
      expect([...counts.frequent(least)]).toEqual(frequent.sort((a, b) => a - b))
    }),
  )
})

test('it grows past its first size without losing a count', () => {
  const counts = new HashCounts()
  for (let round = 0; round < 2; round++)
    for (let i = 0; i < 100_000; i++) counts.add(Math.imul(i, 0x9e3779b1))
  expect(counts.frequent(2)).toHaveLength(100_000)
  expect(counts.frequent(3)).toHaveLength(0)
})

test('a feature has the number of its place; an unknown one has none', () => {
  const index = new HashIndex(Uint32Array.of(0, 7, 4_000_000_000))
  expect([0, 7, -294_967_296, 8].map((hash) => index.find(hash))).toEqual([0, 1, 2, -1])
})
