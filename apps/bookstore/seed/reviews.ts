/** The seeded reviews: few books have many of them, and no user reviews a book twice. */
import type { SeededBook } from './books.ts'
import { ascendingInstants, busyFrom, madeBy } from './calendar.ts'
import { Random } from './random.ts'
import { seedId } from './seed-id.ts'
import type { SeededUser } from './users.ts'
import { reviewBodies, reviewTitles } from './words/texts.ts'

export interface SeededReview {
  readonly id: string
  readonly rating: number
  readonly title: string
  readonly body: string | null
  readonly book: string
  readonly user: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

export function seedReviews(
  many: number,
  users: readonly SeededUser[],
  books: readonly SeededBook[],
): SeededReview[] {
  const random = new Random('reviews')
  const taken = new Set<number>()
  return ascendingInstants(random, many, busyFrom).map((createdAt, index) => {
    const userCount = madeBy(users.length, createdAt)
    const bookCount = madeBy(books.length, createdAt)
    const [userAt, bookAt] = newPair(random, userCount, bookCount, taken)
    const rating = ratingOf(random, bookAt)
    const body = random
      .pick(reviewBodies[rating - 1] ?? [''])
      .replace('{number}', String(random.int(2, 90)))
    return {
      id: seedId('review', index, createdAt),
      rating,
      title: random.pick(reviewTitles[rating - 1] ?? ['']),
      body: random.chance(0.2) ? null : body,
      book: books[bookAt]?.id ?? '',
      user: users[userAt]?.id ?? '',
      createdAt,
      updatedAt: createdAt,
    }
  })
}

function newPair(
  random: Random,
  users: number,
  books: number,
  taken: Set<number>,
): readonly [number, number] {
  for (;;) {
    const userAt = random.int(0, users - 1)
    const bookAt = random.skewed(books)
    const pair = userAt * 1_000_000 + bookAt
    if (taken.has(pair)) continue
    taken.add(pair)
    return [userAt, bookAt]
  }
}

/** Every book has a quality of its own; readers differ by up to two stars. */
function ratingOf(random: Random, bookAt: number): number {
  const quality = 2.6 + ((bookAt * 0.618) % 1) * 2.3
  const rating = Math.round(quality + (random.unit() + random.unit() - 1) * 2)
  return Math.min(5, Math.max(1, rating))
}
