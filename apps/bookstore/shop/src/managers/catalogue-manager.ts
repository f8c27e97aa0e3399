/**
 * The list of the catalogue: what the address asks for, page after page by keyset. It stays as it is while other pages are
 * open, so that going back finds it where it was left.
 */
import { cell, computed, flush, Manager, reaction } from '@typestead/screens'
import { type Book, booksDocument, type Genre, type Language } from '../api/answers.ts'
import { failureText } from '../api/failure.ts'
import type { BooksManager } from './books-manager.ts'
import type { ServerManager } from './server-manager.ts'

export interface CatalogueFilters {
  readonly q: string
  readonly genre: Genre | undefined
  readonly language: Language | undefined
  /** At most so many euros. */
  readonly upTo: number | undefined
  readonly inStock: boolean
  readonly sort: Sort
}

export type Sort = 'favourites' | 'newest' | 'title' | 'cheapest' | 'dearest'

const pageSize = 24

interface Listed {
  readonly ids: readonly string[]
  readonly total: number
  readonly end: string | null
  readonly more: boolean
}

export class CatalogueManager extends Manager {
  readonly #server: ServerManager
  readonly #books: BooksManager
  readonly #filters = cell<CatalogueFilters | undefined>(undefined, { equals: sameFilters })
  readonly #listed = cell<Listed | undefined>(undefined)
  readonly #loading = cell<'no' | 'first' | 'more'>('no')
  readonly #failure = cell<string | undefined>(undefined)
  readonly #tries = cell(0)
  #asking = new AbortController()

  /** Undefined until the first answer; while others are asked for, those before stay. */
  readonly ids = computed(() => this.#listed.value?.ids)
  readonly total = computed(() => this.#listed.value?.total)
  readonly hasMore = computed(() => this.#listed.value?.more ?? false)
  readonly loading = this.#loading.readonly()
  readonly failure = this.#failure.readonly()

  constructor(server: ServerManager, books: BooksManager) {
    super()
    this.#server = server
    this.#books = books
  }

  protected override onInit(): void {
    reaction(() => {
      this.#tries.value
      const filters = this.#filters.value
      if (filters !== undefined) void this.#load(filters)
    })
    reaction(() => {
      if (this.#server.returns.value > 0 && this.#failure.peek() !== undefined) this.retry()
    })
  }

  /** Shows what the filters ask for; the same ones again are no work. */
  show(filters: CatalogueFilters): void {
    this.#filters.set(filters)
  }

  retry(): void {
    if (this.#listed.peek() !== undefined && this.hasMore.peek()) void this.more()
    else this.#tries.update((count) => count + 1)
  }

  /** The next page, at the end of those that are there. */
  async more(): Promise<void> {
    const listed = this.#listed.peek()
    const filters = this.#filters.peek()
    if (listed === undefined || filters === undefined || this.#loading.peek() !== 'no') return
    await this.#ask('more', filters, listed.end, ({ ids, ...rest }) => ({
      ...rest,
      // A book that moved in the order since may come twice.
      ids: [...new Set([...listed.ids, ...ids])],
    }))
  }

  #load(filters: CatalogueFilters): Promise<void> {
    return this.#ask('first', filters, null, (listed) => listed)
  }

  async #ask(
    what: 'first' | 'more',
    filters: CatalogueFilters,
    after: string | null,
    take: (listed: Listed) => Listed,
  ): Promise<void> {
    this.#asking.abort()
    const mine = new AbortController()
    this.#asking = mine
    this.#loading.set(what)
    const variables = {
      where: whereOf(filters),
      orderBy: [orders[filters.sort]],
      first: pageSize,
      after,
    }
    try {
      const signal = AbortSignal.any([mine.signal, this.signal])
      const { books } = await this.#server.client.request(booksDocument, variables, { signal })
      if (mine.signal.aborted) return
      this.#books.keep(books.nodes)
      const { hasNextPage: more, endCursor: end } = books.pageInfo
      this.#listed.set(take({ ids: books.nodes.map(idOf), total: books.totalCount, end, more }))
      this.#failure.set(undefined)
    } catch (error) {
      if (mine.signal.aborted) return
      this.#failure.set(failureText(error))
      // What another question was answered with is no answer to this one.
      if (what === 'first') this.#listed.set(undefined)
    }
    this.#loading.set('no')
    flush()
  }
}

const orders = {
  // The house put its favourites in first.
  favourites: { createdAt: 'ASC' },
  newest: { publishedOn: 'DESC' },
  title: { title: 'ASC' },
  cheapest: { price: 'ASC' },
  dearest: { price: 'DESC' },
} as const

function whereOf({ q, genre, language, upTo, inStock }: CatalogueFilters) {
  const words = q.trim()
  const text = { contains: words, ignoreCase: true }
  return {
    ...(words === ''
      ? {}
      : {
          or: [
            { title: text },
            { subtitle: text },
            { author: { name: text } },
            { isbn: { eq: words } },
          ],
        }),
    ...(genre === undefined ? {} : { genre: { eq: genre } }),
    ...(language === undefined ? {} : { language: { eq: language } }),
    ...(upTo === undefined ? {} : { price: { lte: String(upTo) } }),
    ...(inStock ? { stock: { gt: 0 } } : {}),
  }
}

function sameFilters(a: CatalogueFilters | undefined, b: CatalogueFilters | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function idOf({ id }: Book): string {
  return id
}
