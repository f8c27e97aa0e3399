import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { findTool } from '../../../scripts/tools.ts'
import { articleFive, model, User } from '../test/articles.ts'
import { serve } from '../test/serve.ts'
import { openPostgres } from '../test/stores.ts'

const executablePath = findTool('chromium')
// Where pictures of the page go, for people to look at.
const pictures = process.env.TYPESTEAD_PICTURES ?? join(tmpdir(), 'typestead-pictures')

describe.skipIf(executablePath === null)('GraphiQL in Chromium', () => {
  test.each(['light', 'dark'] as const)('runs a typed query offline, %s', async (colorScheme) => {
    await using opened = await openPostgres(model)
    await opened.db.create(User, {
      email: 'ada@example.org',
      firstName: 'Ada',
      lastName: 'Lovelace',
      password: 'analytical',
    })
    const api = articleFive(opened.db)
    await using server = await serve((request) =>
      new URL(request.url).pathname.startsWith('/api/graphiql')
        ? api.graphiql(request)
        : api.handler(request),
    )
    const browser = await chromium.launch({
      executablePath: executablePath ?? '',
      args: ['--no-sandbox'],
    })
    try {
      const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 800 } })
      const complaints: string[] = []
      const foreign: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning')
          complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('request', (request) => {
        const local = /^(data|blob):/.test(request.url()) || request.url().startsWith(server.url)
        if (!local) foreign.push(request.url())
      })
      await page.goto(`${server.url}/api/graphiql`)
      const editor = page.locator('.graphiql-query-editor .view-lines').first()
      await editor.waitFor({ timeout: 30_000 })
      await editor.click()
      await page.keyboard.press('Control+A')
      await page.keyboard.type('{ accountsUsers { name email }', { delay: 5 })
      await page.keyboard.press('Control+Enter')
      const answer = page.locator('.result-window')
      await expect.poll(() => answer.innerText(), { timeout: 15_000 }).toContain('Ada')
      await page.locator('[aria-label*="Documentation Explorer"]').first().click()
      await expect
        .poll(() => page.locator('.graphiql-plugin').innerText(), { timeout: 10_000 })
        .toContain('Query')
      await mkdir(pictures, { recursive: true })
      await page.screenshot({ path: join(pictures, `graphiql-${colorScheme}.png`) })
      expect(complaints).toEqual([])
      expect(foreign).toEqual([])
      const background = await page.evaluate(() => {
        const container = document.querySelector('.graphiql-container')
        return container ? getComputedStyle(container).backgroundColor : ''
      })
      const [red] = background.match(/\d+/g) ?? []
      expect(Number(red) > 128).toBe(colorScheme === 'light')
    } finally {
      await browser.close()
    }
  })
})
