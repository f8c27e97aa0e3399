/**
 * Every book that some page shows, once, as it is now: a change that the server tells of is written here, and only the
 * text that shows it changes. Guarantee: what happened while the connection was cut, or before it was there, is made up for.
 */
import { type Cell, cell, flush, Manager, type Readable, reaction } from '@typestead/screens'
import type { AppStateManager } from '@typestead/screens/managers'
import { type Book, bookChangedDocument, knownBooksDocument } from '../api/answers.ts'
import { follow } from './follow.ts'
import type { ServerManager } from './server-manager.ts'

/** A book, or that it is sold no more. */
export type KnownBook = Book & { readonly gone?: true }

/** How many are asked for at once. */
const batch = 200

export class BooksManager extends Manager {
  readonly #server: ServerManager
  readonly #appState: AppStateManager
  readonly #known = new Map<string, Cell<KnownBook>>()
  readonly #missing = cell<ReadonlySet<string>>(new Set())
  readonly #loads = cell(0)
  #cursor: string | undefined

  /** Counts the answers: what looks for a book that may not be known yet reads this. */
  readonly loads = this.#loads.readonly()
  /** Ids that were asked for and that no book has. */
  readonly missing = this.#missing.readonly()

  constructor(server: ServerManager, appState: AppStateManager) {
    super()
    this.#server = server
    this.#appState = appState
  }

  protected override onInit(): void {
    // Tabs that nobody sees hold no connection: a browser has few of them for one server.
    reaction(() => {
      this.#server.returns.value
      if (!this.#appState.visible.value) return
      const stop = new AbortController()
      void this.#follow(stop.signal)
      return () => stop.abort()
    })
    reaction(() => {
      // Without a cursor, what changed between the first answer and this moment was not heard.
      if (this.#server.opened.value > 0 && this.#cursor === undefined) void this.#readAgain()
    })
  }

  /** Keeps books as they were answered. */
  keep(books: readonly Book[]): void {
    for (const book of books) this.#put(book)
    this.#loads.update((count) => count + 1)
    flush()
  }

  /** A book that was kept; undefined for others. */
  find(id: string): Readable<KnownBook> | undefined {
    return this.#known.get(id)
  }

  /** Reads those of `ids` that are not known yet. */
  async load(ids: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#read(
      ids.filter((id) => !this.#known.has(id)),
      signal,
    )
  }

  #put(book: KnownBook): void {
    const known = this.#known.get(book.id)
    if (known === undefined) this.#known.set(book.id, cell(book))
    // An answer may be older than a change that was heard while it was on its way.
    else if (book.gone || book.version >= known.peek().version) known.set(book)
  }

  #follow(signal: AbortSignal): Promise<unknown> {
    const { client } = this.#server
    return follow(
      {
        subscribe: (after, until) => {
          const variables = after === undefined ? {} : { after }
          return client.subscribe(bookChangedDocument, variables, { signal: until })
        },
        heard: ({ bookChanged: { op, cursor, node } }) => {
          this.#cursor = cursor
          if (this.#known.has(node.id)) this.#put(op === 'DELETED' ? { ...node, gone: true } : node)
          return cursor
        },
        lost: () => {
          this.#cursor = undefined
          return this.#readAgain()
        },
      },
      signal,
      this.#cursor,
    )
  }

  async #readAgain(): Promise<void> {
    try {
      await this.#read([...this.#known.keys()], this.signal)
    } catch {
      // The server is away: this is done again when it is back.
    }
  }

  async #read(ids: readonly string[], signal: AbortSignal): Promise<void> {
    for (let from = 0; from < ids.length; from += batch) {
      const some = ids.slice(from, from + batch)
      const { books } = await this.#server.client.request(
        knownBooksDocument,
        { ids: some, first: batch },
        { signal },
      )
      this.keep(books.nodes)
      const found = new Set(books.nodes.map(({ id }) => id))
      const absent = some.filter((id) => !found.has(id))
      if (absent.length > 0) this.#missing.update((missing) => new Set([...missing, ...absent]))
    }
  }
}
