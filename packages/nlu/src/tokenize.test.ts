import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tokenize } from './tokenize.ts'

const words = (text: string) => tokenize(text).map((token) => token.text)
const typed = (text: string) => tokenize(text).map(({ start, end }) => text.slice(start, end))

describe('tokens', () => {
  test('are the same for straight and curly apostrophes', () => {
    expect(words('My phone isn’t turning on')).toEqual(words("my phone isn't turning on"))
    expect(words("isn't")).toEqual(['is', 'not'])
  })

  test('split French elisions and English possessives', () => {
    expect(words("l'écran")).toEqual(["l'", 'écran'])
    expect(words("Maria's list, I'll go")).toEqual(['maria', "'s", 'list', ',', 'i', "'ll", 'go'])
  })

  test('keep the places of emoji, combining marks and full-width forms', () => {
    expect(typed('😀 cafe\u0301 ｉＰｈｏｎｅ 👨‍👩‍👧!')).toEqual([
      '😀',
      'cafe\u0301',
      'ｉＰｈｏｎｅ',
      '👨‍👩‍👧',
      '!',
    ])
    expect(words('cafe\u0301 ｉＰｈｏｎｅ')).toEqual(['café', 'iphone'])
  })

  test('cut Japanese into words and ignore Arabic vowel points', () => {
    expect(words('東京のホテル')).toEqual(['東京', 'の', 'ホテル'])
    expect(words('مَرْحَبًا')).toEqual(words('مرحبا'))
  })

  test('of any text stand in order, do not overlap and lie inside it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        let at = 0
        for (const { start, end } of tokenize(text)) {
          expect(start).toBeGreaterThanOrEqual(at)
          expect(end).toBeGreaterThan(start)
          at = end
        }
        expect(at).toBeLessThanOrEqual(text.length)
      }),
    )
  })
})
