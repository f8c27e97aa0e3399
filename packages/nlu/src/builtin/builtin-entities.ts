/** What every model understands without training: dates, times, ranges of time, durations, amounts of money, numbers. */
import type { Token } from '../tokenize.ts'
import { languageWords } from './language-words.ts'
import { quantities } from './quantities.ts'
import { type Found, times } from './times.ts'

export const builtinDimensions = [
  'date',
  'time',
  'time_range',
  'duration',
  'amount',
  'number',
] as const
export type BuiltinDimension = (typeof builtinDimensions)[number]

/** @param language BCP 47; what the words are read in, beside the languages that the text's scripts show */
export function builtinEntities(
  text: string,
  tokens: readonly Token[],
  language: string,
  now: Date,
  timeZone: string,
): Found[] {
  const languages = languagesOf(text, language)
  const found = times(text, languages, now, timeZone)
  const words = languages.flatMap((code) => languageWords[code] ?? [])
  return [...found, ...quantities(text, tokens, words, found)]
}

function languagesOf(text: string, language: string): string[] {
  const main = language.split('-')[0]?.toLowerCase() ?? 'en'
  const shown = [
    ...(/[\u3040-\u30ff]/u.test(text) ? ['ja'] : []),
    ...(/[\u0900-\u097f]/u.test(text) ? ['hi'] : []),
    ...(/[\u0600-\u06ff]/u.test(text) ? ['ar'] : []),
  ]
  return [...new Set([...shown, main])]
}
