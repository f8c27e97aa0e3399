import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromCodePoints, toCodePoints } from './offsets.ts'

test('code points and UTF-16 units are told apart after an emoji', () => {
  expect(toCodePoints('😀 Paris', [3, 8])).toEqual([2, 7])
  expect(fromCodePoints('😀 Paris', [2, 7])).toEqual([3, 8])
})

test('offsets go there and back in any well-formed text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const points = [...text].length
      const all = Array.from({ length: points + 1 }, (_, i) => i)
      expect(toCodePoints(text, fromCodePoints(text, all))).toEqual(all)
    }),
  )
})

test('offsets outside the text are clamped', () => {
  expect(fromCodePoints('😀', [-5, 9])).toEqual([0, 2])
})
