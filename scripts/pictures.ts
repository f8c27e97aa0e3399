/**
 * `npm run pictures`: the pictures in `docs/pictures/`, taken in Chromium of a Bookstore that is started for it in a temporary
 * folder.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { channelsPicture, consolePictures } from './pictures/console-pictures.ts'
import { shopPictures } from './pictures/shop.ts'
import { findTool } from './tools.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const pictures = join(root, 'docs', 'pictures')
const query = `{
  books(first: 3) {
    nodes {
      title
      price
      author { name }
      reviews(first: 1) { rating title }
    }
  }
}`

const executablePath = findTool('chromium')
if (executablePath === null) {
  process.stderr.write('pictures: there is no Chromium here; "npm run setup" installs it\n')
  process.exit(1)
}
const data = mkdtempSync(join(tmpdir(), 'typestead-pictures-'))
const app = spawn(
  process.execPath,
  ['packages/typestead/bin/typestead.js', 'start', '--app', 'apps/bookstore'],
  {
    cwd: root,
    env: { ...process.env, PORT: '0', TYPESTEAD_WORKBENCH_PORT: '0', TYPESTEAD_DATA: data },
    stdio: ['ignore', 'ignore', 'inherit'],
  },
)
const closed = new Promise((resolve) => app.once('close', resolve))
try {
  const { application, workbench } = await endpoints()
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    mkdirSync(pictures, { recursive: true })
    await graphiql(browser, application)
    await shopPictures(browser, application, pictures)
    await consolePictures(browser, { application, workbench }, pictures)
    await channelsPicture(browser, root, pictures)
  } finally {
    await browser.close()
  }
} finally {
  app.kill('SIGTERM')
  await closed
  rmSync(data, { recursive: true, force: true })
}

async function endpoints(): Promise<{ readonly application: string; readonly workbench: string }> {
  const file = join(data, 'endpoints.json')
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (existsSync(file)) {
      const known = JSON.parse(readFileSync(file, 'utf8'))
      const ready = await fetch(`${known.application}/readyz`)
      if (ready.ok) return known
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('Bookstore did not get ready within a minute')
}

async function graphiql(browser: Browser, application: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 640 } })
  // Typing would meet the editor's own brackets and indentation; the page keeps the last query here.
  await page.addInitScript((text) => localStorage.setItem('graphiql:query', text), query)
  await page.goto(`${application}/api/graphiql`)
  const editor = page.locator('.graphiql-query-editor .view-lines').first()
  await editor.waitFor({ timeout: 30_000 })
  await editor.click()
  await page.keyboard.press('Control+Enter')
  await page.waitForFunction(
    () => document.querySelector('.result-window')?.textContent?.includes('Rowling'),
    undefined,
    { timeout: 20_000 },
  )
  await page.screenshot({ path: join(pictures, 'graphiql.png') })
}
