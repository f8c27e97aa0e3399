/** What users say to steer a dialogue, and what a bot says when nobody gave it words, in each language that is understood. */
import type { DialoguePhrases } from './bot-model.ts'
import { arabic } from './phrases/arabic.ts'
import { english } from './phrases/english.ts'
import { french } from './phrases/french.ts'
import { german } from './phrases/german.ts'
import { hindi } from './phrases/hindi.ts'
import { japanese } from './phrases/japanese.ts'
import { spanish } from './phrases/spanish.ts'

/** Phrases and the two statements that every bot has, by language code. */
export interface LanguageDefaults {
  readonly phrases: DialoguePhrases
  /** What users say for help. */
  readonly help: readonly string[]
  readonly clarification: string
  readonly clarificationRetry: string
  readonly abort: string
}

/** @param locale as Lex writes it; a language without words of its own gets English ones */
export function languageDefaults(locale: string): LanguageDefaults {
  const code = locale.split('_')[0]?.toLowerCase() ?? 'en'
  return (Object.hasOwn(languages, code) ? languages[code] : undefined) ?? english
}

/** The phrases of a language; English ones for a language without its own. */
export function defaultPhrases(locale: string): DialoguePhrases {
  return languageDefaults(locale).phrases
}

const languages: Readonly<Record<string, LanguageDefaults>> = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  hi: hindi,
  ja: japanese,
  ar: arabic,
}
