/** Vue 3.6 in its Vapor mode: no virtual DOM. */
import { createVaporApp } from 'vue'
import { start } from './rows.ts'
import Table from './vue-table.vue'

start((table, grid) => {
  const mount = (target, part) => {
    const operations = {}
    createVaporApp(Table, { part, operations }).mount(target)
    return operations
  }
  const rows = mount(table, 'table')
  const { tick, tickAll } = mount(grid, 'grid')
  return { ...rows, tick, tickAll }
})
