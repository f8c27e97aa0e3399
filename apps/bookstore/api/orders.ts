/**
 * Orders placed and cancelled. Both run as the shop itself, in one transaction with the books' stock, after the caller
 * was checked; books are locked in the order of their ids, so that two orders never wait for each other.
 */
import { ApiError } from '@typestead/graphql'
import type { Database, Transactional } from '@typestead/store'
import type { SignedIn } from 'typestead'
import { Book } from '../entities/book.ts'
import { Order } from '../entities/order.ts'
import { OrderLine } from '../entities/order-line.ts'

export interface Wanted {
  readonly book: string
  readonly quantity: number
}

/** More different books in one order are refused. */
const maximumLines = 100

export interface Placing {
  readonly customer: string
  readonly lines: readonly Wanted[]
  /** Checked by the entity, which names what is wrong with it. */
  readonly shipTo: unknown
  /** The order's id, where the caller gives it, so that asking twice places one order. */
  readonly id?: string | null | undefined
}

/**
 * An order at today's prices; the copies are taken from the stock.
 * @throws {ApiError} `BAD_INPUT`; `OUT_OF_STOCK` naming the book and its line; `NOT_FOUND` for an unknown book;
 * `CONFLICT` where someone else's order has the id
 */
export function placeOrder(db: Database, placing: Placing): Promise<Order> {
  checkWanted(placing.lines)
  return inTransaction(db, (tx) => placeOrderIn(tx, placing))
}

/** The same in a transaction that the caller has. */
export async function placeOrderIn(
  tx: Transactional,
  { customer, lines: wanted, shipTo, id: orderId }: Placing,
): Promise<Order> {
  checkWanted(wanted)
  const placed = orderId ? await placedBefore(tx, orderId, customer) : null
  if (placed !== null) return placed
  const lines = []
  let cents = 0n
  for (const { book: id, quantity } of wanted.toSorted(byBook)) {
    const at = wanted.findIndex(({ book }) => book === id)
    const book = await takeFromStock(tx, id, quantity, ['lines', at, 'quantity'])
    cents += BigInt(quantity) * centsOf(book.price)
    lines.push({ book: book.id, quantity, unitPrice: book.price })
  }
  const order = await tx.create(Order, {
    ...(orderId ? { id: orderId } : {}),
    customer,
    shipTo: shipTo as Order['shipTo'], // see Placing
    total: decimalOf(cents),
  })
  await tx.createMany(
    OrderLine,
    lines.map((line) => ({ ...line, order: order.id })),
  )
  return order
}

/**
 * Cancels an order that has not left the house; its copies go back to the stock.
 * @throws {ApiError} `NOT_FOUND` where the caller sees no such order; `TOO_LATE`
 */
export function cancelOrder(db: Database, current: SignedIn, id: string): Promise<Order> {
  return inTransaction(db, async (tx) => {
    const seen = await tx.as({ ...current }).get(Order, id)
    // Read again as the shop, with a lock: another call may change it in between.
    const order = seen && (await tx.get(Order, id, { lock: true }))
    if (order === null) throw new ApiError('NOT_FOUND', `Order id ${id} not found`)
    if (order.status === 'cancelled') return order
    if (order.status !== 'placed' && order.status !== 'paid') {
      throw new ApiError('TOO_LATE', `this order is ${order.status} already`)
    }
    const lines = await tx.find(OrderLine, { where: { order: id } })
    for (const { book: link, quantity } of lines.toSorted((a, b) =>
      compareIds(a.book.id, b.book.id),
    )) {
      const book = await tx.get(Book, link.id, { lock: true })
      if (book) await tx.update(Book, book.id, { stock: book.stock + quantity })
    }
    const cancelled = await tx.update(Order, id, { status: 'cancelled' })
    return cancelled ?? order
  })
}

function inTransaction<R>(db: Database, work: (tx: Transactional) => Promise<R>): Promise<R> {
  if (db.capabilities.transactions) return db.transaction(work)
  throw new ApiError('UNSUPPORTED', 'orders need a store with transactions, such as PostgreSQL')
}

async function placedBefore(tx: Transactional, id: string, customer: string) {
  const order = await tx.get(Order, id)
  if (order === null || order.customer.id === customer) return order
  throw new ApiError('CONFLICT', 'another order has this id', {
    fields: [{ path: ['id'], message: 'is taken' }],
  })
}

function checkWanted(wanted: readonly Wanted[]): void {
  const problem = (path: (string | number)[], message: string) =>
    new ApiError('BAD_INPUT', `${path.join('.')}: ${message}`, { fields: [{ path, message }] })
  if (wanted.length === 0) throw problem(['lines'], 'an order has at least one line')
  if (wanted.length > maximumLines) {
    throw problem(['lines'], `an order has at most ${maximumLines} lines`)
  }
  const books = new Set<string>()
  for (const [at, { book, quantity }] of wanted.entries()) {
    if (books.has(book)) throw problem(['lines', at, 'book'], 'is in the order already')
    books.add(book)
    if (quantity < 1 || quantity > 1000) {
      throw problem(['lines', at, 'quantity'], 'is from 1 to 1000')
    }
  }
}

async function takeFromStock(
  tx: Transactional,
  id: string,
  quantity: number,
  path: readonly (string | number)[],
): Promise<Book> {
  const book = await tx.get(Book, id, { lock: true })
  if (book === null) throw new ApiError('NOT_FOUND', `Book id ${id} not found`)
  if (book.stock < quantity) {
    const left =
      book.stock === 0 ? 'no copy is' : book.stock === 1 ? '1 copy is' : `${book.stock} copies are`
    const message = `of “${book.title}” ${left} left`
    throw new ApiError('OUT_OF_STOCK', message, { fields: [{ path, message }] })
  }
  await tx.update(Book, book.id, { stock: book.stock - quantity })
  return book
}

function byBook(one: Wanted, other: Wanted): number {
  return compareIds(one.book, other.book)
}

function compareIds(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** Decimals have two digits after the point, always. */
function centsOf(price: string): bigint {
  return BigInt(price.replace('.', ''))
}

function decimalOf(cents: bigint): string {
  const digits = cents.toString().padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}
