import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { afterAll, describe, expect, test } from 'vitest'
import { chromiumPath, closeBrowser, open } from '../../test/browser.ts'

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

describe.skipIf(chromiumPath === null)('a form of every type of field, in Chromium', () => {
  afterAll(closeBrowser)

  test('is filled in and sent under a strict policy for styles', async () => {
    await using opened = await open('every-type.tsx', {
      // The test's own functions are evaluated in the page.
      policy: "default-src 'self'; script-src 'self' 'unsafe-eval'; img-src data:",
    })
    const { page } = opened
    const fill = async (texts: Readonly<Record<string, string>>) => {
      for (const [label, text] of Object.entries(texts)) {
        await page.getByLabel(label, { exact: true }).fill(text)
      }
    }
    await fill({
      'Code *': 'AB',
      'Reference *': '0190a6e0-0000-7000-8000-00000000000a',
      'Text *': 'some',
      Long: 'long',
      'Email *': 'a@example.org',
      'Big *': '9007199254740993',
      'Ratio *': '0.5',
      'Price *': '12.5',
      'At (UTC) *': '2026-03-01T10:30',
      'Day *': '2026-03-01',
      'Extra *': '{"a":1}',
      'Pin *': '1234',
      'Width *': '3',
      'Label *': 'top',
    })
    await page.getByRole('radio', { name: '2' }).check()
    await page.getByLabel('Ready').uncheck()
    await page.getByLabel('Known').selectOption({ label: 'Yes' })
    await page.getByLabel('Kind *').selectOption({ label: 'Large' })
    await page.getByLabel('Raw *').setInputFiles({
      name: 'raw.bin',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from([0, 1, 2]),
    })
    await expect.poll(() => page.getByText('3 bytes').count()).toBe(1)
    await page.getByRole('button', { name: 'Add tags' }).click()
    await page.keyboard.type('aa')
    await page.getByRole('button', { name: 'Add parts' }).click()
    await fill({ 'Part *': 'leg', 'Amount *': '4' })
    await page.getByRole('combobox', { name: 'Owner' }).fill('a')
    await page.getByRole('option', { name: 'Ada' }).click()
    await page.getByRole('button', { name: 'Create thing' }).click()
    await expect.poll(() => page.evaluate('sent.length')).toBe(1)
    expect(await page.evaluate('sent[0]')).toEqual({
      code: 'AB',
      reference: '0190a6e0-0000-7000-8000-00000000000a',
      text: 'some',
      long: 'long',
      email: 'a@example.org',
      count: 2,
      big: '9007199254740993',
      ratio: 0.5,
      price: '12.5',
      ready: false,
      known: true,
      kind: 'large',
      at: '2026-03-01T10:30:00.000Z',
      day: '2026-03-01',
      extra: { a: 1 },
      raw: 'AAEC',
      pin: '1234',
      size: { width: 3, box: { label: 'top' } },
      tags: ['aa'],
      parts: [{ part: 'leg', amount: 4 }],
      owner: '0190a6e0-0000-7000-8000-00000000000a',
    })
    expect(await page.getByLabel('Email *').getAttribute('autocomplete')).toBe('email')
    expect(await page.getByLabel('Pin *').getAttribute('autocomplete')).toBe('new-password')
    // A policy that was broken would have been told here.
    expect(opened.complaints).toEqual([])
  })

  test('an error inside a list or an object gets the focus; axe finds no violation', async () => {
    await using opened = await open('every-type.tsx')
    const { page } = opened
    await page.evaluate('form.setIssues([{ path: ["tags"], message: "must have at least 1" }])')
    await page.getByRole('button', { name: 'Add parts' }).click()
    expect(await page.getByText('Tags must have at least 1').count()).toBe(1)
    await page.evaluate('for (const node of form.nodes) if (node.text) node.text.set("")')
    await page.getByRole('button', { name: 'Create thing' }).click()
    expect(await page.evaluate('document.activeElement.name')).toBe('code')
    await page.addScriptTag({ content: await readFile(axe, 'utf8') })
    const violations = await page.evaluate(
      'axe.run().then(({ violations }) => violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))',
    )
    expect(violations).toEqual([])
  })
})
