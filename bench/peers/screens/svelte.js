/** Svelte 5: runes, keyed each. */
import { flushSync, mount } from 'svelte'
import { start } from './rows.ts'
import Table from './svelte-table.svelte'

start((table, grid) => {
  const rows = mount(Table, { target: table, props: { part: 'table' } })
  const cells = mount(Table, { target: grid, props: { part: 'grid' } })
  flushSync()
  return {
    create: rows.create,
    append: rows.append,
    updateTenth: rows.updateTenth,
    select: rows.select,
    swap: rows.swap,
    remove: rows.remove,
    reverse: rows.reverse,
    clear: rows.clear,
    tick: cells.tick,
    tickAll: cells.tickAll,
  }
})
