/** @jsxImportSource @typestead/screens */
/** A book in a list. What changes is followed: of a book that is sold elsewhere, one text is written. */
import type { Readable } from '@typestead/screens'
import type { Child } from '@typestead/screens/dom'
import { Cover } from '../cover/cover.tsx'
import { priceText, stockClass, stockText } from '../frame/text.ts'
import type { KnownBook } from '../managers/books-manager.ts'
import type { CartManager } from '../managers/cart-manager.ts'
import type { NoticeManager } from '../managers/notice-manager.ts'
import { bookRoute } from '../routes.ts'
import { AddToCart } from './add-to-cart.tsx'

export interface BookCardProps {
  readonly book: Readable<KnownBook>
  readonly cart: CartManager
  readonly notices: NoticeManager
  /** The heading's level; `h2` by default. */
  readonly heading?: 'h2' | 'h3'
}

export function BookCard({ book, cart, notices, heading = 'h2' }: BookCardProps): Child {
  const { id, title, genre, author } = book.peek()
  const href = bookRoute.href({ id })
  const link = <a href={href}>{() => book.value.title}</a>
  return (
    <li class="book-card">
      <Cover title={title} genre={genre} author={author.name} />
      {heading === 'h2' ? <h2>{link}</h2> : <h3>{link}</h3>}
      <p class="by">{() => book.value.author.name}</p>
      <p class="book-card-price">{() => priceText(book.value.price)}</p>
      <p class={() => stockClass(book.value.stock)}>{() => stockText(book.value.stock)}</p>
      <AddToCart book={book} cart={cart} notices={notices} />
    </li>
  )
}
