/** Filters: every operator on every kind of value, and logic with two values. */
import { ValidationError } from '@typestead/entity'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Office } from './behaviour.ts'
import { Sample } from './models.ts'

/** Rows are told apart by `int`, from 1; each has what its number says. */
export const filteredRows = [
  {},
  {
    text: 'apple',
    choice: 'a',
    big: 1n,
    double: 0.5,
    price: '2.5',
    flag: false,
    tags: [],
    numbers: [1],
  },
  {
    text: 'Apple pie',
    choice: 'b',
    big: 2n ** 53n,
    double: 1,
    price: '10',
    flag: true,
    tags: ['x', 'y'],
  },
  { text: 'ap%le_', choice: 'C', big: 2n ** 53n + 1n, double: -1, price: '-3.25', tags: ['x'] },
  { text: '\uFFFD', big: -(2n ** 63n), price: '-10', free: [1, 2], day: '2024-01-01' },
  { text: '\u{1F600}', price: '0.0001', free: 1, day: '2024-01-02', at: new Date(1000) },
  { text: '', price: '99999999999999999999999999', free: { a: 1, b: [2] }, at: new Date(1001) },
  { text: 'b\nd', place: { city: 'Ulm', zip: null, height: '9.50', inner: { depth: 3 } } },
  { text: 'É', place: { city: 'ulm', zip: '89', height: '10.25', built: new Date(5) } },
] as const

const all = filteredRows.map((_, index) => index + 1)
const except = (...numbers: number[]) => all.filter((number) => !numbers.includes(number))

/** What is asked, how, and the numbers of the rows that match. */
export const filterCases: readonly [string, object, number[]][] = [
  ['eq', { text: 'apple' }, [2]],
  ['eq null', { text: null }, [1]],
  ['ne null', { text: { ne: null } }, except(1)],
  ['ne matches null', { text: { ne: 'apple' } }, except(2)],
  ['in', { text: { in: ['apple', 'É', 'no'] } }, [2, 9]],
  ['in with null', { text: { in: ['apple', null] } }, [1, 2]],
  ['in nothing', { text: { in: [] } }, []],
  ['notIn matches null', { text: { notIn: ['apple', 'É'] } }, except(2, 9)],
  ['notIn with null', { choice: { notIn: ['a', null] } }, [3, 4]],
  ['notIn nothing', { text: { notIn: [] } }, all],
  ['lt', { double: { lt: 0.5 } }, [4]],
  ['lte', { double: { lte: 0.5 } }, [2, 4]],
  ['gt', { double: { gt: 0.5 } }, [3]],
  ['gte and lt', { double: { gte: -1, lt: 1 } }, [2, 4]],
  ['not lt has null', { not: { double: { lt: 0.5 } } }, except(4)],
  ['int8 beyond 2^53', { big: { gt: 2n ** 53n } }, [4]],
  ['int8 as text', { big: { eq: '9007199254740993' } }, [4]],
  ['int8 smallest', { big: { lte: -(2n ** 63n) } }, [5]],
  ['decimal by number, not by text', { price: { gt: '2.5' } }, [3, 7]],
  ['decimal in another form', { price: '2.50' }, [2]],
  ['decimal with more digits', { price: { gt: '2.49999999' } }, [2, 3, 7]],
  ['decimal that none can be', { price: { eq: '2.500000001' } }, []],
  ['decimals below zero', { price: { lt: '-3' } }, [4, 5]],
  ['decimals between', { price: { gte: '-3.25', lte: '0.0001' } }, [4, 6]],
  ['decimal in', { price: { in: ['10.0', '-10', null] } }, [1, 3, 5, 8, 9]],
  ['boolean', { flag: false }, [2]],
  ['boolean ne', { flag: { ne: false } }, except(2)],
  ['boolean lt', { flag: { lt: true } }, [2]],
  ['enum order is by text', { choice: { lt: 'a' } }, [4]],
  ['day', { day: { lte: '2024-01-01' } }, [5]],
  ['instant', { at: { gt: new Date(1000) } }, [7]],
  ['instant as text', { at: { eq: '1970-01-01T00:00:01.000Z' } }, [6]],
  ['instant of another zone', { at: { eq: '1970-01-01T01:00:01.000+01:00' } }, [6]],
  ['texts by code point', { text: { gt: '\uFFFC' } }, [5, 6]],
  ['contains', { text: { contains: 'pp' } }, [2, 3]],
  ['contains a wildcard', { text: { contains: '%' } }, [4]],
  ['contains an underscore', { text: { contains: '_' } }, [4]],
  ['contains every text', { text: { contains: '' } }, except(1)],
  ['contains a dot', { text: { contains: 'a.ple' } }, []],
  ['startsWith', { text: { startsWith: 'Apple' } }, [3]],
  ['startsWith only at the start', { text: { startsWith: 'd' } }, []],
  ['endsWith', { text: { endsWith: 'd' } }, [8]],
  ['endsWith only at the end', { text: { endsWith: 'b' } }, []],
  ['ignoreCase', { text: { contains: 'APPLE', ignoreCase: true } }, [2, 3]],
  ['ignoreCase beyond ASCII', { text: { startsWith: 'é', ignoreCase: true } }, [9]],
  ['not contains has null', { not: { text: { contains: 'p' } } }, except(2, 3, 4)],
  ['list contains', { tags: { contains: 'x' } }, [3, 4]],
  ['list contains nothing', { tags: { contains: 'z' } }, []],
  ['list eq', { tags: { eq: ['x', 'y'] } }, [3]],
  ['list eq has an order', { tags: { eq: ['y', 'x'] } }, []],
  ['list eq empty', { tags: { eq: [] } }, [2]],
  ['list null', { tags: null }, except(2, 3, 4)],
  ['list of numbers', { numbers: { contains: 1 } }, [2]],
  ['json array', { free: { eq: [1, 2] } }, [5]],
  ['json scalar is not in an array', { free: { eq: 1 } }, [6]],
  ['json object in another order', { free: { eq: { b: [2], a: 1 } } }, [7]],
  ['json ne', { free: { ne: 1 } }, except(6)],
  ['object path', { place: { city: 'Ulm' } }, [8]],
  ['object path null has rows without the object', { place: { zip: null } }, except(9)],
  ['object path of text', { place: { city: { startsWith: 'U', ignoreCase: true } } }, [8, 9]],
  ['object path of decimal', { place: { height: { gt: '9.5' } } }, [9]],
  ['object path of decimal not', { not: { place: { height: { gt: '9.5' } } } }, except(9)],
  ['object path of instant', { place: { built: { gte: new Date(5) } } }, [9]],
  ['object path two deep', { place: { inner: { depth: { gte: 3 } } } }, [8]],
  ['object null', { place: null }, except(8, 9)],
  ['or', { or: [{ text: 'apple' }, { flag: true }] }, [2, 3]],
  ['or of nothing', { or: [] }, []],
  ['and of nothing', { and: [] }, all],
  ['and', { and: [{ flag: true }, { tags: { contains: 'x' } }] }, [3]],
  ['not not', { not: { not: { flag: true } } }, [3]],
  ['not of or', { not: { or: [{ text: 'apple' }, { flag: true }] } }, except(2, 3)],
  ['not of and', { not: { and: [{ text: 'apple' }, { flag: false }] } }, except(2)],
  ['empty', {}, all],
  ['undefined is left out', { text: undefined, flag: true }, [3]],
]

export function filtersBehave(office: Office): void {
  describe('filters', () => {
    const ids: string[] = []

    beforeAll(async () => {
      const inputs = filteredRows.map((row, index) => ({ ...row, int: index + 1 }))
      const created = await office.db.createMany(Sample, inputs as never)
      ids.push(...created.map((row) => row.id))
    })

    /** The numbers of the rows that match. */
    async function matches(where: object): Promise<(number | null)[]> {
      const found = await office.db.find(Sample, {
        where: { and: [{ id: { in: ids } }, where as never] },
        orderBy: { int: 'asc' },
      })
      return found.map((row) => row.int)
    }

    test.each(filterCases)('%s', async (_, where, expected) => {
      expect(await matches(where)).toEqual(expected)
      const not = { not: where }
      expect(await matches(not)).toEqual(all.filter((number) => !expected.includes(number)))
    })

    test('count says how many match', async () => {
      const where = { id: { in: ids }, text: { ne: null } }
      expect(await office.db.count(Sample, where)).toBe(filteredRows.length - 1)
    })

    test('an id that no row can have finds nothing', async () => {
      for (const key of [
        '',
        'x',
        '1',
        "' or 1=1",
        '{"$gt":""}',
        '00000000-0000-0000-0000-00000000000g',
      ])
        expect(await office.db.get(Sample, key)).toBe(null)
    })

    test.each<[string, object]>([
      ['an unknown field', { colour: 1 }],
      ['an unknown operator', { text: { like: 'x' } }],
      ['an operator of the database', { text: { $gt: '' } }],
      ['an operator at the top', { $where: 'true' }],
      ['the wrong type', { int: 'x' }],
      ['a prototype', JSON.parse('{"__proto__": {"text": "apple"}}')],
      ['an object for a text', { text: { eq: { $ne: null } } }],
      ['an order of JSON', { free: { lt: 1 } }],
    ])('refuse %s', async (_, where) => {
      await expect(office.db.find(Sample, { where: where as never })).rejects.toThrow(
        ValidationError,
      )
    })

    test('operators inside JSON are values', async () => {
      expect(await matches({ free: { eq: { $ne: null } } })).toEqual([])
      expect(await matches({ free: { eq: { $exists: true } } })).toEqual([])
    })

    test('orders of decimals agree with numbers, whatever the numbers are', async () => {
      const numbers = fc.array(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), {
        minLength: 2,
        maxLength: 12,
      })
      await fc.assert(
        fc.asyncProperty(numbers, async (given) => {
          const unscaled = [...new Set(given)]
          const texts = unscaled.map(decimalText)
          const created = await office.db.createMany(
            Sample,
            texts.map((price) => ({ price })),
          )
          const found = await office.db.find(Sample, {
            where: { id: { in: created.map((row) => row.id) } },
            orderBy: { price: 'asc' },
          })
          const sorted = [...unscaled].sort((a, b) => (a < b ? -1 : 1)).map(decimalText)
          expect(found.map((row) => row.price)).toEqual(sorted)
          const pivot = texts[0] ?? '0'
          const below = { id: { in: created.map((row) => row.id) }, price: { lt: pivot } }
          expect(await office.db.count(Sample, below)).toBe(sorted.indexOf(pivot))
        }),
        { numRuns: 15 },
      )
    })
  })
}

function decimalText(unscaled: bigint): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(5, '0')
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`
}
