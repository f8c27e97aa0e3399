/** React with Redux Toolkit: two slices with Immer, a selector in each row and cell. */
import { configureStore, createSlice } from '@reduxjs/toolkit'
import { Provider, useSelector } from 'react-redux'
import { initialState, mountReact } from './react-view.jsx'
import { cellCount, makeRows, start } from './rows.ts'

const table = createSlice({
  name: 'table',
  initialState: { ids: [], labels: {}, selected: 0 },
  reducers: {
    created(state, { payload }) {
      state.ids = payload.map(({ id }) => id)
      state.labels = Object.fromEntries(payload.map(({ id, label }) => [id, label]))
      state.selected = 0
    },
    appended(state, { payload }) {
      for (const { id, label } of payload) {
        state.ids.push(id)
        state.labels[id] = label
      }
    },
    updatedTenth(state) {
      for (let at = 0; at < state.ids.length; at += 10) state.labels[state.ids[at]] += ' !!!'
    },
    selected(state, { payload }) {
      state.selected = payload
    },
    swapped(state) {
      const last = state.ids.length - 2
      const second = state.ids[1]
      state.ids[1] = state.ids[last]
      state.ids[last] = second
    },
    dropped(state, { payload }) {
      state.ids.splice(state.ids.indexOf(payload), 1)
    },
    reversed(state) {
      state.ids.reverse()
    },
  },
})
const ticker = createSlice({
  name: 'ticker',
  initialState: initialState.cells,
  reducers: {
    ticked(state, { payload: { at, value } }) {
      state[at] = value
    },
    tickedAll(state, { payload }) {
      for (let at = 0; at < cellCount; at++) state[at] = payload
    },
  },
})

start((tableElement, grid) => {
  const store = configureStore({
    reducer: { table: table.reducer, ticker: ticker.reducer },
    // The checks of the middleware are for development; a production build has none.
    middleware: (defaults) => defaults({ serializableCheck: false, immutableCheck: false }),
  })
  const idAt = (at) => store.getState().table.ids[at]
  const { created, appended, updatedTenth, selected, swapped, dropped, reversed } = table.actions
  const { ticked, tickedAll } = ticker.actions
  const send = (action) => void store.dispatch(action)
  mountReact(tableElement, grid, {
    hooks: {
      useIds: () => useSelector((state) => state.table.ids),
      useLabel: (id) => useSelector((state) => state.table.labels[id]),
      useIsSelected: (id) => useSelector((state) => state.table.selected === id),
      useCell: (at) => useSelector((state) => state.ticker[at]),
    },
    actions: { select: (id) => send(selected(id)), drop: (id) => send(dropped(id)) },
    wrap: (view) => <Provider store={store}>{view}</Provider>,
  })
  return {
    create: (count) => send(created(makeRows(count))),
    append: (count) => send(appended(makeRows(count))),
    updateTenth: () => send(updatedTenth()),
    select: (at) => send(selected(idAt(at))),
    swap: () => send(swapped()),
    remove: (at) => send(dropped(idAt(at))),
    reverse: () => send(reversed()),
    clear: () => send(created([])),
    tick: (at, value) => send(ticked({ at, value })),
    tickAll: (value) => send(tickedAll(value)),
  }
})
