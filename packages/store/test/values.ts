/** Values come back as they were written, whatever they are. */
import { ValidationError } from '@typestead/entity'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Office } from './behaviour.ts'
import { Sample } from './models.ts'

const hostileTexts = [
  '',
  ' ',
  "it's",
  '"quoted"',
  'back\\slash',
  '$where',
  '$' + '{x}',
  '%_like',
  'line\nbreak\r\t',
  '\u2028\u2029',
  '\u{1F600} emoji',
  'ä combining e\u0301',
  '\uFEFFbom',
  '\uFFFF',
  '\u{10FFFF}',
  "'; drop table sample; --",
  '{"$gt":""}',
  'null',
]

const cases: Readonly<Record<string, readonly unknown[]>> = {
  text: hostileTexts,
  uuid: ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  choice: ['a', 'b', 'C'],
  int: [0, 1, -1, 2147483647, -2147483648],
  big: [0n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)],
  double: [0, 1, -1.5, 0.1, 5e-324, 1.7976931348623157e308, 2 ** 53, -(2 ** 60)],
  price: ['0.0000', '12.5000', '-0.0001', '99999999999999999999999999.9999', '-1.0000'],
  flag: [true, false],
  at: [
    '0001-01-01T00:00:00.000Z',
    '1969-12-31T23:59:59.999Z',
    '2026-02-28T12:00:00.123Z',
    '9999-12-31T23:59:59.999Z',
  ].map((text) => new Date(text)),
  day: ['0001-01-01', '2024-02-29', '9999-12-31'],
  free: [
    {},
    [],
    { a: null, b: [], c: {} },
    [[1, [2, []]], { x: [[0]] }],
    'text',
    0,
    1.5,
    true,
    false,
    { $where: 1, 'a.b': { 'c.': 2 }, '': 3, '\uff05': 4, _bsontype: 'ObjectId', $ref: 'x', $id: 1 },
    { toJSON: 'no function', constructor: 1, length: -1 },
    { text: hostileTexts },
    { '1': 'digits', '01': 'more' },
  ],
  blob: [[], [0], [0, 255, 10, 13, 92, 120]].map((bytes) => Uint8Array.from(bytes)),
  place: [
    { city: 'Ulm', zip: null, height: null, built: null, inner: null },
    { city: '$x.y', zip: '01', height: '-12.50', built: new Date(1), inner: { depth: 7 } },
  ],
  tags: [[], ['a'], ['b', 'a', 'b', '', '$in']],
  numbers: [[], [3, -1, 2147483647]],
  spots: [
    [],
    [
      { x: 1, y: '1.0' },
      { x: 2, y: '-0.5' },
    ],
  ],
  grid: [[], [[]], [[1, 2], [], [3]]],
}

export function valuesBehave(office: Office): void {
  describe('values', () => {
    test.each(Object.keys(cases))('of %s come back as they were written', async (name) => {
      for (const value of cases[name] ?? []) {
        const created = await office.db.create(Sample, { [name]: value })
        expect(at(created, name)).toEqual(value)
        expect(at(await office.db.get(Sample, created.id), name)).toEqual(value)
        await office.db.update(Sample, created.id, { [name]: null } as never)
        expect(at(await office.db.get(Sample, created.id), name)).toBe(null)
        const updated = await office.db.update(Sample, created.id, { [name]: value } as never)
        expect(at(updated, name)).toEqual(value)
        expect(at(await office.db.get(Sample, created.id), name)).toEqual(value)
      }
    })

    test.each(Object.keys(cases))('of %s are found by being equal to them', async (name) => {
      for (const value of cases[name] ?? []) {
        if (name === 'place') continue
        const created = await office.db.create(Sample, { [name]: value })
        const where = { id: created.id, [name]: { eq: value } }
        expect(await office.db.count(Sample, where as never)).toBe(1)
        const others = { id: created.id, [name]: { ne: value } }
        expect(await office.db.count(Sample, others as never)).toBe(0)
      }
    })

    test('that are left out are null', async () => {
      const row = await office.db.create(Sample, {})
      const found = await office.db.get(Sample, row.id)
      for (const name of Object.keys(cases)) expect(at(found, name)).toBe(null)
    })

    test('of decimals have the field’s own form, and negative zero is zero', async () => {
      const forms = { '7': '7.0000', '-0.0000': '0.0000', '007.10': '7.1000', '-3.5': '-3.5000' }
      for (const [given, expected] of Object.entries(forms)) {
        const { id } = await office.db.create(Sample, { price: given })
        expect((await office.db.get(Sample, id))?.price).toBe(expected)
      }
      const { id } = await office.db.create(Sample, { double: -0 })
      expect((await office.db.get(Sample, id))?.double === 0).toBe(true)
    })

    test('that no store can hold are refused, not changed', async () => {
      const wrong = [
        { text: 'half \ud800' },
        { text: 'zero \0' },
        { tags: ['\udc00'] },
        { free: { deep: ['\ud800'] } },
        { free: { '\0': 1 } },
        { double: Number.NaN },
        { double: Number.POSITIVE_INFINITY },
        { int: 2 ** 31 },
        { int: 1.5 },
        { big: 2n ** 63n },
        { price: '1.00001' },
        { price: '1e5' },
        { day: '2026-02-30' },
        { at: new Date(Number.NaN) },
        { choice: 'd' },
        { uuid: 'no uuid' },
        { place: { city: 'x', country: 'y' } },
        { free: { bytes: 1n } },
      ]
      const before = await office.db.count(Sample)
      for (const input of wrong)
        await expect(office.db.create(Sample, input as never)).rejects.toThrow(ValidationError)
      expect(await office.db.count(Sample)).toBe(before)
    })

    test('of JSON come back whatever they are', async () => {
      const arbitrary = fc.jsonValue({ maxDepth: 4 }).filter((value) => storable(value))
      const row = await office.db.create(Sample, {})
      await fc.assert(
        fc.asyncProperty(arbitrary, async (given) => {
          const value: unknown = JSON.parse(JSON.stringify(given))
          await office.db.update(Sample, row.id, { free: value as never })
          expect((await office.db.get(Sample, row.id))?.free).toEqual(value)
          expect(await office.db.count(Sample, { id: row.id, free: { eq: value as never } })).toBe(
            1,
          )
        }),
        { numRuns: 30 },
      )
    })

    test('of JSON change by their keys alone too', async () => {
      const { db } = office
      const { id } = await db.create(Sample, { free: { a: 1 } as never, place: null })
      for (const free of [
        { b: 1 },
        [{ b: 1 }],
        [{ c: 1 }],
        { c: { d: 1 } },
        { c: { e: 1 } },
        [],
        {},
        [[]],
      ]) {
        await db.update(Sample, id, { free: free as never })
        expect((await db.get(Sample, id))?.free).toEqual(free)
      }
    })

    test('of text come back whatever they are', async () => {
      const arbitrary = fc.string({ unit: 'binary' }).filter((text) => storable(text))
      const row = await office.db.create(Sample, {})
      await fc.assert(
        fc.asyncProperty(arbitrary, async (text) => {
          await office.db.update(Sample, row.id, { text })
          expect((await office.db.get(Sample, row.id))?.text).toBe(text)
          expect(await office.db.count(Sample, { id: row.id, text: { endsWith: text } })).toBe(1)
        }),
        { numRuns: 30 },
      )
    })
  })
}

function at(row: object | null, name: string): unknown {
  return (row as Record<string, unknown> | null)?.[name]
}

/** Refused by every store: see entity’s `storable.ts`. */
function storable(value: unknown): boolean {
  const text = JSON.stringify(value)
  return !/\\u0000|\\ud[89a-f]/i.test(text)
}
