/** @jsxImportSource @typestead/screens */
/** A book made or changed, by the form that its entity has. */
import { type NavigationResult, page, type Scope } from '@typestead/screens'
import { type Child, Show } from '@typestead/screens/dom'
import type { RelationSource } from '@typestead/screens/forms'
import { AdminOnly } from '../account/signed-in.tsx'
import { Empty, Layout } from '../frame/layout.tsx'
import { BooksManager } from '../managers/books-manager.ts'
import { NoticeManager } from '../managers/notice-manager.ts'
import { ServerManager } from '../managers/server-manager.ts'
import { bookRoute, editBookRoute, manageBooksRoute, newBookRoute } from '../routes.ts'
import { RowForm } from './row-form.tsx'

export const newBookPage = page({
  route: newBookRoute,
  title: 'Add a book · Bookstore',
  view: ({ scope, navigate }) => (
    <BookForm
      scope={scope}
      heading="Add a book"
      done={(id) => navigate(bookRoute.href({ id }))}
      told="The book is in the catalogue."
    />
  ),
})

export const editBookPage = page({
  route: editBookRoute,
  title: 'Edit a book · Bookstore',
  view: ({ scope, params }) => (
    <BookForm
      scope={scope}
      heading="Edit a book"
      id={params.id}
      done={() => undefined}
      told="The book is saved."
    />
  ),
})

interface BookFormProps {
  readonly scope: Scope
  readonly heading: string
  readonly id?: string
  readonly told: string
  readonly done: (id: string) => Promise<NavigationResult> | undefined
}

function BookForm({ scope, heading, id, told, done }: BookFormProps): Child {
  const books = scope.find(BooksManager)
  const seen = () => {
    books.loads.value
    return id === undefined ? undefined : books.find(id)?.value
  }
  // So that its changes are heard while it is edited.
  if (id !== undefined) books.load([id], scope.signal).catch(() => {})
  return (
    <Layout class="manage-page narrow">
      <nav class="crumbs" aria-label="Where you are">
        <a href={manageBooksRoute.href()}>Books</a>
      </nav>
      <h1>{heading}</h1>
      <AdminOnly scope={scope}>
        {() => (
          <>
            <Show when={() => seen()?.title}>
              {(title) => (
                <p class="soft">
                  <a href={bookRoute.href({ id: id ?? '' })}>{title}</a>
                </p>
              )}
            </Show>
            <RowForm
              scope={scope}
              entity="Book"
              {...(id === undefined ? {} : { id })}
              relations={{ author: { fields: 'id name', source: authorsOf(scope) } }}
              omit={['id', 'createdAt', 'updatedAt']}
              submitLabel={id === undefined ? 'Add to the catalogue' : 'Save'}
              changes={() => seen()?.version}
              missing={() => <Empty title="There is no such book" />}
              done={(row) => {
                scope.find(NoticeManager).tell({ text: told })
                return done(String(row.id))
              }}
            />
          </>
        )}
      </AdminOnly>
    </Layout>
  )
}

function authorsOf(scope: Scope): RelationSource {
  const document =
    'query ($text: String!) { authors(where: { name: { contains: $text, ignoreCase: true } }, orderBy: [{ name: ASC }], first: 12) { nodes { id name } } }'
  return {
    async search(text, signal) {
      const { client } = scope.find(ServerManager)
      const { authors } = await client.request(document, { text }, { signal })
      return authors.nodes.map(({ id, name }) => ({ key: id, label: name }))
    },
  }
}
