import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, signInAs } from './ask.ts'
import { type Shop, startShop } from './shop.ts'
import { changeBook, newBook } from './shop-books.ts'
import { chromiumPath, eventually, launch, visit } from './shop-browser.ts'

describe.skipIf(chromiumPath === null)('live updates of the shop, in Chromium', () => {
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

  test('an order in one browser changes one text in another, which keeps scroll, focus and selection', async () => {
    await using reader = await visit(browser, shop)
    await using watcher = await visit(browser, shop)
    const { page } = watcher
    await page.goto('/')
    const cards = page
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading', { level: 2 }) })
    await eventually(() => cards.count()).toBe(24)
    const card = cards.nth(20)
    await card.scrollIntoViewIfNeeded()
    const link = card.getByRole('link')
    const title = (await link.textContent()) ?? ''
    const href = (await link.getAttribute('href')) ?? ''
    const stock = await card.locator('.stock').textContent()
    await card.getByRole('button').focus()
    // Part of the author's name is selected, and each change of the document counted from here on.
    await page.evaluate((at) => {
      const by = document.querySelectorAll('.book-card .by')[at]?.firstChild as Text
      getSelection()?.setBaseAndExtent(by, 1, by, 4)
      const records: unknown[] = []
      Reflect.set(window, 'changes', records)
      const observer = new MutationObserver((list) =>
        records.push(...list.map(({ type, target }) => [type, target.textContent])),
      )
      observer.observe(document, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      })
    }, 20)
    const before = await page.evaluate(state)

    await reader.signIn('reader')
    await reader.page.goto(href)
    await reader.page.getByRole('button', { name: /^Add to cart/ }).click()
    await reader.page.goto('/checkout')
    await reader.page.getByRole('button', { name: 'Place the order' }).click()
    await reader.page.getByRole('heading', { level: 1, name: 'Your order' }).waitFor()

    await eventually(() => card.locator('.stock').textContent()).not.toBe(stock)
    const left = Number.parseInt(stock?.replace(/\D/g, '') ?? '', 10) - 1
    expect(await card.locator('.stock').textContent()).toContain(String(left))
    expect(await page.evaluate('changes')).toEqual([
      ['characterData', expect.stringContaining(String(left))],
    ])
    expect(await page.evaluate(state)).toEqual(before)
    expect(before).toMatchObject({
      selected: expect.stringMatching(/^.{3}$/),
      focused: expect.stringContaining(title),
    })
    expect([...reader.complaints, ...watcher.complaints]).toEqual([])
  })

  test('a price, a title and a deletion arrive too; the last copies are told apart', async () => {
    const book = await newBook(shop, admin, { title: 'Before', stock: 7, price: '10.00' })
    await using visitor = await visit(browser, shop)
    const { page } = visitor
    await page.goto(`/books/${book}`)
    await page.getByRole('heading', { level: 1, name: 'Before' }).waitFor()
    await changeBook(shop, admin, book, { title: 'After', price: '11.00', stock: 2 })
    await page.getByRole('heading', { level: 1, name: 'After' }).waitFor()
    await eventually(() => page.locator('.buy').textContent()).toContain('€11.00Only 2 left')
    await eventually(() => page.title()).toBe('After · Bookstore')
    await changeBook(shop, admin, book, { stock: 0 })
    await eventually(() => page.locator('.buy').textContent()).toContain('Sold out')
    await ask(
      shop,
      'mutation ($id: ID!) { deleteBook(id: $id) { id } }',
      { id: book },
      { cookie: admin },
    )
    await eventually(() => page.locator('.buy').textContent()).toContain('No longer sold')
    expect(visitor.complaints).toEqual([])
  })

  test('what changed while the page was out of sight is there when it is in sight again', async () => {
    const book = await newBook(shop, admin, { title: 'Unseen', stock: 30 })
    await using visitor = await visit(browser, shop)
    const { page } = visitor
    await page.goto(`/books/${book}`)
    await eventually(() => page.locator('.buy .stock').textContent()).toBe('30 in stock')
    const show = (state: string) =>
      page.evaluate((visibility) => {
        Object.defineProperty(document, 'visibilityState', {
          value: visibility,
          configurable: true,
        })
        document.dispatchEvent(new Event('visibilitychange'))
      }, state)
    await show('hidden')
    await changeBook(shop, admin, book, { stock: 29 })
    await show('visible')
    await eventually(() => page.locator('.buy .stock').textContent()).toBe('29 in stock')
  })

  test('the state of an order arrives where its reader looks at it', async () => {
    await using visitor = await visit(browser, shop)
    const { page } = visitor
    await visitor.signIn('reader')
    const cookie = await signInAs(shop, 'reader')
    const newest =
      '{ orders(first: 1, where: { status: { eq: paid } }, orderBy: [{ placedAt: DESC }]) { nodes { id } } }'
    const { id } = (await ask(shop, newest, {}, { cookie })).data.orders.nodes[0]
    await page.goto(`/orders/${id}`)
    await eventually(() => page.locator('[aria-current="step"]').textContent()).toBe('Paid')
    const send = 'mutation ($id: ID!) { updateOrder(id: $id, data: { status: shipped }) { id } }'
    await ask(shop, send, { id }, { cookie: admin })
    await eventually(() => page.locator('[aria-current="step"]').textContent()).toBe('On its way')
    expect(await page.getByRole('button', { name: 'Cancel this order' }).count()).toBe(0)
    expect(visitor.complaints).toEqual([])
  })
})

/** What a live update must leave alone. */
const state = `({
  scroll: scrollY,
  focused: document.activeElement?.getAttribute('aria-label'),
  selected: String(getSelection()),
})`
