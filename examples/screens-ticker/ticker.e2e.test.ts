import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { build, preview } from 'vite'
import { describe, expect, test, vi } from 'vitest'
import { findTool } from '../../scripts/tools.ts'

const executablePath = findTool('chromium')
const configFile = fileURLToPath(new URL('./vite.config.ts', import.meta.url))

describe.skipIf(executablePath === null)('the ticker example, built, in Chromium', () => {
  test('a worker feeds a thousand cells; a tick changes texts only, and a rate of nothing stops it', async () => {
    const outDir = await mkdtemp(join(tmpdir(), 'screens-ticker-'))
    vi.stubEnv('NODE_ENV', 'production') // Vitest's own would make it a build for development
    await build({ configFile, logLevel: 'error', build: { outDir, emptyOutDir: true } })
    vi.unstubAllEnvs()
    const server = await preview({
      configFile,
      logLevel: 'error',
      build: { outDir },
      preview: { host: '127.0.0.1', port: 0 },
    })
    const browser = await chromium.launch({
      executablePath: executablePath ?? '',
      args: ['--no-sandbox'],
    })
    try {
      const page = await browser.newPage()
      await page.goto(server.resolvedUrls?.local[0] ?? '')
      expect(await page.locator('.price').count()).toBe(1000)
      const received = async () => Number(await page.locator('.received').textContent())
      await expect.poll(received, { timeout: 10_000 }).toBeGreaterThan(500)
      await page.evaluate(`
        window.kinds = new Set()
        new MutationObserver((records) => { for (const { type } of records) window.kinds.add(type) })
          .observe(document.querySelector('.prices'), { subtree: true, childList: true, characterData: true, attributes: true })
      `)
      const before = await received()
      await expect.poll(received, { timeout: 10_000 }).toBeGreaterThan(before + 500)
      expect(await page.evaluate('[...window.kinds]')).toEqual(['characterData'])
      await page.getByLabel('Ticks a second').fill('0')
      // What was under way still comes.
      await expect
        .poll(async () => {
          const first = await received()
          await page.waitForTimeout(200)
          return (await received()) - first
        })
        .toBe(0)
    } finally {
      await browser.close()
      await server.close()
      await rm(outDir, { recursive: true, force: true })
    }
  })
})
