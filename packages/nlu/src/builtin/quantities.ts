/** Numbers, amounts of money and durations in digits (Western, Arabic-Indic, Devanagari, full width) and small number words. */
import type { Token } from '../tokenize.ts'
import { currencyWords, type DurationUnit, type LanguageWords } from './language-words.ts'
import type { Found } from './times.ts'

interface NumberSpan {
  readonly value: number
  /** Token numbers, `to` exclusive. */
  readonly from: number
  readonly to: number
  /** Written as an article ("a", "une"): a number before a unit only. */
  readonly article: boolean
}

/** Durations, amounts and numbers outside the spans that are taken already. */
export function quantities(
  text: string,
  tokens: readonly Token[],
  languages: readonly LanguageWords[],
  taken: readonly Found[],
): Found[] {
  const found: Found[] = []
  const free = (start: number, end: number) =>
    ![...taken, ...found].some((other) => other.start < end && start < other.end)
  const put = (entity: string, from: number, to: number, value: unknown) => {
    const start = (tokens[from] as Token).start
    const end = (tokens[to - 1] as Token).end
    if (free(start, end)) found.push({ entity, start, end, value })
  }
  const numbers = numbersOf(text, tokens, languages)
  for (const { value, from, to, article } of numbers) {
    const unit = unitAfter(text, tokens, to, languages)
    // "a second time", "one second": too often no duration.
    if (article && unit?.unit === 'second') continue
    if (unit) put('duration', from, unit.to, durationOf(value, unit.unit))
  }
  for (const { value, from, to } of numbers) {
    const before = currencyOf(tokens[from - 1]?.text)
    const after = currencyOf(tokens[to]?.text)
    if (before) put('amount', from - 1, to, { amount: value, currency: before })
    else if (after) put('amount', from, to + 1, { amount: value, currency: after })
  }
  for (const { value, from, to, article } of numbers) {
    // The digits of a code such as "AB-1234" are no number.
    const isPart = /[\p{L}\p{N}][-_/]$/u.test(text.slice(0, (tokens[from] as Token).start))
    if (!article && !isPart) put('number', from, to, value)
  }
  return found
}

/** `{value, unit, iso}`, ISO 8601. */
function durationOf(value: number, unit: DurationUnit) {
  const letter = unit[0]?.toUpperCase()
  const clock = unit === 'second' || unit === 'minute' || unit === 'hour'
  return { value, unit, iso: `P${clock ? 'T' : ''}${value}${letter}` }
}

const compiled = new WeakMap<LanguageWords, { pattern: RegExp; unit: DurationUnit }[]>()

function unitAfter(
  text: string,
  tokens: readonly Token[],
  at: number,
  languages: readonly LanguageWords[],
): { unit: DurationUnit; to: number } | undefined {
  const token = tokens[at]
  if (!token) return undefined
  const rest = text.slice(token.start, token.start + 16).toLowerCase()
  for (const words of languages) {
    let units = compiled.get(words)
    if (!units) {
      units = words.units.map(([pattern, unit]) => ({
        pattern: new RegExp(
          `^(?:${pattern})${words.units[0]?.[0].includes('秒') ? '' : '(?![\\p{L}\\p{M}])'}`,
          'u',
        ),
        unit,
      }))
      compiled.set(words, units)
    }
    for (const { pattern, unit } of units) {
      const [whole] = pattern.exec(rest) ?? []
      if (whole === undefined) continue
      const end = token.start + whole.length
      const to = tokens.findIndex(({ end: stop }) => stop >= end) + 1
      return { unit, to }
    }
  }
  return undefined
}

function currencyOf(word: string | undefined): string | undefined {
  return word !== undefined && Object.hasOwn(currencyWords, word) ? currencyWords[word] : undefined
}

function numbersOf(
  text: string,
  tokens: readonly Token[],
  languages: readonly LanguageWords[],
): NumberSpan[] {
  const spans: NumberSpan[] = []
  for (let from = 0; from < tokens.length; from++) {
    const token = tokens[from] as Token
    const digits = digitsOf(token.text)
    if (digits !== undefined) {
      const multiple = tokens[from + 1] && multiplier(tokens[from + 1]?.text as string, languages)
      spans.push({
        value: digits * (multiple ?? 1),
        from,
        to: from + (multiple ? 2 : 1),
        article: false,
      })
      if (multiple) from++
      continue
    }
    const words = wordsFrom(text, tokens, from, languages)
    if (words) {
      spans.push(words)
      from = words.to - 1
    }
  }
  return spans
}

/** "1,234.5", "1.234,5", "٤٢", "४२", "４２". */
function digitsOf(token: string): number | undefined {
  if (!/^\p{Nd}/u.test(token)) return undefined
  const western = [...token]
    .map((character) => (/\p{Nd}/u.test(character) ? digitValue(character) : character))
    .join('')
  if (!/^\d+(?:[.,]\d+)*$/.test(western)) return undefined
  const separators = western.match(/[.,]/g) ?? []
  const last = separators.at(-1)
  if (last === undefined) return Number(western)
  const groups = western.split(/[.,]/)
  const tail = groups.at(-1) as string
  const grouped = groups.slice(1).every((group) => group.length === 3)
  const mixed = new Set(separators).size > 1
  // One kind of separator with three digits after each groups thousands; otherwise the last one is the decimal sign.
  if (grouped && !mixed && (separators.length > 1 || tail.length === 3))
    return Number(groups.join(''))
  return Number(`${groups.slice(0, -1).join('')}.${tail}`)
}

function digitValue(character: string): number {
  const code = character.codePointAt(0) as number
  let zero = code
  // Decimal digits of every script stand in runs of ten.
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--
  return (code - zero) % 10
}

function multiplier(word: string, languages: readonly LanguageWords[]): number | undefined {
  for (const { numbers } of languages) {
    const value = Object.hasOwn(numbers, word) ? numbers[word] : undefined
    if (value !== undefined && value >= 100) return value
  }
  return undefined
}

const articles = new Set([
  'a',
  'an',
  'ein',
  'eine',
  'einen',
  'einem',
  'einer',
  'un',
  'une',
  'una',
  'uno',
  'one',
])

/** "two hundred and five", "zwanzig", "vingt": larger parts multiply what stands before them, smaller ones add. */
function wordsFrom(
  _text: string,
  tokens: readonly Token[],
  from: number,
  languages: readonly LanguageWords[],
): NumberSpan | undefined {
  for (const { numbers } of languages) {
    const of = (i: number) => {
      const word = tokens[i]?.text
      return word !== undefined && Object.hasOwn(numbers, word) ? numbers[word] : undefined
    }
    if (of(from) === undefined) continue
    let total = 0
    let group = 0
    let previous = Infinity
    let to = from
    for (; ; to++) {
      const joined =
        to > from &&
        (tokens[to]?.text === 'and' || tokens[to]?.text === '-') &&
        of(to + 1) !== undefined
      const value = of(joined ? to + 1 : to)
      if (value === undefined) break
      if (value >= 100) {
        group = (group || 1) * value
        if (value >= 1000) {
          total += group
          group = 0
        }
        previous = value
      } else {
        // "one two" is two numbers, "twenty two" one.
        if (to > from && !(previous >= 20 && value < previous && (value < 10 || previous >= 100)))
          break
        group += value
        previous = value
      }
      if (joined) to++
    }
    return {
      value: total + group,
      from,
      to,
      article: to - from === 1 && articles.has(tokens[from]?.text as string),
    }
  }
  return undefined
}
