/** Books made and changed for tests of the shop's pages, by the API and as an admin. */
import { ask } from './ask.ts'
import type { Shop } from './shop.ts'

let made = 0

export interface NewBook {
  readonly title: string
  readonly stock: number
  readonly price?: string
}

/** Its id. No two books of a test run have the same ISBN. */
export async function newBook(shop: Shop, admin: string, book: NewBook): Promise<string> {
  const { data } = await ask(shop, '{ authors(first: 1) { nodes { id } } }')
  const values = {
    price: '12.50',
    ...book,
    isbn: newIsbn(),
    genre: 'crime',
    pages: 100,
    publishedOn: '2026-01-31',
    author: data.authors.nodes[0].id,
  }
  const create = 'mutation ($data: BookCreateInput!) { createBook(data: $data) { id } }'
  const answer = await ask(shop, create, { data: values }, { cookie: admin })
  return answer.data.createBook.id
}

export function newIsbn(): string {
  const twelve = `9797${String(++made).padStart(8, '0')}`
  const sum = [...twelve].reduce((all, digit, at) => all + Number(digit) * (at % 2 ? 3 : 1), 0)
  return `${twelve}${(10 - (sum % 10)) % 10}`
}

export async function changeBook(
  shop: Shop,
  admin: string,
  id: string,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  const change =
    'mutation ($id: ID!, $data: BookUpdateInput!) { updateBook(id: $id, data: $data) { id } }'
  const { errors } = await ask(shop, change, { id, data }, { cookie: admin })
  if (errors !== undefined) throw new Error(errors[0]?.message)
}
