/** Chromium before the shop's pages: contexts that complain of every error, and the ways that several tests take. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { findTool } from '../../../scripts/tools.ts'
import { type DemoUser, demoPassword } from './ask.ts'
import type { Shop } from './shop.ts'

/** Polls for as long as a machine that others use too may take. */
export function eventually<T>(read: () => T | Promise<T>) {
  return expect.poll(read, { timeout: 20_000 })
}

export const chromiumPath: string | null = findTool('chromium')

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] })
}

export interface Visitor extends AsyncDisposable {
  readonly context: BrowserContext
  readonly page: Page
  /** Errors of the page, and what its console was told of them. */
  readonly complaints: readonly string[]
  /** From here on, requests that fail are no complaint. */
  expectOutage(): void
  /** By the page's own form. */
  signIn(user: DemoUser): Promise<void>
}

export interface VisitOptions {
  readonly colorScheme?: 'light' | 'dark'
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly serviceWorkers?: 'allow' | 'block'
}

/** A browser profile of its own. */
export async function visit(
  browser: Browser,
  shop: Shop,
  { serviceWorkers = 'block', ...options }: VisitOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({ baseURL: shop.url, serviceWorkers, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  let outage = false
  page.on('pageerror', (error) => complaints.push(String(error.stack ?? error)))
  page.on('console', (message) => {
    const text = message.text()
    if (message.type() !== 'error' || text.includes('Service Worker registration blocked')) return
    const isNetwork = /^(Failed to load resource|WebSocket connection to)/.test(text)
    if (!(outage && isNetwork)) complaints.push(text)
  })
  return {
    context,
    page,
    complaints,
    expectOutage() {
      outage = true
    },
    async signIn(user) {
      await page.goto('/account')
      await page.getByLabel('E-mail').fill(`${user}@bookstore.example`)
      await page.getByLabel('Password').fill(demoPassword(shop, user))
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: /^Hello, / }).waitFor()
    },
    [Symbol.asyncDispose]: () => context.close(),
  }
}

/** Presses Tab until what has the focus fits; it fails when nothing does. */
export async function tabTo(page: Page, role: string, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press('Tab')
    const focused = page.getByRole(role as 'button', { name }).and(page.locator(':focus')) // any role
    if ((await focused.count()) > 0) return
  }
  throw new Error(`Tab never came to the ${role} ${name}`)
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core finds wrong with the page as it stands, best practices included. */
export async function violations(page: Page): Promise<unknown> {
  await page.evaluate(
    'document.getAnimations().filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime)).forEach((one) => one.finish())',
  )
  // Not a script tag: the policy of the pages would refuse its text.
  await page.evaluate(axe)
  return page.evaluate(
    'axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 200) + " " + n.failureSummary)]))',
  )
}
