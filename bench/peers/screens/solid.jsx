/** Solid: signals in rows, a selector, <For>. */
import { createSelector, createSignal, For } from 'solid-js'
import { render } from 'solid-js/web'
import { cellCount, makeRows, start } from './rows.ts'

start((table, grid) => {
  const withSignal = (rows) =>
    rows.map(({ id, label }) => {
      const [read, write] = createSignal(label)
      return { id, label: read, setLabel: write }
    })
  const [rows, setRows] = createSignal([])
  const [selected, setSelected] = createSignal(0)
  const cells = Array.from({ length: cellCount }, () => createSignal(0))
  render(() => {
    const isSelected = createSelector(selected)
    return (
      <table>
        <tbody>
          <For each={rows()}>
            {(row) => (
              <tr class={isSelected(row.id) ? 'selected' : ''}>
                <td class="id">{row.id}</td>
                <td>
                  <button type="button" onClick={() => setSelected(row.id)}>
                    {row.label()}
                  </button>
                </td>
                <td>
                  <button
                    type="button"
                    onClick={() => setRows((list) => list.filter((one) => one !== row))}
                  >
                    x
                  </button>
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    )
  }, table)
  render(
    () => (
      <ul>
        <For each={cells}>{([value]) => <li>{value()}</li>}</For>
      </ul>
    ),
    grid,
  )
  return {
    create: (count) => setRows(withSignal(makeRows(count))),
    append: (count) => setRows((list) => [...list, ...withSignal(makeRows(count))]),
    updateTenth() {
      for (let at = 0; at < rows().length; at += 10) rows()[at].setLabel((text) => `${text} !!!`)
    },
    select: (at) => setSelected(rows()[at].id),
    swap: () => setRows(swapped),
    remove: (at) => setRows((list) => list.filter((_, index) => index !== at)),
    reverse: () => setRows((list) => [...list].reverse()),
    clear: () => setRows([]),
    tick: (at, value) => cells[at][1](value),
    tickAll(value) {
      for (const [, write] of cells) write(value)
    },
  }
})

function swapped(list) {
  const copy = [...list]
  const last = copy.length - 2
  ;[copy[1], copy[last]] = [copy[last], copy[1]]
  return copy
}
