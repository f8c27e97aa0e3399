import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, problem, signInAs } from './ask.ts'
import { type Shop, startShop } from './shop.ts'

let shop: Shop
let admin: string
let cookie: string
beforeAll(async () => {
  shop = await startShop()
  admin = await signInAs(shop, 'admin')
  cookie = await signInAs(shop, 'reader')
})
afterAll(() => shop[Symbol.asyncDispose]())

const shipTo = {
  name: 'Rita Reader',
  street: '12 Leith Walk',
  postcode: 'EH6 5AA',
  city: 'Edinburgh',
  country: 'United Kingdom',
}
const placeOrder =
  'mutation ($lines: [WantedBook!]!, $shipTo: OrderShipToInput!) { placeOrder(lines: $lines, shipTo: $shipTo) { id status total customer { email } lines { quantity unitPrice book { title } } } }'
const stockOf = 'query ($id: ID!) { book(id: $id) { stock } }'

describe('placing an order', () => {
  it('takes prices and copies from the books, and adds up to the cent', async () => {
    const one = await bookWith({ price: '19.99', stock: 5 })
    const two = await bookWith({ price: '0.10', stock: 3 })
    const lines = [
      { book: one, quantity: 2 },
      { book: two, quantity: 3 },
    ]
    const { placeOrder: order } = (await ask(shop, placeOrder, { lines, shipTo }, { cookie })).data
    expect(order).toMatchObject({ status: 'placed', total: '40.28' })
    expect(order.customer.email).toBe('reader@bookstore.example')
    expect(order.lines).toHaveLength(2)
    expect((await ask(shop, stockOf, { id: one })).data.book.stock).toBe(3)
    expect((await ask(shop, stockOf, { id: two })).data.book.stock).toBe(0)
  })

  it('is for who is signed in', async () => {
    const lines = [{ book: await bookWith({ price: '5.00', stock: 1 }), quantity: 1 }]
    expect(problem(await ask(shop, placeOrder, { lines, shipTo }))[1]).toBe('UNAUTHENTICATED')
  })

  it('keeps nothing of an order that cannot be filled', async () => {
    const plenty = await bookWith({ price: '5.00', stock: 9 })
    const few = await bookWith({ price: '5.00', stock: 1 })
    const lines = [
      { book: plenty, quantity: 1 },
      { book: few, quantity: 2 },
    ]
    const refused = await ask(shop, placeOrder, { lines, shipTo }, { cookie })
    expect(problem(refused)[1]).toBe('OUT_OF_STOCK')
    expect((await ask(shop, stockOf, { id: plenty })).data.book.stock).toBe(9)
  })

  it('names what is wrong with the order', async () => {
    const book = await bookWith({ price: '5.00', stock: 9 })
    const wrong = [
      { lines: [], shipTo },
      { lines: [{ book, quantity: 0 }], shipTo },
      {
        lines: [
          { book, quantity: 1 },
          { book, quantity: 1 },
        ],
        shipTo,
      },
      { lines: [{ book, quantity: 1 }], shipTo: { ...shipTo, city: ' ' } },
    ]
    for (const variables of wrong) {
      expect(problem(await ask(shop, placeOrder, variables, { cookie }))[1]).toBe('BAD_INPUT')
    }
    expect((await ask(shop, stockOf, { id: book })).data.book.stock).toBe(9)
  })

  it('never sells a copy twice to readers who order at once', async () => {
    const one = await bookWith({ price: '5.00', stock: 10 })
    const two = await bookWith({ price: '5.00', stock: 10 })
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, at) => {
        // In either order, so that each could wait for the other.
        const books = at % 2 === 0 ? [one, two] : [two, one]
        const lines = books.map((book) => ({ book, quantity: 1 }))
        return ask(shop, placeOrder, { lines, shipTo }, { cookie })
      }),
    )
    const placed = answers.filter((answer) => answer.errors === undefined)
    const refused = answers.filter((answer) => answer.errors !== undefined)
    expect(placed).toHaveLength(10)
    expect(new Set(refused.map((answer) => problem(answer)[1]))).toEqual(new Set(['OUT_OF_STOCK']))
    for (const id of [one, two]) {
      expect((await ask(shop, stockOf, { id })).data.book.stock).toBe(0)
    }
  })
})

describe('cancelling an order', () => {
  const cancel = 'mutation ($id: ID!) { cancelOrder(id: $id) { id status } }'

  it('gives its copies back, once', async () => {
    const book = await bookWith({ price: '5.00', stock: 4 })
    const lines = [{ book, quantity: 3 }]
    const { id } = (await ask(shop, placeOrder, { lines, shipTo }, { cookie })).data.placeOrder
    for (let time = 0; time < 2; time++) {
      const cancelled = await ask(shop, cancel, { id }, { cookie })
      expect(cancelled.data.cancelOrder).toEqual({ id, status: 'cancelled' })
      expect((await ask(shop, stockOf, { id: book })).data.book.stock).toBe(4)
    }
  })

  it('is too late when the order has been sent', async () => {
    const book = await bookWith({ price: '5.00', stock: 4 })
    const lines = [{ book, quantity: 1 }]
    const { id } = (await ask(shop, placeOrder, { lines, shipTo }, { cookie })).data.placeOrder
    const send =
      'mutation ($id: ID!) { updateOrder(id: $id, data: { status: shipped }) { status version } }'
    const sent = await ask(shop, send, { id }, { cookie: admin })
    expect(sent.data.updateOrder).toMatchObject({ status: 'shipped', version: 1 })
    const late = await ask(shop, cancel, { id }, { cookie })
    expect(problem(late)).toEqual(['this order is shipped already', 'TOO_LATE'])
  })
})

let books = 0

/** A new book with this price and stock; its id. */
async function bookWith(values: { readonly price: string; readonly stock: number }) {
  const { data } = await ask(shop, '{ authors(first: 1) { nodes { id } } }')
  const twelve = `9799${String(++books).padStart(8, '0')}`
  const check = [...twelve].reduce((sum, digit, at) => sum + Number(digit) * (at % 2 ? 3 : 1), 0)
  const book = {
    ...values,
    isbn: `${twelve}${(10 - (check % 10)) % 10}`,
    title: `Test ${books}`,
    genre: 'crime',
    pages: 100,
    publishedOn: '2026-01-31',
    author: data.authors.nodes[0].id,
  }
  const create = 'mutation ($data: BookCreateInput!) { createBook(data: $data) { id } }'
  const made = await ask(shop, create, { data: book }, { cookie: admin })
  return made.data.createBook.id as string
}
