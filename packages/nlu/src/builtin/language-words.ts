/** The words by which each language says parts of the day, since and until, units of time, currencies and small numbers. */
import { arabic } from './words/arabic.ts'
import { english } from './words/english.ts'
import { french } from './words/french.ts'
import { german } from './words/german.ts'
import { hindi } from './words/hindi.ts'
import { japanese } from './words/japanese.ts'
import { spanish } from './words/spanish.ts'

export interface LanguageWords {
  /** Pattern of a part of the day, with its hours [from, to). */
  readonly dayparts: readonly (readonly [string, number, number])[]
  /** Before (or, in Japanese and Hindi, after) a time: it is where a range begins, or ends. */
  readonly since: string
  readonly until: string
  readonly postposed?: true
  readonly days: readonly (readonly [string, number])[]
  /** Patterns of units of time, to their ISO 8601 letters. */
  readonly units: readonly (readonly [string, DurationUnit])[]
  readonly numbers: Readonly<Record<string, number>>
}

export type DurationUnit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'

export const languageWords: Readonly<Record<string, LanguageWords>> = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  hi: hindi,
  ja: japanese,
  ar: arabic,
}

/** ISO 4217 codes by sign and word. */
export const currencyWords: Readonly<Record<string, string>> = {
  $: 'USD',
  '€': 'EUR',
  '£': 'GBP',
  '¥': 'JPY',
  '￥': 'JPY',
  '₹': 'INR',
  '₽': 'RUB',
  '₩': 'KRW',
  usd: 'USD',
  eur: 'EUR',
  gbp: 'GBP',
  jpy: 'JPY',
  inr: 'INR',
  chf: 'CHF',
  dollar: 'USD',
  dollars: 'USD',
  bucks: 'USD',
  euro: 'EUR',
  euros: 'EUR',
  pound: 'GBP',
  pounds: 'GBP',
  quid: 'GBP',
  rupees: 'INR',
  rupee: 'INR',
  yen: 'JPY',
  pfund: 'GBP',
  franken: 'CHF',
  livres: 'GBP',
  dólares: 'USD',
  dólar: 'USD',
  libras: 'GBP',
  रुपये: 'INR',
  रुपए: 'INR',
  रुपया: 'INR',
  डॉलर: 'USD',
  円: 'JPY',
  ドル: 'USD',
  ユーロ: 'EUR',
  دولار: 'USD',
  دولارا: 'USD',
  يورو: 'EUR',
  درهم: 'AED',
  ريال: 'SAR',
  جنيه: 'EGP',
}
