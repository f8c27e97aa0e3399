/** @jsxImportSource @typestead/screens */
/** The pages of the shop; what few visitors open is loaded when they do. */
import { lazyPage, type Page, type PageFailure, ScreensError } from '@typestead/screens'
import type { Child } from '@typestead/screens/dom'
import { failureText } from './api/failure.ts'
import { bookPage } from './book/book-page.tsx'
import { cartPage } from './cart/cart-page.tsx'
import { cataloguePage } from './catalogue/catalogue-page.tsx'
import { Layout } from './frame/layout.tsx'
import {
  accountRoute,
  checkoutRoute,
  editBookRoute,
  helpRoute,
  homeRoute,
  manageBooksRoute,
  manageOrderRoute,
  manageOrdersRoute,
  newBookRoute,
  orderRoute,
} from './routes.ts'

export const pages: readonly Page<Child>[] = [
  cataloguePage,
  bookPage,
  cartPage,
  lazyPage(checkoutRoute, () => import('./cart/checkout-page.tsx').then((m) => m.checkoutPage)),
  lazyPage(helpRoute, () => import('./help/help-page.tsx').then((m) => m.helpPage)),
  lazyPage(accountRoute, () => import('./account/account-page.tsx').then((m) => m.accountPage)),
  lazyPage(orderRoute, () => import('./account/order-page.tsx').then((m) => m.orderPage)),
  lazyPage(manageBooksRoute, () =>
    import('./manage/books-page.tsx').then((m) => m.manageBooksPage),
  ),
  lazyPage(newBookRoute, () => import('./manage/book-form-page.tsx').then((m) => m.newBookPage)),
  lazyPage(editBookRoute, () => import('./manage/book-form-page.tsx').then((m) => m.editBookPage)),
  lazyPage(manageOrdersRoute, () =>
    import('./manage/orders-page.tsx').then((m) => m.manageOrdersPage),
  ),
  lazyPage(manageOrderRoute, () =>
    import('./manage/order-form-page.tsx').then((m) => m.manageOrderPage),
  ),
]

/** Where a page can't be opened, and where there is none. */
export function failureView({ error, retry }: PageFailure): Child {
  const missing = error instanceof ScreensError && error.code === 'PAGE_NOT_FOUND'
  return (
    <Layout class="narrow">
      <h1>{missing ? 'There is no such page' : 'This page could not be opened'}</h1>
      {missing ? undefined : <p role="alert">{failureText(error)}</p>}
      <p class="actions">
        {missing ? undefined : (
          <button type="button" class="button" onClick={retry}>
            Try again
          </button>
        )}
        <a class="button quiet" href={homeRoute.href()}>
          All books
        </a>
      </p>
    </Layout>
  )
}
