/** @jsxImportSource @typestead/screens */
/** What every page stands in, and what it shows while it has nothing to show. */
import type { Child } from '@typestead/screens/dom'
import { helpRoute, homeRoute } from '../routes.ts'

export function Layout({
  children,
  class: name,
}: {
  readonly children: Child
  readonly class: string
}): Child {
  return (
    <>
      <main id="main" class={name}>
        {children}
      </main>
      <footer class="foot">
        <p>
          <strong>Bookstore</strong> is the example shop of Typestead: its books, reviews and
          readers are invented, and nothing is ever sent or charged.
        </p>
        <nav aria-label="About">
          <a href={homeRoute.href()}>All books</a>
          <a href={helpRoute.href()}>Help</a>
          <a href="/api/graphiql" rel="external">
            The shop’s API
          </a>
        </nav>
      </footer>
    </>
  )
}

export function Loading({ what }: { readonly what: string }): Child {
  return (
    <p class="state loading" role="status">
      {`Loading ${what}…`}
    </p>
  )
}

/** What went wrong, and that it is tried again. */
export function Failed({
  text,
  retry,
}: {
  readonly text: () => string
  readonly retry: () => void
}): Child {
  return (
    <div class="state failed" role="alert">
      <p class="state-title">{text}</p>
      <p>We keep trying; nothing of yours is lost.</p>
      <button type="button" class="button" onClick={retry}>
        Try again now
      </button>
    </div>
  )
}

export function Empty({
  title,
  children,
}: {
  readonly title: string
  readonly children?: Child
}): Child {
  return (
    <div class="state empty">
      <p class="state-title">{title}</p>
      {children}
    </div>
  )
}
