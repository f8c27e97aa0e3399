/** Text and holes plans against the general one: equal answers, byte for byte, on random queries over hostile rows. */
import { sqlStore } from '@typestead/store/sql'
import { version } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Author, Book, library, libraryApi } from './library.ts'
import { type RandomDocument, randomDocument, randomOf, type Samples } from './random-documents.ts'
import { type Opened, openPostgres } from './stores.ts'

const hostile = [
  '',
  'plain',
  'a"b\\c/d',
  '\u2028\u2029',
  '\u0001\u0007\b\f\n\r\t\u001f\u007f',
  '\u0001' + '0:[1]\u0001',
  '</script>',
  "' or 1=1 --",
  '%_\\',
  '$1',
  '\u{1f600}e\u0301\ufeff',
  'x'.repeat(3000),
  '{"a":1}',
]

const rounds = Number(process.env.TYPESTEAD_ROUNDS ?? 1500)

export function describePlans(major: string): void {
  describe(`plans on graphql-js ${major}`, () => {
    let opened: Opened
    let api: ReturnType<typeof libraryApi>
    let samples: Samples

    beforeAll(async () => {
      expect(version.split('.')[0]).toBe(major)
      opened = await openPostgres(library)
      api = libraryApi(opened.db, {
        onError: () => {},
        limits: { cost: 1e12, fields: 1e6, aliases: 1e6, rootFields: 1e6 },
      })
      samples = await fill(opened)
    })
    afterAll(() => opened?.[Symbol.asyncDispose]())

    const contexts = [
      { current: { role: 'anonymous', authorId: '' } },
      { current: { role: 'admin', authorId: '' } },
    ]
    const both = async (
      document: Pick<RandomDocument, 'query' | 'variables'>,
      context: (typeof contexts)[number],
    ) => {
      const before = api.plans().length
      const text = await api.executeText(document, { context })
      const entry = api.plans().at(-1)
      const general = await api.executeText(document, { context, plan: 'general' })
      const kind = before === api.plans().length && before < 200 ? 'refused' : entry?.kind
      return { text, general, kind, reason: entry?.reason, cached: entry?.cached }
    }

    test(`${rounds} random documents`, { timeout: 600_000 }, async () => {
      const kinds: Record<string, number> = {}
      const reasons: Record<string, number> = {}
      const cursors = new Set<string>()
      const again = { cached: 0, new: 0 }
      let abstract = 0
      for (let seed = 1; seed <= rounds; seed++) {
        const random = randomOf(seed)
        const known = { ...samples, String: [...(samples.String ?? []), ...cursors] }
        const document = randomDocument(api.schema, known, random)
        const context = contexts[seed % 2] as (typeof contexts)[number]
        // The same document with other values is answered by the plan that the first made.
        const turns = Object.keys(document.variables).length === 0 ? 1 : 2
        let last: Awaited<ReturnType<typeof both>> | undefined
        for (let turn = 0; turn < turns; turn++) {
          const variables = turn === 0 ? document.variables : document.others()
          last = await both({ query: document.query, variables }, context)
          const of = { seed, turn, query: document.query, variables, kind: last.kind }
          if (steady(last.text) !== steady(last.general)) {
            expect({ ...of, text: steady(last.text) }).toEqual({
              ...of,
              text: steady(last.general),
            })
          }
          if (turn > 0) again[last.cached ? 'cached' : 'new']++
        }
        const { text = '', kind = 'none', reason } = last ?? {}
        if (/\b(found|identified)\b/.test(document.query)) abstract++
        kinds[kind] = (kinds[kind] ?? 0) + 1
        if (kind === 'general' && reason) reasons[reason] = (reasons[reason] ?? 0) + 1
        for (const [cursor] of text.matchAll(/WzEs[A-Za-z0-9_-]+/g)) {
          if (cursors.size < 60) cursors.add(cursor)
        }
      }
      console.log(
        `graphql-js ${major}:`,
        JSON.stringify({ ...kinds, again, abstract }),
        JSON.stringify(reasons),
      )
      expect(again.cached).toBeGreaterThan(rounds / 8)
      expect(abstract).toBeGreaterThan(rounds / 50)
      expect(kinds.text).toBeGreaterThan(rounds / 20)
      expect(kinds.holes).toBeGreaterThan(rounds / 20)
    })

    test('what the database holds and GraphQL cannot say is told alike', async () => {
      const { db } = opened
      const [book] = await db.find(Book, { first: 1 })
      const store = sqlStore(db)
      const set = (sql: string) =>
        store?.run({ text: `update book set ${sql} where id = $1`, values: [book?.id ?? ''] })
      const query = `{ book(id: "${book?.id}") { id rating publishedAt tags price sold } }`
      const [context = { current: { role: '', authorId: '' } }] = contexts
      for (const sql of [
        "rating = 'NaN'",
        "rating = 'Infinity'",
        "rating = '-Infinity'",
        "rating = '-0'",
        'rating = 5e-324',
        "rating = 1.7976931348623157e308, published_at = 'infinity'",
        "rating = 1, published_at = '-infinity'",
        "published_at = '12026-01-01Z'",
        "published_at = '0044-03-15Z BC'",
        "published_at = '0001-01-01Z', sold = 9007199254740993",
        "published_at = '9999-12-31T23:59:59.999Z', sold = -9223372036854775808",
        "tags = array[null, 'x', '']::text[]",
        "tags = '{}'",
        "price = 'NaN'",
      ]) {
        await set(sql)
        const { text, general } = await both({ query, variables: {} }, context)
        expect(`${sql}: ${steady(text)}`).toBe(`${sql}: ${steady(general)}`)
      }
    })

    test.each([
      ['{ bookList(first: 2) { title author { name } } }', 'text'],
      [
        '{ books(first: 2) { totalCount edges { cursor node { title } } pageInfo { endCursor } } }',
        'text',
      ],
      ['{ books(first: 2) { nodes { genre meta } } }', 'holes'],
      ['{ author(id: "x") { initials } }', 'holes'],
      ['{ authors { nodes { greeting } } }', 'general'],
      ['{ stats { books } }', 'general'],
    ])('%s is answered by a %s plan', async (query, kind) => {
      await api.executeText({ query })
      expect(api.plans().at(-1)?.kind).toBe(kind)
    })
  })
}

/** Ids of masked errors are made anew each time. */
function steady(text: string): string {
  return text.replace(/"id":"[0-9a-f]{8}-[0-9a-f-]{27}"\}/g, '"id":"…"}')
}

async function fill({ db }: Opened): Promise<Samples> {
  const random = randomOf(7)
  const one = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  const ratings = [
    0,
    0.1,
    -1.5,
    1e21,
    1e-7,
    123456789.125,
    1e20,
    9007199254740992,
    2 ** -1022,
    null,
  ]
  const dates = ['1970-01-01T00:00:00.000Z', '2026-02-28T23:59:59.999Z', '0099-01-01T00:00:00.001Z']
  const authors = await db.createMany(
    Author,
    hostile.slice(1).map((name, n) => ({
      name,
      biography: n % 3 === 0 ? null : one(hostile),
      bornOn: n % 4 === 0 ? null : '1970-01-31',
      hidden: n % 4 === 1,
    })),
  )
  const books = await db.createMany(
    Book,
    Array.from({ length: 40 }, (_, n) => ({
      title: one(hostile.slice(1)),
      price: one(['0', '-1.50', '12345678901234.50', '3.00']),
      pages: 1 + Math.floor(random() * 3),
      sold: one([0n, 9007199254740993n, -9223372036854775808n, 5n]),
      rating: one(ratings),
      genre: one(['novel', 'short-story', 'poetry'] as const),
      publishedAt: n % 3 === 0 ? null : new Date(one(dates)),
      tags: Array.from({ length: n % 3 }, () => one(hostile)),
      meta: one([null, { a: [1, null, { b: '\u2028' }] }, [], 'text', 0, false]),
      size: n % 2 === 0 ? null : { width: n, unit: one(hostile) },
      cover: n % 2 === 0 ? null : new Uint8Array(Array.from({ length: n * 7 }, (__, b) => b % 256)),
      author: (authors[n % (authors.length - 2)] as Author).id,
    })),
  )
  return {
    ID: [
      'nothing',
      ...authors.slice(0, 6).map((row) => row.id),
      ...books.slice(0, 6).map((row) => row.id),
    ],
    String: hostile.slice(0, 11),
    Int: [0, 1, 2, 3, 5, 20],
    Float: ratings.filter((rating) => rating !== null),
    Boolean: [true, false],
    DateTime: dates,
    Date: ['1970-01-31', '2000-02-29'],
    Decimal: ['0', '-1.50', '3', '12345678901234.50'],
    BigInt: ['0', '9007199254740993', '5'],
    Bytes: ['', 'AAEC/w=='],
    JSON: [null, 1, { a: 1 }],
  }
}
