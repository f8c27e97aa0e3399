/**
 * Numbers that are spelled out, written in digits, so that what reads numbers, dates and times has one form to know: "twenty five"
 * is "25", "two and a half hours" is "2.5 hours". A number is taken whole or not at all.
 */
import { kanjiNumber, type NumberWords, numberWords } from './number-words.ts'

export interface DigitText {
  readonly text: string
  /** What stands in the original where this stands in `text`. */
  original(start: number, end: number): string
}

interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
}

interface Piece {
  /** In the original. */
  readonly start: number
  readonly end: number
  readonly digits: string
}

export function withDigits(answer: string, language: string): DigitText {
  const pieces = [...spelled(answer, language), ...kanji(answer)]
  let text = ''
  let at = 0
  /** Places in `text` and in the original at which they run alike. */
  const marks: { readonly to: number; readonly from: number }[] = [{ to: 0, from: 0 }]
  for (const { start, end, digits } of pieces.sort((a, b) => a.start - b.start)) {
    text += answer.slice(at, start) + digits
    at = end
    marks.push({ to: text.length - digits.length, from: start }, { to: text.length, from: end })
  }
  text += answer.slice(at)
  if (pieces.length === 0) return { text, original: (start, end) => answer.slice(start, end) }
  const back = (place: number, isEnd: boolean) => {
    const i = marks.findLastIndex(({ to }) => to <= place)
    const mark = marks[i] ?? { to: 0, from: 0 }
    // Pieces begin at odd marks: within one, all of it is meant.
    if (i % 2 === 1) return place === mark.to || !isEnd ? mark.from : (marks[i + 1]?.from ?? at)
    return mark.from + (place - mark.to)
  }
  return {
    text,
    original: (start, end) => answer.slice(back(start, false), back(end, true)),
  }
}

function spelled(answer: string, language: string): Piece[] {
  const known = Object.hasOwn(numberWords, language) ? numberWords[language] : undefined
  if (!known) return []
  const words = wordsOf(answer, language)
  const pieces: Piece[] = []
  for (let i = 0; i < words.length; i++) {
    const read = readNumber(answer, words, i, known)
    if (!read) continue
    const first = words[i] as Word
    const last = words[read.to - 1] as Word
    i = read.to - 1
    if (read.to - read.from === 1 && isPronoun(answer, first, language)) continue
    pieces.push({ start: first.start, end: read.end ?? last.end, digits: String(read.value) })
  }
  return pieces
}

function wordsOf(answer: string, language: string): Word[] {
  // The only number in which a hyphen or space is part of a word.
  const joined =
    language === 'fr'
      ? answer.replace(
          /quatre([- ])vingt/giu,
          (whole) => `${whole.slice(0, 6)}\ue000${whole.slice(7)}`,
        )
      : answer
  return [...joined.slice(0, 2000).matchAll(/[\p{L}\p{M}\ue000]+/gu)].map((match) => ({
    text: match[0].replace('\ue000', '').toLowerCase().normalize('NFC'),
    start: match.index,
    end: match.index + match[0].length,
  }))
}

/** From the word at `from`; null where no number begins there. */
function readNumber(
  answer: string,
  words: readonly Word[],
  from: number,
  { words: values, joiners, articles, longTens, point, half, compound }: NumberWords,
): {
  readonly value: number
  readonly from: number
  readonly to: number
  readonly end?: number
} | null {
  const isBeside = (i: number) =>
    i > from
      ? /^[\s-]+$/.test(answer.slice((words[i - 1] as Word).end, words[i]?.start ?? 0))
      : true
  const valueAt = (i: number) => {
    const word = words[i]?.text
    if (word === undefined || !isBeside(i)) return undefined
    return values.get(word) ?? compound?.(word) ?? undefined
  }
  let [total, group, previous, to] = [0, 0, Number.POSITIVE_INFINITY, from]
  const article = articles.has(words[from]?.text ?? '') && values.get(words[from]?.text ?? '') !== 1
  const begins = article || articles.has(words[from]?.text ?? '')
  if (begins) {
    const next = valueAt(from + 1)
    const isAlone = words.length === 1
    if (next === undefined || (next < 100 && next !== 12)) {
      // "a", "ein", "un" before anything else are articles.
      return isAlone && words[from]?.text !== 'a' && words[from]?.text !== 'an'
        ? { value: 1, from, to: from + 1 }
        : null
    }
    group = 1
    previous = 1
    to = from + 1
  }
  for (;;) {
    const joins = to > from && joiners.has(words[to]?.text ?? '') && isBeside(to)
    const value = valueAt(joins ? to + 1 : to)
    if (value === undefined || (value === 0 && to > from)) break
    if (value >= 1000) {
      total += (group || 1) * value
      group = 0
    } else if (value === 100 || (value === 12 && to > from && group > 0 && isDozen(words[to]))) {
      if (group >= 100) break
      group = (group || 1) * value
    } else {
      const fits =
        to === from ||
        previous >= 1000 ||
        (value < 100 && previous >= 100) ||
        (value < 10 && previous >= 20 && previous < 100 && previous % 10 === 0) ||
        (value < 20 && longTens.has(previous)) ||
        // "soixante-dix-sept".
        (value >= 7 && value < 10 && previous === 10 && longTens.size > 0)
      if (!fits) break
      group += value
    }
    previous = value
    to += joins ? 2 : 1
  }
  if (to === from) return null
  const whole = total + group
  const end = (words[to - 1] as Word).end
  const [fraction] = half?.exec(answer.slice(end)) ?? []
  if (fraction !== undefined) {
    const behind = words.findIndex((word) => word.start >= end + fraction.length)
    return {
      value: whole + 0.5,
      from,
      to: behind < 0 ? words.length : behind,
      end: end + fraction.length,
    }
  }
  if (point?.test(words[to]?.text ?? '')) {
    let decimals = ''
    let at = to + 1
    for (; decimals.length < 12; at++) {
      const digit = valueAt(at)
      if (digit === undefined || digit > 9) break
      decimals += digit
    }
    if (decimals !== '') return { value: Number(`${whole}.${decimals}`), from, to: at }
  }
  return { value: whole, from, to }
}

function isDozen(word: Word | undefined): boolean {
  return /^(?:dozen|dutzend|douzaine|docena)$/.test(word?.text ?? '')
}

/** "the blue one", "no one": no number. */
function isPronoun(answer: string, { text, start }: Word, language: string): boolean {
  if (language !== 'en' || text !== 'one') return false
  const before = answer.slice(0, start).toLowerCase()
  return /(?:\b(?:the|this|that|which|other|another|each|every|no|any|some|last|first|next|new|same)\s+|\b(?:the|a|an|this|that)\s+[\p{L}-]+\s+)$/u.test(
    before,
  )
}

function kanji(answer: string): Piece[] {
  return [...answer.matchAll(/[〇一二三四五六七八九十百千万億]+/gu)].flatMap((match) => {
    // Part of another word ("万年筆", "一緒", "千葉"), not a number, unless a counter or nothing follows.
    const behind = answer[match.index + match[0].length] ?? ''
    const before = answer[match.index - 1] ?? ''
    if (
      /\d/.test(before) ||
      (/\p{Script=Han}/u.test(behind) && !/[時分秒日月年週間人冊個本枚円歳回名番台]/.test(behind))
    )
      return []
    const value = kanjiNumber(match[0])
    return value === null
      ? []
      : [{ start: match.index, end: match.index + match[0].length, digits: String(value) }]
  })
}
