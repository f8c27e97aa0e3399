import { expect, test } from 'vitest'
import { Neighbours, neighboursOf } from './neighbours.ts'
import type { ClassifierInput } from './softmax-classifier.ts'

const shape = { sparse: 4, dense: 2, classes: 3 }
const means = new Float32Array(2)
const input = (indices: number[], dense: [number, number]): ClassifierInput => ({
  sparse: {
    indices: Uint32Array.from(indices),
    values: new Float32Array(indices.length).fill(1),
    blocks: new Uint8Array(indices.length),
    total: indices.length,
  },
  dense: [Float32Array.from(dense)],
})

const sentences = [
  input([0, 1], [1, 0]),
  input([2], [0, 1]),
  input([3], [-1, 0]),
  input([0], [1, 0]),
]
const parts = neighboursOf(sentences, Uint16Array.from([1, 0, 2, 1]), shape, means)

test('sentences are kept intent by intent', () => {
  expect([...parts.intents]).toEqual([0, 1, 3, 4])
  expect([...parts.starts]).toEqual([0, 1, 3, 4, 5])
})

test('the intent of the sentences most alike gets most of the votes', () => {
  const votes = new Neighbours(parts, shape, means).votes(
    input([0, 1], [1, 0]),
    Float32Array.of(1, 1, 1),
  )
  expect(votes[1]).toBeGreaterThan(votes[0] as number)
  expect(votes[1]).toBeGreaterThan(votes[2] as number)
})

test('a first choice with a clear lead is not questioned', () => {
  const votes = new Neighbours(parts, shape, means).votes(
    input([0, 1], [1, 0]),
    Float32Array.of(9, 0, 0),
  )
  expect(votes.indexOf(Math.max(...votes))).toBe(0)
})
