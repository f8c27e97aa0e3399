/** @jsxImportSource @typestead/screens */
/** The button that puts a book into the cart; it says why when it can't. */
import { computed, type Readable } from '@typestead/screens'
import type { Child } from '@typestead/screens/dom'
import type { KnownBook } from '../managers/books-manager.ts'
import type { CartManager } from '../managers/cart-manager.ts'
import type { NoticeManager } from '../managers/notice-manager.ts'
import { cartRoute } from '../routes.ts'

export interface AddToCartProps {
  readonly book: Readable<KnownBook>
  readonly cart: CartManager
  readonly notices: NoticeManager
  readonly class?: string
}

export function AddToCart({ book, cart, notices, class: name = 'button' }: AddToCartProps): Child {
  const inCart = computed(() => cart.quantityOf(book.value.id))
  const left = computed(() => (book.value.gone ? 0 : book.value.stock - inCart.value))
  const label = () => {
    if (left.value <= 0) return inCart.value > 0 ? 'All in your cart' : 'Sold out'
    return inCart.value > 0 ? `Add another · ${inCart.value} in cart` : 'Add to cart'
  }
  return (
    <button
      type="button"
      class={name}
      // Not disabled: it would lose the focus when the last copy is taken.
      aria-disabled={() => (left.value > 0 ? null : 'true')}
      aria-label={() => `${label()}: ${book.value.title}`}
      onClick={() => {
        if (left.peek() <= 0) return
        cart.add(book.peek())
        const { title } = book.peek()
        notices.tell({
          text: `“${title}” is in your cart.`,
          link: { label: 'Cart', href: cartRoute.href() },
        })
      }}
    >
      {label}
    </button>
  )
}
