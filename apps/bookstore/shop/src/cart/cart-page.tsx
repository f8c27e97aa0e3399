/** @jsxImportSource @typestead/screens */
/** The cart: kept in the browser, with the prices and the stock of this moment. */
import {
  computed,
  PageController,
  page,
  type Readable,
  reaction,
  type Scope,
} from '@typestead/screens'
import { type Child, For, Show } from '@typestead/screens/dom'
import { Cover } from '../cover/cover.tsx'
import { focusHeading } from '../frame/focus.ts'
import { Empty, Layout } from '../frame/layout.tsx'
import { countText, priceText, totalOf } from '../frame/text.ts'
import { BooksManager } from '../managers/books-manager.ts'
import { type CartLine, CartManager, mostCopies } from '../managers/cart-manager.ts'
import { NoticeManager } from '../managers/notice-manager.ts'
import { ServerManager } from '../managers/server-manager.ts'
import { bookRoute, cartRoute, checkoutRoute, homeRoute } from '../routes.ts'

export class CartController extends PageController {
  readonly cart: CartManager
  readonly books: BooksManager
  readonly notices: NoticeManager
  readonly #server: ServerManager

  constructor(s: Scope) {
    super()
    this.cart = s.find(CartManager)
    this.books = s.find(BooksManager)
    this.notices = s.find(NoticeManager)
    this.#server = s.find(ServerManager)
  }

  /** Lines at today's prices, as far as they are known. */
  readonly priced = computed(() =>
    this.cart.lines.value.map((line) => ({
      ...line,
      price: this.now(line.id)?.price ?? line.price,
    })),
  )

  protected override onInit(): void {
    reaction(() => {
      this.#server.returns.value
      const ids = this.cart.lines.value.map(({ id }) => id)
      // When the server is away the cart is shown as it was kept; this runs again when it is back.
      this.books.load(ids, this.signal).catch(() => {})
    })
  }

  /** The book as it is now; undefined until it is known. */
  now(id: string) {
    this.books.loads.value
    return this.books.find(id)?.value
  }

  /** What stands against ordering a line. */
  problemOf({ id, quantity }: CartLine): string {
    const book = this.now(id)
    if (this.books.missing.value.has(id) || book?.gone) return 'No longer sold. Please take it out.'
    if (book === undefined || book.stock >= quantity) return ''
    if (book.stock === 0) return 'Sold out. Please take it out.'
    return `Only ${countText(book.stock, 'copy is', 'copies are')} left.`
  }

  readonly hasProblem = computed(() =>
    this.cart.lines.value.some((line) => this.problemOf(line) !== ''),
  )

  remove(line: CartLine): void {
    const at = this.cart.lines.peek().findIndex(({ id }) => id === line.id)
    this.cart.setQuantity(line.id, 0)
    focusHeading()
    this.notices.tell({
      text: `“${line.title}” was taken out.`,
      action: { label: 'Put it back', work: () => this.cart.putBack(line, at) },
    })
  }
}

export const cartPage = page({
  route: cartRoute,
  title: 'Cart · Bookstore',
  controller: CartController,
  bindings: (s) => s.lazyPut(CartController, (s) => new CartController(s)),
  view: ({ c }) => (
    <Layout class="cart-page">
      <h1>Your cart</h1>
      <Show when={() => c.cart.lines.value.length > 0} fallback={() => <NothingYet />}>
        {() => (
          <div class="with-aside">
            <ul class="cart-lines">
              <For each={c.cart.lines} key={(line) => line.id}>
                {(line) => <Line c={c} line={line} />}
              </For>
            </ul>
            <Sum c={c} />
          </div>
        )}
      </Show>
    </Layout>
  ),
})

function Line({
  c,
  line,
}: {
  readonly c: CartController
  readonly line: Readable<CartLine>
}): Child {
  const { id, title, author, genre } = line.peek()
  const problem = `problem-${id}`
  const price = () => c.now(id)?.price ?? line.value.price
  const set = (quantity: number) => c.cart.setQuantity(id, Math.max(quantity, 1))
  return (
    <li class="cart-line">
      <Cover title={title} genre={genre} author={author} />
      <div class="cart-line-words">
        <h2>
          <a href={bookRoute.href({ id })}>{title}</a>
        </h2>
        <p class="by">{author}</p>
        <p class="soft">
          {() => priceText(price())}
          {() => (price() === line.value.price ? '' : ` (was ${priceText(line.value.price)})`)}
        </p>
        <p class="problem" id={problem} role="status">
          {() => c.problemOf(line.value)}
        </p>
      </div>
      <div class="stepper">
        <button
          type="button"
          aria-label={`One less of ${title}`}
          onClick={() => set(line.peek().quantity - 1)}
        >
          −
        </button>
        <input
          type="text"
          inputmode="numeric"
          aria-label={`Copies of ${title}`}
          aria-describedby={problem}
          value={() => String(line.value.quantity)}
          onChange={(event) => {
            const typed = Number(event.currentTarget.value)
            set(Number.isFinite(typed) && typed <= mostCopies ? typed : line.peek().quantity)
            event.currentTarget.value = String(line.peek().quantity)
          }}
        />
        <button
          type="button"
          aria-label={`One more of ${title}`}
          onClick={() => set(line.peek().quantity + 1)}
        >
          +
        </button>
      </div>
      <p class="cart-line-sum">
        {() => priceText(totalOf([{ price: price(), quantity: line.value.quantity }]))}
      </p>
      <button
        type="button"
        class="button plain"
        aria-label={`Take out ${title}`}
        onClick={() => c.remove(line.peek())}
      >
        Take out
      </button>
    </li>
  )
}

function Sum({ c }: { readonly c: CartController }): Child {
  return (
    <aside class="card sum" aria-label="Sum">
      <p class="sum-line">
        <span>{() => countText(c.cart.copies.value, 'book', 'books')}</span>
        <span class="price">{() => priceText(totalOf(c.priced.value))}</span>
      </p>
      <p class="soft">Delivery is free.</p>
      <p class="problem" role="status">
        {() =>
          c.hasProblem.value ? 'Some of it cannot be ordered as it stands: see the notes.' : ''
        }
      </p>
      <a class="button primary" href={checkoutRoute.href()}>
        Go to the order
      </a>
      <a class="button plain" href={homeRoute.href()}>
        Look for more
      </a>
    </aside>
  )
}

function NothingYet(): Child {
  return (
    <Empty title="Nothing is in it yet">
      <p>What you put in stays here, also when you come back tomorrow.</p>
      <a class="button" href={homeRoute.href()}>
        Look at the books
      </a>
    </Empty>
  )
}
