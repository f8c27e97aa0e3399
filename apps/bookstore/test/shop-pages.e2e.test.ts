import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signInAs } from './ask.ts'
import { type Shop, startShop } from './shop.ts'
import { newBook } from './shop-books.ts'
import { chromiumPath, eventually, launch, violations, visit } from './shop-browser.ts'

const hostile = `"><img src=x onerror="window.hit = 1"><script>window.hit = 2</script>{{7*7}} \u202egnp.exe`

describe.skipIf(chromiumPath === null)('the pages of the shop, in Chromium', () => {
  let shop: Shop
  let browser: Browser
  let admin: string
  let book: string
  beforeAll(async () => {
    ;[shop, browser] = await Promise.all([startShop(), launch()])
    admin = await signInAs(shop, 'admin')
    book = await newBook(shop, admin, { title: hostile, stock: 3 })
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.[Symbol.asyncDispose]()
  })

  /** Every page by what shows that it is there. */
  const pages = (): readonly (readonly [path: string, sign: string])[] => [
    ['/', '.books .stock'],
    ['/?q=nothing+is+like+this', '.state.empty'],
    [`/books/${book}`, '.book'],
    ['/books/00000000-0000-7000-8000-000000000000', '.state.empty'],
    ['/cart', '.state.empty'],
    ['/checkout', '.state.empty'],
    ['/account', '.sign-in'],
    ['/no-such-page', 'main .button'],
  ]
  const ownPages = (): readonly (readonly [path: string, sign: string])[] => [
    ['/account', '.who'],
    ['/cart', '.cart-line'],
    ['/checkout', '.entity-form'],
    ['/manage/books', '.table .stock'],
    [`/manage/books/${book}`, '.entity-form'],
    ['/manage/books/new', '.entity-form'],
    ['/manage/orders', '.table .status'],
  ]

  test.each([
    ['light', { width: 1280, height: 900 }],
    ['dark', { width: 1280, height: 900 }],
    ['light', { width: 390, height: 844 }],
    ['dark', { width: 390, height: 844 }],
  ] as const)('axe finds nothing wrong on any of them, %s, %o', async (colorScheme, viewport) => {
    await using visitor = await visit(browser, shop, { colorScheme, viewport })
    const { page, complaints } = visitor
    const look = async (path: string, sign: string) => {
      await page.goto(path)
      await page.locator(sign).first().waitFor()
      expect([path, await violations(page)]).toEqual([path, []])
      expect([path, await page.locator('h1').count()]).toEqual([path, 1])
      // Nothing is wider than the screen.
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect([path, overflow]).toEqual([path, 0])
    }
    for (const [path, sign] of pages()) await look(path, sign)
    await visitor.signIn('admin')
    await page.goto(`/books/${book}`)
    await page
      .getByRole('button', { name: /^Add to cart/ })
      .first()
      .click()
    expect(['with a notice', await violations(page)]).toEqual(['with a notice', []])
    for (const [path, sign] of ownPages()) await look(path, sign)
    expect(complaints).toEqual([])
  })

  test('what people wrote is text wherever it is shown', async () => {
    await using visitor = await visit(browser, shop)
    const { page, complaints } = visitor
    await visitor.signIn('admin')
    for (const path of [
      `/?q=${encodeURIComponent('window.hit')}`,
      `/books/${book}`,
      `/manage/books/${book}`,
      '/manage/books',
    ]) {
      await page.goto(path)
      await page.getByText('window.hit').first().waitFor()
      expect(await page.locator('main img, main script').count()).toBe(0)
    }
    await page.goto(`/books/${book}`)
    await page
      .getByRole('button', { name: /^Add to cart/ })
      .first()
      .click()
    await page.goto('/cart')
    await page.getByRole('heading', { name: hostile }).waitFor()
    expect(await page.evaluate('window.hit')).toBeUndefined()
    expect(complaints).toEqual([])
  })

  test('filters stand in the address, go back, and lead to the same books again', async () => {
    await using visitor = await visit(browser, shop)
    const { page } = visitor
    await page.goto('/')
    await page.getByRole('link', { name: 'Poetry' }).click()
    await page.getByRole('combobox', { name: 'Order' }).selectOption('cheapest')
    await page.getByLabel('In stock only').check()
    await page.getByRole('combobox', { name: 'Language' }).selectOption('fr')
    await eventually(() => new URL(page.url()).search).toBe(
      '?genre=poetry&language=fr&inStock=true&sort=cheapest',
    )
    await eventually(() => page.locator('.books').getAttribute('aria-busy')).toBe(null)
    const prices = (await page.locator('.book-card-price').allTextContents()).map((text) =>
      Number(text.slice(1)),
    )
    expect(prices.length).toBeGreaterThan(0)
    expect(prices).toEqual(prices.toSorted((a, b) => a - b))
    expect(await page.getByText('Sold out').count()).toBe(0)
    const titles = await page.locator('.book-card h2').allTextContents()
    await page.reload()
    await eventually(() => page.locator('.book-card h2').allTextContents()).toEqual(titles)
    await page.goBack()
    await eventually(() => page.getByRole('combobox', { name: 'Language' }).inputValue()).toBe('')
  })

  test('more books come at the end, and going back finds the list where it was left', async () => {
    await using visitor = await visit(browser, shop)
    const { page } = visitor
    await page.goto('/?sort=title')
    await page.getByRole('button', { name: 'Show more books' }).click()
    await eventually(() => page.locator('.book-card').count()).toBe(48)
    const titles = await page.locator('.book-card h2').allTextContents()
    expect(new Set(titles).size).toBe(48)
    const last = page.locator('.book-card h2 a').nth(45)
    await last.scrollIntoViewIfNeeded()
    await page.waitForTimeout(200) // the place is kept once scrolling has rested
    const place = await page.evaluate('Math.round(scrollY)')
    await last.click()
    await page.locator('.book').waitFor()
    expect(await page.evaluate('scrollY')).toBe(0)
    await page.goBack()
    await eventually(() => page.locator('.book-card').count()).toBe(48)
    await eventually(() => page.evaluate('Math.round(scrollY)')).toBe(place)
  })

  test('the first load has at most 60 KB of scripts, compressed', async () => {
    await using visitor = await visit(browser, shop)
    const { page } = visitor
    const scripts: Promise<Buffer>[] = []
    page.on('response', (response) => {
      if (response.url().endsWith('.js')) scripts.push(response.body())
    })
    await page.goto('/')
    await page.locator('.books .stock').first().waitFor()
    const bytes = (await Promise.all(scripts)).reduce((sum, body) => sum + gzipSync(body).length, 0)
    expect(bytes).toBeGreaterThan(10_000)
    expect(bytes).toBeLessThan(60 * 1024)
  })

  test('motion stops where people ask for none', async () => {
    await using visitor = await visit(browser, shop)
    const { page } = visitor
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.goto('/')
    await page.locator('.books .stock').first().waitFor()
    expect(
      await page.locator('.notice').evaluate((it) => getComputedStyle(it).transitionProperty),
    ).toBe('none')
  })
})
