/** @jsxImportSource @typestead/screens */
/** The parts of the shop that those who run it change. */
import type { Child } from '@typestead/screens/dom'
import { manageBooksRoute, manageOrdersRoute } from '../routes.ts'

export function ManageTabs({ at }: { readonly at: 'books' | 'orders' }): Child {
  return (
    <nav class="tabs" aria-label="What to manage">
      <a href={manageBooksRoute.href()} aria-current={at === 'books' ? 'page' : null}>
        Books
      </a>
      <a href={manageOrdersRoute.href()} aria-current={at === 'orders' ? 'page' : null}>
        Orders
      </a>
    </nav>
  )
}
