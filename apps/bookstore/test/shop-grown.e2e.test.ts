import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { copyApp } from './app-copy.ts'
import { ask } from './ask.ts'
import { startShop } from './shop.ts'
import { chromiumPath, eventually, launch, visit } from './shop-browser.ts'

describe.skipIf(chromiumPath === null)('an entity grows', () => {
  test('a field added to the class is in its form, its table and the API, and no page was edited', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'bookstore-grown-'))
    try {
      using app = copyApp(join(parent, 'app'))
      app.edit(
        'entities/book.ts',
        '    pages: int().min(1).max(20_000),\n',
        "    pages: int().min(1).max(20_000),\n    shelfMark: string().max(12, 'A shelf mark has at most 12 characters').nullable(),\n",
      )
      await using shop = await startShop({ app: app.folder })
      await using browser = await launch()
      await using visitor = await visit(browser, shop)
      const { page, complaints } = visitor
      await visitor.signIn('admin')
      const first = '{ books(first: 1) { nodes { id shelfMark } } }'
      const [book] = (await ask(shop, first)).data.books.nodes
      expect(book.shelfMark).toBe(null)
      await page.goto(`/manage/books/${book.id}`)
      const field = page.getByRole('textbox', { name: 'Shelf mark', exact: true })
      await field.fill('far too long for a shelf')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Shelf mark must have at most 12 characters').waitFor()
      await field.fill('F 12')
      await page.getByRole('button', { name: 'Save' }).click()
      const one = 'query ($id: ID!) { book(id: $id) { shelfMark } }'
      await eventually(
        async () => (await ask(shop, one, { id: book.id })).data.book.shelfMark,
      ).toBe('F 12')
      await page.goto('/manage/books')
      await page.getByRole('columnheader', { name: 'Shelf mark' }).waitFor()
      expect(await page.getByRole('cell', { name: 'F 12' }).count()).toBe(1)
      expect(complaints).toEqual([])
    } finally {
      rmSync(parent, { recursive: true, force: true, maxRetries: 5 })
    }
  })
})
