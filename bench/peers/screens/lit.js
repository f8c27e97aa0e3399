/** Lit's templates, with repeat() by key. */
import { html, render } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { cellCount, makeRows, start } from './rows.ts'

start((table, grid) => {
  let rows = []
  let selected = 0
  let waiting = false
  const cells = new Array(cellCount).fill(0)
  const select = (id) => {
    selected = id
    later()
  }
  const draw = () => {
    waiting = false
    render(
      html`<table><tbody>${repeat(
        rows,
        (row) => row.id,
        (row) =>
          html`<tr class=${row.id === selected ? 'selected' : ''}><td class="id">${row.id}</td><td><button type="button" @click=${() => select(row.id)}>${row.label}</button></td><td><button type="button" @click=${() => set(rows.filter((one) => one !== row))}>x</button></td></tr>`,
      )}</tbody></table>`,
      table,
    )
  }
  const later = () => {
    if (waiting) return
    waiting = true
    queueMicrotask(draw)
  }
  let gridWaiting = false
  const drawGrid = () => {
    gridWaiting = false
    render(html`<ul>${cells.map((value) => html`<li>${value}</li>`)}</ul>`, grid)
  }
  const laterGrid = () => {
    if (gridWaiting) return
    gridWaiting = true
    queueMicrotask(drawGrid)
  }
  const set = (next) => {
    rows = next
    later()
  }
  draw()
  drawGrid()
  return {
    create: (count) => set(makeRows(count)),
    append: (count) => set([...rows, ...makeRows(count)]),
    updateTenth: () =>
      set(rows.map((row, at) => (at % 10 === 0 ? { ...row, label: `${row.label} !!!` } : row))),
    select: (at) => select(rows[at].id),
    swap() {
      const copy = [...rows]
      const last = copy.length - 2
      ;[copy[1], copy[last]] = [copy[last], copy[1]]
      set(copy)
    },
    remove: (at) => set(rows.filter((_, index) => index !== at)),
    reverse: () => set([...rows].reverse()),
    clear: () => set([]),
    tick(at, value) {
      cells[at] = value
      laterGrid()
    },
    tickAll(value) {
      cells.fill(value)
      laterGrid()
    },
  }
})
