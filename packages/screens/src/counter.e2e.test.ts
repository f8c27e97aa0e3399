import { afterAll, describe, expect, test } from 'vitest'
import { chromiumPath, closeBrowser, open } from '../test/browser.ts'

/** What test/pages/counter.tsx puts on the window, called by name inside the page. */
const call = (name: string, ...args: readonly unknown[]) =>
  `window.${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`

describe.skipIf(chromiumPath === null)('the counter, in Chromium', () => {
  afterAll(closeBrowser)

  test('ten clicks are ten runs of the output, none of the page, ten mutations, and keep the focus', async () => {
    await using opened = await open('counter.tsx')
    const { page } = opened
    await page.evaluate(`
      window.records = []
      new MutationObserver((list) => window.records.push(...list.map((r) => r.type)))
        .observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true, attributes: true })
    `)
    expect(await page.title()).toBe('Typestead Demo Home Page')
    const button = page.getByRole('button', { name: 'Increment' })
    await button.focus()
    const before: { runs: number } = await page.evaluate(call('inspect'))
    for (let click = 0; click < 10; click++) await page.keyboard.press('Enter')
    const after: { runs: number } = await page.evaluate(call('inspect'))
    expect(await page.locator('output').textContent()).toBe('10')
    expect(after.runs - before.runs).toBe(10)
    expect(await page.evaluate(call('pageRuns'))).toBe(1)
    expect(await page.evaluate('window.records')).toEqual(new Array(10).fill('characterData'))
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(
      'Increment',
    )
    expect(opened.complaints).toEqual([])
  })

  test('everything in one Obx, as in the article, rebuilds the page and loses the focus', async () => {
    await using opened = await open('counter.tsx')
    const { page } = opened
    await page.evaluate(call('openBeside', 'whole'))
    await page.locator('.whole').focus()
    await page.keyboard.press('Enter')
    expect(await page.locator('section output').textContent()).toBe('1')
    expect(await page.evaluate(call('pageRuns'))).toBe(3)
    expect(await page.evaluate('document.activeElement === document.body')).toBe(true)
  })

  test('leaving closes the controller once; the manager and its count live on', async () => {
    await using opened = await open('counter.tsx')
    const { page } = opened
    await page.getByRole('button', { name: 'Increment' }).click({ clickCount: 3 })
    await page.getByRole('link', { name: 'Mirror' }).click()
    await expect.poll(() => page.title()).toBe('Mirror of 3')
    expect(await page.locator('output').textContent()).toBe('3')
    expect(await page.locator('.many').count()).toBe(1)
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Mirror')
    expect(await page.locator('body > [role=status]').textContent()).toBe('Mirror of 3')
    await page.goBack()
    await expect.poll(() => page.locator('output').textContent()).toBe('3')
    expect(await page.evaluate('window.made')).toEqual([
      'manager',
      'controller',
      'controller ready',
      'controller',
      'controller ready',
      'controller closed',
      'controller',
      'controller ready',
      'controller closed',
    ])
    await page.evaluate(call('close'))
    expect(await page.evaluate('window.made')).toContain('manager closed')
    expect(await page.evaluate(call('inspect'))).toMatchObject({ reactions: 0, subscriptions: 0 })
    expect(opened.complaints).toEqual([])
  })

  test('two screens that are open at once follow each other', async () => {
    await using opened = await open('counter.tsx')
    const { page } = opened
    await page.evaluate(call('openBeside', 'mirror'))
    await page.getByRole('button', { name: 'Increment' }).click({ clickCount: 4 })
    expect(await page.locator('#root output').textContent()).toBe('4')
    expect(await page.locator('section output').textContent()).toBe('4')
    await page.evaluate('window.beside[Symbol.asyncDispose]()')
    expect(await page.locator('section').textContent()).toBe('')
  })
})
