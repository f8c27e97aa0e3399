/** @jsxImportSource @typestead/screens */
/** The head of every page: the shop's name, the search, the way to the cart and the account, and whether the shop answers. */
import { cell, debounce, ever, reaction } from '@typestead/screens'
import { type App, bind, type Child, Show } from '@typestead/screens/dom'
import { AppStateManager } from '@typestead/screens/managers'
import { AccountManager } from '../managers/account-manager.ts'
import { CartManager } from '../managers/cart-manager.ts'
import { ServerManager } from '../managers/server-manager.ts'
import { accountRoute, cartRoute, homeRoute, manageBooksRoute } from '../routes.ts'
import { Icon } from './icons.tsx'
import { countText } from './text.ts'

export function Bar({ app }: { readonly app: App }): Child {
  const cart = app.scope.find(CartManager)
  const account = app.scope.find(AccountManager)
  const here = (path: string) => () => (app.address.value.pathname === path ? 'page' : null)
  return (
    <>
      <div class="bar-inner">
        <a class="brand" href={homeRoute.href()} aria-label="Bookstore, all books">
          <Icon name="shelf" />
          <span>Bookstore</span>
        </a>
        <Search app={app} />
        <nav class="bar-links" aria-label="Shop">
          <Show when={account.isAdmin}>
            {() => (
              <a href={manageBooksRoute.href()} aria-current={here('/manage/books')}>
                <Icon name="shelf" />
                <span>Manage</span>
              </a>
            )}
          </Show>
          <a href={accountRoute.href()} aria-current={here('/account')}>
            <Icon name="account" />
            <span>{() => account.user.value?.firstName ?? 'Sign in'}</span>
          </a>
          <a href={cartRoute.href()} aria-current={here('/cart')}>
            <Icon name="cart" />
            <span>Cart</span>
            <span class="badge" aria-hidden="true" hidden={() => cart.copies.value === 0}>
              {cart.copies}
            </span>
            <span class="visually-hidden">
              {() => countText(cart.copies.value, 'book', 'books')}
            </span>
          </a>
        </nav>
      </div>
      <Outage app={app} />
    </>
  )
}

/** Typing looks things up in the catalogue at once; from other pages, Enter leads there. */
function Search({ app }: { readonly app: App }): Child {
  const asked = () => homeRoute.match(app.address.value)?.query
  const text = cell(asked()?.q ?? '')
  reaction(() => {
    const query = asked()
    // What is being typed is ahead of the address.
    if (query !== undefined && query.q !== text.peek().trim()) text.set(query.q)
  })
  const look = (replace: boolean) => {
    const query = homeRoute.match(app.address.peek())?.query
    return app.navigate(homeRoute.href({}, { ...query, q: text.peek().trim() }), { replace })
  }
  const isHome = () => app.address.peek().pathname === homeRoute.href()
  ever(debounce(text, 250), (typed) => {
    const query = homeRoute.match(app.address.peek())?.query
    // Who has gone on to another page meanwhile is not called back.
    if (isHome() && !app.opening.peek() && query?.q !== typed.trim()) void look(true)
  })
  return (
    <form
      class="search"
      aria-label="Search the books"
      onSubmit={(event) => {
        event.preventDefault()
        return look(isHome())
      }}
    >
      <Icon name="search" />
      <input
        type="search"
        name="q"
        aria-label="Search for a title, an author or an ISBN"
        placeholder="Title, author or ISBN"
        autocomplete="off"
        enterkeyhint="search"
        maxlength={100}
        {...bind.value(text)}
      />
    </form>
  )
}

/** Always there, so that its words are heard when they come. */
function Outage({ app }: { readonly app: App }): Child {
  const server = app.scope.find(ServerManager)
  const state = app.scope.find(AppStateManager)
  const words = () => {
    if (!state.online.value)
      return 'You are offline. Your cart is kept; the books come back with the network.'
    if (!server.reachable.value) return 'The shop does not answer just now. We keep trying…'
    return ''
  }
  return (
    <p class="outage" role="status" data-shown={() => (words() === '' ? null : 'yes')}>
      {words}
    </p>
  )
}
