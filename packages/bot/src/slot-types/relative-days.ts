/**
 * Days that are named by their distance from today: "day after tomorrow", "last friday", "the 5th", "24.12.", "friday in a week". What
 * the recogniser reads otherwise, or not at all.
 */
import { addDays, type CivilTime, isoDate } from '@typestead/nlu'

export interface NamedDay {
  readonly value: string
  readonly original: string
}

/** @param text with its numbers in digits */
export function relativeDay(text: string, today: CivilTime, language: string): NamedDay | null {
  const lower = text.toLowerCase()
  for (const [pattern, days] of Object.hasOwn(distances, language)
    ? (distances[language] ?? [])
    : []) {
    const match = pattern.exec(lower)
    if (match) return named(text, match, addDays(today, days))
  }
  return weekdayOf(text, lower, today, language) ?? dayOfMonth(text, lower, today, language)
}

const word = (pattern: string) =>
  new RegExp(`(?<![\\p{L}\\p{M}])(?:${pattern})(?![\\p{L}\\p{M}])`, 'u')

const distances: Readonly<Record<string, readonly (readonly [RegExp, number])[]>> = {
  en: [
    [word('(?:the )?day after tomorrow'), 2],
    [word('(?:the )?day before yesterday'), -2],
    [word('this (?:morning|afternoon|evening)'), 0],
  ],
  de: [
    [word('übermorgen'), 2],
    [word('vorgestern'), -2],
    [word('heute (?:morgen|früh|vormittag|nachmittag|abend|nacht)'), 0],
  ],
  fr: [
    [word('après[- ]demain'), 2],
    [word('avant[- ]hier'), -2],
    [word('ce (?:matin|soir)|cet après-midi'), 0],
  ],
  es: [
    [word('pasado mañana'), 2],
    [word('anteayer|antes de ayer'), -2],
    [word('esta (?:mañana|tarde|noche)'), 0],
  ],
  ja: [
    [/明後日|あさって/u, 2],
    [/一昨日|おととい/u, -2],
  ],
}

/** Around a weekday's name: the one that was, the one in the week after this, a week later. */
const around: Readonly<
  Record<string, { readonly last: string; readonly lastAfter: string; readonly weekLater: string }>
> = {
  en: {
    last: '(?:last|the past) ',
    lastAfter: '',
    weekLater: '(?:(?:a|1|one) week (?:from|on|after) (?:this )?@|@ (?:in a week|week))',
  },
  de: {
    last: '(?:letzt|vorig|vergangen)(?:en|er|em) ',
    lastAfter: '',
    weekLater: '@ in (?:einer|1) woche',
  },
  fr: { last: '', lastAfter: ' (?:dernier|passé)', weekLater: '@ en huit' },
  es: { last: '(?:el )?(?:pasado|último) ', lastAfter: ' pasado', weekLater: '@ en una semana' },
}

function weekdayOf(
  text: string,
  lower: string,
  today: CivilTime,
  language: string,
): NamedDay | null {
  const names = weekdayNames(language)
  if (!names) return null
  const ways = Object.hasOwn(around, language) ? around[language] : undefined
  const weekday = (new Date(Date.UTC(today.year, today.month - 1, today.day)).getUTCDay() + 6) % 7
  for (const [i, name] of names.entries()) {
    if (!lower.includes(name)) continue
    /** 1 to 7: said of the day that it is, it is the next one. */
    const ahead = ((i - weekday + 6) % 7) + 1
    if (language === 'ja') {
      const match = new RegExp(`来週の?${name}(?:曜日)?`, 'u').exec(lower)
      return match && named(text, match, addDays(today, 7 - weekday + i))
    }
    const later = ways && word(ways.weekLater.replaceAll('@', name)).exec(lower)
    if (later) return named(text, later, addDays(today, ahead + 7))
    const behind = ahead === 7 ? -7 : ahead - 7
    const last =
      ways &&
      ((ways.last !== '' && word(`${ways.last}${name}`).exec(lower)) ||
        (ways.lastAfter !== '' && word(`${name}${ways.lastAfter}`).exec(lower)))
    if (last) return named(text, last, addDays(today, behind))
    // The recogniser knows the plain names of the languages above.
    const plain = ways ? null : word(name).exec(lower)
    if (plain) return named(text, plain, addDays(today, ahead))
  }
  return null
}

const weekdays = new Map<string, readonly string[] | null>()

/** From Monday on; of a language whose recogniser has them, or that writes them whole. */
function weekdayNames(language: string): readonly string[] | null {
  let names = weekdays.get(language)
  if (names === undefined) {
    const isKnown = Object.hasOwn(around, language) || language === 'hi' || language === 'ja'
    const format = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' })
    names = isKnown
      ? Array.from({ length: 7 }, (_, i) =>
          format.format(new Date(Date.UTC(2024, 0, 1 + i))).toLowerCase(),
        )
      : null
    if (weekdays.size < 100) weekdays.set(language, names)
  }
  return names
}

/** "the 5th", "am 24.", "24.12.": the next day of that number, or of that day and month. */
function dayOfMonth(
  text: string,
  lower: string,
  today: CivilTime,
  language: string,
): NamedDay | null {
  const dotted = language === 'de' ? /(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.(?!\s?\d)/.exec(lower) : null
  if (dotted) {
    const [day, month] = [Number(dotted[1]), Number(dotted[2])]
    for (const year of [today.year, today.year + 1]) {
      const date = `${year}-${two(month)}-${two(day)}`
      if (isDay(date) && date >= isoDate(today)) return { value: date, original: dotted[0] }
    }
    return null
  }
  const pattern = numbered[language]
  const match = Object.hasOwn(numbered, language) && pattern ? pattern.exec(lower) : null
  if (!match) return null
  for (let i = 0; i < 12; i++) {
    const month = ((today.month - 1 + i) % 12) + 1
    const year = today.year + Math.floor((today.month - 1 + i) / 12)
    const date = `${year}-${two(month)}-${two(Number(match[1]))}`
    if (isDay(date) && date >= isoDate(today)) return named(text, match, null, date)
  }
  return null
}

/** The whole of the answer, so that "the 3rd one" or a month behind it is not taken apart. */
const numbered: Readonly<Record<string, RegExp>> = {
  en: /^\s*(?:on |by )?(?:the )?(\d{1,2})(?:st|nd|rd|th)(?: please)?[.!]?\s*$/u,
  de: /^\s*(?:am |der |den |zum )(\d{1,2})\.(?: bitte)?\s*$/u,
  fr: /^\s*le (\d{1,2})(?:er)?\s*$/u,
  es: /^\s*el (?:día )?(\d{1,2})\s*$/u,
}

/** Whether a calendar has that day. */
export function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function named(text: string, match: RegExpExecArray, day: CivilTime | null, value = ''): NamedDay {
  const original = text.slice(match.index, match.index + match[0].length).trim()
  return { value: day ? isoDate(day) : value, original }
}
