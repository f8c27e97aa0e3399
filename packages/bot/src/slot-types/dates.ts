/**
 * Dates as Lex writes them: `2017-04-20`, a week `2016-W34`, its end `2016-W34-WE`, a month `2017-05`, a year `2017`, a decade `201X`,
 * a season `2017-SU`, and `PRESENT_REF` for "now".
 */
import { addDays, type CivilTime, civilTime, isoDate } from '@typestead/nlu'
import { textKey } from '../dialogue/text-key.ts'
import { recognised } from './numbers.ts'
import { isDay, relativeDay } from './relative-days.ts'
import type { BuiltinValue } from './resolve-builtin.ts'
import type { AnswerContext } from './resolve-slot.ts'
import { withDigits } from './spelled-numbers.ts'

export function resolveDate(answer: string, context: AnswerContext): BuiltinValue | null {
  const { now, timeZone, language } = context
  const today = civilTime(new Date(now), timeZone)
  const given = answer.trim()
  if (/^\d{4}-\d{2}-\d{2}$/.test(given)) return isDay(given) ? { value: given } : null
  const span = spanOf(textKey(answer), today, language) ?? monthOf(given, today, language)
  if (span !== null) return { value: span }
  const said = withDigits(answer, language)
  const near = relativeDay(said.text, today, language)
  if (near) return near
  for (const found of recognised(said.text, context)) {
    const original = said.original(found.start, found.end)
    if (found.entity.startsWith('time') && isClockAlone(said.text.slice(found.start, found.end)))
      continue
    if (found.entity === 'date' && typeof found.value === 'string') {
      // "32nd of december": the month alone was understood.
      if (!/\p{N}/u.test(original) && isBesideDay(said.text, found.start, found.end)) return null
      return { value: found.value, original }
    }
    if (found.entity === 'time' && typeof found.value === 'string') {
      return { value: dayOf(found.value, timeZone), original }
    }
    if (found.entity === 'time_range' && typeof found.value === 'object' && found.value !== null) {
      const from: unknown = Reflect.get(found.value, 'from')
      if (typeof from === 'string') return { value: dayOf(from, timeZone), original }
    }
  }
  return null
}

/** A number that would be a day of the month stands on one side. */
function isBesideDay(text: string, start: number, end: number): boolean {
  return (
    /\d(?:st|nd|rd|th|\.|er)?\s*(?:of |de )?$/iu.test(text.slice(0, start)) ||
    /^\s*(?:the )?\d/.test(text.slice(end))
  )
}

/** "6 pm", "in the morning": of no day. */
function isClockAlone(text: string): boolean {
  const rest = text
    .toLowerCase()
    .replace(/\d{1,2}(?:[:.h]\d{2})?\s*(?:[ap]\.?m\b\.?|o.?clock|uhr|heures?|horas?|h\b)?/gu, ' ')
    .replace(clockWords, ' ')
  return !/[\p{L}\p{N}]/u.test(rest)
}

const clockWords =
  /(?<![\p{L}])(?:at|by|around|about|in|the|noon|midday|midnight|mornings?|afternoons?|evenings?|nights?|um|am|gegen|mittags?|mitternacht|morgens|vormittags?|nachmittags?|abends?|nachts?|à|vers|du|le|midi|minuit|matin|soir|après-midi|a|de|por|la|las|tarde|noche|mediodía|medianoche)(?![\p{L}])/gu

function dayOf(instant: string, timeZone: string): string {
  return isoDate(civilTime(new Date(instant), timeZone))
}

/** "november", "in may", "décembre 2026": the month itself, the next one of that name where no year is said. */
function monthOf(answer: string, today: CivilTime, language: string): string | null {
  const words = textKey(answer).split(' ')
  if (words.length > 4) return null
  const names = monthsOf(language)
  const at = words.findIndex((word) => names.has(word))
  const month = names.get(words[at] ?? '')
  if (month === undefined) return null
  const before = words.slice(0, at)
  const [year, ...more] = words.slice(at + 1).filter((word) => word !== 'de')
  if (more.length > 0 || before.some((word) => !monthLeads.has(word))) return null
  if (year !== undefined && !/^(?:19|20|21)\d\d$/.test(year)) return null
  const next = today.year + (month < today.month ? 1 : 0)
  return `${year ?? next}-${String(month).padStart(2, '0')}`
}

const monthLeads = new Set(['in', 'im', 'en', 'this', 'early', 'late', 'mid', 'maybe', 'around'])

const monthNames = new Map<string, ReadonlyMap<string, number>>()

function monthsOf(language: string): ReadonlyMap<string, number> {
  let names = monthNames.get(language)
  if (!names) {
    const made = new Map<string, number>()
    for (const width of ['long', 'short'] as const) {
      const format = new Intl.DateTimeFormat(language, { month: width, timeZone: 'UTC' })
      for (let i = 0; i < 12; i++) {
        const name = textKey(format.format(new Date(Date.UTC(2024, i, 1))))
        // Languages of numbers ("5月") say days with them.
        if (/^\p{L}{3,}$/u.test(name)) made.set(name, i + 1)
      }
    }
    if (language === 'en') made.set('sept', 9)
    names = made
    if (monthNames.size < 100) monthNames.set(language, names)
  }
  return names
}

/** Words of weeks, months and years: [this, next, last] patterns around a unit. */
interface SpanWords {
  readonly week: string
  readonly weekend: string
  readonly month: string
  readonly year: string
  readonly before: readonly [string, string, string]
  readonly after: readonly [string, string, string]
  readonly now: string
}

const english: SpanWords = {
  week: 'week',
  weekend: 'weekend',
  month: 'month',
  year: 'year',
  before: ['this|the current', 'next|the next|the coming', 'last|the last|the previous'],
  after: ['', '', ''],
  now: 'now|right now|immediately|as soon as possible|asap',
}
const spanWords: Readonly<Record<string, SpanWords>> = {
  en: english,
  de: {
    week: 'woche',
    weekend: 'wochenende',
    month: 'monat',
    year: 'jahr',
    before: [
      'diesen|dieses|diese|dieser|diesem',
      'nächsten|nächstes|nächste|nächster|kommende|kommenden|kommendes',
      'letzten|letztes|letzte|letzter',
    ],
    after: ['', '', ''],
    now: 'jetzt|sofort|gleich',
  },
  fr: {
    week: 'semaine',
    weekend: 'week ?end|fin de semaine',
    month: 'mois',
    year: 'an|année',
    before: ['cette|ce|cet', '', ''],
    after: ['ci', 'prochaine?', 'derni[eè]re?|pass[ée]e?'],
    now: 'maintenant|tout de suite',
  },
  es: {
    week: 'semana',
    weekend: 'fin de semana',
    month: 'mes',
    year: 'año',
    before: ['esta|este', '(?:la |el )?próxim[ao]', '(?:la |el )?(?:última|último|pasada|pasado)'],
    after: ['', 'que viene|próxim[ao]', 'pasad[ao]'],
    now: 'ahora|ahora mismo|ya',
  },
  ja: {
    week: '週',
    weekend: '週末',
    month: '月',
    year: '年',
    before: ['今|こん', '来|らい', '先|去|昨'],
    after: ['', '', ''],
    now: '今|いま|今すぐ',
  },
}

function spanOf(key: string, today: CivilTime, language: string): string | null {
  const words = Object.hasOwn(spanWords, language) ? (spanWords[language] ?? english) : english
  if (new RegExp(`^(?:${words.now})$`, 'u').test(key)) return 'PRESENT_REF'
  if (/^(?:1[5-9]|20|21)\d\d$/.test(key)) return key
  const [, decade] =
    /^(?:the |die |les |los )?((?:1[5-9]|20|21)\d)0(?: ?s|er| er)$/u.exec(key) ?? []
  if (decade !== undefined) return `${decade}X`
  const units = { weekend: words.weekend, week: words.week, month: words.month, year: words.year }
  for (const [unit, pattern] of Object.entries(units)) {
    for (const [i, offset] of [0, 1, -1].entries()) {
      if (matches(key, pattern, words.before[i] ?? '', words.after[i] ?? '')) {
        return spanAt(unit, offset, today)
      }
    }
  }
  if (new RegExp(`^(?:the |das |le |el )?(?:${words.weekend})$`, 'u').test(key)) {
    return spanAt('weekend', 0, today)
  }
  return language === 'en' ? season(key, today) : null
}

/** "next week", "la semaine prochaine", "cette semaine ci". */
function matches(key: string, unit: string, before: string, after: string): boolean {
  const lead = '(?:on |in |for |the |la |le |el |l |am |im |in der |en )?'
  const first =
    before !== '' && new RegExp(`^${lead}(?:${before}) ?(?:${unit})(?: ci)?$`, 'u').test(key)
  return first || (after !== '' && new RegExp(`^${lead}(?:${unit}) (?:${after})$`, 'u').test(key))
}

function spanAt(unit: string, offset: number, today: CivilTime): string {
  if (unit === 'year') return String(today.year + offset)
  if (unit === 'month') {
    const months = today.year * 12 + (today.month - 1) + offset
    return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`
  }
  const week = isoWeek(addDays(today, offset * 7))
  return unit === 'weekend' ? `${week}-WE` : week
}

/** ISO 8601: weeks begin on Monday, the first has the year's first Thursday. */
function isoWeek(day: CivilTime): string {
  const weekday = (new Date(Date.UTC(day.year, day.month - 1, day.day)).getUTCDay() + 6) % 7
  const thursday = addDays(day, 3 - weekday)
  const dayOfYear =
    (Date.UTC(thursday.year, thursday.month - 1, thursday.day) - Date.UTC(thursday.year, 0, 1)) /
    86_400_000
  return `${thursday.year}-W${String(Math.floor(dayOfYear / 7) + 1).padStart(2, '0')}`
}

function season(key: string, today: CivilTime): string | null {
  const [, which, name, said] =
    /^(?:in )?(?:(this|next|last) )?(spring|summer|autumn|fall|winter)(?: (?:of )?((?:19|20|21)\d\d))?$/.exec(
      key,
    ) ?? []
  if (name === undefined) return null
  const code = { spring: 'SP', summer: 'SU', autumn: 'FA', fall: 'FA', winter: 'WI' }[name]
  const year = said ?? today.year + (which === 'next' ? 1 : which === 'last' ? -1 : 0)
  return `${year}-${code}`
}
