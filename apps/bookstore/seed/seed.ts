/** Fills the empty shop with believable rows: the same ones, with the same ids, in every run. */
import type { CreateInput, EntityLike } from '@typestead/entity'
import type { Transactional } from '@typestead/store'
import type { SeedContext } from 'typestead'
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

/** The secrets that hold the passwords of `demoUsers`, in their order. */
export const demoPasswords = ['BOOKSTORE_ADMIN_PASSWORD', 'BOOKSTORE_READER_PASSWORD'] as const

const many = { users: 2000, authors: 500, books: 3000, reviews: 10_000, posts: 2000, orders: 5000 }

/** Rows in one statement: large enough that round trips do not count, small enough for a smooth progress. */
const batchSize = 1000

export async function seed(db: Transactional, context: Pick<SeedContext, 'progress' | 'secrets'>) {
  // Hashing takes long by design, on threads of its own: it goes on while the catalogue is written.
  const hashing = Promise.all(
    demoPasswords.map((name) => User.hashPassword(context.secrets.get(name))),
  )
  // Awaited below; a refusal before that must not end the process.
  hashing.catch(() => {})
  const authors = seedAuthors(many.authors)
  const books = seedBooks(many.books, authors)
  const writer = new BatchWriter(db, context.progress)
  await writer.write(Author, authors, 'authors')
  await writer.write(Book, books, 'books')
  const users = seedUsers(many.users, await hashing)
  await writer.write(User, users, 'users')
  await writer.write(Post, seedPosts(many.posts, { users, books, authors }), 'posts')
  await writer.write(Review, seedReviews(many.reviews, users, books), 'reviews')
  const { orders, lines } = seedOrders(many.orders, users, books)
  await writer.write(Order, orders, 'orders')
  await writer.write(OrderLine, lines, 'order lines')
  await writer.end()
}

/** About as many as there will be; the number of order lines is drawn. */
const total = Object.values(many).reduce((sum, one) => sum + one, 0) + 8344

/** Writes rows in batches, each while the next is made and checked. */
class BatchWriter {
  readonly #db: Transactional
  readonly #progress: SeedContext['progress']
  #underWay: Promise<unknown> = Promise.resolve()
  #done = 0

  constructor(db: Transactional, progress: SeedContext['progress']) {
    this.#db = db
    this.#progress = progress
  }

  async write<T extends EntityLike>(
    entity: T,
    rows: readonly CreateInput<T>[],
    what: string,
  ): Promise<void> {
    // Rows may only point to rows that are there.
    await this.#underWay
    for (let from = 0; from < rows.length; from += batchSize) {
      const batch = rows.slice(from, from + batchSize)
      const writing = this.#db.createMany(entity, batch)
      // Awaited in the next round; until then a failure must not end the process.
      writing.catch(() => {})
      await this.#underWay
      this.#underWay = writing
      this.#done += batch.length
      this.#progress(Math.min(this.#done, total), total, what)
    }
  }

  async end(): Promise<void> {
    await this.#underWay
    this.#progress(total, total, 'done')
  }
}
