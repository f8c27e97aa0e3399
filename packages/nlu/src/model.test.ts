import { beforeAll, describe, expect, test } from 'vitest'
import { decodedModel, type NluModel } from './model.ts'
import { train } from './train.ts'
import { readTrainingData } from './training-data/load-training-data.ts'
import { noData } from './training-data/training-data.ts'
import { Vocabularies } from './vocabularies.ts'

const phone = [{ start: 3, end: 8, value: 'phone', entity: 'device' }]
const examples = [
  { text: 'hi', intent: 'greet', entities: [] },
  { text: "my phone isn't turning on.", intent: 'device_failure', entities: phone },
  { text: 'my phone is not working.', intent: 'device_failure', entities: phone },
  {
    text: 'My phone crashed and isn’t working anymore.',
    intent: 'device_failure',
    entities: phone,
  },
]
const more = [
  {
    text: "My internet isn't working since morning",
    intent: 'service_interruption',
    entities: [
      { start: 3, end: 11, value: 'internet', entity: 'service' },
      { start: 32, end: 39, value: 'morning', entity: 'duration' },
    ],
  },
  {
    text: 'internet is down since yesterday',
    intent: 'service_interruption',
    entities: [{ start: 0, end: 8, value: 'internet', entity: 'service' }],
  },
  { text: 'I need a hotel room in Boston', intent: 'hotel_booking', entities: [] },
  { text: 'book me a room tomorrow', intent: 'hotel_booking', entities: [] },
]
const load = (list: unknown) =>
  readTrainingData(JSON.stringify({ rasa_nlu_data: { common_examples: list } }), 'demo.json')

describe('the data of the article', () => {
  let model: NluModel
  beforeAll(async () => {
    model = await train(await load(examples))
  })

  test.each([
    'my phone is not turning on',
    'My phone isn’t turning on',
    "my phone isn't turning on",
  ])('understands "%s"', async (text) => {
    const { intent, entities } = await model.parse(text)
    expect(intent?.name).toBe('device_failure')
    expect(entities).toMatchObject([{ entity: 'device', value: 'phone', start: 3, end: 8 }])
  })

  test('one example of an intent is enough', async () => {
    expect((await model.parse('hi')).intent?.name).toBe('greet')
  })

  test('an empty text has no intent', async () => {
    expect(await model.parse('  ')).toEqual({
      text: '  ',
      intent: null,
      intent_ranking: [],
      entities: [],
    })
  })

  test('the same seed gives the same bytes, and a loaded model the same answers', async () => {
    const again = await train(await load(examples))
    expect(again.fingerprint).toBe(model.fingerprint)
    const loaded = await decodedModel(model.encode(), 'm')
    const text = 'my phone is dead 😀'
    expect(await loaded.parse(text)).toEqual(await model.parse(text))
    expect(loaded.parseNow(text)).toEqual(await model.parse(text))
  })

  test('an emoji does not move an entity', async () => {
    const { entities } = await model.parse('😀 my phone is not working')
    expect(entities).toMatchObject([{ entity: 'device', start: 6, end: 11 }])
  })

  test('a text past the limit is refused', async () => {
    await expect(model.parse('a '.repeat(500_000))).rejects.toThrow(
      expect.objectContaining({ code: 'text_too_long' }),
    )
  })
})

describe('trained and built-in entities together', () => {
  const options = { now: new Date('2026-03-10T12:00:00Z'), timeZone: 'Europe/Berlin' }

  test('the trained duration stands beside the built-in range', async () => {
    const model = await train(await load([...examples, ...more]))
    const { intent, entities } = await model.parse(
      'My internet isn’t working since morning',
      options,
    )
    expect(intent?.name).toBe('service_interruption')
    expect(entities.map(({ entity, text, value }) => [entity, text ?? value])).toEqual([
      ['service', 'internet'],
      ['time_range', 'since morning'],
      ['duration', 'morning'],
    ])
  })

  test('a hotel sentence gives place and date', async () => {
    const model = await train(await load([...examples, ...more]))
    const { intent, entities } = await model.parse(
      'Book a hotel for me in San Francisco on 20th April 2017',
      options,
    )
    expect(intent?.name).toBe('hotel_booking')
    expect(entities).toMatchObject([
      { entity: 'location', value: 'San Francisco' },
      { entity: 'date', value: '2017-04-20', text: '20th April 2017' },
    ])
  })
})

describe('lists, expressions and synonyms', () => {
  const order = (title: string) => {
    const text = `order ${title}`
    return {
      text,
      intent: 'order',
      entities: [{ start: 6, end: text.length, entity: 'book', value: title }],
    }
  }
  const shop = {
    ...noData,
    examples: [
      ...['Dune', 'Emma', 'The Hobbit', 'Ulysses'].map(order),
      { text: 'order it', intent: 'order', entities: [] },
      { text: 'where is my order', intent: 'status', entities: [] },
      {
        text: 'where is parcel AB-1234',
        intent: 'status',
        entities: [{ start: 16, end: 23, entity: 'parcel', value: 'AB-1234' }],
      },
      { text: 'track my delivery', intent: 'status', entities: [] },
    ],
    regexes: [{ name: 'parcel', pattern: '[a-z]{2}-\\d{4}' }],
    synonyms: [{ value: 'The Hobbit', variants: ['there and back again'] }],
  }

  test('a value added to a live vocabulary is understood by the next sentence', async () => {
    const vocabularies = new Vocabularies()
    const model = await train(shop, { vocabularies })
    vocabularies.add('book', ['Twilight', 'It'])
    const { intent, entities } = await model.parse('please order twilight')
    expect(intent?.name).toBe('order')
    expect(entities).toMatchObject([
      { entity: 'book', value: 'Twilight', start: 13, end: 21, text: 'twilight' },
    ])
    vocabularies.delete('book', ['Twilight'])
    expect((await model.parse('a word about twilight zones')).entities).toEqual([])
  })

  test('a common word is not taken for a value', async () => {
    const vocabularies = new Vocabularies()
    vocabularies.add('book', ['My'])
    const model = await train(shop, { vocabularies })
    expect((await model.parse('track my delivery')).entities).toEqual([])
  })

  test('an expression finds what was not trained, and synonyms give the canonical value', async () => {
    const model = await train(shop)
    expect((await model.parse('parcel zz-9876 is late')).entities).toMatchObject([
      { entity: 'parcel', value: 'zz-9876' },
    ])
    const { entities } = await model.parse('order there and back again')
    expect(entities).toMatchObject([
      { entity: 'book', value: 'The Hobbit', text: 'there and back again' },
    ])
  })

  test('roles tell two entities of one kind apart', async () => {
    const flight = (from: string, to: string) => {
      const text = `fly from ${from} to ${to}`
      const start = text.lastIndexOf(to)
      return {
        text,
        intent: 'fly',
        entities: [
          { start: 9, end: 9 + from.length, entity: 'town', value: from, role: 'origin' },
          { start, end: start + to.length, entity: 'town', value: to, role: 'target' },
        ],
      }
    }
    const data = {
      ...noData,
      examples: [
        flight('Ulm', 'Bonn'),
        flight('Kiel', 'Jena'),
        flight('Trier', 'Ulm'),
        { text: 'hi', intent: 'greet', entities: [] },
      ],
    }
    const { entities } = await (await train(data)).parse('fly from Bonn to Trier')
    expect(entities.map(({ value, role }) => [value, role])).toEqual([
      ['Bonn', 'origin'],
      ['Trier', 'target'],
    ])
  })

  test('contexts narrow the ranking', async () => {
    const data = {
      ...noData,
      examples: [
        { text: 'yes', intent: 'confirm_order', entities: [] },
        { text: 'yes please', intent: 'confirm_booking', entities: [] },
        { text: 'hello', intent: 'greet', entities: [] },
      ],
      contexts: { confirm_order: ['ordering'], confirm_booking: ['booking'] },
    }
    const model = await train(data)
    const names = async (contexts?: string[]) =>
      (await model.parse('yes', contexts ? { contexts } : {})).intent_ranking
        .map(({ name }) => name)
        .filter((name) => name !== 'nlu_fallback')
        .sort()
    expect(await names()).toEqual(['confirm_booking', 'confirm_order', 'greet'])
    expect(await names(['booking'])).toEqual(['confirm_booking', 'greet'])
    expect(await names([])).toEqual(['greet'])
  })
})

describe('training', () => {
  test('refuses data with errors, naming each place', async () => {
    const bad = await load([
      { text: 'a b', intent: 'x', entities: [{ start: 1, end: 9, entity: 'e', value: 'b' }] },
    ])
    await expect(train(bad)).rejects.toThrow(/demo\.json:1: error: entity "e"/)
  })

  test('reports progress to the end and stops when cancelled', async () => {
    const seen: number[] = []
    const stop = new AbortController()
    const data = await load([...examples, ...more])
    await train(data, { onProgress: ({ done }) => seen.push(done) })
    expect(seen.every((done, i) => i === 0 || done >= (seen[i - 1] as number))).toBe(true)
    stop.abort()
    await expect(train(data, { signal: stop.signal })).rejects.toThrow(
      expect.objectContaining({ code: 'cancelled' }),
    )
  })

  test('one intent, or none, still gives a model', async () => {
    const one = await train({
      ...noData,
      examples: [{ text: 'hi', intent: 'greet', entities: [] }],
    })
    expect((await one.parse('hi')).intent).toEqual({ name: 'greet', confidence: 1 })
    const none = await train({
      ...noData,
      examples: [{ text: 'my phone', entities: phone.map((span) => ({ ...span })) }],
    })
    expect((await none.parse('my phone')).intent).toBeNull()
  })
})
