import { describe, expect, test } from 'vitest'
import { PhraseMatcher, phraseKey } from './phrase-matcher.ts'
import { tokenize } from './tokenize.ts'

const find = (matcher: PhraseMatcher, text: string) =>
  matcher.find(tokenize(text)).map(({ list, phrase }) => `${list}:${phrase}`)

describe('a phrase matcher', () => {
  test('finds the longest phrase of each list', () => {
    const matcher = new PhraseMatcher()
    matcher.add('city', 'York')
    matcher.add('city', 'New York')
    matcher.add('team', 'York')
    expect(find(matcher, 'from new york')).toEqual(['city:New York', 'team:York'])
  })

  test('forgets what is deleted and keeps what shares its words', () => {
    const matcher = new PhraseMatcher()
    matcher.add('city', 'New York')
    matcher.add('city', 'New York City')
    expect(matcher.delete('city', 'new york city')).toBe(true)
    expect(matcher.delete('city', 'Boston')).toBe(false)
    expect(find(matcher, 'New York City')).toEqual(['city:New York'])
    expect(matcher.lists).toEqual(['city'])
  })

  test('takes spellings of one phrase for the same', () => {
    expect(phraseKey(' Schindler’s   List ')).toBe(phraseKey("schindler's list"))
  })
})
