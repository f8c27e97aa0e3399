/** Answers as values of Amazon's built-in slot types, written as Lex writes them. */

import { isMadeOf } from '../dialogue/made-of.ts'
import { signOf } from '../dialogue/signs.ts'
import { textKey } from '../dialogue/text-key.ts'
import type { BuiltinKind, BuiltinSlotType } from './builtin-slot-types.ts'
import { resolveTime } from './clock-times.ts'
import { resolveDate } from './dates.ts'
import { knownWord } from './known-words.ts'
import { resolveDuration, resolveNumber, resolveOrdinal } from './numbers.ts'
import type { AnswerContext } from './resolve-slot.ts'
import { withDigits } from './spelled-numbers.ts'

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
  return resolvers[kind]?.(answer.slice(0, longest), context, name) ?? null
}

/** Who answers a question for a date or a number in more words than that says something else, and recognisers take their time. */
const longest = 400

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
  fourDigits(answer, { language }) {
    const said = joinedDigits(withDigits(answer, language).text)
    const [, whole] = /^\D*(\d{4})\D*$/.exec(said) ?? []
    return whole === undefined ? null : { value: whole }
  },
  phone(answer, { language }) {
    const spoken = joinedDigits(withDigits(answer, language).text)
    const text = /\d[\d\s()./-]{3,30}\d/.test(answer) ? answer : spoken
    const [said] = /\+?\(?\d[\d\s()./-]{3,30}\d/.exec(text) ?? []
    // "+49 (0)30": the zero is for callers within the country.
    const digits = said?.replace(/^(\+.*?)\(0\)/, '$1').replace(/\D/g, '') ?? ''
    if (said === undefined || digits.length < 5 || digits.length > 15) return null
    // A date with its year first.
    if (/^\d{4}-\d{2}-\d{2}$/.test(said)) return null
    return text === answer ? { value: digits, original: said } : { value: digits }
  },
  email(answer) {
    const said = answer
      .split(/[\s<>(),;]+/)
      .map((word) => word.replace(/^mailto:/i, '').replace(/[.!?]+$/, ''))
      .find((word) => word.length <= 254 && hasLocalPart(word) && hasDomain(word))
    return said === undefined ? null : { value: said, original: said }
  },
  alphanumeric(answer) {
    const words = answer.split(/[\s-]+/).filter((word) => word !== '')
    const isOne = words.length === 1 || words.every((word) => word.length === 1)
    // "AB-12" is one code that is written in parts.
    const said = isOne || !/\s/.test(answer.trim()) ? words.join('') : null
    if (said !== null && /^[\p{L}\p{N}]{1,100}$/u.test(said)) return { value: said }
    const codes = answer.split(/\s+/).map((word) => word.replace(/^[#"'(]+|[.,!?"')]+$/g, ''))
    const code = codes.find((word) => /^(?=.*\p{N})[\p{L}\p{N}-]{2,100}$/u.test(word))
    return code === undefined ? null : { value: code.replaceAll('-', ''), original: code }
  },
  yesNo(answer, { yes, no }) {
    const key = textKey(answer)
    const sign = signOf(answer)
    if (sign === 'no' || isMadeOf(key, no)) return { value: 'No' }
    return sign === 'yes' || isMadeOf(key, yes) ? { value: 'Yes' } : null
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

/** Digits that were said one by one stand together. */
function joinedDigits(text: string): string {
  return text.replace(/(?<=(?:^|\D)\d)\s+(?=\d(?:\D|$))|(?<=\d)\s+(?=\d)/g, '')
}

/** Dots stand between something. */
function hasLocalPart(address: string): boolean {
  const [, local = ''] = /^([^\s@]{1,64})@[^\s@]+$/.exec(address) ?? []
  return local !== '' && !/^\.|\.\.|\.$/.test(local)
}

function hasDomain(address: string): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const labels = domain.split('.')
  return (
    labels.length > 1 &&
    labels.every((label) => /^[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?$/u.test(label))
  )
}
