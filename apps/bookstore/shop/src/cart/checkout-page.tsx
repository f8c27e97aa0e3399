/** @jsxImportSource @typestead/screens */
/** The order: where it goes, by a form that is generated from the entity, and what it comes to. */
import {
  cell,
  computed,
  PageController,
  page,
  type Resource,
  resource,
  type Scope,
} from '@typestead/screens'
import { type Child, For, Show } from '@typestead/screens/dom'
import { createForm, type FormEntity, type FormValues, FormView } from '@typestead/screens/forms'
import { SignedIn } from '../account/signed-in.tsx'
import { placeOrderDocument } from '../api/answers.ts'
import { codeOf, inWords } from '../api/failure.ts'
import { Empty, Layout } from '../frame/layout.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { priceText, totalOf } from '../frame/text.ts'
import { AccountManager } from '../managers/account-manager.ts'
import { FormsManager } from '../managers/forms-manager.ts'
import { NoticeManager } from '../managers/notice-manager.ts'
import { OrdersManager } from '../managers/orders-manager.ts'
import { ServerManager } from '../managers/server-manager.ts'
import { cartRoute, checkoutRoute, homeRoute, orderRoute } from '../routes.ts'
import { CartController } from './cart-page.tsx'

type Address = Readonly<Record<string, string>>

/** What browsers may fill in. */
const addressTokens = {
  'shipTo.name': 'shipping name',
  'shipTo.street': 'shipping street-address',
  'shipTo.postcode': 'shipping postal-code',
  'shipTo.city': 'shipping address-level2',
  'shipTo.country': 'shipping country-name',
}

const lastAddressDocument =
  '{ me { orders(first: 1, orderBy: [{ placedAt: DESC }]) { shipTo { name street postcode city country } } } }'

class CheckoutController extends PageController {
  readonly cart: CartController
  readonly #s: Scope
  readonly #server: ServerManager
  /** The order that was placed, once it was. */
  readonly placed = cell<string | undefined>(undefined)
  /** A line that could not be ordered as it stood: the way back to the cart is shown. */
  readonly clash = cell(false)

  constructor(s: Scope) {
    super()
    this.#s = s
    this.cart = s.find(CartController)
    this.#server = s.find(ServerManager)
  }

  /** The form's entity, and the address of the last order, or at least the name. */
  begin(): Resource<{ readonly entity: FormEntity; readonly shipTo: Address }> {
    return resource(async (signal) => {
      this.#server.returns.value
      const [entity, { me }] = await Promise.all([
        this.#s.find(FormsManager).entity('Order', signal),
        this.#server.client.request(lastAddressDocument, {}, { signal }),
      ])
      const user = this.#s.find(AccountManager).user.peek()
      const name = [user?.firstName, user?.lastName].filter(Boolean).join(' ')
      return { entity, shipTo: me?.orders[0]?.shipTo ?? { name } }
    })
  }

  /** @throws {Error} by field where the API says which */
  async place({ shipTo }: FormValues, signal: AbortSignal): Promise<void> {
    const { cart } = this.cart
    const lines = cart.lines.peek().map(({ id: book, quantity }) => ({ book, quantity }))
    const variables = { id: cart.order, lines, shipTo: shipTo as ShipTo } // the form has its fields
    this.clash.set(false)
    try {
      const placing = this.#server.client.request(placeOrderDocument, variables, { signal })
      this.placed.set((await placing).placeOrder.id)
    } catch (error) {
      this.#s.find(AccountManager).recheck(error)
      const code = codeOf(error)
      this.clash.set(code === 'OUT_OF_STOCK' || code === 'NOT_FOUND')
      return inWords(Promise.reject(error))
    }
    cart.clear()
    this.#s.find(OrdersManager).reload()
    this.#s.find(NoticeManager).tell({ text: 'Thank you! Your order is placed.' })
  }
}

interface ShipTo {
  readonly name: string
  readonly street: string
  readonly postcode: string
  readonly city: string
  readonly country: string
}

export const checkoutPage = page({
  route: checkoutRoute,
  title: 'Order · Bookstore',
  controller: CheckoutController,
  bindings: (s) => {
    s.lazyPut(CartController, (s) => new CartController(s))
    s.lazyPut(CheckoutController, (s) => new CheckoutController(s))
  },
  view: ({ c, scope, navigate }) => {
    const isEmpty = computed(
      () => c.cart.cart.lines.value.length === 0 && c.placed.value === undefined,
    )
    return (
      <Layout class="checkout-page">
        <nav class="crumbs" aria-label="Where you are">
          <a href={cartRoute.href()}>Your cart</a>
        </nav>
        <h1>Order</h1>
        <Show when={() => !isEmpty.value} fallback={() => <NothingToOrder />}>
          {() => (
            <div class="with-aside">
              <section aria-label="Where it goes">
                <SignedIn
                  scope={scope}
                  why="Sign in, so that you can follow your order. Your cart stays as it is."
                >
                  {() => (
                    <Address
                      c={c}
                      done={() =>
                        navigate(orderRoute.href({ id: c.placed.peek() ?? '' }), { replace: true })
                      }
                    />
                  )}
                </SignedIn>
              </section>
              <Summary c={c} />
            </div>
          )}
        </Show>
      </Layout>
    )
  },
})

function Address({
  c,
  done,
}: {
  readonly c: CheckoutController
  readonly done: () => unknown
}): Child {
  return (
    <Loaded of={c.begin()} what="the form">
      {(begun) => {
        const { entity, shipTo } = begun.peek()
        const form = createForm({
          entity,
          initial: { shipTo },
          omit: ['status', 'total', 'note', 'customer'],
          labels: { shipTo: 'Where it goes' },
          submit: (values, signal) => c.place(values, signal),
        })
        return (
          <FormView
            form={form}
            class="card"
            submitLabel="Place the order"
            autocomplete={addressTokens}
            onSubmitted={done}
          />
        )
      }}
    </Loaded>
  )
}

function Summary({ c }: { readonly c: CheckoutController }): Child {
  return (
    <aside class="card sum" aria-label="What you order">
      <h2>What you order</h2>
      <ul class="summary-lines">
        <For each={c.cart.cart.lines} key={(line) => line.id}>
          {(line) => (
            <li>
              <span>{() => `${line.value.quantity} × ${line.value.title}`}</span>
              <span>
                {() => {
                  const { id, quantity } = line.value
                  return priceText(
                    totalOf([{ price: c.cart.now(id)?.price ?? line.value.price, quantity }]),
                  )
                }}
              </span>
              <span class="problem" role="status">
                {() => c.cart.problemOf(line.value)}
              </span>
            </li>
          )}
        </For>
      </ul>
      <p class="sum-line">
        <span>Total</span>
        <span class="price">{() => priceText(totalOf(c.cart.priced.value))}</span>
      </p>
      <Show when={() => c.clash.value || c.cart.hasProblem.value}>
        {() => (
          <p class="problem">
            Somebody was faster. <a href={cartRoute.href()}>Change your cart</a>, then order the
            rest.
          </p>
        )}
      </Show>
    </aside>
  )
}

function NothingToOrder(): Child {
  return (
    <Empty title="There is nothing to order">
      <a class="button" href={homeRoute.href()}>
        Look at the books
      </a>
    </Empty>
  )
}
