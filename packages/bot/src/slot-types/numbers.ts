/** Numbers, ordinals and durations in an answer, by the recognisers of `@typestead/nlu`. */
import { builtinEntities, tokenize } from '@typestead/nlu'
import type { BuiltinValue } from './resolve-builtin.ts'
import type { AnswerContext } from './resolve-slot.ts'

/** What is recognised in an answer. Text of up to a thousand characters. */
export function recognised(
  answer: string,
  { language, now, timeZone }: AnswerContext,
): ReturnType<typeof builtinEntities> {
  return builtinEntities(answer, tokenize(answer), language, new Date(now), timeZone)
}

export function resolveNumber(answer: string, context: AnswerContext): BuiltinValue | null {
  const digits = answer.trim().replace(/[.!?]$/, '')
  if (/^[+-]?\d{1,15}(?:\.\d{1,15})?$/.test(digits)) return { value: plain(Number(digits)) }
  const found = recognised(answer, context).filter(
    ({ entity }) => entity === 'number' || entity === 'amount',
  )
  const [first] = found
  if (!first || found.length > 1) return null
  const value = typeof first.value === 'number' ? first.value : amountOf(first.value)
  if (value === null || !Number.isFinite(value)) return null
  const negative = /(?:\bminus|\bnegative|[-−])\s*$/iu.test(answer.slice(0, first.start))
  return { value: plain(negative ? -value : value), original: answer.slice(first.start, first.end) }
}

export function resolveOrdinal(answer: string, context: AnswerContext): BuiltinValue | null {
  const [, digits] = /(?<!\d)(\d{1,6})(?:st|nd|rd|th|\.|º|ª|e|er|ème)(?!\p{L})/iu.exec(answer) ?? []
  if (digits !== undefined) return { value: String(Number(digits)) }
  const word = answer
    .toLowerCase()
    .match(/[a-z]+/g)
    ?.find((part) => Object.hasOwn(ordinals, part))
  if (word !== undefined) return { value: String(ordinals[word]), original: word }
  return resolveNumber(answer, context)
}

const ordinals: Readonly<Record<string, number>> = Object.fromEntries(
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'
    .split(' ')
    .map((word, i) => [word, i + 1]),
)

/** `PT2H30M`, `P3D`; as Lex writes them. */
export function resolveDuration(answer: string, context: AnswerContext): BuiltinValue | null {
  const [iso] =
    /^P(?=.)(?:\d{1,6}[YMWD]){0,4}(?:T(?:\d{1,6}[HMS]){1,3})?$/.exec(answer.trim().toUpperCase()) ??
    []
  if (iso !== undefined) return { value: iso }
  const totals = new Map<string, number>()
  const said = halves(answer)
  // A length of time alone is taken for a point in time ("in two hours"), unless it is said to be one.
  for (const text of [said, `for ${said}`]) {
    for (const found of recognised(text, context)) {
      const duration = found.entity === 'duration' ? durationOf(found.value) : null
      if (duration) totals.set(duration.unit, (totals.get(duration.unit) ?? 0) + duration.value)
    }
    if (totals.size > 0) break
  }
  if (totals.size === 0) return null
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

/** "half an hour" and "an hour and a half", which the recogniser does not know. */
function halves(answer: string): string {
  return answer
    .replace(/\bhalf an hour\b/gi, '30 minutes')
    .replace(/\b(?:an|one) hour and a half\b/gi, '90 minutes')
}

function durationOf(value: unknown): { value: number; unit: string } | null {
  if (typeof value !== 'object' || value === null) return null
  const amount: unknown = Reflect.get(value, 'value')
  const unit: unknown = Reflect.get(value, 'unit')
  return typeof amount === 'number' && typeof unit === 'string' ? { value: amount, unit } : null
}

function amountOf(value: unknown): number | null {
  const amount: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, 'amount') : null
  return typeof amount === 'number' ? amount : null
}

function plain(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e21
    ? String(value)
    : String(Number(value.toFixed(12)))
}
