import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, demoPassword, signInAs } from './ask.ts'
import { type Shop, startShop } from './shop.ts'
import { newBook } from './shop-books.ts'
import { chromiumPath, eventually, launch, tabTo, visit } from './shop-browser.ts'

describe.skipIf(chromiumPath === null)('buying books, in Chromium', () => {
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

  test('by keyboard alone: from the search to the placed order', async () => {
    const book = await newBook(shop, admin, { title: 'The Keyboard Walk', stock: 5 })
    await using visitor = await visit(browser, shop)
    const { page, complaints } = visitor
    await page.goto('/')
    await tabTo(page, 'searchbox', /Search/)
    await page.keyboard.type('keyboard walk')
    await eventually(() => page.getByRole('heading', { level: 1 }).textContent()).toBe(
      'Results for “keyboard walk”',
    )
    await eventually(() => page.getByRole('listitem').filter({ hasText: 'Keyboard' }).count()).toBe(
      1,
    )
    expect(new URL(page.url()).search).toBe('?q=keyboard+walk')
    expect(await page.getByRole('searchbox').evaluate((it) => it.matches(':focus'))).toBe(true)

    await tabTo(page, 'link', /^The Keyboard Walk$/)
    await page.keyboard.press('Enter')
    const heading = page.getByRole('heading', { level: 1, name: 'The Keyboard Walk' })
    await heading.waitFor()
    await tabTo(page, 'button', /^Add to cart: The Keyboard Walk$/)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await eventually(() => page.getByRole('link', { name: 'Cart 2 books' }).count()).toBe(1)

    // The cart survives a reload.
    await page.reload()
    await tabTo(page, 'link', /^Cart 2 books$/)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Your cart' }).waitFor()
    await tabTo(page, 'button', /^One more of The Keyboard Walk$/)
    await page.keyboard.press('Space')
    await eventually(() => page.getByLabel('Copies of The Keyboard Walk').inputValue()).toBe('3')
    await tabTo(page, 'link', /^Go to the order$/)
    await page.keyboard.press('Enter')

    // And signing in, on the way to the order.
    await tabTo(page, 'textbox', /^E-mail$/)
    await page.keyboard.type('reader@bookstore.example')
    await page.keyboard.press('Tab')
    await page.keyboard.type('not the password')
    await page.keyboard.press('Enter')
    await eventually(() => page.getByRole('alert').allTextContents()).toContain(
      'Login or password is wrong.',
    )
    expect(await page.getByLabel('Password').evaluate((it) => it.matches(':focus'))).toBe(true)
    await page.keyboard.press('Control+A')
    await page.keyboard.type(demoPassword(shop, 'reader'))
    await page.keyboard.press('Enter')
    const name = page.getByLabel('Name')
    await name.waitFor()
    expect(await name.inputValue()).toBe('Rita Reader')

    // What is wrong is said at its field, which gets the focus.
    await tabTo(page, 'textbox', /^City/)
    await page.keyboard.press('Control+A')
    await page.keyboard.press('Delete')
    await page.keyboard.press('Enter')
    await eventually(() => page.getByText('City is required').count()).toBe(1)
    await eventually(() => page.getByLabel('City').evaluate((it) => it.matches(':focus'))).toBe(
      true,
    )
    await page.keyboard.type('Leith')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Your order' }).waitFor()
    await page.getByText('3 × €12.50').waitFor()
    expect(await page.getByRole('link', { name: 'Cart 0 books' }).count()).toBe(1)

    const cookie = await signInAs(shop, 'reader')
    const operation =
      'query ($id: ID!) { book(id: $id) { stock } orders(first: 1, orderBy: [{ placedAt: DESC }]) { nodes { total shipTo { city } lines { quantity book { id } } } } }'
    const { data } = await ask(shop, operation, { id: book }, { cookie })
    expect(data).toEqual({
      book: { stock: 2 },
      orders: {
        nodes: [
          {
            total: '37.50',
            shipTo: { city: 'Leith' },
            lines: [{ quantity: 3, book: { id: book } }],
          },
        ],
      },
    })
    // The one complaint is of the wrong password.
    expect(complaints).toEqual([expect.stringContaining('401')])
  })

  test('a copy that somebody else takes first is told at the order, and at its line in the cart', async () => {
    const book = await newBook(shop, admin, { title: 'The Last Copy', stock: 1 })
    await using visitor = await visit(browser, shop)
    const { page } = visitor
    await visitor.signIn('reader')
    await page.goto(`/books/${book}`)
    await page.getByRole('button', { name: 'Add to cart: The Last Copy' }).click()
    expect(
      await page
        .getByRole('button', { name: 'All in your cart: The Last Copy' })
        .getAttribute('aria-disabled'),
    ).toBe('true')
    await page.goto('/checkout')
    const place = page.getByRole('button', { name: 'Place the order' })
    await place.waitFor()
    // No word of the change reaches this page, so that it is the server that refuses.
    await page.route('**/api', (route) =>
      route.request().headers().accept?.includes('event-stream') ? route.abort() : route.continue(),
    )
    const cookie = await signInAs(shop, 'admin')
    const order =
      'mutation ($lines: [WantedBook!]!) { placeOrder(lines: $lines, shipTo: { name: "A", street: "B", postcode: "C", city: "D", country: "E" }) { id } }'
    await ask(shop, order, { lines: [{ book, quantity: 1 }] }, { cookie })
    await place.click()
    await eventually(() => page.getByRole('alert').allTextContents()).toContain(
      'Of “The Last Copy” no copy is left',
    )
    await page.getByRole('link', { name: 'Change your cart' }).click()
    await eventually(() => page.getByText('Sold out. Please take it out.').count()).toBe(1)
    await page.getByRole('button', { name: 'Take out The Last Copy' }).click()
    await page.getByText('Nothing is in it yet').waitFor()
    await page.getByRole('button', { name: 'Put it back' }).click()
    await eventually(() => page.getByLabel('Copies of The Last Copy').inputValue()).toBe('1')
  })

  test('asking twice under one id places one order', async () => {
    const book = await newBook(shop, admin, { title: 'Once', stock: 9 })
    const cookie = await signInAs(shop, 'reader')
    const operation =
      'mutation ($id: ID, $lines: [WantedBook!]!) { placeOrder(id: $id, lines: $lines, shipTo: { name: "A", street: "B", postcode: "C", city: "D", country: "E" }) { id } }'
    const variables = { id: '0199aaaa-0000-7000-8000-00000000abcd', lines: [{ book, quantity: 2 }] }
    const [first, second] = [
      await ask(shop, operation, variables, { cookie }),
      await ask(shop, operation, variables, { cookie }),
    ]
    expect(first.data.placeOrder).toEqual({ id: variables.id })
    expect(second.data).toEqual(first.data)
    const { data } = await ask(shop, 'query ($id: ID!) { book(id: $id) { stock } }', { id: book })
    expect(data.book.stock).toBe(7)
    const other = await ask(shop, operation, variables, { cookie: admin })
    expect(other.errors?.[0]?.extensions.code).toBe('CONFLICT')
  })

  test('a new reader makes an account, writes a review, changes it and takes it back', async () => {
    const book = await newBook(shop, admin, { title: 'Reviewed', stock: 1 })
    await using visitor = await visit(browser, shop)
    const { page, complaints } = visitor
    await page.goto(`/books/${book}`)
    await page.getByRole('link', { name: 'Sign in to write a review' }).click()
    await page.getByRole('button', { name: 'New here' }).click()
    await page.getByLabel('First name').fill('Nora')
    await page.getByLabel('E-mail').fill('reader@bookstore.example')
    await page.getByLabel('Password').fill('short')
    await page.getByRole('button', { name: 'Make an account' }).click()
    await page.getByText('Password must have at least 8 characters').waitFor()
    await page.getByLabel('Password').fill('long enough, I hope')
    await page.getByRole('button', { name: 'Make an account' }).click()
    // Somebody has this address already: it is said at its field.
    await eventually(() => page.getByLabel('E-mail').getAttribute('aria-invalid')).toBe('true')
    await page.getByLabel('E-mail').fill('nora@example.com')
    await page.getByRole('button', { name: 'Make an account' }).click()

    await page.getByRole('button', { name: 'Write a review' }).click()
    await page.getByRole('button', { name: 'Publish review' }).click()
    await page.getByText('Stars is required').waitFor()
    await page.getByLabel('4: Very good').check({ force: true })
    await page.getByLabel('In a few words').fill('<img src=x onerror=alert(1)>')
    await page.getByRole('button', { name: 'Publish review' }).click()
    await eventually(() =>
      page.getByRole('heading', { name: '<img src=x onerror=alert(1)>' }).count(),
    ).toBe(1)
    expect(await page.getByText('4.0 of 5 stars, 1 review').count()).toBe(1)
    await page.getByRole('button', { name: 'Change your review' }).click()
    await page.getByLabel('2: Fair').check({ force: true })
    await page.getByRole('button', { name: 'Save review' }).click()
    await eventually(() => page.getByText('2.0 of 5 stars, 1 review').count()).toBe(1)
    await page.getByRole('button', { name: 'Take it back' }).click()
    await eventually(() => page.getByText('No reviews yet').count()).toBe(1)
    expect(complaints).toEqual([])
  })
})
