/** React with MobX: observable rows and cells, observer components. */
import { observable, runInAction } from 'mobx'
import { observer } from 'mobx-react-lite'
import { mountReact } from './react-view.jsx'
import { cellCount, makeRows, start } from './rows.ts'

start((table, grid) => {
  const ids = observable.box([], { deep: false })
  let selected = 0
  const labels = new Map()
  const chosen = observable.map()
  const cells = Array.from({ length: cellCount }, () => observable.box(0))
  const add = (rows) => {
    for (const { id, label } of rows) labels.set(id, observable.box(label))
    return rows.map(({ id }) => id)
  }
  const select = (id) =>
    runInAction(() => {
      chosen.delete(selected)
      selected = id
      chosen.set(id, true)
    })
  const set = (next) => runInAction(() => ids.set(next))
  mountReact(table, grid, {
    hooks: {
      useIds: () => ids.get(),
      useLabel: (id) => labels.get(id).get(),
      useIsSelected: (id) => chosen.has(id),
      useCell: (at) => cells[at].get(),
    },
    actions: { select, drop: (id) => set(ids.get().filter((one) => one !== id)) },
    observe: observer,
  })
  return {
    create(count) {
      labels.clear()
      set(add(makeRows(count)))
    },
    append: (count) => set([...ids.get(), ...add(makeRows(count))]),
    updateTenth: () =>
      runInAction(() => {
        for (let at = 0; at < ids.get().length; at += 10) {
          const box = labels.get(ids.get()[at])
          box.set(`${box.get()} !!!`)
        }
      }),
    select: (at) => select(ids.get()[at]),
    swap() {
      const next = [...ids.get()]
      const last = next.length - 2
      ;[next[1], next[last]] = [next[last], next[1]]
      set(next)
    },
    remove: (at) => set(ids.get().filter((_, index) => index !== at)),
    reverse: () => set([...ids.get()].reverse()),
    clear: () => set([]),
    tick: (at, value) => runInAction(() => cells[at].set(value)),
    tickAll: (value) =>
      runInAction(() => {
        for (const cell of cells) cell.set(value)
      }),
  }
})
