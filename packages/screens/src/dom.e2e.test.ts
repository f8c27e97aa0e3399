import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, closeBrowser, type OpenedPage, open } from '../test/browser.ts'
import type {} from '../test/pages/library.ts'

describe.skipIf(chromiumPath === null)('the view, in Chromium', () => {
  let opened: OpenedPage
  beforeAll(async () => {
    opened = await open('library.ts')
  })
  afterAll(async () => {
    await opened?.[Symbol.asyncDispose]()
    await closeBrowser()
  })

  test('children: text, numbers, lists, nothing, cells and functions', async () => {
    const [first, second, error] = await opened.page.evaluate(() => {
      const { cell, computed, element, flush } = window.screens
      const name = cell('Ada')
      const on = cell(false)
      const box = element('p', {
        children: [
          'a',
          1,
          null,
          false,
          ['b', element('b', { children: 'bold' })],
          name,
          () => (on.value ? element('i', { children: computed(() => name.value.length) }) : 'off'),
        ],
      })
      const before = box.innerHTML
      name.set('Grace')
      on.set(true)
      flush()
      let message = ''
      try {
        element('p', { children: { not: 'a child' } })
      } catch (error) {
        message = String((error as { code: string }).code)
      }
      return [before, box.innerHTML, message]
    })
    expect(first).toBe('a1b<b>bold</b>Adaoff')
    expect(second).toBe('a1b<b>bold</b>Grace<i>5</i>')
    expect(error).toBe('BAD_CHILD')
  })

  test('properties: followed ones are written alone, and only when they change', async () => {
    const result = await opened.page.evaluate(() => {
      const { cell, element, flush, inspectScreens } = window.screens
      const busy = cell(true)
      const tone = cell('red')
      const width = cell(10)
      const value = cell('x')
      const input = element('input', {
        disabled: busy,
        class: () => `a ${tone.value}`,
        'aria-busy': busy,
        'data-tone': tone,
        style: () => ({ width: `${width.value}px`, color: tone.value, '--gap': 1 }),
        value,
        htmlFor: 'y',
      }) as HTMLInputElement
      const svg = element('svg', { viewBox: '0 0 1 1', children: element('path', { d: 'M0 0' }) })
      const html = input.outerHTML
      const { runs } = inspectScreens()
      busy.set(false)
      flush()
      const ran = inspectScreens().runs - runs
      value.set('y')
      flush()
      return {
        html,
        ran,
        after: input.outerHTML,
        value: input.value,
        svg: [svg.namespaceURI, svg.firstElementChild?.namespaceURI],
      }
    })
    expect(result.html).toBe(
      '<input disabled="" class="a red" aria-busy="true" data-tone="red" for="y" style="width: 10px; color: red; --gap: 1;">',
    )
    expect(result.ran).toBe(2)
    expect(result.after).toContain('aria-busy="false"')
    expect(result.after).not.toContain('disabled')
    expect(result.value).toBe('y')
    expect(new Set(result.svg)).toEqual(new Set(['http://www.w3.org/2000/svg']))
  })

  test('errors of handlers and reactions go to the scope; what stands beside still works', async () => {
    const result = await opened.page.evaluate(async () => {
      const { Scope, cell, element, flush, mount } = window.screens
      const errors: string[] = []
      const scope = new Scope('page', { onError: (error) => errors.push(String(error)) })
      const n = cell(0)
      const section = document.body.appendChild(document.createElement('section'))
      const view = scope.run(() =>
        mount(section, () => [
          element('button', {
            onClick: () => {
              throw new Error('handler')
            },
          }),
          element('button', {
            onClick: async () => {
              await Promise.resolve()
              throw new Error('async handler')
            },
          }),
          () => {
            if (n.value === 1) throw new Error('region')
            return element('i', { children: n })
          },
          element('output', { children: n }),
        ]),
      )
      for (const button of section.querySelectorAll('button')) button.click()
      await new Promise((resolve) => setTimeout(resolve))
      n.set(1)
      flush()
      const broken = section.innerHTML
      n.set(2)
      flush()
      const healed = section.innerHTML
      view[Symbol.dispose]()
      await scope.close()
      return { errors, broken, healed, empty: section.innerHTML }
    })
    expect(result.errors).toEqual(['Error: handler', 'Error: async handler', 'Error: region'])
    expect(result.broken).toBe('<button></button><button></button><output>1</output>')
    expect(result.healed).toBe('<button></button><button></button><i>2</i><output>2</output>')
    expect(result.empty).toBe('')
  })

  test('two-way bindings', async () => {
    const { page } = opened
    await page.evaluate(() => {
      const { bind, cell, element, mount } = window.screens
      const form = { name: cell('Ada'), age: cell<number | null>(36), agreed: cell(false) }
      Object.assign(window, { form })
      const section = document.body.appendChild(document.createElement('section'))
      section.id = 'bindings'
      mount(section, () => [
        element('input', { 'aria-label': 'name', ...bind.value(form.name) }),
        element('input', { 'aria-label': 'age', type: 'number', ...bind.number(form.age) }),
        element('input', {
          'aria-label': 'agreed',
          type: 'checkbox',
          ...bind.checked(form.agreed),
        }),
      ])
    })
    await page.getByLabel('name').fill('Grace')
    await page.getByLabel('age').fill('')
    await page.getByLabel('age').blur()
    await page.getByLabel('agreed').check()
    const values = () =>
      page.evaluate('[form.name.value, form.age.value, form.agreed.value]') as Promise<unknown[]>
    expect(await values()).toEqual(['Grace', null, true])
    await page.evaluate('form.name.set("Mary"); form.agreed.set(false)')
    expect(await page.getByLabel('name').inputValue()).toBe('Mary')
    expect(await page.getByLabel('agreed').isChecked()).toBe(false)
  })

  test('while one develops, errors are sentences, and an Obx that reads nothing warns; in production they are codes', async () => {
    const said = async ({ page, complaints }: OpenedPage) => {
      const before = complaints.length
      const [html, message] = await page.evaluate(() => {
        const { Obx, Scope, element } = window.screens
        class Lost {}
        const box = element('p', { children: Obx(() => 'still') })
        try {
          new Scope('the page').find(Lost)
        } catch (error) {
          return [box.innerHTML, String(error)]
        }
        return []
      })
      await page.evaluate('null')
      return { html, message, warnings: complaints.slice(before) }
    }
    await using development = await open('library.ts', { mode: 'development' })
    const developed = await said(development)
    expect(developed.html).toBe('still')
    expect(developed.message).toMatch(/Lost is not registered in the page or above; near: nothing/)
    expect(developed.warnings).toEqual([expect.stringContaining('Obx read no cell')])
    const produced = await said(opened)
    expect(produced.html).toBe('still')
    expect(produced.message).toMatch(/^ScreensError: UNKNOWN_KEY \w+ the page$/)
    expect(produced.warnings).toEqual([])
  })

  test('Show keeps what it shows while the condition stays true', async () => {
    const result = await opened.page.evaluate(() => {
      const { Show, cell, element, flush } = window.screens
      const user = cell<{ name: string } | undefined>(undefined)
      const box = element('div', {
        children: Show({
          when: user,
          fallback: () => 'nobody',
          children: (value) => element('b', { children: () => value().name }),
        }),
      })
      const html = [box.innerHTML]
      user.set({ name: 'Ada' })
      flush()
      const node = box.querySelector('b')
      user.set({ name: 'Grace' })
      flush()
      html.push(box.innerHTML, String(node === box.querySelector('b')))
      user.set(undefined)
      flush()
      html.push(box.innerHTML)
      return html
    })
    expect(result).toEqual(['nobody', '<b>Grace</b>', 'true', 'nobody'])
  })

  test('lists: random changes end in the right order, keep the rows, and move as few as there can be', async () => {
    const failures = await opened.page.evaluate(() => {
      const { For, cell, element, flush, inspectScreens, mount } = window.screens
      let state = 42
      const below = (limit: number) => {
        state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
        return state % limit
      }
      const shuffled = (list: number[]) => {
        for (let at = list.length - 1; at > 0; at--) {
          const other = below(at + 1)
          ;[list[at], list[other]] = [list[other] as number, list[at] as number]
        }
        return list
      }
      const leastMoves = (from: readonly number[], to: readonly number[]) => {
        const places = to.filter((id) => from.includes(id)).map((id) => from.indexOf(id))
        const best: number[] = []
        for (const [at, place] of places.entries()) {
          best[at] = 1 + Math.max(0, ...best.filter((_, before) => (places[before] ?? 0) < place))
        }
        return places.length - Math.max(0, ...best)
      }
      const failures: string[] = []
      const alive = inspectScreens().reactions
      const list = cell<{ id: number; text: string }[]>([])
      const section = document.body.appendChild(document.createElement('section'))
      const view = mount(section, () =>
        element('ul', {
          children: [
            element('li', { children: 'before' }),
            For({
              each: list,
              key: (item) => item.id,
              fallback: () => element('li', { children: 'none' }),
              children: (item, index) =>
                element('li', {
                  'data-id': item.peek().id,
                  children: [index, ' ', () => item.value.text],
                }),
            }),
            element('li', { children: 'after' }),
          ],
        }),
      )
      const ul = section.firstElementChild as HTMLElement
      const observer = new MutationObserver(() => {})
      observer.observe(ul, { childList: true })
      let ids: number[] = []
      for (let step = 0; step < 2000; step++) {
        const before = ids
        const kind = below(6)
        const all = Array.from({ length: below(12) }, (_, at) => at + below(3) * 4)
        if (kind === 0) ids = []
        else if (kind === 1) ids = shuffled([...before])
        else if (kind === 2 && before.length > 1) {
          ids = [...before]
          ;[ids[0], ids[ids.length - 1]] = [ids.at(-1) as number, ids[0] as number]
        } else if (kind === 3) ids = [...new Set([below(20), ...before])]
        else if (kind === 4) ids = before.filter(() => below(3) > 0)
        else ids = shuffled([...new Set(all)])
        const nodes = new Map(
          [...ul.children].map((node) => [(node as HTMLElement).dataset.id, node] as const),
        )
        list.set(ids.map((id) => ({ id, text: `${id} at step ${step}` })))
        flush()
        const moved = observer.takeRecords()
        const texts = [...ul.children].map((node) => node.textContent)
        const expected = ids.map((id, at) => `${at} ${id} at step ${step}`)
        const rows = expected.length === 0 ? ['none'] : expected
        if (JSON.stringify(texts) !== JSON.stringify(['before', ...rows, 'after'])) {
          failures.push(`step ${step}: ${texts.join(', ')}`)
        }
        for (const node of [...ul.children].slice(1, -1)) {
          const { id } = (node as HTMLElement).dataset
          if (id !== undefined && before.includes(Number(id)) && nodes.get(id) !== node) {
            failures.push(`step ${step}: row ${id} was made anew`)
          }
        }
        const stayed = ids.filter((id) => before.includes(id))
        const added = moved.flatMap((record) => [...record.addedNodes])
        const moves = added.filter((node) =>
          stayed.includes(Number((node as HTMLElement).dataset?.id ?? Number.NaN)),
        ).length
        // Swapping ends first may cost one move more than the longest increasing subsequence alone.
        const least = leastMoves(before, ids)
        if (moves > least + (kind === 1 || kind === 5 ? before.length : 0)) {
          failures.push(`step ${step}: ${moves} moves where ${least} do`)
        }
      }
      view[Symbol.dispose]()
      if (inspectScreens().reactions !== alive) failures.push('reactions are left alive')
      return failures
    })
    expect(failures).toEqual([])
  })

  test('lists: a row that moves keeps focus and selection; two rows of one key are an error', async () => {
    const result = await opened.page.evaluate(async () => {
      const { For, Scope, cell, element, flush, mount } = window.screens
      const errors: string[] = []
      const scope = new Scope('page', { onError: (error) => errors.push(String(error)) })
      const list = cell([1, 2, 3, 4, 5])
      const section = document.body.appendChild(document.createElement('section'))
      scope.run(() =>
        mount(section, () =>
          For({
            each: list,
            key: (id) => id,
            children: (id) => element('input', { value: `row ${id.peek()}` }),
          }),
        ),
      )
      const input = section.children[1] as HTMLInputElement
      input.focus()
      input.setSelectionRange(2, 4)
      const kept: unknown[] = []
      for (const order of [
        [5, 4, 3, 2, 1],
        [2, 5, 1, 4],
        [9, 8, 2],
        [3, 1, 2, 7],
      ]) {
        list.set(order)
        flush()
        kept.push(document.activeElement === input, input.selectionStart, input.selectionEnd)
      }
      list.set([1, 3, 1, 2, 3])
      flush()
      const count = section.children.length
      list.set([1, 2])
      flush()
      const healed = section.children.length
      await scope.close()
      return { kept, errors, count, healed }
    })
    expect(result.kept).toEqual(new Array(4).fill([true, 2, 4]).flat())
    expect(result.errors).toEqual([expect.stringContaining('DUPLICATE_ROW')])
    expect(result.healed).toBe(2)
  })

  test('a virtual list of 100,000 rows: few in the document, keyboard, its place kept while rows come above', async () => {
    const { page } = opened
    await page.evaluate(() => {
      const { VirtualList, cell, element, mount } = window.screens
      const items = cell(Array.from({ length: 100_000 }, (_, id) => ({ id, name: `row ${id}` })))
      const active = cell<number | undefined>(undefined)
      const openedRows: number[] = []
      const section = document.body.appendChild(document.createElement('section'))
      section.id = 'virtual'
      const style = document.head.appendChild(document.createElement('style'))
      style.textContent = '#virtual .virtual-list { height: 200px }'
      mount(section, () =>
        VirtualList({
          each: items,
          key: (item) => item.id,
          rowHeight: 20,
          label: 'Rows',
          active,
          onOpen: ({ id }) => openedRows.push(id),
          ref: (scroll) => Object.assign(window, { scroll }),
          children: (item) => element('span', { children: () => item.value.name }),
        }),
      )
      Object.assign(window, { items, active, openedRows })
    })
    const list = page.getByRole('listbox', { name: 'Rows' })
    await expect.poll(() => list.getByRole('option').count()).toBeGreaterThan(10)
    expect(await list.getByRole('option').count()).toBeLessThan(40)
    await list.focus()
    await page.keyboard.press('End')
    await expect.poll(() => list.getByText('row 99999').count()).toBe(1)
    await page.keyboard.press('Home')
    for (let press = 0; press < 15; press++) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('[active.value, openedRows]')).toEqual([15, [15]])
    const id = await list.getAttribute('aria-activedescendant')
    expect(await page.locator(`[id="${id}"]`).textContent()).toBe('row 15')
    const topOf = () =>
      page.evaluate(`(() => {
        const row = [...document.querySelectorAll('#virtual [role=option]')].find((r) => r.textContent === 'row 15')
        return row.getBoundingClientRect().top - document.querySelector('#virtual .virtual-list').getBoundingClientRect().top
      })()`)
    const before = await topOf()
    await page.evaluate(
      'items.update((list) => [{ id: -1, name: "new 1" }, { id: -2, name: "new 2" }, ...list])',
    )
    await expect.poll(topOf).toBe(before)
    // A tail: a row that is added now, then one by its key.
    expect(await page.evaluate('scroll.atEnd')).toBe(false)
    await page.evaluate(
      'items.update((list) => [...list, { id: 100000, name: "last" }]); scroll.toEnd()',
    )
    await expect.poll(() => list.getByText('last', { exact: true }).count()).toBe(1)
    expect(await page.evaluate('[scroll.atEnd, scroll.toKey(500), scroll.toKey(-9)]')).toEqual([
      true,
      true,
      false,
    ])
    await expect.poll(() => list.getByText('row 500', { exact: true }).count()).toBe(1)
    expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('listbox')
    expect(await page.evaluate('active.value')).toBe(15)
    // The active row is out of sight, then there is none.
    expect(await list.getAttribute('aria-activedescendant')).toBeNull()
    await page.evaluate('items.set([])')
    await expect.poll(() => page.getByRole('group', { name: 'Rows' }).count()).toBe(1)
  })
})
