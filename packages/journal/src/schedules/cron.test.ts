import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextRun, parseCron, runsBetween } from './cron.ts'
import { dueRuns } from './schedule.ts'
import { instantsOf, wallTime } from './zone.ts'

const at = (text: string) => Date.parse(text)
const runs = (cron: string, zone: string, after: string, count: number) => {
  const found: string[] = []
  for (let from = at(after); found.length < count; ) {
    from = nextRun(parseCron(cron), zone, from)
    found.push(new Date(from).toISOString().slice(0, 16))
  }
  return found
}

describe('cron', () => {
  test('knows numbers, names, ranges, lists, steps and words', () => {
    expect(runs('30 9-17/4 * * mon-fri', 'UTC', '2026-01-02T13:30Z', 3)).toEqual([
      '2026-01-02T17:30',
      '2026-01-05T09:30',
      '2026-01-05T13:30',
    ])
    expect(runs('0 0 1 jan,jul *', 'UTC', '2026-01-01T00:00Z', 2)).toEqual([
      '2026-07-01T00:00',
      '2027-01-01T00:00',
    ])
    expect(runs('@weekly', 'UTC', '2026-01-01T00:00Z', 1)).toEqual(['2026-01-04T00:00'])
    expect(runs('0 12 * * 7', 'UTC', '2026-01-01T00:00Z', 1)).toEqual(['2026-01-04T12:00'])
    expect(runs('0 0 29 2 *', 'UTC', '2096-03-01T00:00Z', 1)).toEqual(['2104-02-29T00:00'])
  })

  test('takes either day when both are restricted', () => {
    expect(runs('0 0 13 * fri', 'UTC', '2026-01-08T12:00Z', 3)).toEqual([
      '2026-01-09T00:00',
      '2026-01-13T00:00',
      '2026-01-16T00:00',
    ])
  })

  test.each([
    ['* * * *', 'five fields'],
    ['60 * * * *', 'minute "60" must be from 0 to 59'],
    ['* 5-3 * * *', 'ends before it begins'],
    ['*/0 * * * *', 'step of 0'],
    ['* * * foo *', 'month "foo"'],
    ['0 0 31 2 *', 'none of its months has'],
    ['x+1 * * * *', 'not a number'],
  ])('refuses %s and says why', (text, why) => {
    expect(() => parseCron(text)).toThrow(why)
  })

  test('refuses a zone that is none', () => {
    expect(() => nextRun(parseCron('@daily'), 'Mars/Olympus', 0)).toThrow('no time zone')
  })

  test('runs a time that is left out once, when the clock has been set', () => {
    // Berlin, 29 March 2026: 02:00 becomes 03:00, at 01:00 UTC.
    expect(runs('30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00Z', 3)).toEqual([
      '2026-03-28T01:30',
      '2026-03-29T01:00',
      '2026-03-30T00:30',
    ])
  })

  test('runs a time that comes twice the first time only', () => {
    // Berlin, 25 October 2026: 03:00 becomes 02:00, at 01:00 UTC.
    expect(runs('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', 2)).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ])
  })

  test('counts real time where every hour is meant', () => {
    expect(runs('30 * * * *', 'Europe/Berlin', '2026-10-24T23:45Z', 3)).toEqual([
      '2026-10-25T00:30',
      '2026-10-25T01:30',
      '2026-10-25T02:30',
    ])
    expect(runs('30 * * * *', 'Europe/Berlin', '2026-03-29T00:00Z', 2)).toEqual([
      '2026-03-29T00:30',
      '2026-03-29T01:30',
    ])
  })

  test('finds midnights that do not exist', () => {
    // Cairo, 24 April 2026: 00:00 becomes 01:00, at 22:00 UTC the day before.
    expect(runs('0 0 * * *', 'Africa/Cairo', '2026-04-23T12:00Z', 2)).toEqual([
      '2026-04-23T22:00',
      '2026-04-24T21:00',
    ])
  })

  const zones = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Pacific/Apia',
  )
  const instant = fc.integer({ min: at('2000-01-01T00:00Z'), max: at('2037-01-01T00:00Z') })

  test('agrees with going through every minute', () => {
    const field = (to: number, from = 0) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: from, max: to }).map(String),
        fc.integer({ min: 2, max: 9 }).map((n) => `*/${n}`),
      )
    const cron = fc
      .tuple(field(59), fc.constant('*'), fc.constant('*'), fc.constant('*'), field(6))
      .map((parts) => parts.join(' '))
    fc.assert(
      fc.property(cron, zones, instant, (text, zone, after) => {
        const parsed = parseCron(text)
        const next = nextRun(parsed, zone, after)
        const matches = (minute: number) => {
          const wall = new Date(wallTime(zone, minute))
          return (
            parsed.minutes.includes(wall.getUTCMinutes()) && parsed.weekdays.has(wall.getUTCDay())
          )
        }
        expect(matches(next)).toBe(true)
        const first = Math.floor(after / 60_000) * 60_000 + 60_000
        // All zones here are whole minutes from UTC in these years.
        for (let minute = first; minute < Math.min(next, first + 600 * 60_000); minute += 60_000) {
          expect(matches(minute)).toBe(false)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('finds the instants of wall times, and no others', () => {
    fc.assert(
      fc.property(zones, instant, (zone, time) => {
        const whole = Math.floor(time / 1000) * 1000
        expect(instantsOf(zone, wallTime(zone, whole))).toContain(whole)
      }),
      { numRuns: 200 },
    )
  })
})

describe('missed runs', () => {
  const hourly = parseCron('0 * * * *')
  const due = at('2026-01-01T01:00Z')
  const now = at('2026-01-01T05:30Z')

  test('are made up by one, by none, or by each', () => {
    expect(dueRuns(hourly, 'UTC', 'once', due, now)).toEqual([at('2026-01-01T05:00Z')])
    expect(dueRuns(hourly, 'UTC', 'skip', due, now)).toEqual([])
    expect(dueRuns(hourly, 'UTC', 'all', due, now)).toEqual(
      [1, 2, 3, 4, 5].map((hour) => at(`2026-01-01T0${hour}:00Z`)),
    )
  })

  test('of minutes are made up too', () => {
    const minutely = parseCron('* * * * *')
    expect(dueRuns(minutely, 'UTC', 'once', due, due + 150_000)).toEqual([due + 120_000])
  })

  test('are none when somebody was there', () => {
    for (const missed of ['once', 'skip', 'all'] as const) {
      expect(dueRuns(hourly, 'UTC', missed, due, due + 20)).toEqual([due])
    }
  })

  test('of years are found without counting them all', () => {
    const minutely = parseCron('* * * * *')
    expect(dueRuns(minutely, 'UTC', 'once', due, due + 5 * 365 * 86_400_000 + 1)).toEqual([
      due + 5 * 365 * 86_400_000,
    ])
    expect(dueRuns(minutely, 'UTC', 'all', due, due + 86_400_000)).toHaveLength(1_000)
    expect(runsBetween(minutely, 'UTC', due, due + 86_400_000, 10)).toHaveLength(10)
  })
})
