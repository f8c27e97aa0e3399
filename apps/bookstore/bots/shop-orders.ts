/**
 * Orders from a conversation: one copy of one book, to be collected in the shop. A reader who is signed in orders on their own
 * account; everyone else on the counter's, whose note says who asked.
 */
import { randomBytes } from 'node:crypto'
import type { Database, Transactional } from '@typestead/store'
import { hashPassword } from 'typestead'
import { placeOrderIn } from '../api/orders.ts'
import { Book } from '../entities/book.ts'
import { Order } from '../entities/order.ts'
import { User } from '../entities/user.ts'

const counter = { email: 'counter@bookstore.example', firstName: 'The', lastName: 'Counter' }

/** Where one collects what was ordered in a conversation. */
const shipTo = {
  name: 'To be collected',
  street: 'Bookstore, 1 Market Square',
  postcode: '',
  city: 'Pune',
  country: 'India',
}

/** The book of that title, however it is capitalised; of several the one with most copies. */
export async function findBook(db: Database, title: string): Promise<Book | null> {
  const [found] = await db.find(Book, {
    where: { title: { eq: title, ignoreCase: true } },
    orderBy: { stock: 'desc' },
    first: 1,
  })
  return found ?? null
}

/** The account on which a conversation orders. */
export async function customerOf(db: Database, signedIn: string | undefined): Promise<string> {
  if (signedIn !== undefined && (await db.get(User, signedIn))) return signedIn
  const known = () => db.find(User, { where: { email: counter.email }, first: 1 })
  const [found] = await known()
  if (found) return found.id
  try {
    // Nobody signs in with it: nobody knows the password.
    const password = await hashPassword(randomBytes(32).toString('base64url'))
    return (await db.create(User, { ...counter, password })).id
  } catch (error) {
    // Another conversation has made it meanwhile.
    const [made] = await known()
    if (made) return made.id
    throw error
  }
}

/** @throws {ApiError} `OUT_OF_STOCK` */
export async function orderCopy(
  tx: Transactional,
  { book, customer, asker }: { book: string; customer: string; asker: string },
): Promise<Order> {
  const order = await placeOrderIn(tx, { customer, lines: [{ book, quantity: 1 }], shipTo })
  return (await tx.update(Order, order.id, { note: `Ordered in a chat by ${asker}` })) ?? order
}
