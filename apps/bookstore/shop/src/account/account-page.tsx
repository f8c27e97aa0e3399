/** @jsxImportSource @typestead/screens */
/** Who is signed in, and their orders with live states; who is not, signs in here. */
import { cell, page, type Readable, type Scope } from '@typestead/screens'
import { type Child, For, Show } from '@typestead/screens/dom'
import type { Order } from '../api/answers.ts'
import { failureText } from '../api/failure.ts'
import { focusHeading } from '../frame/focus.ts'
import { Empty, Layout } from '../frame/layout.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { countText, dayText, priceText, statusNames } from '../frame/text.ts'
import { AccountManager } from '../managers/account-manager.ts'
import { OrdersManager } from '../managers/orders-manager.ts'
import { accountRoute, homeRoute, orderRoute } from '../routes.ts'
import { Profile } from './profile.tsx'
import { SignIn } from './sign-in.tsx'

export const accountPage = page({
  route: accountRoute,
  title: 'Your account · Bookstore',
  view: ({ scope, query, navigate }) => {
    const account = scope.find(AccountManager)
    const go = () => {
      const { next } = query.peek()
      // Only addresses of the shop itself.
      const at = next === undefined ? undefined : URL.parse(next, location.origin)
      if (at?.origin === location.origin)
        return navigate(at.pathname + at.search, { replace: true })
      return focusHeading()
    }
    return (
      <Layout class="account-page">
        <Show
          when={() => account.user.value?.id}
          fallback={() => (
            <div class="narrow">
              <h1>Sign in</h1>
              <p class="soft">To order, to see your orders, and to write reviews.</p>
              <SignIn scope={scope} done={go} />
            </div>
          )}
        >
          {() => <Account scope={scope} />}
        </Show>
      </Layout>
    )
  },
})

function Account({ scope }: { readonly scope: Scope }): Child {
  const account = scope.find(AccountManager)
  const failure = cell('')
  const leave = async () => {
    failure.set('')
    try {
      await account.signOut()
      focusHeading()
    } catch (error) {
      failure.set(failureText(error))
    }
  }
  return (
    <>
      <h1>{() => `Hello, ${account.user.value?.firstName ?? ''}`}</h1>
      <div class="with-aside">
        <section aria-labelledby="orders-title">
          <h2 id="orders-title">Your orders</h2>
          <Orders orders={scope.find(OrdersManager)} />
        </section>
        <aside class="card" aria-label="About you">
          <p class="who">
            {() =>
              [account.user.value?.firstName, account.user.value?.lastName]
                .filter(Boolean)
                .join(' ')
            }
          </p>
          <p class="soft">{() => account.user.value?.email}</p>
          <Profile scope={scope} />
          <button type="button" class="button plain" onClick={leave}>
            Sign out
          </button>
          <p role="alert">{failure}</p>
        </aside>
      </div>
    </>
  )
}

function Orders({ orders }: { readonly orders: OrdersManager }): Child {
  return (
    <Loaded of={orders.orders} what="your orders">
      {(list) => (
        <>
          <Show when={() => list.value.length === 0}>{() => <NoOrders />}</Show>
          <ul class="order-list">
            <For each={list} key={(order) => order.id}>
              {(order) => <OneOrder order={order} orders={orders} />}
            </For>
          </ul>
        </>
      )}
    </Loaded>
  )
}

function OneOrder({
  order,
  orders,
}: {
  readonly order: Readable<Order>
  readonly orders: OrdersManager
}): Child {
  const status = () => orders.statusOf(order.value)
  const titles = () => order.value.lines.map(({ book }) => book.title).join(', ')
  const copies = () => order.value.lines.reduce((sum, { quantity }) => sum + quantity, 0)
  return (
    <li class="order-card">
      <h3>
        <a href={orderRoute.href({ id: order.peek().id })}>
          {() => `Order of ${dayText(order.value.placedAt)}`}
        </a>
      </h3>
      <p class="order-titles">{titles}</p>
      <p class="soft">
        {() => `${countText(copies(), 'book', 'books')}, ${priceText(order.value.total)}`}
      </p>
      <p class={() => `status status-${status()}`}>{() => statusNames[status()]}</p>
    </li>
  )
}

function NoOrders(): Child {
  return (
    <Empty title="You have not ordered yet">
      <a class="button" href={homeRoute.href()}>
        Look at the books
      </a>
    </Empty>
  )
}
