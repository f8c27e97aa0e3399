/** @jsxImportSource @typestead/screens */
/** One order: what is in it, where it goes, how far it has come, as it happens. */
import { cell, computed, page, type Readable, type Scope } from '@typestead/screens'
import { type Child, Show } from '@typestead/screens/dom'
import type { Order, OrderStatus } from '../api/answers.ts'
import { failureText } from '../api/failure.ts'
import { Cover } from '../cover/cover.tsx'
import { Icon } from '../frame/icons.tsx'
import { Empty, Layout, Loading } from '../frame/layout.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { dayText, priceText, statusNames, totalOf } from '../frame/text.ts'
import { NoticeManager } from '../managers/notice-manager.ts'
import { OrdersManager } from '../managers/orders-manager.ts'
import { accountRoute, bookRoute, orderRoute } from '../routes.ts'
import { SignedIn } from './signed-in.tsx'

export const orderPage = page({
  route: orderRoute,
  title: 'Your order · Bookstore',
  view: ({ scope, params }) => (
    <Layout class="order-page">
      <nav class="crumbs" aria-label="Where you are">
        <a href={accountRoute.href()}>Your orders</a>
      </nav>
      <h1>Your order</h1>
      <SignedIn scope={scope} why="Sign in to see your order.">
        {() => {
          const { orders } = scope.find(OrdersManager)
          const order = computed(() => orders.value.value?.find(({ id }) => id === params.id))
          return (
            <Loaded of={orders} what="your order">
              {() => (
                <Show when={order} fallback={() => <NoOrder orders={orders} />}>
                  {() => (
                    <Whole scope={scope} order={order as Readable<Order> /* Show has looked */} />
                  )}
                </Show>
              )}
            </Loaded>
          )
        }}
      </SignedIn>
    </Layout>
  ),
})

/** A new one is not in the list before that was read again. */
function NoOrder({ orders }: { readonly orders: OrdersManager['orders'] }): Child {
  return (
    <Show when={orders.loading} fallback={() => <Empty title="You have no such order" />}>
      {() => <Loading what="your order" />}
    </Show>
  )
}

function Whole({
  scope,
  order,
}: {
  readonly scope: Scope
  readonly order: Readable<Order>
}): Child {
  const orders = scope.find(OrdersManager)
  const status = () => orders.statusOf(order.value)
  const { shipTo, lines, total, placedAt } = order.peek()
  return (
    <>
      <p class="soft">{`Placed on ${dayText(placedAt)}`}</p>
      <Steps status={status} />
      <div class="with-aside">
        <ul class="cart-lines">
          {lines.map(({ book, quantity, unitPrice }) => (
            <li class="cart-line">
              <Cover title={book.title} genre={book.genre} author={book.author.name} />
              <div class="cart-line-words">
                <h2>
                  <a href={bookRoute.href({ id: book.id })}>{book.title}</a>
                </h2>
                <p class="by">{book.author.name}</p>
                <p class="soft">{`${quantity} × ${priceText(unitPrice)}`}</p>
              </div>
              <p class="cart-line-sum">{priceText(totalOf([{ price: unitPrice, quantity }]))}</p>
            </li>
          ))}
        </ul>
        <aside class="card" aria-label="Sum and address">
          <p class="sum-line">
            <span>Total</span>
            <span class="price">{priceText(total)}</span>
          </p>
          <address>
            {[shipTo.name, shipTo.street, `${shipTo.postcode} ${shipTo.city}`, shipTo.country].map(
              (line) => (
                <span>{line}</span>
              ),
            )}
          </address>
          <Cancel scope={scope} order={order} status={status} />
        </aside>
      </div>
    </>
  )
}

const steps: readonly OrderStatus[] = ['placed', 'paid', 'shipped', 'delivered']

function Steps({ status }: { readonly status: () => OrderStatus }): Child {
  const reached = () => steps.indexOf(status())
  return (
    <>
      <p class="visually-hidden" role="status">
        {() => `This order is now: ${statusNames[status()]}`}
      </p>
      <Show
        when={() => status() !== 'cancelled'}
        fallback={() => <p class="status status-cancelled">Cancelled</p>}
      >
        {() => (
          <ol class="steps">
            {steps.map((step, at) => (
              <li
                class={() => (at <= reached() ? 'done' : '')}
                aria-current={() => (at === reached() ? 'step' : null)}
              >
                <Icon name="check" />
                {statusNames[step]}
              </li>
            ))}
          </ol>
        )}
      </Show>
    </>
  )
}

interface CancelProps {
  readonly scope: Scope
  readonly order: Readable<Order>
  readonly status: () => OrderStatus
}

/** Asks once more before it does it. */
function Cancel({ scope, order, status }: CancelProps): Child {
  const failure = cell('')
  const mayCancel = computed(() => status() === 'placed' || status() === 'paid')
  let dialog: HTMLDialogElement | undefined
  const cancel = async () => {
    dialog?.close()
    failure.set('')
    try {
      await scope.find(OrdersManager).cancel(order.peek().id)
      scope.find(NoticeManager).tell({ text: 'Your order is cancelled.' })
    } catch (error) {
      failure.set(failureText(error))
    }
  }
  return (
    <>
      <Show when={mayCancel}>
        {() => (
          <button type="button" class="button plain" onClick={() => dialog?.showModal()}>
            Cancel this order
          </button>
        )}
      </Show>
      <p role="alert">{failure}</p>
      <dialog
        aria-labelledby="cancel-title"
        ref={(made) => {
          dialog = made
        }}
      >
        <h2 id="cancel-title">Cancel this order?</h2>
        <p>The books go back on the shelf for others.</p>
        <div class="actions">
          <button type="button" class="button primary" onClick={cancel}>
            Cancel the order
          </button>
          <button type="button" class="button quiet" onClick={() => dialog?.close()}>
            Keep it
          </button>
        </div>
      </dialog>
    </>
  )
}
