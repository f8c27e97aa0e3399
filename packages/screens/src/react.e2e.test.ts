import { afterAll, describe, expect, test } from 'vitest'
import { chromiumPath, closeBrowser, open } from '../test/browser.ts'

describe.skipIf(chromiumPath === null)('screens under React, in Chromium', () => {
  afterAll(closeBrowser)

  test('the same managers: only what reads the count renders again; local state and focus stay', async () => {
    await using opened = await open('react.tsx')
    const { page } = opened
    await page.getByLabel('local').fill('kept')
    await page.evaluate('window.renders = window.pageRenders()')
    const button = page.getByRole('button', { name: 'Increment' })
    await button.focus()
    for (let press = 0; press < 10; press++) await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('output').textContent()).toBe('10')
    expect(await page.locator('.double').textContent()).toBe('20')
    expect(await page.evaluate('window.pageRenders() - window.renders')).toBe(0)
    expect(await page.title()).toBe('Count 10')
    expect(await page.getByLabel('local').inputValue()).toBe('kept')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Increment')
    expect(opened.complaints).toEqual([])
  })

  test('the same routes: pages close their controllers, queries change in place, going back works', async () => {
    await using opened = await open('react.tsx')
    const { page } = opened
    await page.getByRole('button', { name: 'Increment' }).click()
    await page.getByRole('link', { name: 'List' }).click()
    await expect.poll(() => page.locator('output').textContent()).toBe('2')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('List')
    expect(await page.locator('body > [role=status]').textContent()).toBe('List')
    await page.getByRole('button', { name: 'Next' }).click()
    await expect.poll(() => page.locator('output').textContent()).toBe('3')
    expect(new URL(page.url()).search).toBe('?page=3')
    await page.goBack()
    await expect.poll(() => page.locator('output').textContent()).toBe('2')
    await page.goBack()
    await expect.poll(() => page.title()).toBe('Count 1')
    expect(await page.evaluate('window.log')).toEqual(['made', 'ready', 'closed', 'made', 'ready'])
    await page.evaluate('window.close()')
    await expect
      .poll(() => page.evaluate('window.inspect()'))
      .toMatchObject({ reactions: 0, subscriptions: 0 })
    expect(await page.locator('#root').innerHTML()).toBe('')
  })

  test('the form of an entity stands in a React page, and closes with it', async () => {
    await using opened = await open('react.tsx')
    const { page } = opened
    const before = await page.evaluate<{ reactions: number }>('window.inspect()')
    await page.getByRole('link', { name: 'Edit' }).click()
    await page.getByRole('button', { name: 'Create author' }).click()
    await expect.poll(() => page.getByText('Name is required').count()).toBe(1)
    await page.getByLabel('Name').fill('Ada')
    await expect.poll(() => page.locator('output').textContent()).toBe('changed')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate('sent')).toEqual([{ name: 'Ada' }])
    await page.getByRole('link', { name: 'Back' }).click()
    await expect.poll(() => page.title()).toBe('Count 0')
    await expect
      .poll(() => page.evaluate('window.inspect()'))
      .toMatchObject({ reactions: before.reactions })
    expect(opened.complaints).toEqual([])
  })

  test('a view that throws shows the failure, and is tried again', async () => {
    await using opened = await open('react.tsx')
    const { page } = opened
    await page.getByRole('link', { name: 'Broken' }).click()
    await expect.poll(() => page.getByRole('alert').textContent()).toBe('broken view')
    await page.evaluate('window.mend()')
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.poll(() => page.locator('h1').textContent()).toBe('Mended')
  })
})
