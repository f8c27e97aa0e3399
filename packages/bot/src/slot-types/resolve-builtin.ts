/** Answers as values of Amazon's built-in slot types, written as Lex writes them. */

import { textKey } from '../dialogue/text-key.ts'
import type { BuiltinKind, BuiltinSlotType } from './builtin-slot-types.ts'
import { resolveTime } from './clock-times.ts'
import { resolveDate } from './dates.ts'
import { knownWord } from './known-words.ts'
import { resolveDuration, resolveNumber, resolveOrdinal } from './numbers.ts'
import type { AnswerContext } from './resolve-slot.ts'

export interface BuiltinValue {
  readonly value: string
  /** Where more than one is possible, the likeliest first. */
  readonly resolved?: readonly string[]
  /** The part of the answer that says it; absent: all of it. */
  readonly original?: string
}

/** @returns null when the answer is no value of that type */
export function resolveBuiltin(
  { name, kind }: BuiltinSlotType,
  answer: string,
  context: AnswerContext,
): BuiltinValue | null {
  return resolvers[kind]?.(answer, context, name) ?? null
}

type Resolver = (answer: string, context: AnswerContext, name: string) => BuiltinValue | null

const resolvers: Readonly<Partial<Record<BuiltinKind, Resolver>>> = {
  date: resolveDate,
  time: resolveTime,
  duration: resolveDuration,
  number: resolveNumber,
  ordinal: resolveOrdinal,
  percentage(answer, context) {
    const number = resolveNumber(
      answer.replace(/%|\b(?:percent|per cent|prozent|pour cent|por ciento)\b/giu, ' '),
      context,
    )
    return number
  },
  fourDigits: (answer) => matched(answer.replace(/\s/g, ''), /^\d{4}$/),
  phone(answer) {
    const [said] = /\+?\(?\d[\d\s()./-]{3,30}\d/.exec(answer) ?? []
    const digits = said?.replace(/\D/g, '') ?? ''
    if (said === undefined || digits.length < 5 || digits.length > 15) return null
    return { value: digits, original: said }
  },
  email(answer) {
    const said = answer
      .split(/[\s<>(),;]+/)
      .map((word) => word.replace(/[.!?]+$/, ''))
      .find((word) => word.length <= 254 && /^[^\s@]{1,64}@[^\s@]+$/.test(word) && hasDomain(word))
    return said === undefined ? null : { value: said, original: said }
  },
  alphanumeric(answer) {
    const words = answer.split(/[\s-]+/).filter((word) => word !== '')
    const said =
      words.length === 1 || words.every((word) => word.length === 1) ? words.join('') : null
    if (said !== null && /^[\p{L}\p{N}]{1,100}$/u.test(said)) return { value: said }
    const code = words.find((word) => /^(?=.*\p{L})(?=.*\p{N})[\p{L}\p{N}]{2,100}$/u.test(word))
    return code === undefined ? null : { value: code, original: code }
  },
  yesNo(answer, { yes, no }) {
    const key = textKey(answer)
    if (yes.has(key)) return { value: 'Yes' }
    return no.has(key) ? { value: 'No' } : null
  },
  postcode(answer) {
    const [said] = /\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b/i.exec(answer) ?? []
    if (said === undefined) return null
    const letters = said.replace(/\s/g, '').toUpperCase()
    return { value: `${letters.slice(0, -3)} ${letters.slice(-3)}`, original: said }
  },
  speed: (answer, context) => knownWord(answer, 'AMAZON.SpeedUnit', context.language),
  weight: (answer, context) => knownWord(answer, 'AMAZON.WeightUnit', context.language),
  list: (answer, context, name) => knownWord(answer, name, context.language),
}

function matched(answer: string, pattern: RegExp): BuiltinValue | null {
  return pattern.test(answer) ? { value: answer } : null
}

function hasDomain(address: string): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const labels = domain.split('.')
  return (
    labels.length > 1 &&
    labels.every((label) => /^[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?$/u.test(label))
  )
}
