/** React with Zustand: one store, a selector in each row and cell. */
import { create } from 'zustand'
import { changes, initialState, mountReact, sideOf } from './react-view.jsx'
import { makeRows, start } from './rows.ts'

start((table, grid) => {
  const useStore = create(() => initialState)
  mountReact(table, grid, {
    hooks: {
      useIds: () => useStore((state) => state.ids),
      useLabel: (id) => useStore((state) => state.labels[id]),
      useIsSelected: (id) => useStore((state) => state.selected === id),
      useCell: (at) => useStore((state) => state.cells[at]),
    },
    actions: {
      select: (id) => useStore.setState(changes.selectId(id)),
      drop: (id) => useStore.setState(changes.drop(id)),
    },
  })
  return sideOf((change) => useStore.setState(change), makeRows)
})
