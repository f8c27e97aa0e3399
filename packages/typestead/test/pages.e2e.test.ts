/** The pages in a real browser: used by keyboard, judged by axe-core, light and dark. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findTool } from '../../../scripts/tools.ts'
import { type RunningApp, startApp } from './command.ts'
import { type TinyApp, tinyApp } from './tiny-app.ts'

const executablePath = findTool('chromium')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Where to keep pictures of the pages; none are made without it. */
const pictures = process.env.TYPESTEAD_PICTURES

describe.skipIf(executablePath === null)('pages in Chromium', () => {
  let app: TinyApp
  let running: RunningApp
  let browser: Browser

  beforeAll(async () => {
    app = tinyApp()
    running = await startApp(app.folder)
    browser = await chromium.launch({
      executablePath: executablePath ?? '',
      args: ['--no-sandbox'],
    })
  })

  afterAll(async () => {
    await browser?.close()
    await running?.[Symbol.asyncDispose]()
    app?.[Symbol.dispose]()
  })

  async function open(url: string, colorScheme: 'light' | 'dark'): Promise<Page> {
    // axe-core is a script, which the pages' own policy does not let run.
    const context = await browser.newContext({
      colorScheme,
      bypassCSP: true,
      viewport: { width: 900, height: 700 },
    })
    const page = await context.newPage()
    page.on('pageerror', (error) => expect.unreachable(error.message))
    await page.goto(url)
    // The console is there once its script has run.
    await page.locator('h1').first().waitFor()
    return page
  }

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe)
    return page.evaluate(async () => {
      // Put there by the script before.
      const { axe } = window as unknown as {
        axe: { run(): Promise<{ violations: { id: string; help: string }[] }> }
      }
      return (await axe.run()).violations.map(({ id, help }) => `${id}: ${help}`)
    })
  }

  for (const scheme of ['light', 'dark'] as const) {
    it(`have nothing that axe-core finds, ${scheme}`, async () => {
      const urls = {
        index: `${running.application}/`,
        'sign-in': `${running.application}/sign-in`,
        workbench: `${running.workbench}/`,
      }
      for (const [name, url] of Object.entries(urls)) {
        const page = await open(url, scheme)
        expect(await violations(page), name).toEqual([])
        if (pictures) await page.screenshot({ path: join(pictures, `${name}-${scheme}.png`) })
        await page.context().close()
      }
    })
  }

  it('sign in and out by keyboard alone, without JavaScript', async () => {
    const { ADMIN_PASSWORD } = JSON.parse(app.read('.typestead/secrets.json'))
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${running.application}/sign-in`)
    // The browser gives the first field the focus a moment after the page is there.
    await page.locator('input:focus').waitFor()
    await page.keyboard.type('ann@example.com')
    await page.keyboard.press('Tab')
    await page.keyboard.type('not this')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toBe('Login or password is wrong.')
    expect(await page.getByLabel('Login').inputValue()).toBe('ann@example.com')
    if (pictures) await page.screenshot({ path: join(pictures, 'sign-in-error.png') })
    await page.locator('input:focus').waitFor()
    await page.keyboard.type(ADMIN_PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByText('You are signed in as admin.').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('link', { name: '/sign-in' }).waitFor()
    await context.close()
  })

  it('show the error page’s form to axe-core too', async () => {
    const page = await open(`${running.application}/sign-in`, 'dark')
    await page.getByLabel('Login').fill('ann@example.com')
    await page.getByLabel('Password').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
    expect(await violations(page)).toEqual([])
    await page.context().close()
  })
})
