import { rm } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Shop, startShop } from './shop.ts'
import { chromiumPath, eventually, launch, violations, visit } from './shop-browser.ts'

describe.skipIf(chromiumPath === null)(
  'the shop without its server or a network, in Chromium',
  () => {
    let shop: Shop
    let browser: Browser
    beforeAll(async () => {
      ;[shop, browser] = await Promise.all([startShop(), launch()])
    })
    afterAll(async () => {
      await browser?.close()
      await shop?.[Symbol.asyncDispose]()
      // A shop that was started on data that was there leaves them.
      if (shop) await rm(shop.data, { recursive: true, force: true, maxRetries: 5 })
    })

    test('the server stops: pages say so, keep what they show, try again and recover by themselves', async () => {
      await using visitor = await visit(browser, shop)
      const { page, complaints } = visitor
      await page.goto('/')
      const cards = page.locator('.book-card')
      await eventually(() => cards.count()).toBe(24)
      await page
        .getByRole('button', { name: /^Add to cart/ })
        .first()
        .click()
      visitor.expectOutage()
      const port = new URL(shop.url).port
      const { data } = shop
      await shop.stop()
      const told = page.getByText('The shop does not answer just now. We keep trying…')
      await told.waitFor()
      expect(await cards.count()).toBe(24)
      expect(await violations(page)).toEqual([])

      // What is not there yet has its own error, with a way to try at once; the cart is there as it was.
      await page.getByRole('link', { name: 'Poetry' }).click()
      await page.getByRole('button', { name: 'Try again now' }).click()
      await eventually(() => page.locator('.state-title').textContent()).toBe(
        'The shop cannot be reached.',
      )
      expect(await violations(page)).toEqual([])
      await page.getByRole('link', { name: 'Cart 1 book' }).click()
      await page.locator('.cart-line').waitFor()
      await page.goBack()

      shop = await startShop({ data, env: { PORT: port } })
      await told.waitFor({ state: 'hidden' })
      await eventually(() => cards.count()).toBe(24)
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Poetry')
      expect(complaints).toEqual([])
    })

    test('it can be installed', async () => {
      await using visitor = await visit(browser, shop, { serviceWorkers: 'allow' })
      const { page, context } = visitor
      await page.goto('/')
      await page.evaluate('navigator.serviceWorker.ready')
      const session = await context.newCDPSession(page)
      const manifest = await session.send('Page.getAppManifest')
      expect(manifest.errors).toEqual([])
      expect(JSON.parse(manifest.data ?? '')).toMatchObject({
        name: 'Bookstore',
        display: 'standalone',
        start_url: '/',
      })
      // A context of its own counts as incognito, where nothing can be installed.
      const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
      expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito'])
      expect(visitor.complaints).toEqual([])
    })

    test('it opens without a network after one visit, says so, and recovers', async () => {
      await using visitor = await visit(browser, shop, { serviceWorkers: 'allow' })
      const { page, context } = visitor
      await page.goto('/')
      await page
        .getByRole('button', { name: /^Add to cart/ })
        .first()
        .click()
      await page.evaluate('navigator.serviceWorker.ready')
      const kept = () =>
        page.evaluate(
          'caches.keys().then((names) => caches.open(names[0])).then((cache) => cache.keys()).then((all) => all.length)',
        )
      await eventually(kept).toBeGreaterThan(10)

      visitor.expectOutage()
      await context.setOffline(true)
      await page.goto('/cart')
      await page.locator('.cart-line').waitFor()
      await page.getByText('You are offline. Your cart is kept').waitFor()
      expect(await violations(page)).toEqual([])
      // A page that is loaded when it is opened opens too.
      await page.getByRole('link', { name: 'Sign in' }).click()
      await page.locator('.sign-in').waitFor()
      await page.goto('/')
      await page.locator('.state.failed').waitFor()
      await context.setOffline(false)
      await eventually(() => page.locator('.book-card').count()).toBe(24)
      expect(await page.getByText('You are offline').count()).toBe(0)
    })

    test('the server stops under an installed shop: its pages still open', async () => {
      await using visitor = await visit(browser, shop, { serviceWorkers: 'allow' })
      const { page } = visitor
      await page.goto('/')
      await page.evaluate('navigator.serviceWorker.ready')
      await page.locator('.book-card').first().waitFor()
      visitor.expectOutage()
      await shop.stop()
      await page.goto('/account')
      await page.getByText('The shop does not answer just now.').waitFor()
      await page.getByLabel('E-mail').fill('reader@bookstore.example')
      await page.getByLabel('Password').fill('does not matter now')
      await page.keyboard.press('Enter')
      await eventually(() => page.getByRole('alert').allTextContents()).toContain(
        'The shop cannot be reached.',
      )
      expect(visitor.complaints).toEqual([])
    })
  },
)
