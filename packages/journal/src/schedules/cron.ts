/**
 * Cron expressions: minute, hour, day of month, month, day of week, as of POSIX crontab with Vixie's names, steps and
 * `@daily`-like words. Where both days are restricted either may match. Pure.
 *
 * When clocks change, as Vixie's cron does it: a time that is left out runs once, when the clock has been set; one that
 * comes twice runs the first time only; but with `*` as the hour (also `every n-th`) real time counts, so nothing is moved and both runs happen.
 */
import { JournalError } from '../errors.ts'
import { endOfGap, instantsOf, offsetAt, wallTime, zoneFormat } from './zone.ts'

export interface Cron {
  readonly text: string
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  readonly days: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  readonly weekdays: ReadonlySet<number>
  readonly anyDay: boolean
  readonly anyWeekday: boolean
  readonly everyHour: boolean
}

interface Field {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly names?: readonly string[]
}

const fields: readonly Field[] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31 },
  {
    name: 'month',
    from: 1,
    to: 12,
    names: ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { name: 'day of week', from: 0, to: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
]

const words: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

/** @throws {JournalError} BAD_INPUT naming the field */
export function parseCron(text: string): Cron {
  const parts = (words[text.trim().toLowerCase()] ?? text).trim().split(/\s+/)
  if (parts.length !== 5) {
    throw new JournalError(
      'BAD_INPUT',
      `"${text}" must have five fields: minute, hour, day of month, month, day of week`,
    )
  }
  const [minutes, hours, days, months, weekdays] = fields.map((field, at) =>
    parseField(text, parts[at] ?? '', field),
  ) as [number[], number[], number[], number[], number[]]
  const cron: Cron = {
    text,
    minutes,
    hours,
    days: new Set(days),
    months: new Set(months),
    weekdays: new Set(weekdays.map((day) => day % 7)),
    anyDay: parts[2]?.startsWith('*') ?? false,
    anyWeekday: parts[4]?.startsWith('*') ?? false,
    everyHour: parts[1]?.startsWith('*') ?? false,
  }
  if (cron.anyWeekday && !months.some((month) => days.some((day) => day <= longestMonth(month)))) {
    throw new JournalError('BAD_INPUT', `"${text}" names a day that none of its months has`)
  }
  return cron
}

/** The first run after an instant. */
export function nextRun(cron: Cron, zone: string, after: number): number {
  zoneFormat(zone)
  const day = 86_400_000
  const first = Math.floor(wallTime(zone, after) / day) * day
  // From the day before: runs that a gap moved over midnight. Leap days come within eight years, with a weekday within forty.
  for (let date = first - day; date < first + 41 * 366 * day; date += day) {
    if (!matchesDay(cron, date)) continue
    const runs = runsOf(cron, zone, date)
    const next = runs.find((run) => run > after)
    if (next !== undefined) return next
  }
  throw new JournalError('BAD_INPUT', `"${cron.text}" never runs`)
}

/** Runs after one instant up to another, at most `limit`. */
export function runsBetween(
  cron: Cron,
  zone: string,
  after: number,
  upTo: number,
  limit: number,
): number[] {
  const runs: number[] = []
  for (
    let at = nextRun(cron, zone, after);
    at <= upTo && runs.length < limit;
    at = nextRun(cron, zone, at)
  )
    runs.push(at)
  return runs
}

function matchesDay(cron: Cron, date: number): boolean {
  const at = new Date(date)
  if (!cron.months.has(at.getUTCMonth() + 1)) return false
  const day = cron.days.has(at.getUTCDate())
  const weekday = cron.weekdays.has(at.getUTCDay())
  return cron.anyDay || cron.anyWeekday ? day && weekday : day || weekday
}

/** The instants of one day's runs, in order. */
function runsOf(cron: Cron, zone: string, date: number): number[] {
  const day = 86_400_000
  const walls = cron.hours.flatMap((hour) =>
    cron.minutes.map((minute) => date + (hour * 60 + minute) * 60_000),
  )
  const offset = offsetAt(zone, date - offsetAt(zone, date) - 7_200_000)
  // Mostly no clock changes near this day; then the answer is arithmetic.
  if (offsetAt(zone, date + day - offset + 7_200_000) === offset)
    return walls.map((wall) => wall - offset)
  const runs = walls.flatMap((wall) => {
    const instants = instantsOf(zone, wall)
    if (cron.everyHour) return instants
    return instants.length > 0 ? instants.slice(0, 1) : [endOfGap(zone, wall)]
  })
  return [...new Set(runs)].sort((a, b) => a - b)
}

function parseField(text: string, part: string, field: Field): number[] {
  const refuse = (why: string) =>
    new JournalError('BAD_INPUT', `"${text}": ${field.name} "${part}" ${why}`)
  const values = new Set<number>()
  for (const item of part.split(',')) {
    const match = /^(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d+))?$/i.exec(item)
    if (!match) throw refuse('is not a number, a range, a list or a step')
    const [, low = '', high, step] = match
    if (low === '*' && high !== undefined) throw refuse('has a range of *')
    const from = low === '*' ? field.from : numberOf(low, field)
    const to =
      high !== undefined
        ? numberOf(high, field)
        : low === '*' || step !== undefined
          ? lastOf(field)
          : from
    const by = step === undefined ? 1 : Number(step)
    if (from === undefined || to === undefined)
      throw refuse(`must be from ${field.from} to ${field.to}`)
    if (from > to) throw refuse('is a range that ends before it begins')
    if (by < 1) throw refuse('has a step of 0')
    for (let value = from; value <= to; value += by) values.add(value)
  }
  return [...values].sort((a, b) => a - b)
}

function numberOf(word: string, { from, to, names }: Field): number | undefined {
  const named = names?.indexOf(word.toLowerCase().slice(0, 3)) ?? -1
  const value = /^\d+$/.test(word)
    ? Number(word)
    : named >= 0 && word.length === 3
      ? named
      : Number.NaN
  return value >= from && value <= to ? value : undefined
}

function lastOf({ name, to }: Field): number {
  return name === 'day of week' ? 6 : to
}

function longestMonth(month: number): number {
  return month === 2 ? 29 : [4, 6, 9, 11].includes(month) ? 30 : 31
}
