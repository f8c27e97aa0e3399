import { createHash } from 'node:crypto'
import { checkCreate, metaOf } from '@typestead/entity'
import { describe, expect, it } from 'vitest'
import { Author } from '../entities/author.ts'
import { Book } from '../entities/book.ts'
import { Order } from '../entities/order.ts'
import { OrderLine } from '../entities/order-line.ts'
import { Post } from '../entities/post.ts'
import { Review } from '../entities/review.ts'
import { User } from '../entities/user.ts'
import { seedAuthors } from './authors.ts'
import { seedBooks } from './books.ts'
import { seedOrders } from './orders.ts'
import { seedPosts } from './posts.ts'
import { seedReviews } from './reviews.ts'
import { seedUsers } from './users.ts'

function rows() {
  const authors = seedAuthors(500)
  const books = seedBooks(3000, authors)
  const users = seedUsers(2000, [])
  const posts = seedPosts(2000, { users, books, authors })
  const reviews = seedReviews(10_000, users, books)
  const { orders, lines } = seedOrders(5000, users, books)
  return { authors, books, users, posts, reviews, orders, lines }
}

const seeded = rows()

describe('the seeded rows', () => {
  it('are the same in every run', () => {
    const print = (value: unknown) =>
      createHash('sha256').update(JSON.stringify(value)).digest('hex')
    expect(print(rows())).toBe(print(seeded))
  })

  it('pass the checks of their entities', () => {
    const { authors, books, users, posts, reviews, orders, lines } = seeded
    const kinds = [
      [Author, authors],
      [Book, books],
      [User, users],
      [Post, posts],
      [Review, reviews],
      [Order, orders],
      [OrderLine, lines],
    ] as const
    for (const [entity, all] of kinds) {
      const meta = metaOf(entity)
      // Throws for a row that does not pass, with what is wrong with it.
      for (const row of all) expect(checkCreate(meta, row).id).toBe(row.id)
    }
  })

  it('have ids of version 7, each once', () => {
    const ids = Object.values(seeded).flatMap((all) => all.map(({ id }) => id))
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
    }
  })

  it('break no unique constraint', () => {
    const { books, users, reviews, lines } = seeded
    const values = [
      books.map(({ isbn }) => isbn),
      books.map(({ title }) => title),
      users.map(({ email }) => email),
      reviews.map(({ user, book }) => `${user} ${book}`),
      lines.map(({ order, book }) => `${order} ${book}`),
    ]
    for (const all of values) expect(new Set(all).size).toBe(all.length)
  })

  it('hold Harry Potter, Twilight and Wings of Fire', () => {
    const titles = seeded.books.map(({ title }) => title)
    expect(titles).toEqual(expect.arrayContaining(['Harry Potter', 'Twilight', 'Wings of Fire']))
  })

  it('happen in an order that could have been', () => {
    const { users, books, reviews, posts, orders, lines } = seeded
    const made = new Map([...users, ...books].map(({ id, createdAt }) => [id, createdAt]))
    const madeAt = (id: string) => made.get(id)?.getTime() ?? Number.NaN
    for (const { user, book, createdAt } of reviews) {
      expect(Math.max(madeAt(user), madeAt(book))).toBeLessThanOrEqual(createdAt.getTime())
    }
    for (const post of posts) expect(madeAt(post.author)).toBeLessThanOrEqual(+post.createdAt)
    const placed = new Map(orders.map(({ id, placedAt }) => [id, placedAt]))
    for (const order of orders) expect(madeAt(order.customer)).toBeLessThanOrEqual(+order.placedAt)
    for (const { order, book } of lines) {
      expect(madeAt(book)).toBeLessThanOrEqual(placed.get(order)?.getTime() ?? Number.NaN)
    }
  })

  it('have orders whose totals are the sums of their lines', () => {
    const sums = new Map<string, number>()
    for (const { order, quantity, unitPrice } of seeded.lines) {
      sums.set(order, (sums.get(order) ?? 0) + quantity * Math.round(Number(unitPrice) * 100))
    }
    for (const { id, total } of seeded.orders)
      expect(Math.round(Number(total) * 100)).toBe(sums.get(id))
  })

  it('leave no word of a pattern unfilled', () => {
    expect(JSON.stringify(seeded)).not.toMatch(
      /\{(adjective|thing|place|person|number|title|genre|author)\}/,
    )
  })
})
