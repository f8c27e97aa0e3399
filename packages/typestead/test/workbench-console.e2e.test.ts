/** The console in Chromium: judged by axe-core, used by keyboard, kept still by live updates, recovering by itself. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningApp, startApp } from './command.ts'
import { type TinyApp, tinyApp } from './tiny-app.ts'
import { type ConsolePages, consolePages, executablePath, violations } from './workbench-pages.ts'

/** A pipeline that runs as long as the app. */
const pipeline = `
  routes: () => {
    const jobs = makeChan(4, { name: 'jobs' })
    const results = makeChan(0, { name: 'results' })
    go(async function producer() { for (let i = 0; ; i++) { await jobs.send(i); await sleep(40) } })
    for (let n = 0; n < 2; n++) go(async function worker() { for await (const job of jobs) await results.send(job) })
    go(async function collector() { for await (const _ of results) await sleep(1) })
    return () => undefined
  },
  signIn:`

function appWithChannels(): TinyApp {
  const app = tinyApp()
  const config = 'typestead.config.ts'
  app.edit(config, '\n  signIn:', pipeline)
  app.edit(
    config,
    'import { model',
    "import { go, makeChan, sleep } from '@typestead/channels'\nimport { model",
  )
  return app
}

const posts = (running: RunningApp) => running.ask('{ posts(first: 1) { nodes { title } } }')

describe.skipIf(executablePath === null)('the console', () => {
  let app: TinyApp
  let running: RunningApp
  let pages: ConsolePages
  let post: string

  beforeAll(async () => {
    app = appWithChannels()
    running = await startApp(app.folder)
    pages = await consolePages()
    const answer = await fetch(`${running.workbench}/_typestead/rows/Post?first=1`)
    post = (await answer.json()).rows[0].key
  })

  afterAll(async () => {
    await pages?.[Symbol.asyncDispose]()
    await running?.[Symbol.asyncDispose]()
    app?.[Symbol.dispose]()
  })

  const open = (path: string, options = {}) => pages.open(running.workbench + path, options)
  const row = (page: Page, text: string) => page.locator('tbody tr', { hasText: text }).first()

  describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
    it.each([
      ['/operations', 'Memory'],
      ['/operations/log', 'ready'],
      ['/operations/requests', '/api'],
      ['/api', 'GraphiQL'],
      ['/api/schema', 'PostConnection'],
      ['/api/schema?type=Mutation&text=post', 'createPost'],
      ['/api/operations', 'posts'],
      ['/model', 'Post'],
      ['/model?entity=User', 'secret'],
      ['/model/plan', 'agree'],
      ['/model/migrations', 'new entity User'],
      ['/model/rows', '200 rows'],
      ['/model/rows/Post', 'Post 7'],
      ['/model/rows/User?create=true', 'Create user'],
      ['/channels', 'jobs'],
      ['/nothing', 'no such page'],
    ])('%s has nothing that axe-core finds', async (path, text) => {
      await posts(running)
      const page = await open(path, { colorScheme, bypassCSP: true })
      await page.locator('main').getByText(text).first().waitFor()
      expect(await violations(page)).toEqual([])
      await page.context().close()
    })

    it('nor do details, an open row and the palette', async () => {
      const page = await open('/operations/requests', { colorScheme, bypassCSP: true })
      await row(page, '/api').click()
      await page.getByRole('heading', { name: 'Request', exact: true }).waitFor()
      expect(await violations(page)).toEqual([])
      await page.goto(`${running.workbench}/model/rows/Post?row=${post}`)
      await page.getByRole('button', { name: 'Save' }).waitFor()
      expect(await violations(page)).toEqual([])
      await page.keyboard.press('Control+k')
      await page.locator('.palette [role=option]').first().waitFor()
      expect(await violations(page)).toEqual([])
      await page.context().close()
    })
  })

  it('loads little at first, and nothing from elsewhere', async () => {
    const page = await open('/operations/log')
    const loaded = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => name),
    )
    expect(loaded.filter((name) => !name.startsWith(running.workbench))).toEqual([])
    expect(loaded.filter((name) => /line-chart|graphiql/.test(name))).toEqual([])
    await page.context().close()
  })

  it('is used by keyboard alone: palette, table, form, picture', async () => {
    const page = await open('/operations')
    const { keyboard } = page
    await keyboard.press('Control+k')
    await keyboard.type('post')
    await page.locator('.palette [aria-selected=true]', { hasText: /^Postrows/ }).waitFor()
    await keyboard.press('Enter')
    await expect.poll(() => page.title()).toBe('Post · Rows')
    // The heading has the focus; the table is among what follows.
    await row(page, 'Post 3').waitFor()
    await tabTo(page, 'table')
    for (let at = 0; at < 4; at++) await keyboard.press('ArrowDown')
    await keyboard.press('Enter')
    const title = page.locator('[name=title]')
    await expect.poll(() => title.inputValue()).toBe('Post 3')
    await tabTo(page, '[name=title]')
    await keyboard.press('Control+a')
    await keyboard.type('By keyboard')
    await keyboard.press('Enter')
    await page.getByText('Saved.').waitFor()
    await row(page, 'By keyboard').waitFor()
    await keyboard.press('Escape')
    await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('TABLE')
    await keyboard.press('Control+k')
    await keyboard.type('entities')
    await keyboard.press('Enter')
    await expect.poll(() => page.title()).toBe('Model')
    await tabTo(page, '.box')
    await keyboard.press('ArrowRight')
    await keyboard.press('Enter')
    await page.getByRole('region', { name: 'Entity' }).waitFor()
    expect(new URL(page.url()).searchParams.get('entity')).toBe('Post')
    await page.context().close()
  })

  it('keeps scroll, selection and focus of a table while requests come', async () => {
    for (let at = 0; at < 60; at++) await posts(running)
    const page = await open('/operations/requests')
    await row(page, '/api').waitFor()
    const viewport = page.locator('.data-table')
    await viewport.evaluate((element) => {
      element.scrollTop = 600
    })
    await page.locator('tbody tr:not([aria-hidden]) >> nth=8').click()
    await page.locator('table').focus()
    const state = () =>
      page.evaluate(() => {
        const chosen = document.querySelector('tbody tr[aria-selected=true]')
        return {
          text: chosen?.textContent,
          top: Math.round(chosen?.getBoundingClientRect().top ?? -1),
          focused: document.activeElement?.tagName,
        }
      })
    const before = await state()
    expect(before.focused).toBe('TABLE')
    const counted = await page.locator('output').textContent()
    for (let at = 0; at < 7; at++) await posts(running)
    await expect.poll(() => page.locator('output').textContent()).not.toBe(counted)
    await expect.poll(async () => (await state()).top).toBe(before.top)
    expect(await state()).toEqual(before)
    await page.context().close()
  })

  it('follows the end of the log until one scrolls away, and holds still while paused', async () => {
    for (let at = 0; at < 60; at++) await posts(running)
    const page = await open('/operations/log')
    const list = page.locator('.virtual-list')
    await page.locator('.row').first().waitFor()
    const fromEnd = () =>
      list.evaluate(({ scrollHeight, clientHeight, scrollTop }) =>
        Math.round(scrollHeight - clientHeight - scrollTop),
      )
    await expect.poll(fromEnd).toBeLessThan(30)
    for (let at = 0; at < 5; at++) await posts(running)
    await expect.poll(fromEnd).toBeLessThan(30)
    await list.hover()
    const follow = page.getByRole('button', { name: /Follow the end/ })
    // A row that comes in the moment of the first turn of the wheel takes the list back to its end.
    const scrollAway = async () => {
      await page.mouse.wheel(0, -600)
      return follow.isVisible()
    }
    await expect.poll(scrollAway, { timeout: 10_000 }).toBe(true)
    const counted = await page.locator('output').textContent()
    const top = await list.evaluate(({ scrollTop }) => scrollTop)
    for (let at = 0; at < 5; at++) await posts(running)
    await expect.poll(() => page.locator('output').textContent()).not.toBe(counted)
    expect(await list.evaluate(({ scrollTop }) => scrollTop)).toBe(top)
    await page.getByRole('button', { name: 'Pause' }).click()
    await posts(running)
    await page.getByRole('button', { name: /Go on \(\d+ new\)/ }).waitFor()
    await page.getByLabel('Text').fill('nothing has this')
    await page.getByText('No entry fits these filters').waitFor()
    await page.reload()
    expect(await page.getByLabel('Text').inputValue()).toBe('nothing has this')
    await page.context().close()
  })

  it('shows each operation of the API with its plan, as it comes', async () => {
    const page = await open('/api/operations')
    await running.ask('query OfThisTest { users(first: 1) { nodes { name } } }')
    await row(page, 'OfThisTest').click()
    await page.getByText('Statement, without its values').waitFor()
    expect(await page.locator('.split-detail pre').textContent()).toContain('select')
    await page.context().close()
  })

  it('has GraphiQL as an island, loaded when it is opened', async () => {
    const page = await open('/api')
    const island = page.frameLocator('iframe')
    const editor = island.locator('.graphiql-query-editor .view-lines').first()
    await editor.waitFor({ timeout: 60_000 })
    await editor.click()
    await page.keyboard.press('Control+A')
    await page.keyboard.type('{ users(first: 1) { nodes { name }', { delay: 5 })
    await page.keyboard.press('Control+Enter')
    await expect
      .poll(() => island.locator('.result-window').innerText(), { timeout: 30_000 })
      .toContain('Ann')
    await page.context().close()
  })

  it('filters, orders and pages rows; the address has it all', async () => {
    const page = await open('/model/rows/Post')
    await row(page, 'Post 1').waitFor()
    await page.getByText('200 rows').waitFor()
    await page.locator('.data-table').evaluate((element) => {
      element.scrollTop = element.scrollHeight
    })
    await page.locator('th button', { hasText: 'Title' }).click()
    await page.locator('th button', { hasText: 'Title' }).click()
    await row(page, 'Post 99').waitFor()
    await page.getByLabel('Where').selectOption('title')
    await page.getByLabel('Value').fill('post 19')
    await page.getByText('11 rows').waitFor()
    expect(page.url()).toMatch(/field=title.*value=post\+19.*order=-title/)
    await page.reload()
    await page.getByText('11 rows').waitFor()
    await row(page, 'Post 199').waitFor()
    await page.context().close()
  })

  it('creates a row with what is wrong told by field, and deletes it', async () => {
    const page = await open('/model/rows/User')
    await page.getByRole('button', { name: 'New row' }).click()
    await page.locator('[name=email]').fill('ann@example.com')
    await page.locator('[name=name]').fill('Zed')
    await page.locator('[name=password]').fill('short')
    await page.getByRole('button', { name: 'Create user' }).click()
    await expect
      .poll(() => page.locator('[name=password]').getAttribute('aria-invalid'))
      .toBe('true')
    await page.locator('[name=password]').fill('long enough')
    await page.getByRole('button', { name: 'Create user' }).click()
    await page.getByText('Another row has this value already').waitFor()
    expect(await page.locator('[name=email]').getAttribute('aria-invalid')).toBe('true')
    await page.locator('[name=email]').fill('zed@example.com')
    await page.getByRole('button', { name: 'Create user' }).click()
    await row(page, 'zed@example.com').waitFor()
    await page.getByRole('button', { name: 'Delete…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
    await expect.poll(() => row(page, 'zed@example.com').count()).toBe(0)
    await page.context().close()
  })

  it('draws the goroutines as they move, and goes back through their steps', async () => {
    const page = await open('/channels')
    await page.getByText('producer').waitFor()
    await expect.poll(() => page.locator('.channel').count()).toBe(2)
    await expect.poll(() => page.locator('.goroutine').count()).toBe(4)
    const steps = page.locator('.scrubber output')
    const before = await steps.textContent()
    await expect.poll(() => steps.textContent()).not.toBe(before)
    await page.getByLabel('Step', { exact: true }).focus()
    await page.keyboard.press('ArrowLeft')
    const held = await steps.textContent()
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => steps.textContent()).not.toBe(held)
    const live = page.getByRole('button', { name: 'Live' })
    expect(await live.getAttribute('aria-pressed')).toBe('false')
    await live.click()
    await expect.poll(() => live.getAttribute('aria-pressed')).toBe('true')
    await page.context().close()
  })

  it('had no error of its own in all of these', () => {
    expect(pages.complaints).toEqual([])
  })
})

/** Presses Tab until what fits the selector has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let at = 0; at < 60; at++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return
  }
  throw new Error(`Tab does not lead to ${selector}`)
}
