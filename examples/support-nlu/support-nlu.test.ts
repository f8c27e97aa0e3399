import { expect, test } from 'vitest'
import { sentences, supportModel } from './understand.ts'

test('the sentences of the article are understood', async () => {
  const model = await supportModel()
  const now = new Date('2017-04-10T15:00:00Z')
  const results = await Promise.all(sentences.map((sentence) => model.parse(sentence, { now })))
  expect(results.map(({ intent }) => intent?.name)).toEqual([
    'device_failure',
    'service_interruption',
    'hotel_booking',
  ])
  expect(
    results.map(({ entities }) =>
      entities.map(({ entity, value, text }) => [entity, text ?? value]),
    ),
  ).toEqual([
    [['device', 'phone']],
    [
      ['service', 'internet'],
      ['time_range', 'since morning'],
      ['duration', 'morning'],
    ],
    [
      ['location', 'San Francisco'],
      ['date', '20th April 2017'],
    ],
  ])
})
