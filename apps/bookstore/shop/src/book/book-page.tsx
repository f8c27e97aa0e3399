/** @jsxImportSource @typestead/screens */
/** One book: what it is about, what it costs, how many are there this moment, and what readers think. */
import { page, type Readable } from '@typestead/screens'
import { type Child, For, Show } from '@typestead/screens/dom'
import type { BookDetails } from '../api/answers.ts'
import { AddToCart } from '../catalogue/add-to-cart.tsx'
import { BookCard } from '../catalogue/book-card.tsx'
import { Cover } from '../cover/cover.tsx'
import { Empty, Layout } from '../frame/layout.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { countText, dayText, priceText, stockClass, stockText } from '../frame/text.ts'
import type { KnownBook } from '../managers/books-manager.ts'
import { bookRoute, editBookRoute, genreNames, homeRoute, languageNames } from '../routes.ts'
import { BookController } from './book-controller.ts'
import { Reviews } from './reviews.tsx'

export const bookPage = page({
  route: bookRoute,
  title: ({ c, params }) => `${titleOf(c, params.id)} · Bookstore`,
  controller: BookController,
  bindings: (s, { params }) => s.lazyPut(BookController, (s) => new BookController(s, params.id)),
  view: ({ c, params }) => (
    <Layout class="book-page">
      <Loaded of={c.details} what="the book">
        {(details) => (
          <Show when={() => details.value !== null} fallback={() => <NoBook />}>
            {() => (
              <Whole
                c={c}
                id={params.id}
                details={details as Readable<BookDetails> /* it is not null here */}
              />
            )}
          </Show>
        )}
      </Loaded>
    </Layout>
  ),
})

interface WholeProps {
  readonly c: BookController
  readonly id: string
  readonly details: Readable<BookDetails>
}

function Whole({ c, id, details }: WholeProps): Child {
  const book = c.books.find(id)
  if (book === undefined) throw new TypeError('a book that was read was not kept')
  const { title, genre, author } = book.peek()
  return (
    <>
      <nav class="crumbs" aria-label="Where you are">
        <a href={homeRoute.href()}>Books</a>
        <span aria-hidden="true">/</span>
        <a href={homeRoute.href({}, { genre })}>{genreNames[genre]}</a>
      </nav>
      <article class="book">
        <Cover title={title} genre={genre} author={author.name} />
        <div class="book-words">
          <h1>{() => book.value.title}</h1>
          <p class="subtitle">{() => details.value.subtitle}</p>
          <p class="by">
            by <a href={homeRoute.href({}, { q: author.name })}>{() => book.value.author.name}</a>
          </p>
          <RatingLine details={details} />
          <p class="description">{() => details.value.description}</p>
          <Buy c={c} book={book} />
          <Facts book={book} details={details} />
          <Show when={c.account.isAdmin}>
            {() => (
              <a class="button quiet" href={editBookRoute.href({ id })}>
                Edit this book
              </a>
            )}
          </Show>
        </div>
      </article>
      <Reviews c={c} details={details} />
      <MoreBy c={c} id={id} details={details} />
    </>
  )
}

function Buy({
  c,
  book,
}: {
  readonly c: BookController
  readonly book: Readable<KnownBook>
}): Child {
  return (
    <div class="buy">
      <p class="price">{() => priceText(book.value.price)}</p>
      <p class={() => stockClass(book.value.gone ? 0 : book.value.stock)}>
        {() => (book.value.gone ? 'No longer sold' : stockText(book.value.stock))}
      </p>
      <AddToCart book={book} cart={c.cart} notices={c.notices} class="button primary" />
    </div>
  )
}

function Facts({
  book,
  details,
}: {
  readonly book: Readable<KnownBook>
  readonly details: Readable<BookDetails>
}): Child {
  const fact = (name: string, value: () => string) => (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
  return (
    <dl class="facts">
      {fact('Published', () => dayText(book.value.publishedOn))}
      {fact('Language', () => languageNames[book.value.language])}
      {fact('Pages', () => String(details.value.pages))}
      {fact('ISBN', () => details.value.isbn)}
    </dl>
  )
}

function RatingLine({ details }: { readonly details: Readable<BookDetails> }): Child {
  return (
    <p class="rating-line">
      <a href="#reviews">
        {() => {
          const { ratings } = details.value
          if (ratings.length === 0) return 'No reviews yet'
          const mean = ratings.reduce((sum, { rating }) => sum + rating, 0) / ratings.length
          return `${mean.toFixed(1)} of 5 stars, ${countText(ratings.length, 'review', 'reviews')}`
        }}
      </a>
    </p>
  )
}

function MoreBy({ c, id, details }: WholeProps): Child {
  const others = () => details.value.author.books.filter((book) => book.id !== id).slice(0, 6)
  return (
    <Show when={() => others().length > 0}>
      {() => (
        <section class="more-by">
          <h2>{() => `More by ${details.value.author.name}`}</h2>
          <ul class="books row">
            <For each={others} key={(book) => book.id}>
              {(other) => {
                const book = c.books.find(other.peek().id)
                if (book === undefined) throw new TypeError('a book that was read was not kept')
                return <BookCard book={book} cart={c.cart} notices={c.notices} heading="h3" />
              }}
            </For>
          </ul>
        </section>
      )}
    </Show>
  )
}

function NoBook(): Child {
  return (
    <>
      <h1>There is no such book</h1>
      <Empty title="It may have been taken out of the catalogue.">
        <a class="button" href={homeRoute.href()}>
          All books
        </a>
      </Empty>
    </>
  )
}

function titleOf(c: BookController, id: string): string {
  return (
    c.books.find(id)?.value.title ?? (c.details.value.value === null ? 'No such book' : 'A book')
  )
}
