import { describe, expect, test } from 'vitest'
import { tokenize } from '../tokenize.ts'
import { builtinEntities } from './builtin-entities.ts'
import { instantOf } from './calendar.ts'

const now = new Date('2026-03-10T12:00:00Z')
const find = (text: string, language = 'en', timeZone = 'Europe/Berlin') =>
  builtinEntities(text, tokenize(text), language, now, timeZone)
    .sort((a, b) => a.start - b.start)
    .map(({ entity, start, end, value }) => [entity, text.slice(start, end), value])

describe('built-in entities', () => {
  test('a date is a civil day, with what was typed beside it', () => {
    expect(find('Book a hotel on 20th April 2017')).toEqual([
      ['date', '20th April 2017', '2017-04-20'],
    ])
  })

  test('"since morning" is a range from this morning to now', () => {
    expect(find('it is down since morning')).toEqual([
      [
        'time_range',
        'since morning',
        { from: '2026-03-10T05:00:00.000Z', to: '2026-03-10T12:00:00.000Z' },
      ],
    ])
  })

  test('clock times are instants in the zone', () => {
    expect(find('tomorrow at 5pm')).toEqual([
      ['time', 'tomorrow at 5pm', '2026-03-11T16:00:00.000Z'],
    ])
    expect(find('tomorrow at 5pm', 'en', 'America/New_York')).toEqual([
      ['time', 'tomorrow at 5pm', '2026-03-11T21:00:00.000Z'],
    ])
  })

  test('ranges, durations, amounts and numbers', () => {
    expect(find('from 5pm to 7pm tomorrow')[0]?.[2]).toEqual({
      from: '2026-03-11T16:00:00.000Z',
      to: '2026-03-11T18:00:00.000Z',
    })
    expect(find('for three days')).toEqual([
      ['duration', 'three days', { value: 3, unit: 'day', iso: 'P3D' }],
    ])
    expect(find('it costs $1,234.50')).toEqual([
      ['amount', '$1,234.50', { amount: 1234.5, currency: 'USD' }],
    ])
    expect(find('two hundred and five people')).toEqual([['number', 'two hundred and five', 205]])
  })

  test('words that only look like times are left alone', () => {
    expect(find('I may have sat in the sun for a second time')).toEqual([])
  })

  test.each([
    ['de', 'am 20. April 2017', 'date', '2017-04-20'],
    [
      'de',
      'seit gestern',
      'time_range',
      { from: '2026-03-08T23:00:00.000Z', to: '2026-03-10T12:00:00.000Z' },
    ],
    ['de', 'drei Wochen', 'duration', { value: 3, unit: 'week', iso: 'P3W' }],
    ['fr', 'le 20 avril 2017', 'date', '2017-04-20'],
    ['fr', 'deux heures', 'duration', { value: 2, unit: 'hour', iso: 'PT2H' }],
    ['es', 'el 20 de abril de 2017', 'date', '2017-04-20'],
    ['es', 'cinco euros', 'amount', { amount: 5, currency: 'EUR' }],
    ['hi', '20 अप्रैल 2017', 'date', '2017-04-20'],
    [
      'hi',
      'सुबह से',
      'time_range',
      { from: '2026-03-10T05:00:00.000Z', to: '2026-03-10T12:00:00.000Z' },
    ],
    ['hi', '५०० रुपये', 'amount', { amount: 500, currency: 'INR' }],
    ['ja', '2017年4月20日', 'date', '2017-04-20'],
    ['ja', '5000円', 'amount', { amount: 5000, currency: 'JPY' }],
    ['ar', 'ثلاثة أيام', 'duration', { value: 3, unit: 'day', iso: 'P3D' }],
    [
      'ar',
      'منذ الصباح',
      'time_range',
      { from: '2026-03-10T05:00:00.000Z', to: '2026-03-10T12:00:00.000Z' },
    ],
  ])('%s: %s', (language, text, entity, value) => {
    expect(find(text, language).map(([name, , found]) => [name, found])).toContainEqual([
      entity,
      value,
    ])
  })

  test('an hour that summer time skips is the hour after it', () => {
    const skipped = { year: 2026, month: 3, day: 29, hour: 2, minute: 30, second: 0 }
    expect(instantOf(skipped, 'Europe/Berlin').toISOString()).toBe('2026-03-29T01:30:00.000Z')
  })
})
