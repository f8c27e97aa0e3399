/** The seeded orders with their lines. The total of an order is the sum of its lines, to the cent. */
import type { SeededBook } from './books.ts'
import { ascendingInstants, busyFrom, madeBy, seededUntil } from './calendar.ts'
import { Random } from './random.ts'
import { seedId } from './seed-id.ts'
import type { SeededUser } from './users.ts'
import { cities } from './words/people.ts'

export interface SeededOrder {
  readonly id: string
  readonly status: 'placed' | 'paid' | 'shipped' | 'delivered' | 'cancelled'
  readonly total: string
  readonly shipTo: {
    readonly name: string
    readonly street: string
    readonly postcode: string
    readonly city: string
    readonly country: string
  }
  readonly note: string | null
  readonly customer: string
  readonly placedAt: Date
  readonly updatedAt: Date
}

export interface SeededOrderLine {
  readonly id: string
  readonly quantity: number
  readonly unitPrice: string
  readonly order: string
  readonly book: string
}

export interface SeededOrders {
  readonly orders: readonly SeededOrder[]
  readonly lines: readonly SeededOrderLine[]
}

const day = 24 * 3_600_000

export function seedOrders(
  many: number,
  users: readonly SeededUser[],
  books: readonly SeededBook[],
): SeededOrders {
  const random = new Random('orders')
  const lines: SeededOrderLine[] = []
  const orders = ascendingInstants(random, many, busyFrom).map((placedAt, index): SeededOrder => {
    const id = seedId('order', index, placedAt)
    // The demonstration's reader, second among the users, has a dozen orders and more.
    const customer =
      users[index % 400 === 7 ? 1 : random.int(0, madeBy(users.length, placedAt) - 1)]
    let cents = 0
    for (const book of someBooks(random, books, madeBy(books.length, placedAt))) {
      const quantity = random.chance(0.85) ? 1 : random.int(2, 4)
      cents += quantity * Math.round(Number(book.price) * 100)
      lines.push({
        id: seedId('orderLine', lines.length, placedAt),
        quantity,
        unitPrice: book.price,
        order: id,
        book: book.id,
      })
    }
    return {
      id,
      status: statusOf(random, placedAt),
      total: (cents / 100).toFixed(2),
      shipTo: address(random, customer),
      note: random.chance(0.08) ? random.pick(notes) : null,
      customer: customer?.id ?? '',
      placedAt,
      updatedAt: new Date(Math.min(placedAt.getTime() + random.int(0, 6) * day, +seededUntil)),
    }
  })
  return { orders, lines }
}

const notes = [
  'Please leave it with the neighbours.',
  'It is a present: no invoice in the parcel, please.',
  'The bell does not work, please knock.',
  'No hurry, I am away until Monday.',
] as const

/** Among the first `count`; early ones sell best. */
function someBooks(random: Random, books: readonly SeededBook[], count: number): Set<SeededBook> {
  const chosen = new Set<SeededBook>()
  const many = random.pick([1, 1, 1, 2, 2, 3])
  while (chosen.size < many) {
    const book = books[random.skewed(count)]
    if (book) chosen.add(book)
  }
  return chosen
}

function statusOf(random: Random, placedAt: Date): SeededOrder['status'] {
  if (random.chance(0.04)) return 'cancelled'
  const days = (seededUntil.getTime() - placedAt.getTime()) / day
  if (days > 9) return 'delivered'
  if (days > 4) return 'shipped'
  return days > 1 ? 'paid' : 'placed'
}

function address(random: Random, customer: SeededUser | undefined): SeededOrder['shipTo'] {
  const { city, country, postcode, streets, numberFirst } = random.pick(cities)
  const street = random.pick(streets)
  const number = random.int(1, 180)
  const name = [customer?.firstName, customer?.lastName].filter(Boolean).join(' ')
  return {
    name,
    street: numberFirst ? `${number} ${street}` : `${street} ${number}`,
    // The first digits of a town are its own; only the last ones are drawn.
    postcode: postcode
      .replace(/0(?=[^1-9]*$)/g, () => String(random.int(0, 9)))
      .replace(/A/g, () => random.pick('ABCDEHJKLNPRST'.split(''))),
    city,
    country,
  }
}
