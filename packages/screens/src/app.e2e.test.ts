import { afterAll, describe, expect, test } from 'vitest'
import { chromiumPath, closeBrowser, open } from '../test/browser.ts'

describe.skipIf(chromiumPath === null)('an app under a base address, in Chromium', () => {
  afterAll(closeBrowser)

  test('a new page starts at the top, going back returns to where one was, fragments are scrolled to', async () => {
    await using opened = await open('app.tsx', { path: '/console/' })
    const { page } = opened
    const scrollY = () => page.evaluate<number>('Math.round(scrollY)')
    await page.evaluate('scrollTo(0, 900)')
    await expect.poll(() => page.evaluate('history.state?.scroll?.[1]')).toBe(900)
    await page.evaluate('document.querySelector("a").click()')
    await expect.poll(() => page.title()).toBe('Other')
    expect(new URL(page.url()).pathname).toBe('/console/other')
    await expect.poll(scrollY).toBe(0)
    await page.goBack()
    await expect.poll(() => page.title()).toBe('Home')
    await expect.poll(scrollY).toBe(900)
    await page.evaluate('[...document.links].at(-1).click()')
    await expect.poll(scrollY).toBeGreaterThan(2000)
  })

  test('a filter lives in the address while the input keeps focus and caret', async () => {
    await using opened = await open('app.tsx', { path: '/console/?filter=a' })
    const { page } = opened
    const input = page.getByLabel('filter')
    expect(await input.inputValue()).toBe('a')
    await input.focus()
    await page.keyboard.press('Home')
    await page.keyboard.type('xy')
    await expect.poll(() => new URL(page.url()).search).toBe('?filter=xya')
    expect(
      await input.evaluate((element: HTMLInputElement) => [
        element.value,
        element.selectionStart,
        document.activeElement === element,
      ]),
    ).toEqual(['xya', 2, true])
    expect(await page.evaluate('history.length')).toBeLessThan(4)
  })

  test('a page whose code can not be loaded says so, and is tried again', async () => {
    await using opened = await open('app.tsx', { path: '/console/' })
    const { page } = opened
    await page.getByRole('link', { name: 'Lazy' }).click()
    await expect.poll(() => page.getByRole('alert').textContent()).toBe('the network is away')
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1')
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.poll(() => page.locator('h1').textContent()).toBe('Lazy, loaded')
  })

  test('links with a modifier, and those that lead out, are the browser’s; errors reach the supervisor', async () => {
    await using opened = await open('app.tsx', { path: '/console/' })
    const { page } = opened
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'Other' }).click({ modifiers: ['ControlOrMeta'] }),
    ])
    await tab.close()
    expect(await page.title()).toBe('Home')
    await page.getByRole('button', { name: 'Throw' }).click()
    expect(await page.evaluate('errors')).toEqual(['Error: clicked'])
    await page.evaluate('window.kept = true')
    await page.getByRole('link', { name: 'Outside' }).click()
    await page.waitForURL('**/outside')
    expect(await page.evaluate('window.kept')).toBeUndefined()
  })

  test('the app knows whether it is online', async () => {
    await using opened = await open('app.tsx', { path: '/console/' })
    const { page } = opened
    const online = () => page.locator('output').textContent()
    expect(await online()).toBe('true')
    await page.context().setOffline(true)
    await expect.poll(online).toBe('false')
    await page.context().setOffline(false)
    await expect.poll(online).toBe('true')
  })

  test('the rebuild counter counts what changes, and leaves without a trace', async () => {
    await using opened = await open('app.tsx', { path: '/console/' })
    const { page } = opened
    const panel = page.locator('.screens-rebuild-counter')
    expect(await panel.textContent()).toMatch(/\d+ runs · \d+ changes · \d+ flushes · \d+ alive/)
    const changes = async () => Number(/(\d+) changes/.exec((await panel.textContent()) ?? '')?.[1])
    const before = await changes()
    await page.getByRole('link', { name: 'Other' }).click()
    await expect.poll(changes).toBeGreaterThan(before)
    await page.evaluate('counter[Symbol.dispose]()')
    expect(await panel.count()).toBe(0)
  })
})
