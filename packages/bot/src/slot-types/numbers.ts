/** Numbers, ordinals and durations in an answer, by the recognisers of `@typestead/nlu` and the words of spelled-numbers.ts. */
import { builtinEntities, tokenize } from '@typestead/nlu'
import type { BuiltinValue } from './resolve-builtin.ts'
import type { AnswerContext } from './resolve-slot.ts'
import { withDigits } from './spelled-numbers.ts'

/** What is recognised in an answer. Text of up to a thousand characters. */
export function recognised(
  answer: string,
  { language, now, timeZone }: AnswerContext,
): ReturnType<typeof builtinEntities> {
  return builtinEntities(answer, tokenize(answer), language, new Date(now), timeZone)
}

/** Languages that write a comma before the fraction, and a point or space between thousands. */
const decimalComma = new Set(['de', 'es', 'fr', 'it', 'nl', 'pt'])

export function resolveNumber(answer: string, context: AnswerContext): BuiltinValue | null {
  const said = withDigits(answer, context.language)
  const text = ungrouped(said.text, context.language)
  const digits = text.trim().replace(/[.!?]$/, '')
  if (/^[+-]?\d{1,15}(?:\.\d{1,15})?$/.test(digits)) return { value: plain(Number(digits)) }
  // More digits than a number of ours keeps: an account, a code.
  if (/^\d{16,40}$/.test(digits)) return { value: digits.replace(/^0+(?=\d)/, '') }
  const found = recognised(text, context).filter(
    ({ entity }) => entity === 'number' || entity === 'amount',
  )
  const [first] = found
  if (!first) return null
  const value = found.length === 1 ? amountOf(first.value) : arabicSum(found, context.language)
  if (value === null || !Number.isFinite(value)) return null
  // Part of something that is no number: "1/2", "3rd", "two thirds of 7".
  if (/^\s?[/:]\s?\d/.test(text.slice(first.end))) return null
  const negative = /(?:\bminus|\bnegative|\bmoins|\bmenos|[-−])\s*$/iu.test(
    text.slice(0, first.start),
  )
  const original = text === said.text ? said.original(first.start, first.end) : answer.trim()
  return { value: plain(negative ? -value : value), original }
}

/** "1.000" and "1 000" where a point or a space groups thousands; the language's comma as a point. Arabic joins by a letter. */
function ungrouped(text: string, language: string): string {
  if (language === 'ar') return text.replace(/(?<=\s)و(?=\p{L}{3})/gu, '')
  if (!decimalComma.has(language)) return text
  return text
    .replace(/(?<![\d.,])\d{1,3}(?:[.\s]\d{3})+(?![\d.]|,\d{3})/gu, (number) =>
      number.replaceAll(/[.\s]/gu, ''),
    )
    .replace(/(?<=\d),(?=\d{1,2}(?!\d))/g, '.')
}

/** "five and twenty". */
function arabicSum(found: readonly { readonly value: unknown }[], language: string): number | null {
  const [small, tens] = found.map(({ value }) => amountOf(value))
  if (language !== 'ar' || found.length !== 2 || !small || !tens) return null
  return small < 10 && tens >= 20 && tens % 10 === 0 ? small + tens : null
}

export function resolveOrdinal(answer: string, context: AnswerContext): BuiltinValue | null {
  const [, digits] = /(?<!\d)(\d{1,6})(?:st|nd|rd|th|\.|º|ª|e|er|ème)(?!\p{L})/iu.exec(answer) ?? []
  if (digits !== undefined) return { value: String(Number(digits)) }
  const [said, tens = '', word = ''] =
    new RegExp(
      `\\b(?:(${englishTens.join('|')})[ -])?(${[...ordinals.keys()].join('|')})\\b`,
      'i',
    ).exec(answer) ?? []
  const value = ordinals.get(word.toLowerCase())
  if (said !== undefined && value !== undefined) {
    const ten = (englishTens.indexOf(tens.toLowerCase()) + 2) * 10
    return { value: String(tens === '' ? value : ten + value), original: said }
  }
  return resolveNumber(answer, context)
}

const englishTens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')

const ordinals = new Map<string, number>([
  ...'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth'
    .split(' ')
    .map((word, i): [string, number] => [word, i + 1]),
  ['thirtieth', 30],
  ['hundredth', 100],
])

/** `PT2H30M`, `P3D`; as Lex writes them. */
export function resolveDuration(answer: string, context: AnswerContext): BuiltinValue | null {
  const [iso] =
    /^P(?=.)(?:\d{1,6}[YMWD]){0,4}(?:T(?:\d{1,6}[HMS]){1,3})?$/.exec(answer.trim().toUpperCase()) ??
    []
  if (iso !== undefined) return { value: iso }
  if (/^\s*[-−]\s*\d/.test(answer)) return null
  const totals = new Map<string, number>()
  const said = commonLengths(withDigits(commonLengths(answer), context.language).text)
  // A length of time alone is taken for a point in time ("in two hours"), unless it is said to be one.
  const lead = Object.hasOwn(during, context.language) ? during[context.language] : 'for'
  for (const text of [said, `${lead} ${said}`]) {
    for (const found of recognised(text, context)) {
      const duration = found.entity === 'duration' ? durationOf(found.value) : null
      if (duration) totals.set(duration.unit, (totals.get(duration.unit) ?? 0) + duration.value)
    }
    if (totals.size > 0) break
  }
  if (totals.size === 0) return null
  wholeParts(totals)
  const written = (units: readonly (readonly [string, string])[]) =>
    units
      .map(([unit, letter]) =>
        totals.has(unit) ? `${plain(totals.get(unit) as number)}${letter}` : '',
      )
      .join('')
  const days = written([
    ['year', 'Y'],
    ['month', 'M'],
    ['week', 'W'],
    ['day', 'D'],
  ])
  const clock = written([
    ['hour', 'H'],
    ['minute', 'M'],
    ['second', 'S'],
  ])
  return { value: `P${days}${clock === '' ? '' : `T${clock}`}` }
}

/** Before a length of time, where it would be taken for a point in time. */
const during: Readonly<Record<string, string>> = { de: 'während', fr: 'pendant', es: 'durante' }

/** Lengths that have names of their own, and short ways to write them, as numbers of units. */
function commonLengths(answer: string): string {
  return answer
    .replace(/\b(?:an?|one) (hour|day|week|month|year) and a half\b/gi, '1.5 $1s')
    .replace(/\bthree[- ]quarters of an hour\b/gi, '45 minutes')
    .replace(/\b(?:a )?quarter of an hour\b/gi, '15 minutes')
    .replace(/\bhalf an hour\b/gi, '30 minutes')
    .replace(/\b(?:a|one) fortnight\b/gi, '2 weeks')
    .replace(/\ba couple of (?=hour|day|week|month|year|minute|second)/gi, '2 ')
    .replace(/\b(?:eine )?halbe stunde\b/gi, '30 minuten')
    .replace(/\b(?:eine )?dreiviertelstunde\b/gi, '45 minuten')
    .replace(/\b(?:eine )?viertelstunde\b/gi, '15 minuten')
    .replace(/\bune? demi[- ]heure\b/gi, '30 minutes')
    .replace(/\b(?:un )?quart d['’]heure\b/gi, '15 minutes')
    .replace(/\bmedia hora\b/gi, '30 minutos')
    .replace(/\bun cuarto de hora\b/gi, '15 minutos')
    .replace(/(?<!\d)(\d{1,2})\s?h\s?(\d{1,2})\s?(?:m|min)?(?![\p{L}\d])/giu, '$1 hours $2 minutes')
    .replace(/(?<![\d.,])(\d{1,3})\s?h(?![\p{L}\d])/giu, '$1 hours')
    .replace(/(?<=\bhours?\s+)(\d{1,3})\s?m(?![\p{L}\d])/giu, '$1 minutes')
}

/** One and a half hours are an hour and thirty minutes. */
function wholeParts(totals: Map<string, number>): void {
  for (const [unit, smaller, count] of [
    ['week', 'day', 7],
    ['day', 'hour', 24],
    ['hour', 'minute', 60],
    ['minute', 'second', 60],
  ] as const) {
    const value = totals.get(unit)
    if (value === undefined || Number.isInteger(value)) continue
    const rest = (value - Math.floor(value)) * count
    if (!Number.isInteger(Number(rest.toFixed(6)))) continue
    if (Math.floor(value) === 0) totals.delete(unit)
    else totals.set(unit, Math.floor(value))
    totals.set(smaller, (totals.get(smaller) ?? 0) + Math.round(rest))
  }
}

function durationOf(value: unknown): { value: number; unit: string } | null {
  if (typeof value !== 'object' || value === null) return null
  const amount: unknown = Reflect.get(value, 'value')
  const unit: unknown = Reflect.get(value, 'unit')
  return typeof amount === 'number' && typeof unit === 'string' ? { value: amount, unit } : null
}

function amountOf(value: unknown): number | null {
  if (typeof value === 'number') return value
  const amount: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, 'amount') : null
  return typeof amount === 'number' ? amount : null
}

function plain(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e21
    ? String(value)
    : String(Number(value.toFixed(12)))
}
