/** @jsxImportSource @typestead/screens */
/** The catalogue: what the address asks for, with live stock. */
import {
  PageController,
  page,
  type QueryValues,
  type Readable,
  reaction,
  type Scope,
} from '@typestead/screens'
import { type Child, For, Show } from '@typestead/screens/dom'
import { Cover } from '../cover/cover.tsx'
import { Empty, Failed, Layout } from '../frame/layout.tsx'
import { countText } from '../frame/text.ts'
import { BooksManager } from '../managers/books-manager.ts'
import { CartManager } from '../managers/cart-manager.ts'
import { CatalogueManager } from '../managers/catalogue-manager.ts'
import { NoticeManager } from '../managers/notice-manager.ts'
import { filtersOf, genreNames, homeRoute } from '../routes.ts'
import { BookCard } from './book-card.tsx'
import { Filters, Genres } from './filters.tsx'

class CatalogueController extends PageController {
  readonly catalogue: CatalogueManager
  readonly books: BooksManager
  readonly cart: CartManager
  readonly notices: NoticeManager
  readonly #query: Readable<HomeQuery>

  constructor(s: Scope, query: Readable<HomeQuery>) {
    super()
    this.#query = query
    this.catalogue = s.find(CatalogueManager)
    this.books = s.find(BooksManager)
    this.cart = s.find(CartManager)
    this.notices = s.find(NoticeManager)
  }

  protected override onInit(): void {
    reaction(() => this.catalogue.show(filtersOf(this.#query.value)))
  }
}

export const cataloguePage = page({
  route: homeRoute,
  title: ({ query }) => `${headingOf(query.value)} · Bookstore`,
  controller: CatalogueController,
  bindings: (s, _, { query }) =>
    s.lazyPut(CatalogueController, (s) => new CatalogueController(s, query)),
  view: ({ c, query, setQuery }) => {
    return (
      <Layout class="catalogue">
        <div class="hero" data-plain={() => (isNarrowed(query.value) ? 'yes' : null)}>
          <div class="hero-words">
            <h1>{() => headingOf(query.value)}</h1>
            <p>Three thousand titles, honest reviews, and a stock you can watch change.</p>
          </div>
          <div class="hero-covers">
            <Cover title="Emma" genre="romance" author="Jane Austen" />
            <Cover title="The Time Machine" genre="science_fiction" author="H. G. Wells" />
            <Cover title="Around the World" genre="travel" author="Jules Verne" />
          </div>
        </div>
        <Genres query={query} />
        <div class="catalogue-tools">
          <p role="status">{() => countOf(c.catalogue)}</p>
          <Filters query={query} setQuery={setQuery} />
        </div>
        <Show when={c.catalogue.ids} fallback={() => <First catalogue={c.catalogue} />}>
          {(ids) => (
            <>
              <ul
                class="books"
                aria-busy={() => (c.catalogue.loading.value === 'first' ? 'true' : null)}
              >
                <For each={ids} key={(id) => id}>
                  {(id) => <Row c={c} id={id.peek()} />}
                </For>
              </ul>
              <Show when={() => ids().length === 0}>
                {() => <Nothing q={() => query.value.q} />}
              </Show>
              <More catalogue={c.catalogue} />
            </>
          )}
        </Show>
      </Layout>
    )
  },
})

function Row({ c, id }: { readonly c: CatalogueController; readonly id: string }): Child {
  const book = c.books.find(id)
  if (book === undefined) throw new TypeError('a book that is listed was not kept')
  return <BookCard book={book} cart={c.cart} notices={c.notices} />
}

/** Before there is a list. */
function First({ catalogue }: { readonly catalogue: CatalogueManager }): Child {
  const { failure } = catalogue
  return (
    <Show
      when={failure}
      fallback={() => (
        <ul class="books skeletons" aria-hidden="true">
          {Array.from({ length: 12 }, () => (
            <li class="book-card">
              <div class="cover skeleton" />
              <div class="skeleton skeleton-line" />
              <div class="skeleton skeleton-line short" />
            </li>
          ))}
        </ul>
      )}
    >
      {(text) => <Failed text={text} retry={() => catalogue.retry()} />}
    </Show>
  )
}

function More({ catalogue }: { readonly catalogue: CatalogueManager }): Child {
  const { hasMore, loading, failure } = catalogue
  return (
    <Show when={hasMore}>
      {() => (
        <div class="more">
          <p role="alert">{failure}</p>
          <button type="button" class="button quiet" onClick={() => catalogue.more()}>
            {() => (loading.value === 'more' ? 'Loading…' : 'Show more books')}
          </button>
        </div>
      )}
    </Show>
  )
}

function Nothing({ q }: { readonly q: () => string }): Child {
  return (
    <Empty title="No book is like that">
      <p>
        {() =>
          q() === ''
            ? 'Try fewer filters.'
            : `Nothing matches “${q()}”. Try another spelling, or fewer filters.`
        }
      </p>
      <a class="button" href={homeRoute.href()}>
        Show all books
      </a>
    </Empty>
  )
}

function countOf({ ids, total, loading, failure }: CatalogueManager): string {
  const shown = ids.value?.length
  if (failure.value !== undefined && shown === undefined) return ''
  if (shown === undefined || loading.value === 'first') return 'Looking through the shelves…'
  const all = countText(total.value ?? 0, 'book', 'books')
  return shown < (total.value ?? 0) ? `${all}, ${shown} shown` : all
}

type HomeQuery = QueryValues<typeof homeRoute.query>

function headingOf({ q, genre }: HomeQuery): string {
  if (q.trim() !== '') return `Results for “${q.trim()}”`
  return genre === undefined ? 'Books for every shelf' : genreNames[genre]
}

function isNarrowed({ q, genre }: HomeQuery): boolean {
  return q.trim() !== '' || genre !== undefined
}
