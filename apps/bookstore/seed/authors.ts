/** The seeded authors: those of the known books first, then invented ones. */
import { ascendingInstants, openedAt } from './calendar.ts'
import { Random } from './random.ts'
import { seedId } from './seed-id.ts'
import { knownAuthors } from './words/known-books.ts'
import { cities, firstNames, lastNames } from './words/people.ts'
import { places } from './words/titles.ts'

export interface SeededAuthor {
  readonly id: string
  readonly name: string
  readonly bornIn: number | null
  readonly country: string
  readonly biography: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** When the first catalogue was put together. */
const preparedFrom = new Date('2023-02-20T08:00:00.000Z')

export function seedAuthors(many: number): SeededAuthor[] {
  const random = new Random('authors')
  const names = new Set(knownAuthors.map(({ name }) => name))
  return ascendingInstants(random, many, preparedFrom, openedAt).map((createdAt, index) => {
    const known = knownAuthors[index]
    const name = known?.name ?? newName(random, names)
    const country = known?.country ?? random.pick(cities).country
    const bornIn = known?.bornIn ?? (random.chance(0.06) ? null : random.int(1921, 1999))
    return {
      id: seedId('author', index, createdAt),
      name,
      bornIn,
      country,
      biography: biography(random, name, country, bornIn),
      createdAt,
      updatedAt: createdAt,
    }
  })
}

function newName(random: Random, names: Set<string>): string {
  for (;;) {
    const middle = random.chance(0.15) ? ` ${random.pick('ABCDEFGHJKLMNPRSTVW'.split(''))}.` : ''
    const name = `${random.pick(firstNames)}${middle} ${random.pick(lastNames)}`
    if (names.has(name)) continue
    names.add(name)
    return name
  }
}

function biography(random: Random, name: string, country: string, bornIn: number | null): string {
  const born = bornIn === null ? `${name} comes from ${country}.` : `Born in ${bornIn}, ${country}.`
  const living = bornIn === null || bornIn > 1920
  if (!living) return born
  const work = random.pick(['a teacher', 'a nurse', 'a printer', 'a journalist', 'an engineer'])
  return `${born} Was ${work} before the first book, and lives in ${random.pick(places)} now.`
}
