import { describe, expect, it } from 'vitest'
import { type CheckedExample, fits, isWrong, segmentsOf } from './sentences.ts'

const span = (start: number, end: number, entity = 'x') => ({ start, end, entity })

describe('a sentence is cut at its entities', () => {
  it('with the text between them, in order', () => {
    expect(segmentsOf('my phone is dead', [span(12, 16, 'state'), span(3, 8, 'device')])).toEqual([
      { text: 'my ' },
      { text: 'phone', span: span(3, 8, 'device') },
      { text: ' is ' },
      { text: 'dead', span: span(12, 16, 'state') },
    ])
  })

  it('and gives the whole text back, whatever overlaps or lies outside', () => {
    const text = '😀 since yesterday'
    const spans = [span(3, 18), span(9, 18), span(3, 8), span(0, 2), span(17, 99), span(5, 5)]
    const segments = segmentsOf(text, spans)
    expect(segments.map((segment) => segment.text).join('')).toBe(text)
    expect(segments.flatMap((segment) => segment.span ?? [])).toEqual([span(0, 2), span(3, 18)])
  })
})

describe('examples', () => {
  const example = (changes: Partial<CheckedExample> = {}): CheckedExample => ({
    text: 'my phone',
    intent: 'a',
    predicted: { name: 'a', confidence: 0.9 },
    refused: false,
    entities: [span(3, 8)],
    found: [span(3, 8)],
    ...changes,
  })
  const all = { show: 'all', intent: undefined, predicted: undefined, text: '' } as const

  it('are wrong with another intent, none, or other entities', () => {
    expect(isWrong(example())).toBe(false)
    expect(isWrong(example({ predicted: { name: 'b', confidence: 0.9 } }))).toBe(true)
    expect(isWrong(example({ predicted: null }))).toBe(true)
    expect(isWrong(example({ found: [] }))).toBe(true)
    expect(isWrong(example({ found: [span(3, 8), span(0, 2)] }))).toBe(true)
    expect(isWrong(example({ intent: null, predicted: null }))).toBe(false)
  })

  it('are found by text, intent, what they were taken for, and whether that is right', () => {
    const wrong = example({ predicted: { name: 'b', confidence: 0.2 }, refused: true })
    expect(fits(all)(wrong)).toBe(true)
    expect(fits({ ...all, show: 'wrong' })(example())).toBe(false)
    expect(fits({ ...all, show: 'refused' })(wrong)).toBe(true)
    expect(fits({ ...all, intent: 'a', predicted: 'b' })(wrong)).toBe(true)
    expect(fits({ ...all, intent: 'b' })(wrong)).toBe(false)
    expect(fits({ ...all, predicted: 'a' })(wrong)).toBe(false)
    expect(fits({ ...all, text: ' PHONE ' })(wrong)).toBe(true)
    expect(fits({ ...all, text: 'tablet' })(wrong)).toBe(false)
  })
})
