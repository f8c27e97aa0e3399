import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build, type PreviewServer, preview } from 'vite'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { findTool } from '../../scripts/tools.ts'

const executablePath = findTool('chromium')
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const configFile = fileURLToPath(new URL('./vite.config.ts', import.meta.url))

describe.skipIf(executablePath === null)('the counter example, built, in Chromium', () => {
  let browser: Browser
  let server: PreviewServer
  let outDir: string
  let url: string

  beforeAll(async () => {
    outDir = await mkdtemp(join(tmpdir(), 'screens-counter-'))
    vi.stubEnv('NODE_ENV', 'production') // Vitest's own would make it a build for development
    await build({ configFile, logLevel: 'error', build: { outDir, emptyOutDir: true } })
    vi.unstubAllEnvs()
    server = await preview({
      configFile,
      logLevel: 'error',
      build: { outDir },
      preview: { host: '127.0.0.1', port: 0 },
    })
    url = server.resolvedUrls?.local[0]?.replace(/\/$/, '') ?? ''
    browser = await chromium.launch({
      executablePath: executablePath ?? '',
      args: ['--no-sandbox'],
    })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
    await rm(outDir, { recursive: true, force: true })
  })

  async function open(path: string, work: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext()
    try {
      const page = await context.newPage()
      await page.goto(url + path)
      await page.getByRole('button', { name: 'Increment' }).waitFor()
      await work(page)
    } finally {
      await context.close()
    }
  }

  test('counts by mouse and by keyboard, and has a tooltip', () =>
    open('/', async (page) => {
      expect(await page.title()).toBe('Typestead Demo Home Page')
      expect(await page.getByText('You have pushed the button this many times:').count()).toBe(1)
      expect(await page.locator('output').textContent()).toBe('0')
      const button = page.getByRole('button', { name: 'Increment' })
      expect(await button.textContent()).toBe('+')
      await button.click()
      await page.keyboard.press('Space')
      expect(await page.locator('output').textContent()).toBe('2')
      expect(
        await button.evaluate((element) => getComputedStyle(element, '::before').visibility),
      ).toBe('visible')
    }))

  test('the mirror follows, the count survives leaving, coming back and a new visit', () =>
    open('/', async (page) => {
      await page.getByRole('button', { name: 'Increment' }).click({ clickCount: 3 })
      await page.getByRole('link', { name: 'Mirror' }).click()
      await expect.poll(() => page.title()).toBe('3 in the mirror')
      expect(new URL(page.url()).pathname).toBe('/mirror')
      await page.getByRole('link', { name: 'Back' }).click()
      await page.getByRole('button', { name: 'Increment' }).click()
      expect(await page.locator('output').textContent()).toBe('4')
      await expect.poll(() => page.evaluate('localStorage["screens-counter.count"]')).toBe('4')
      await page.reload()
      await expect.poll(() => page.locator('output').textContent()).toBe('4')
    }))

  test('works offline after one visit, and can be installed', () =>
    open('/', async (page) => {
      await page.evaluate('navigator.serviceWorker.ready')
      await expect
        .poll(() =>
          page.evaluate(
            'caches.keys().then((k) => caches.open(k[0])).then((c) => c.keys()).then((k) => k.length)',
          ),
        )
        .toBeGreaterThan(3)
      const cdp = await page.context().newCDPSession(page)
      const { errors } = await cdp.send('Page.getAppManifest')
      expect(errors).toEqual([])
      await page.context().setOffline(true)
      await page.goto(`${url}/mirror`)
      await expect.poll(() => page.locator('h1').textContent()).toBe('Mirror')
      await page.context().setOffline(false)
    }))

  test('the same managers under React', () =>
    open('/react.html', async (page) => {
      await page.getByRole('button', { name: 'Increment' }).click({ clickCount: 2 })
      await expect.poll(() => page.locator('output').textContent()).toBe('2')
    }))

  test.each(['light', 'dark'] as const)('axe finds no violation, %s', (colorScheme) =>
    open('/', async (page) => {
      await page.emulateMedia({ colorScheme })
      await page.addScriptTag({ content: await readFile(axe, 'utf8') })
      const check = () =>
        page.evaluate(
          'axe.run().then(({ violations }) => violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))',
        )
      expect(await check()).toEqual([])
      await page.getByRole('link', { name: 'Mirror' }).click()
      await page.getByRole('link', { name: 'Back' }).waitFor()
      expect(await check()).toEqual([])
    }),
  )
})
