/**
 * Cities and countries of the world. Cities of 50,000 people and more come from assets/cities.tsv (GeoNames, CC BY 4.0), names of
 * countries in many languages from the runtime's own locale data. Read once a process, at the first use.
 */
import { readFileSync } from 'node:fs'
import { type PhraseMatch, PhraseMatcher } from './phrase-matcher.ts'
import type { Token } from './tokenize.ts'

const languages = ['en', 'de', 'fr', 'es', 'hi', 'ja', 'ar']
/** Names that are common words, and so need more than their letters. */
const maxAmbiguous = 4

export interface PlaceGazetteer {
  find(tokens: readonly Token[]): PhraseMatch[]
  /** Known far and wide: a name without a capital letter is believed. */
  isLarge(name: string): boolean
}

let opened: PlaceGazetteer | undefined

export function placeGazetteer(): PlaceGazetteer {
  opened ??= open()
  return opened
}

function open(): PlaceGazetteer {
  const matcher = new PhraseMatcher()
  const large = new Set<string>()
  for (const line of readFileSync(new URL('../assets/cities.tsv', import.meta.url), 'utf8').split(
    '\n',
  )) {
    const [name, , isLarge] = line.split('\t')
    if (!name) continue
    matcher.add('city', name)
    const plain = name.normalize('NFD').replace(/\p{Mn}/gu, '')
    if (plain !== name) matcher.add('city', plain)
    if (isLarge === '1' && name.length > maxAmbiguous) large.add(name)
  }
  const codes = countryCodes()
  for (const language of languages) {
    const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' })
    for (const code of codes) {
      const name = names.of(code)
      if (!name) continue
      matcher.add('country', name)
      large.add(name)
    }
  }
  return { find: (tokens) => matcher.find(tokens), isLarge: (name) => large.has(name) }
}

/** Two-letter codes that the runtime has a name for; names that are also those of continents and unions are harmless. */
function countryCodes(): string[] {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  return letters
    .flatMap((a) => letters.map((b) => a + b))
    .filter((code) => !/^(?:[QX].|ZZ|EU|EZ|UN)$/.test(code) && names.of(code))
}
