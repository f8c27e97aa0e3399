/**
 * Dates as Lex writes them: `2017-04-20`, a week `2016-W34`, its end `2016-W34-WE`, a month `2017-05`, a year `2017`, a decade `201X`,
 * a season `2017-SU`, and `PRESENT_REF` for "now".
 */
import { addDays, type CivilTime, civilTime, isoDate } from '@typestead/nlu'
import { textKey } from '../dialogue/text-key.ts'
import { recognised } from './numbers.ts'
import type { BuiltinValue } from './resolve-builtin.ts'
import type { AnswerContext } from './resolve-slot.ts'

export function resolveDate(answer: string, context: AnswerContext): BuiltinValue | null {
  const today = civilTime(new Date(context.now), context.timeZone)
  const given = answer.trim()
  if (/^\d{4}-\d{2}-\d{2}$/.test(given)) return isDate(given) ? { value: given } : null
  const span = spanOf(textKey(answer), today, context.language)
  if (span !== null) return { value: span }
  for (const found of recognised(answer, context)) {
    const original = answer.slice(found.start, found.end)
    if (found.entity === 'date' && typeof found.value === 'string')
      return { value: found.value, original }
    if (found.entity === 'time' && typeof found.value === 'string') {
      return { value: dayOf(found.value, context.timeZone), original }
    }
    if (found.entity === 'time_range' && typeof found.value === 'object' && found.value !== null) {
      const from: unknown = Reflect.get(found.value, 'from')
      if (typeof from === 'string') return { value: dayOf(from, context.timeZone), original }
    }
  }
  return null
}

function dayOf(instant: string, timeZone: string): string {
  return isoDate(civilTime(new Date(instant), timeZone))
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
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
  return language === 'en' ? season(key, today) : null
}

/** "next week", "la semaine prochaine", "cette semaine ci". */
function matches(key: string, unit: string, before: string, after: string): boolean {
  const lead = '(?:on |in |for |the |la |le |el |l |am |im |in der |en )?'
  const first =
    before !== '' && new RegExp(`^${lead}(?:${before}) (?:${unit})(?: ci)?$`, 'u').test(key)
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
  const [, which, name] =
    /^(?:(this|next|last) )?(spring|summer|autumn|fall|winter)$/.exec(key) ?? []
  if (name === undefined) return null
  const code = { spring: 'SP', summer: 'SU', autumn: 'FA', fall: 'FA', winter: 'WI' }[name]
  const year = today.year + (which === 'next' ? 1 : which === 'last' ? -1 : 0)
  return `${year}-${code}`
}
