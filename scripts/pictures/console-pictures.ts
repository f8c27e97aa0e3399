/** Pictures of the console: over Bookstore with some requests, and its Channels panel over a small app that has goroutines. */
import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'

export interface ConsoleUrls {
  readonly application: string
  readonly workbench: string
}

export async function consolePictures(
  browser: Browser,
  urls: ConsoleUrls,
  folder: string,
): Promise<void> {
  const open = async (path: string, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width: 1200, height: 700 }, colorScheme })
    await page.goto(urls.workbench + path)
    return page
  }
  const keep = async (page: Page, name: string): Promise<void> => {
    await page.screenshot({ path: join(folder, `${name}.png`) })
    await page.close()
  }
  await traffic(urls.application)

  const operations = await open('/operations')
  await operations.locator('.chart canvas').first().waitFor()
  await sleep(1500)
  await operations.screenshot({ path: join(folder, 'workbench.png') })
  await keep(operations, 'console-operations')

  const live = await open('/api/operations', 'dark')
  await live
    .locator('tbody tr', { hasText: 'general' })
    .or(live.locator('tbody tr >> nth=3'))
    .first()
    .click()
  await sleep(300)
  await keep(live, 'console-operations-of-the-api')

  const model = await open('/model?entity=Book')
  await model.getByRole('region', { name: 'Entity' }).waitFor()
  await keep(model, 'console-model')

  const rows = await open('/model/rows/Book?field=title&value=harry&order=-price', 'dark')
  await rows.locator('tbody tr', { hasText: 'Azkaban' }).click()
  await rows.getByRole('button', { name: 'Save' }).waitFor()
  await keep(rows, 'console-rows')
}

/** The Channels panel. `root` is the workspace. */
export async function channelsPicture(
  browser: Browser,
  root: string,
  folder: string,
): Promise<void> {
  const app = realpathSync(mkdtempSync(join(tmpdir(), 'typestead-pictures-')))
  symlinkSync(join(root, 'node_modules'), join(app, 'node_modules'))
  writeFileSync(join(app, 'package.json'), '{ "name": "pipeline", "type": "module" }')
  writeFileSync(join(app, 'typestead.config.ts'), pipeline)
  const running = spawn(
    process.execPath,
    [join(root, 'packages/typestead/bin/typestead.js'), 'start', '--app', app],
    {
      cwd: app,
      env: {
        ...process.env,
        PORT: '0',
        TYPESTEAD_WORKBENCH_PORT: '0',
        TYPESTEAD_DATA: join(app, 'data'),
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  const closed = new Promise((resolve) => running.once('close', resolve))
  try {
    const { workbench } = await endpointsIn(join(app, 'data'))
    const page = await browser.newPage({
      viewport: { width: 1200, height: 620 },
      colorScheme: 'dark',
    })
    await page.goto(`${workbench}/channels`)
    await page.locator('.slot').first().waitFor()
    // Until all ways are known, and the boxes stand.
    await sleep(6000)
    await page.screenshot({ path: join(folder, 'console-channels.png') })
    await page.close()
  } finally {
    running.kill('SIGTERM')
    await closed
    rmSync(app, { recursive: true, force: true })
  }
}

async function endpointsIn(data: string): Promise<ConsoleUrls> {
  const file = join(data, 'endpoints.json')
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (existsSync(file)) {
      const known = JSON.parse(readFileSync(file, 'utf8')) as ConsoleUrls
      if ((await fetch(`${known.workbench}/readyz`)).ok) return known
    }
    await sleep(100)
  }
  throw new Error('the small app did not get ready within a minute')
}

/** Enough for the charts to have something to show. */
async function traffic(application: string): Promise<void> {
  const ask = (query: string) =>
    fetch(`${application}/api`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
  for (let second = 0; second < 20; second++) {
    const times = 4 + Math.round(6 * Math.abs(Math.sin(second / 3)))
    await Promise.all(
      Array.from({ length: times }, (_, at) =>
        ask(
          at % 3 === 0
            ? 'query Catalogue { books(first: 20) { nodes { title price author { name } } } }'
            : 'query OneBook { books(first: 1) { nodes { title reviews(first: 3) { rating } } } }',
        ),
      ),
    )
    await fetch(`${application}/not-there`)
    await sleep(900)
  }
}

const pipeline = `
import { go, makeChan, sleep } from '@typestead/channels'
import { defineModel, Entity, id, string } from '@typestead/entity'
import { defineConfig } from 'typestead'

class Image extends Entity('Image', { id: id(), name: string() }) {}

export default defineConfig({
  name: 'Pipeline',
  model: defineModel({ Image }),
  routes: () => {
    const files = makeChan(6, { name: 'files' })
    const thumbnails = makeChan(3, { name: 'thumbnails' })
    const errors = makeChan(0, { name: 'errors' })
    go(async function reader() { for (let at = 0; ; at++) { await files.send(at); await sleep(40) } })
    for (let at = 0; at < 3; at++) go(async function resizer() {
      for await (const file of files) {
        await sleep(150)
        if (file % 17 === 0) await errors.send(file)
        else await thumbnails.send(file)
      }
    })
    go(async function uploader() { for await (const _ of thumbnails) await sleep(70) })
    go(async function reporter() { for await (const _ of errors) await sleep(5) })
    return () => undefined
  },
})
`
