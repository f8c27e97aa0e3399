/** @jsxImportSource @typestead/screens */
/** A form, a relation picker and a table of a real entity, for forms.e2e.test.ts. */
import { cell, computed } from '@typestead/screens'
import { DataTable, mount, type TableSort } from '@typestead/screens/dom'
import { columnsOf, createForm, entityOf, FormView } from '@typestead/screens/forms'
import { bookModel } from '../book-model.ts'

const entity = entityOf(bookModel, 'Book')
const authors = ['Austen', 'Borges', 'Brontë', 'Camus'].map((label, at) => ({
  key: `a${at}`,
  label,
}))
const sent: unknown[] = []
const answer = { error: undefined as Error | undefined, searchFails: false }

const form = createForm({
  entity,
  initial: { pages: 100 },
  submit: async (values) => {
    sent.push(values)
    if (answer.error !== undefined) throw answer.error
  },
  relations: {
    author: {
      search: async (text) => {
        if (answer.searchFails) throw new Error('the server is away')
        return authors.filter(({ label }) => label.toLowerCase().startsWith(text.toLowerCase()))
      },
    },
  },
})

const books = cell<readonly Record<string, unknown>[]>(
  Array.from({ length: 5000 }, (_, at) => ({
    id: `b${at}`,
    title: `Book ${at}`,
    pages: at,
    price: '1.00',
    format: 'ebook',
    inPrint: true,
    author: 'a1',
  })),
)
const sort = cell<TableSort | undefined>(undefined)
const active = cell<string | undefined>(undefined)
const failure = cell<unknown>(undefined)
const opened: unknown[] = []
const sorted = computed(() => {
  const by = sort.value
  if (by === undefined) return books.value
  const direction = by.descending ? -1 : 1
  return [...books.value].sort((a, b) =>
    String(a[by.column]) < String(b[by.column]) ? -direction : direction,
  )
})

const style = document.head.appendChild(document.createElement('style'))
style.textContent = `
  .data-table { height: 300px } th { background: Canvas } td, th { white-space: nowrap }
  :root { color-scheme: light dark } button { min-height: 24px }
`
const root = document.querySelector('#root') as HTMLElement
mount(root, () => (
  <main>
    <h1>Books</h1>
    <FormView form={form} />
    <DataTable
      label="Books"
      rows={sorted}
      key={(row) => String(row.id)}
      columns={columnsOf(entity, { omit: ['extra'] })}
      sort={sort}
      active={active}
      failure={failure}
      onRetry={() => failure.set(undefined)}
      onOpen={(row) => opened.push(row.id)}
    />
  </main>
))
document.title = 'Books'
Object.assign(window, { ready: true, form, sent, answer, books, active, opened, failure })
