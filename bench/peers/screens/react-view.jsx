/** The React components that the three stores share: memoised rows and cells that read their own part of a store. */
import { memo } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { cellCount } from './rows.ts'

const places = Array.from({ length: cellCount }, (_, at) => at)

/** The hooks: `useIds()`, `useLabel(id)`, `useIsSelected(id)`, `useCell(at)`; the actions: `select(id)`, `drop(id)`. */
export function mountReact(
  table,
  grid,
  { hooks, actions, wrap = (view) => view, observe = (c) => c },
) {
  const Row = memo(
    observe(function Row({ id }) {
      const label = hooks.useLabel(id)
      const selected = hooks.useIsSelected(id)
      return (
        <tr className={selected ? 'selected' : ''}>
          <td className="id">{id}</td>
          <td>
            <button type="button" onClick={() => actions.select(id)}>
              {label}
            </button>
          </td>
          <td>
            <button type="button" onClick={() => actions.drop(id)}>
              x
            </button>
          </td>
        </tr>
      )
    }),
  )
  const Rows = observe(function Rows() {
    const ids = hooks.useIds()
    return (
      <table>
        <tbody>
          {ids.map((id) => (
            <Row key={id} id={id} />
          ))}
        </tbody>
      </table>
    )
  })
  const Cell = memo(
    observe(function Cell({ at }) {
      return <li>{hooks.useCell(at)}</li>
    }),
  )
  const Cells = () => (
    <ul>
      {places.map((at) => (
        <Cell key={at} at={at} />
      ))}
    </ul>
  )
  flushSync(() => createRoot(table).render(wrap(<Rows />)))
  flushSync(() => createRoot(grid).render(wrap(<Cells />)))
}

/** The changes of a state of `{ ids, labels, selected, cells }`, each a function from one to the next. */
export const changes = {
  create: (rows) => (state) => ({ ...state, ...normal(rows), selected: 0 }),
  append: (rows) => (state) => {
    const { ids, labels } = normal(rows)
    return { ...state, ids: [...state.ids, ...ids], labels: { ...state.labels, ...labels } }
  },
  updateTenth: () => (state) => {
    const labels = { ...state.labels }
    for (let at = 0; at < state.ids.length; at += 10) labels[state.ids[at]] += ' !!!'
    return { ...state, labels }
  },
  select: (at) => (state) => ({ ...state, selected: state.ids[at] }),
  selectId: (id) => (state) => ({ ...state, selected: id }),
  drop: (id) => (state) => ({ ...state, ids: state.ids.filter((one) => one !== id) }),
  swap: () => (state) => {
    const ids = [...state.ids]
    const last = ids.length - 2
    ;[ids[1], ids[last]] = [ids[last], ids[1]]
    return { ...state, ids }
  },
  remove: (at) => (state) => ({ ...state, ids: state.ids.filter((_, index) => index !== at) }),
  reverse: () => (state) => ({ ...state, ids: [...state.ids].reverse() }),
  clear: () => (state) => ({ ...state, ids: [], labels: {}, selected: 0 }),
  tick: (at, value) => (state) => {
    const cells = [...state.cells]
    cells[at] = value
    return { ...state, cells }
  },
  tickAll: (value) => (state) => ({ ...state, cells: state.cells.map(() => value) }),
}

export const initialState = {
  ids: [],
  labels: {},
  selected: 0,
  cells: new Array(cellCount).fill(0),
}

function normal(rows) {
  return {
    ids: rows.map(({ id }) => id),
    labels: Object.fromEntries(rows.map(({ id, label }) => [id, label])),
  }
}

/** A side of `apply(change)`. */
export function sideOf(apply, makeRows) {
  return {
    create: (count) => apply(changes.create(makeRows(count))),
    append: (count) => apply(changes.append(makeRows(count))),
    updateTenth: () => apply(changes.updateTenth()),
    select: (at) => apply(changes.select(at)),
    swap: () => apply(changes.swap()),
    remove: (at) => apply(changes.remove(at)),
    reverse: () => apply(changes.reverse()),
    clear: () => apply(changes.clear()),
    tick: (at, value) => apply(changes.tick(at, value)),
    tickAll: (value) => apply(changes.tickAll(value)),
  }
}
