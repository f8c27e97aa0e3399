import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { chromiumPath, closeBrowser, type OpenedPage, open } from '../../test/browser.ts'

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

describe.skipIf(chromiumPath === null)('forms and tables of an entity, in Chromium', () => {
  let opened: OpenedPage
  beforeEach(async () => {
    opened = await open('forms.tsx')
  })
  afterEach(() => opened[Symbol.asyncDispose]())
  afterAll(closeBrowser)

  test('by keyboard alone: wrong fields are said and focused, then it is sent', async () => {
    const { page } = opened
    await page.getByLabel('Title').focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate('document.activeElement.name')).toBe('title')
    expect(await page.getByLabel('Title').getAttribute('aria-invalid')).toBe('true')
    const described = await page.getByLabel('Title').getAttribute('aria-describedby')
    const texts = await Promise.all(
      (described ?? '').split(' ').map((id) => page.locator(`[id="${id}"]`).textContent()),
    )
    expect(texts).toEqual(['As on the cover', 'Title is required'])
    await page.keyboard.type('Emma')
    expect(await page.getByLabel('Title').getAttribute('aria-invalid')).toBe(null)
    await page.getByLabel('Price').focus()
    await page.keyboard.type('7.5')
    await page.getByLabel('Format').focus()
    await page.keyboard.type('ebook')
    await page.getByRole('button', { name: 'Add tags' }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.type('classic')
    await page.getByRole('combobox', { name: 'Author' }).focus()
    await page.keyboard.type('b')
    await expect.poll(() => page.getByRole('option', { name: /Borges|Brontë/ }).count()).toBe(2)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await page.getByRole('combobox', { name: 'Author' }).inputValue()).toBe('Brontë')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate('sent.length')).toBe(1)
    expect(await page.evaluate('sent[0]')).toMatchObject({
      title: 'Emma',
      pages: 100,
      price: '7.5',
      format: 'ebook',
      tags: ['classic'],
      author: 'a2',
    })
    await expect.poll(() => page.getByText('Created.').count()).toBe(1)
    expect(opened.complaints).toEqual([])
  })

  test('a search that fails says so, and typing again tries again', async () => {
    const { page } = opened
    await page.evaluate('answer.searchFails = true')
    await page.getByRole('combobox', { name: 'Author' }).fill('c')
    await expect.poll(() => page.getByText('the server is away').count()).toBe(1)
    await page.evaluate('answer.searchFails = false')
    await page.getByRole('combobox', { name: 'Author' }).fill('ca')
    await page.getByRole('option', { name: 'Camus' }).click()
    expect(await page.getByRole('combobox', { name: 'Author' }).inputValue()).toBe('Camus')
  })

  test('live updates keep the caret, what is typed, and the focus', async () => {
    const { page } = opened
    const title = page.getByLabel('Title')
    await title.fill('Persuasion')
    await title.evaluate((input: HTMLInputElement) => input.setSelectionRange(3, 5))
    await page.evaluate('form.receive({ title: "Theirs", pages: 321 })')
    await expect.poll(() => page.getByLabel('Pages').inputValue()).toBe('321')
    expect(await title.inputValue()).toBe('Persuasion')
    expect(
      await title.evaluate((input: HTMLInputElement) => [
        document.activeElement === input,
        input.selectionStart,
        input.selectionEnd,
      ]),
    ).toEqual([true, 3, 5])
    await page.getByRole('button', { name: 'Take it' }).click()
    expect(await title.inputValue()).toBe('Theirs')
  })

  test('the table: 5,000 rows by keyboard, sorted by its header, states that say why it is empty', async () => {
    const { page } = opened
    const table = page.getByRole('grid', { name: 'Books' })
    await expect.poll(() => table.getByRole('row').count()).toBeGreaterThan(5)
    expect(await table.getByRole('row').count()).toBeLessThan(40)
    expect(await table.getAttribute('aria-rowcount')).toBe('5001')
    await table.focus()
    for (let press = 0; press < 12; press++) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('[active.value, opened]')).toEqual(['b11', ['b11']])
    const id = await table.getAttribute('aria-activedescendant')
    const row = page.locator(`[id="${id}"]`)
    expect(await row.getAttribute('aria-selected')).toBe('true')
    // Rows come above: the active one keeps its place and the table the focus.
    const top = (await row.boundingBox())?.y
    await page.evaluate(
      'books.update((rows) => [{ ...rows[0], id: "new1" }, { ...rows[0], id: "new2" }, ...rows])',
    )
    await expect.poll(async () => (await row.boundingBox())?.y).toBe(top)
    expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('grid')
    await page.getByRole('button', { name: 'Title', exact: true }).click()
    expect(await page.getByRole('columnheader', { name: 'Title' }).getAttribute('aria-sort')).toBe(
      'ascending',
    )
    await page.evaluate('books.set([])')
    await expect.poll(() => page.getByText('There is nothing here yet.').count()).toBe(1)
    await page.evaluate('failure.set(new Error("the store is away"))')
    await expect.poll(() => page.getByRole('alert').textContent()).toBe('the store is away')
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.poll(() => page.getByText('There is nothing here yet.').count()).toBe(1)
  })

  test.each(['light', 'dark'] as const)('axe finds no violation, %s', async (colorScheme) => {
    const { page } = opened
    await page.emulateMedia({ colorScheme })
    await page.getByRole('button', { name: 'Create book' }).click()
    await page.getByRole('combobox', { name: 'Author' }).fill('b')
    await expect.poll(() => page.getByRole('option', { name: 'Borges' }).count()).toBe(1)
    await page.addScriptTag({ content: await readFile(axe, 'utf8') })
    const violations = await page.evaluate(
      'axe.run().then(({ violations }) => violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))',
    )
    expect(violations).toEqual([])
  })
})
