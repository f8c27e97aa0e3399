/** The view for the DOM: children, lists, bindings. JSX comes by `@typestead/screens/jsx-runtime`. */
export { bind } from './dom/bind.ts'
export { append, type Child, Obx, Show } from './dom/child.ts'
export {
  DataTable,
  type DataTableProps,
  type TableColumn,
  type TableSort,
} from './dom/data-table.ts'
export { element } from './dom/element.ts'
export type { CommonProps, EventProps, Followable } from './dom/jsx-types.ts'
export { For, type ForProps } from './dom/keyed-list.ts'
export { mount } from './dom/mount.ts'
export { openBeside } from './dom/open-beside.ts'
export type { FailureView } from './dom/page-host.ts'
export { rememberScroll } from './dom/scroll-memory.ts'
export { VirtualList, type VirtualListProps } from './dom/virtual-list.ts'
export type { ListScroll } from './dom/virtual-window.ts'
export { type App, type AppOptions, mountApp } from './mount-app.ts'
