/** The shop's pictures: the catalogue, a book in the dark, and both on a phone. JPEG, since covers are many colours. */
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

interface Picture {
  readonly name: string
  readonly context: BrowserContextOptions
  /** Brings the page to what is shown. */
  readonly show: (page: Page) => Promise<void>
}

const desktop = { width: 1200, height: 800 }
const phone = { width: 390, height: 760 }

const pictures: readonly Picture[] = [
  { name: 'shop', context: { viewport: desktop }, show: showCatalogue },
  { name: 'shop-book', context: { viewport: desktop, colorScheme: 'dark' }, show: showBook },
  { name: 'shop-phone', context: { viewport: phone }, show: showFantasy },
]

export async function shopPictures(browser: Browser, shop: string, folder: string): Promise<void> {
  for (const { name, context: options, show } of pictures) {
    const context = await browser.newContext({ baseURL: shop, serviceWorkers: 'block', ...options })
    try {
      const page = await context.newPage()
      await show(page)
      await page.screenshot({ path: join(folder, `${name}.jpg`), type: 'jpeg', quality: 82 })
    } finally {
      await context.close()
    }
  }
}

async function showCatalogue(page: Page): Promise<void> {
  await page.goto('/')
  await page.locator('.book-card .stock').first().waitFor()
}

async function showBook(page: Page): Promise<void> {
  await showCatalogue(page)
  await page.getByRole('link', { name: 'Wings of Fire', exact: true }).click()
  await page.locator('.book').waitFor()
  await page
    .getByRole('button', { name: /^Add to cart/ })
    .first()
    .click()
}

async function showFantasy(page: Page): Promise<void> {
  await page.goto('/?genre=fantasy')
  await page.locator('.book-card .stock').first().waitFor()
}
