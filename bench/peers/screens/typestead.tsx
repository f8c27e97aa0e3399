/** @jsxImportSource @typestead/screens */
/** Our side of the row table, as an app would write it; beside the others, because it shows the same rows. */
import { cell, selector } from '@typestead/screens'
import { For, mount } from '@typestead/screens/dom'
import { inspectScreens } from '@typestead/screens/testing'
import { cellCount, makeRows, type RowData, start } from './rows.ts'

interface Row {
  readonly id: number
  readonly label: ReturnType<typeof cell<string>>
}

const withCell = (rows: readonly RowData[]): Row[] =>
  rows.map(({ id, label }) => ({ id, label: cell(label) }))

start((table, grid) => {
  const rows = cell<readonly Row[]>([])
  const selected = cell(0)
  const isSelected = selector(selected)
  const cells = Array.from({ length: cellCount }, () => cell(0))
  mount(table, () => (
    <table>
      <tbody>
        <For each={rows} key={(row) => row.id}>
          {(item) => {
            const row = item.peek()
            return (
              <tr class={() => (isSelected(row.id) ? 'selected' : '')}>
                <td class="id">{row.id}</td>
                <td>
                  <button type="button" onClick={() => selected.set(row.id)}>
                    {row.label}
                  </button>
                </td>
                <td>
                  <button
                    type="button"
                    onClick={() => rows.update((list) => list.filter((one) => one !== row))}
                  >
                    x
                  </button>
                </td>
              </tr>
            )
          }}
        </For>
      </tbody>
    </table>
  ))
  mount(grid, () => (
    <ul>
      <For each={() => cells} key={(value) => value}>
        {(value) => <li>{value.peek()}</li>}
      </For>
    </ul>
  ))
  Object.assign(window, { runs: () => inspectScreens().runs })
  return {
    create: (count) => rows.set(withCell(makeRows(count))),
    append: (count) => rows.update((list) => [...list, ...withCell(makeRows(count))]),
    updateTenth() {
      for (const [at, { label }] of rows.peek().entries()) {
        if (at % 10 === 0) label.update((text) => `${text} !!!`)
      }
    },
    select: (at) => selected.set(rows.peek()[at]?.id ?? 0),
    swap: () =>
      rows.update((list) => {
        const copy = [...list]
        const last = copy.length - 2
        const [second, other] = [copy[1], copy[last]]
        if (second === undefined || other === undefined) return list
        copy[1] = other
        copy[last] = second
        return copy
      }),
    remove: (at) => rows.update((list) => list.filter((_, index) => index !== at)),
    reverse: () => rows.update((list) => [...list].reverse()),
    clear: () => rows.set([]),
    tick: (at, value) => cells[at]?.set(value),
    tickAll(value) {
      for (const one of cells) one.set(value)
    },
  }
})
