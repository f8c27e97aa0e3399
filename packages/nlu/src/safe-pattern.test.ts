import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compilePattern, patternProblem } from './safe-pattern.ts'

const matches = (pattern: string, text: string) =>
  compilePattern(pattern)
    .find(text)
    .map(({ start, end }) => text.slice(start, end))

describe('a safe pattern', () => {
  test.each([
    ['\\d{3}-\\d{4}', 'call 555-1234 now'],
    ['ord-\\d+', 'ORD-12345 and ord-77'],
    ['(a|ab)(b|a)*', 'abab aaaa'],
    ['a{2,3}?', 'aaaaa'],
    ['\\bfoo\\b|bar$', 'foo food bar'],
    ['\\p{Extended_Pictographic}+', 'x 😀😀 y'],
    ['[^\\s@]+@[^\\s@]+\\.\\w{2,}', 'mail me@example.org please'],
    ['cat|call|caller', 'a caller'],
    ['(?:(?:a+)+)+b', 'aaab'],
  ])('%s finds what the native engine finds', (pattern, text) => {
    const native = [...text.matchAll(new RegExp(pattern, 'giu'))].map(([match]) => match)
    expect(matches(pattern, text)).toEqual(native.filter((match) => match !== ''))
  })

  test('agrees with the native engine on random expressions', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '(?:a|bb)', '(?:ab|a)')
    const part = fc
      .tuple(atom, fc.constantFrom('', '', '*', '+', '?', '{1,2}', '+?'))
      .map(([a, b]) => a + b)
    const pattern = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''))
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 })
      .map((letters) => letters.join(''))
    fc.assert(
      fc.property(pattern, text, (source, subject) => {
        // Whether empty matches are skipped or kept changes what follows them; only whole, non-empty ones are compared.
        const native = [...subject.matchAll(new RegExp(`(?:${source})`, 'gi'))].map(
          ([match]) => match,
        )
        fc.pre(!native.slice(0, -1).includes(''))
        fc.pre(!new RegExp(`^(?:${source})$`).test(''))
        expect(matches(source, subject)).toEqual(native.filter((match) => match !== ''))
      }),
    )
  })

  test('ends soon where backtracking would not', () => {
    expect(matches('(a+)+$', `${'a'.repeat(16_000)}b`)).toEqual([])
    expect(matches('(a|a)*b', 'a'.repeat(16_000))).toEqual([])
  })

  test.each(['(a)\\1', '(?=a)b', '(a', '[z-a]', '(a{1000}){1000}', '*a'])(
    'refuses %s with a reason',
    (pattern) => {
      expect(patternProblem(pattern)).toContain('expression')
    },
  )
})
