/** @jsxImportSource @typestead/screens */
/** The books as those who run the shop see them: looked up, with their live stock, and the way to change each. */
import {
  type Cell,
  cell,
  debounce,
  ever,
  PageController,
  type PageProps,
  page,
  type Readable,
  type Resource,
  resource,
  type Scope,
} from '@typestead/screens'
import { bind, type Child, For, Show, type TableColumn } from '@typestead/screens/dom'
import { columnsOf } from '@typestead/screens/forms'
import { AdminOnly } from '../account/signed-in.tsx'
import type { Book } from '../api/answers.ts'
import { Empty, Layout } from '../frame/layout.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { countText, priceText, stockClass } from '../frame/text.ts'
import { BooksManager } from '../managers/books-manager.ts'
import { FormsManager } from '../managers/forms-manager.ts'
import { ServerManager } from '../managers/server-manager.ts'
import { editBookRoute, manageBooksRoute, newBookRoute } from '../routes.ts'
import { ManageTabs } from './manage-tabs.tsx'
import { type FormRow, RowSource } from './row-source.ts'

interface Found {
  readonly rows: readonly FormRow[]
  readonly total: number
  /** All fields that the first columns don't show. */
  readonly columns: readonly TableColumn<FormRow>[]
}

const shown = 100

/** They have columns of their own, or say little in a table. */
const elsewhere = ['id', 'title', 'price', 'stock', 'author', 'description', 'version']

type ManagePage = PageProps<never, '/manage/books', typeof manageBooksRoute.query>

class ManageBooksController extends PageController {
  readonly books: BooksManager
  readonly text: Cell<string>
  readonly #s: Scope
  readonly #page: Pick<ManagePage, 'query' | 'setQuery'>

  constructor(s: Scope, at: Pick<ManagePage, 'query' | 'setQuery'>) {
    super()
    this.#s = s
    this.#page = at
    this.books = s.find(BooksManager)
    this.text = cell(at.query.peek().q)
  }

  protected override onInit(): void {
    ever(debounce(this.text, 200), (text) => {
      const q = text.trim()
      // The first one comes of what stands in the address; navigating there would undo a click of that moment.
      if (q !== this.#page.query.peek().q) void this.#page.setQuery({ q }, { replace: true })
    })
  }

  /** Those that were changed last, or that the text finds. */
  list(): Resource<Found> {
    const server = this.#s.find(ServerManager)
    return resource(async (signal) => {
      server.returns.value
      const asked = this.#page.query.value.q
      const entity = await this.#s.find(FormsManager).entity('Book', signal)
      const source = new RowSource(server.client, entity, { author: 'id name' })
      const found = await source.list(whereOf(asked), shown, signal)
      // The form's fields are those of a book, and more.
      this.books.keep(found.rows as unknown as readonly Book[])
      return { ...found, columns: columnsOf(entity, { omit: elsewhere }) }
    })
  }
}

function whereOf(asked: string) {
  const text = { contains: asked, ignoreCase: true }
  return asked === ''
    ? {}
    : { or: [{ title: text }, { author: { name: text } }, { isbn: { startsWith: asked } }] }
}

export const manageBooksPage = page({
  route: manageBooksRoute,
  title: 'Manage books · Bookstore',
  controller: ManageBooksController,
  bindings: (s, _, at) => s.lazyPut(ManageBooksController, (s) => new ManageBooksController(s, at)),
  view: ({ c, scope }) => (
    <Layout class="manage-page">
      <h1>Manage the shop</h1>
      <AdminOnly scope={scope}>
        {() => (
          <>
            <ManageTabs at="books" />
            <Books c={c} />
          </>
        )}
      </AdminOnly>
    </Layout>
  ),
})

function Books({ c }: { readonly c: ManageBooksController }): Child {
  return (
    <>
      <div class="manage-tools">
        <label class="choice">
          <span>Look up</span>
          <input
            type="search"
            placeholder="Title, author or ISBN"
            autocomplete="off"
            {...bind.value(c.text)}
          />
        </label>
        <a class="button primary" href={newBookRoute.href()}>
          Add a book
        </a>
      </div>
      <Loaded of={c.list()} what="the books">
        {(found) => (
          <>
            <p class="soft" role="status">
              {() => countText(found.value.total, 'book', 'books')}
              {() => (found.value.total > shown ? `, the ${shown} changed last are shown` : '')}
            </p>
            <Show
              when={() => found.value.rows.length > 0}
              fallback={() => <Empty title="No book is like that" />}
            >
              {() => (
                <div class="table-frame">
                  <table class="table">
                    <thead>
                      <tr>
                        <th scope="col">Title</th>
                        <th scope="col">Author</th>
                        <th scope="col" class="end">
                          Price
                        </th>
                        <th scope="col" class="end">
                          Stock
                        </th>
                        {found.peek().columns.map(({ label, align }) => (
                          <th scope="col" class={align === 'end' ? 'end' : ''}>
                            {label}
                          </th>
                        ))}
                      </tr>
                    </thead>
                    <tbody>
                      <For each={() => found.value.rows} key={(row) => String(row.id)}>
                        {(row) => <Row c={c} row={row} columns={found.peek().columns} />}
                      </For>
                    </tbody>
                  </table>
                </div>
              )}
            </Show>
          </>
        )}
      </Loaded>
    </>
  )
}

interface RowProps {
  readonly c: ManageBooksController
  readonly row: Readable<FormRow>
  readonly columns: readonly TableColumn<FormRow>[]
}

function Row({ c, row, columns }: RowProps): Child {
  const id = String(row.peek().id)
  const book = c.books.find(id)
  if (book === undefined) throw new TypeError('a book that was read was not kept')
  return (
    <tr>
      <th scope="row">
        <a href={editBookRoute.href({ id })}>{() => book.value.title}</a>
      </th>
      <td>{() => book.value.author.name}</td>
      <td class="end">{() => priceText(book.value.price)}</td>
      <td class="end">
        <span class={() => stockClass(book.value.stock)}>{() => book.value.stock}</span>
      </td>
      {columns.map((column) => (
        <td class={column.align === 'end' ? 'end' : ''}>{() => column.show?.(row.value) ?? ''}</td>
      ))}
    </tr>
  )
}
