import { describe, expect, it } from 'vitest'
import { isbn13, isIsbn13 } from './isbn.ts'

describe('an ISBN-13', () => {
  it('ends in the digit that its first twelve ask for', () => {
    expect(isbn13('978031616017')).toBe('9780316160179')
    expect(isbn13('978817371146')).toBe('9788173711466')
    expect(isbn13('978074753269')).toBe('9780747532699')
  })

  it('is refused with another last digit, length, prefix or sign', () => {
    expect(isIsbn13('9780316160179')).toBe(true)
    for (const wrong of ['9780316160178', '978031616017', '9770316160179', '978-0316160179', '']) {
      expect(isIsbn13(wrong)).toBe(false)
    }
  })

  it('has every single wrong digit found out', () => {
    const isbn = '9788173711466'
    for (let at = 3; at < 13; at++) {
      for (let digit = 0; digit < 10; digit++) {
        const changed = `${isbn.slice(0, at)}${digit}${isbn.slice(at + 1)}`
        expect(isIsbn13(changed)).toBe(changed === isbn)
      }
    }
  })
})
