import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, signInAs } from './ask.ts'
import { type Shop, startShop } from './shop.ts'
import { changeBook, newBook, newIsbn } from './shop-books.ts'
import { chromiumPath, eventually, launch, visit } from './shop-browser.ts'

describe.skipIf(chromiumPath === null)('running the shop by generated forms, in Chromium', () => {
  let shop: Shop
  let browser: Browser
  let admin: string
  beforeAll(async () => {
    ;[shop, browser] = await Promise.all([startShop(), launch()])
    admin = await signInAs(shop, 'admin')
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.[Symbol.asyncDispose]()
  })

  test('a book is added: what is wrong is said by field, by the page and by the server', async () => {
    const taken = newIsbn()
    await using visitor = await visit(browser, shop)
    const { page, complaints } = visitor
    await visitor.signIn('admin')
    await page.goto('/manage/books')
    await page.getByRole('link', { name: 'Add a book' }).click()
    await page.getByRole('button', { name: 'Add to the catalogue' }).click()
    await page.getByText('ISBN is required').waitFor()
    expect(
      await page
        .getByRole('textbox', { name: 'ISBN', exact: true })
        .evaluate((it) => it.matches(':focus')),
    ).toBe(true)

    const wrongDigit = `${taken.slice(0, 12)}${(Number(taken[12]) + 1) % 10}`
    await page.getByRole('textbox', { name: 'ISBN', exact: true }).fill(wrongDigit)
    await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Made by Hand')
    await page.getByLabel('Genre').selectOption('science_fiction')
    await page.getByLabel('Pages').fill('0')
    await page.getByLabel('Price').fill('9.99')
    await page.getByLabel('Stock').fill('12')
    await page.getByLabel('Published on').fill('2026-05-04')
    await page.getByRole('combobox', { name: 'Author' }).fill('rowling')
    await page.getByRole('option', { name: 'J. K. Rowling' }).click()
    await page.getByRole('button', { name: 'Add to the catalogue' }).click()
    await page.getByText('Pages must be 1 or more').waitFor()
    await page.getByLabel('Pages').fill('321')
    await page.getByRole('button', { name: 'Add to the catalogue' }).click()
    await page.getByText('The last digit of this ISBN does not fit the others').waitFor()

    // Another book has this number: CONFLICT, at its field.
    const [{ isbn }] = (await ask(shop, '{ books(first: 1) { nodes { isbn } } }')).data.books.nodes
    await page.getByRole('textbox', { name: 'ISBN', exact: true }).fill(isbn)
    await page.getByRole('button', { name: 'Add to the catalogue' }).click()
    await eventually(() =>
      page.getByRole('textbox', { name: 'ISBN', exact: true }).getAttribute('aria-invalid'),
    ).toBe('true')
    await page.getByRole('textbox', { name: 'ISBN', exact: true }).fill(taken)
    await page.getByRole('button', { name: 'Add to the catalogue' }).click()
    await page.getByRole('heading', { level: 1, name: 'Made by Hand' }).waitFor()
    expect(await page.getByText('by J. K. Rowling', { exact: true }).count()).toBe(1)

    const document =
      'query ($isbn: String!) { bookByIsbn(isbn: $isbn) { title genre pages price stock publishedOn } }'
    const { data } = await ask(shop, document, { isbn: taken })
    expect(data.bookByIsbn).toEqual({
      title: 'Made by Hand',
      genre: 'science_fiction',
      pages: 321,
      price: '9.99',
      stock: 12,
      publishedOn: '2026-05-04',
    })
    expect(complaints).toEqual([])
  })

  test('a change from elsewhere arrives in an open form: untouched fields follow, others show both', async () => {
    const id = await newBook(shop, admin, { title: 'Two at Once', stock: 5 })
    await using visitor = await visit(browser, shop)
    const { page, complaints } = visitor
    await visitor.signIn('admin')
    await page.goto(`/manage/books/${id}`)
    await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Mine')
    await changeBook(shop, admin, id, { title: 'Theirs', stock: 4 })
    await eventually(() => page.getByLabel('Stock').inputValue()).toBe('4')
    expect(await page.getByRole('textbox', { name: 'Title', exact: true }).inputValue()).toBe(
      'Mine',
    )
    await page.getByText('Changed elsewhere to “Theirs”.').waitFor()
    await page.getByRole('button', { name: 'Keep mine' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await eventually(async () => (await bookOf(id)).title).toBe('Mine')
    expect(await bookOf(id)).toMatchObject({ title: 'Mine', stock: 4, version: 2 })
    expect(complaints).toEqual([])
  })

  test('a save over a version that is no more is refused, says what changed, and goes through when one insists', async () => {
    const id = await newBook(shop, admin, { title: 'Stale', stock: 5 })
    await using visitor = await visit(browser, shop)
    const { page, complaints } = visitor
    await visitor.signIn('admin')
    // No word of changes comes here.
    await page.route('**/api', (route) =>
      route.request().headers().accept?.includes('event-stream') ? route.abort() : route.continue(),
    )
    visitor.expectOutage()
    await page.goto(`/manage/books/${id}`)
    await page.getByLabel('Price').fill('15.00')
    await changeBook(shop, admin, id, { price: '14.00', stock: 3 })
    await page.getByRole('button', { name: 'Save' }).click()
    await eventually(() => page.getByRole('alert').allTextContents()).toContain(
      'Somebody else has changed this meanwhile: look at what is new below, then save again.',
    )
    expect(await page.getByLabel('Stock').inputValue()).toBe('3')
    expect(await page.getByText('Changed elsewhere to “14.00”.').count()).toBe(1)
    expect(await bookOf(id)).toMatchObject({ price: '14.00', stock: 3 })
    await page.getByRole('button', { name: 'Save' }).click()
    await eventually(async () => (await bookOf(id)).price).toBe('15.00')
    expect(complaints).toEqual([])
  })

  test('an order is sent on its way', async () => {
    await using visitor = await visit(browser, shop)
    const { page, complaints } = visitor
    await visitor.signIn('admin')
    await page.goto('/manage/orders')
    await page.locator('.table a').first().click()
    await page.getByLabel('Status').selectOption('shipped')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The order is saved.').waitFor()
    const { data } = await ask(
      shop,
      '{ orders(first: 1, orderBy: [{ placedAt: DESC }]) { nodes { status } } }',
      {},
      { cookie: admin },
    )
    expect(data.orders.nodes).toEqual([{ status: 'shipped' }])
    expect(complaints).toEqual([])
  })

  test('readers find no door: neither the pages nor the API let them change a book', async () => {
    const id = await newBook(shop, admin, { title: 'Closed', stock: 5 })
    await using visitor = await visit(browser, shop)
    const { page } = visitor
    await visitor.signIn('reader')
    expect(await page.getByRole('link', { name: 'Manage' }).count()).toBe(0)
    await page.goto(`/manage/books/${id}`)
    await page.getByText('Only those who run the shop see this page.').waitFor()
    const cookie = await signInAs(shop, 'reader')
    const change = 'mutation ($id: ID!) { updateBook(id: $id, data: { stock: 0 }) { id } }'
    expect((await ask(shop, change, { id }, { cookie })).errors?.[0]?.extensions.code).toBe(
      'FORBIDDEN',
    )
  })

  async function bookOf(id: string) {
    const { data } = await ask(
      shop,
      'query ($id: ID!) { book(id: $id) { title price stock version } }',
      { id },
    )
    return data.book
  }
})
