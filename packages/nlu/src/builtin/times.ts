/**
 * Dates, times and ranges of time. Expressions are found by chrono-node, Hindi ones by the words of language-words.ts; here they become
 * civil dates (`2017-04-20`) and instants in the user's zone, and "since", "until" and parts of the day become ranges.
 */
import * as chrono from 'chrono-node'
import { addDays, type CivilTime, civilTime, instantOf, isoDate, zoneOffset } from './calendar.ts'
import type { LanguageWords } from './language-words.ts'
import { languageWords } from './language-words.ts'

export interface Found {
  readonly entity: string
  readonly start: number
  readonly end: number
  readonly value: unknown
}

/** `from` inclusive, `to` exclusive; ISO 8601 UTC with milliseconds. */
export interface TimeRange {
  readonly from: string
  readonly to: string
}

interface Moment {
  readonly start: number
  readonly end: number
  readonly first: Point
  readonly last?: Point
}

interface Point {
  readonly time: CivilTime
  readonly hasClock: boolean
  /** Hours of a part of the day, when that is what was said. */
  readonly hours?: readonly [number, number]
}

const parsers: Readonly<
  Record<
    string,
    { parse(text: string, reference: object, options: object): readonly chrono.ParsedResult[] }
  >
> = {
  en: chrono.en,
  de: chrono.de,
  fr: chrono.fr,
  es: chrono.es,
  ja: chrono.ja,
  ar: chrono.ar,
  pt: chrono.pt,
  nl: chrono.nl,
  it: chrono.it,
}

/** Words one of which every expression of time has; without one the parser, which is slow, is not asked. */
const hints =
  /\p{N}|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|to(?:day|morrow|night)|yesterday|\b(?:now|noon|midnight|midday|morning|afternoon|evening|night|week|weekend|month|year|day|hour|minute|ago)s?\b|heute|morgen|gestern|woche|monat|jahr|abend|mittag|nacht|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|früh|januar|märz|mai|juni|juli|oktober|dezember|aujourd|demain|hier|matin|soir|midi|nuit|semaine|mois|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|hoy|mañana|ayer|tarde|noche|semana|lunes|martes|miércoles|jueves|viernes|sábado|domingo|enero|febrero|marzo|abril|mayo|junio|julio|agosto|octubre|noviembre|diciembre|[日月年時今明昨朝夜週]|غد|أمس|اليوم|الليل|صباح|مساء|الظهر|الأحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|منذ|[\u0900-\u097f]/iu
/** Short words that are more often something else than a time. */
const doubtful = /^(?:sat|sun|mon|wed|mar|may|second|now|at \d+|fri|march|april|june|august)$/
const prepositions = /^(?:on|at|am|um|le|el|la|à|den|the)\s+/iu

/** The expressions of time in a text, none overlapping. */
export function times(
  text: string,
  languages: readonly string[],
  now: Date,
  timeZone: string,
): Found[] {
  if (!hints.test(text)) return []
  const found: Moment[] = []
  for (const language of languages) {
    for (const moment of [
      ...momentsOf(text, language, now, timeZone),
      ...dayparts(text, language, now, timeZone),
    ]) {
      // What is longer wins: "tomorrow morning" over "morning".
      const overlapping = found.filter(
        (other) => other.start < moment.end && moment.start < other.end,
      )
      if (
        overlapping.some(
          (other) =>
            other.end - other.start > moment.end - moment.start ||
            (other.end - other.start === moment.end - moment.start && other.first.hours),
        )
      )
        continue
      for (const other of overlapping) found.splice(found.indexOf(other), 1)
      found.push(moment)
    }
  }
  return found
    .sort((a, b) => a.start - b.start)
    .map((moment) =>
      entityOf(
        text,
        moment,
        languages.flatMap((language) => languageWords[language] ?? []),
        now,
        timeZone,
      ),
    )
}

function momentsOf(text: string, language: string, now: Date, timeZone: string): Moment[] {
  const parser = parsers[language]
  if (!parser) return []
  const reference = { instant: now, timezone: zoneOffset(now, timeZone) }
  return parser.parse(text, reference, { forwardDate: true }).flatMap((result): Moment[] => {
    const lower = result.text.toLowerCase()
    if (doubtful.test(lower) && (result.text === lower || lower.startsWith('at '))) {
      if (!/^at \d/.test(lower)) return []
    }
    // "for 3 days" is a duration, which quantities.ts reads.
    if (/^(?:for|während|pendant|durante)\s/.test(lower)) return []
    const [preposition = ''] = prepositions.exec(result.text) ?? []
    const start = result.index + preposition.length
    const end = result.index + result.text.length
    const first = pointOf(result.start, text.slice(start, end), language)
    return [
      { start, end, first, ...(result.end ? { last: pointOf(result.end, '', language) } : {}) },
    ]
  })
}

function pointOf(parts: chrono.ParsedComponents, said: string, language: string): Point {
  const field = (name: chrono.Component) => parts.get(name) ?? 0
  const time = {
    year: field('year'),
    month: field('month'),
    day: field('day'),
    hour: field('hour'),
    minute: field('minute'),
    second: field('second'),
  }
  const hasClock = parts.isCertain('hour')
  const hours = hasClock ? undefined : daypartHours(said, languageWords[language])
  return { time, hasClock, ...(hours ? { hours } : {}) }
}

function daypartHours(
  said: string,
  words: LanguageWords | undefined,
): [number, number] | undefined {
  const lower = said.toLowerCase()
  for (const [pattern, from, to] of words?.dayparts ?? []) {
    if (bounded(pattern, words).test(lower)) return [from, to]
  }
  return undefined
}

/** Parts of the day alone or with a day's name, in languages whose parser lacks them. */
function dayparts(text: string, language: string, now: Date, timeZone: string): Moment[] {
  const words = languageWords[language]
  if (!words) return []
  const moments: Moment[] = []
  const today = { ...civilTime(now, timeZone), hour: 0, minute: 0, second: 0 }
  for (const [pattern, from, to] of words.dayparts) {
    for (const match of text.matchAll(bounded(pattern, words, 'giu'))) {
      moments.push({
        start: match.index,
        end: match.index + match[0].length,
        first: { time: today, hasClock: false, hours: [from, to] },
      })
    }
  }
  if (parsers[language]) return moments
  for (const [pattern, days] of words.days) {
    for (const match of text.matchAll(bounded(pattern, words, 'giu'))) {
      moments.push({
        start: match.index,
        end: match.index + match[0].length,
        first: { time: addDays(today, days), hasClock: false },
      })
    }
  }
  for (const match of text.matchAll(hindiDate)) {
    const month =
      hindiMonths.findIndex((names) => new RegExp(names, 'u').test(match[2] as string)) + 1
    const time = {
      ...today,
      year: match[3] ? Number(match[3]) : today.year,
      month,
      day: Number(match[1]),
    }
    moments.push({
      start: match.index,
      end: match.index + match[0].length,
      first: { time, hasClock: false },
    })
  }
  for (const match of text.matchAll(/(?<!\p{N})(\d{1,2})(?::(\d{2}))?\s*बजे/gu)) {
    const time = { ...today, hour: Number(match[1]) % 24, minute: Number(match[2] ?? 0) }
    moments.push({
      start: match.index,
      end: match.index + match[0].length,
      first: { time, hasClock: true },
    })
  }
  return moments
}

const hindiMonths = [
  'जनवरी',
  'फ़रवरी|फरवरी',
  'मार्च',
  'अप्रैल',
  'मई',
  'जून',
  'जुलाई',
  'अगस्त',
  'सितंबर|सितम्बर',
  'अक्टूबर|अक्तूबर',
  'नवंबर|नवम्बर',
  'दिसंबर|दिसम्बर',
]
const hindiDate = new RegExp(
  `(?<!\\p{N})(\\d{1,2})\\s+(${hindiMonths.join('|')})(?:\\s+(\\d{4}))?`,
  'gu',
)

const patterns = new Map<string, RegExp>()

/** A pattern between word boundaries; Japanese has none. */
function bounded(pattern: string, words: LanguageWords | undefined, flags = 'iu'): RegExp {
  const key = `${flags} ${pattern}`
  let made = patterns.get(key)
  if (!made) {
    const spaced = words?.since !== languageWords.ja?.since
    made = new RegExp(
      spaced ? `(?<![\\p{L}\\p{M}])(?:${pattern})(?![\\p{L}\\p{M}])` : `(?:${pattern})`,
      flags,
    )
    patterns.set(key, made)
  }
  return made
}

function entityOf(
  text: string,
  { start, end, first, last }: Moment,
  languages: readonly LanguageWords[],
  now: Date,
  timeZone: string,
): Found {
  const [from, to] = spanOf(first, timeZone)
  if (last) return range(start, end, from, spanOf(last, timeZone)[last.hasClock ? 0 : 1])
  for (const words of languages) {
    const since = beside(text, start, end, words, words.since)
    if (since) {
      // "since morning", said at night before: the last one.
      const past = from > now ? new Date(from.getTime() - 86_400_000) : from
      return range(since[0], since[1], past, now)
    }
    const until = beside(text, start, end, words, words.until)
    if (until) return range(until[0], until[1], now, first.hasClock ? from : to)
  }
  if (first.hours) return range(start, end, from, to)
  if (first.hasClock) return { entity: 'time', start, end, value: from.toISOString() }
  return { entity: 'date', start, end, value: isoDate(first.time) }
}

function range(start: number, end: number, from: Date, to: Date): Found {
  const value: TimeRange = { from: from.toISOString(), to: to.toISOString() }
  return { entity: 'time_range', start, end, value }
}

/** The instants that a point begins and ends at: a clock time, a part of a day, or a day. */
function spanOf({ time, hasClock, hours }: Point, timeZone: string): [Date, Date] {
  if (hasClock) {
    const at = instantOf(time, timeZone)
    return [at, at]
  }
  const [from, to] = hours ?? [0, 24]
  const day = { ...time, minute: 0, second: 0 }
  const next = to === 24 ? { ...addDays(time, 1), hour: 0 } : { ...day, hour: to }
  return [instantOf({ ...day, hour: from }, timeZone), instantOf(next, timeZone)]
}

/** The span widened by a word before it (or after it, where the language puts it there). */
function beside(
  text: string,
  start: number,
  end: number,
  words: LanguageWords,
  pattern: string,
): [number, number] | undefined {
  if (words.postposed) {
    const [after] = new RegExp(`^\\s*(?:${pattern})`, 'u').exec(text.slice(end, end + 12)) ?? []
    return after === undefined ? undefined : [start, end + after.length]
  }
  const [before] =
    new RegExp(`(?<![\\p{L}\\p{M}])(?:${pattern})\\s+(?:the |dem |der |le |la |el )?$`, 'iu').exec(
      text.slice(Math.max(0, start - 24), start),
    ) ?? []
  return before === undefined ? undefined : [start - before.length, end]
}
