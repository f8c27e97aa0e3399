import { expect, it } from 'vitest'
import { confusionOf, placeAfter } from './confusion.ts'
import type { CheckedExample } from './sentences.ts'

const taken = (intent: string | null, predicted: string | null): CheckedExample => ({
  text: 't',
  intent,
  predicted: predicted === null ? null : { name: predicted, confidence: 1 },
  refused: false,
  entities: [],
  found: [],
})

const confusion = confusionOf([
  taken('a', 'a'),
  taken('a', 'c'),
  taken('a', 'c'),
  taken('b', 'b'),
  taken('c', 'a'),
  taken(null, 'a'),
])

it('counts by intent what examples were taken for', () => {
  expect(confusion).toEqual({
    names: ['a', 'b', 'c'],
    counts: [
      [1, 0, 2],
      [0, 1, 0],
      [1, 0, 0],
    ],
    totals: [3, 1, 1],
  })
})

it('shows what was taken for nothing, and is empty without examples', () => {
  expect(confusionOf([taken('a', null)]).names).toEqual(['', 'a'])
  expect(confusionOf([])).toEqual({ names: [], counts: [], totals: [] })
})

it.each([
  ['ArrowRight', [0, 0], [0, 2]],
  ['ArrowLeft', [0, 2], [0, 0]],
  ['ArrowDown', [0, 0], [2, 0]],
  ['ArrowDown', [0, 2], [1, 1]],
  ['ArrowUp', [1, 1], [0, 0]],
  ['End', [0, 0], [0, 2]],
  ['Home', [0, 2], [0, 0]],
  ['ArrowDown', [2, 0], [2, 0]],
  ['x', [0, 0], [0, 0]],
] as const)('%s leads from %o to %o, over what is empty', (key, [row, column], [r, c]) => {
  expect(placeAfter(confusion, { row, column }, key)).toEqual({ row: r, column: c })
})
