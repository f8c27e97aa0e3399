/** The console in a real browser, for tests: pages that fail the test by any error of theirs, and axe-core's judgement. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { findTool } from '../../../scripts/tools.ts'

export const executablePath = findTool('chromium')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface ConsolePages extends AsyncDisposable {
  /** Opens a path; the page is closed with the pages. */
  open(url: string, options?: BrowserContextOptions): Promise<Page>
  /** What pages logged as errors or threw, but for requests that a server refused or did not answer. */
  readonly complaints: readonly string[]
}

export async function consolePages(): Promise<ConsolePages> {
  const browser: Browser = await chromium.launch({
    executablePath: executablePath ?? '',
    args: ['--no-sandbox'],
  })
  const complaints: string[] = []
  return {
    complaints,
    async open(url, options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1200, height: 760 },
        ...options,
      })
      const page = await context.newPage()
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('console', (message) => {
        const isNetwork = message.text().startsWith('Failed to load resource')
        if (message.type() === 'error' && !isNetwork) complaints.push(message.text())
      })
      await page.goto(url)
      await page.locator('h1').waitFor()
      return page
    },
    [Symbol.asyncDispose]: () => browser.close(),
  }
}

/** What axe-core finds; frames of others are left out. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    // Put there by the script before.
    const { axe } = window as unknown as {
      axe: {
        run(
          context: object,
          options: object,
        ): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>
      }
    }
    const { violations } = await axe.run({ exclude: [['iframe']] }, { iframes: false })
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  })
}
