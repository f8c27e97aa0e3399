/**
 * A table of any length: only the rows in sight are in the document, the header stays, columns sort by a button with
 * `aria-sort`, one row is active by keyboard (arrows, Page Up and Down, Home, End, Enter) and is kept by its key, as are
 * focus and scroll while rows change. While there are no rows it says why: loading, empty, or what went wrong.
 */
import { cell, computed, toReadable } from '../cell.ts'
import { selector } from '../selector.ts'
import type { Cell, Readable } from '../stream.ts'
import { append, type Child } from './child.ts'
import { element } from './element.ts'
import { For } from './keyed-list.ts'
import { type ListScroll, type Placed, rowIds, virtualWindow } from './virtual-window.ts'

export interface TableColumn<T> {
  readonly name: string
  readonly label: string
  /** Numbers stand at the end of their cells. */
  readonly align?: 'start' | 'end'
  readonly sortable?: boolean
  /** What a cell shows; by default the property of the column's name as text. */
  readonly show?: (row: T) => string
  /** What a cell shows, where text is not enough. */
  readonly render?: (row: Readable<T>) => Child
}

export interface TableSort {
  readonly column: string
  readonly descending: boolean
}

export interface DataTableProps<T, K> {
  readonly rows: Readable<readonly T[]> | (() => readonly T[])
  readonly key: (row: T) => K
  readonly columns: readonly TableColumn<T>[]
  /** Names the table for assistive technology. */
  readonly label: string
  /** Height of every row, in CSS pixels; 36 by default. */
  readonly rowHeight?: number
  readonly active?: Cell<K | undefined>
  readonly onOpen?: (row: T) => void
  /** Give a cell to sort the rows elsewhere, such as in the store; the header only shows and sets it. */
  readonly sort?: Cell<TableSort | undefined>
  /** Rows are being loaded. */
  readonly loading?: Readable<boolean> | (() => boolean)
  /** Why there are no rows, when something went wrong. */
  readonly failure?: Readable<unknown> | (() => unknown)
  readonly onRetry?: () => unknown
  /** What to do while there is nothing; plain words by default. */
  readonly empty?: () => Child
  /** Called once with what scrolls it from outside. */
  readonly ref?: (scroll: ListScroll<K>) => void
  readonly class?: string
}

export function DataTable<T, K>(props: DataTableProps<T, K>): Child {
  const { columns, key, rowHeight = 36, onOpen } = props
  const items = toReadable(props.rows)
  const active: Cell<K | undefined> = props.active ?? cell<K | undefined>(undefined)
  const sort: Cell<TableSort | undefined> = props.sort ?? cell<TableSort | undefined>(undefined)
  const isActive = selector(active)
  const ids = rowIds<K>('table')
  const rows = virtualWindow({
    items,
    key,
    rowHeight,
    overscan: 6,
    active,
    covered: rowHeight,
    onOpen,
  })
  const spacer = (count: Readable<number>) =>
    element('tr', {
      'aria-hidden': 'true',
      hidden: () => count.value === 0,
      children: element('td', {
        colspan: columns.length,
        style: () => `padding: 0; border: 0; height: ${count.value * rowHeight}px`,
      }),
    })
  const table = element('table', {
    role: 'grid',
    tabindex: 0,
    'aria-label': props.label,
    // Space between rows would add to their height; collapsed borders would not stay with the header.
    style: 'border-collapse: separate; border-spacing: 0',
    'aria-rowcount': () => items.value.length + 1,
    'aria-busy': () => (props.loading === undefined ? null : toReadable(props.loading).value),
    'aria-activedescendant': () => {
      const key = active.value
      const shown = rows.inSight.value.some(({ item }) => Object.is(key, keyOf(item)))
      return key !== undefined && shown ? ids(key) : null
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.target === event.currentTarget) rows.press(event)
    },
    children: [
      element('thead', {
        children: element('tr', {
          'aria-rowindex': 1,
          style: `height: ${rowHeight}px`,
          children: columns.map((column) => header(column, sort)),
        }),
      }),
      element('tbody', {
        children: [
          spacer(rows.before),
          For({
            each: rows.inSight,
            key: ({ item }) => key(item),
            children: (row) => renderRow(row),
          }),
          spacer(rows.after),
        ],
      }),
    ],
  })
  function keyOf(item: T): K {
    return key(item)
  }

  function renderRow(placed: Readable<Placed<T>>): Child {
    const mine = key(placed.peek().item)
    const row = computed(() => placed.value.item)
    return element('tr', {
      id: ids(mine),
      'aria-rowindex': () => placed.value.at + 2,
      'aria-selected': () => isActive(mine),
      class: () => (isActive(mine) ? 'active' : ''),
      style: `height: ${rowHeight}px`,
      onClick: () => active.set(mine),
      onDblClick: () => onOpen?.(placed.peek().item),
      children: columns.map((column) =>
        element('td', {
          role: 'gridcell',
          class: column.align === 'end' ? 'end' : undefined,
          children: column.render?.(row) ?? (() => textOf(column, row.value)),
        }),
      ),
    })
  }

  return element('div', {
    class: `data-table ${props.class ?? ''}`.trim(),
    style: 'overflow: auto; overflow-anchor: none',
    ref: (made: HTMLElement) => {
      rows.watch(made)
      props.ref?.(rows.scroll)
    },
    children: [table, () => (items.value.length === 0 ? whyEmpty(props) : undefined)],
  })
}

function header<T>(column: TableColumn<T>, sort: Cell<TableSort | undefined>): Element {
  const state = () => {
    const now = sort.value
    if (now?.column !== column.name) return column.sortable ? 'none' : null
    return now.descending ? 'descending' : 'ascending'
  }
  const turn = () => {
    const now = sort.peek()
    const same = now?.column === column.name
    // Ascending, descending, as it comes.
    if (same && now.descending) sort.set(undefined)
    else sort.set({ column: column.name, descending: same })
  }
  return element('th', {
    scope: 'col',
    'aria-sort': state,
    class: column.align === 'end' ? 'end' : undefined,
    style: 'position: sticky; top: 0',
    children: column.sortable
      ? element('button', { type: 'button', onClick: turn, children: column.label })
      : column.label,
  })
}

function whyEmpty<T, K>(props: DataTableProps<T, K>): Child {
  const { loading, failure, onRetry, empty } = props
  const error = failure === undefined ? undefined : toReadable(failure).value
  const content = document.createDocumentFragment()
  if (error !== undefined && error !== null) {
    append(content, [
      element('p', {
        role: 'alert',
        children: error instanceof Error ? error.message : String(error),
      }),
      onRetry === undefined
        ? undefined
        : element('button', { type: 'button', onClick: onRetry, children: 'Try again' }),
    ])
  } else if (loading !== undefined && toReadable(loading).value) {
    append(content, element('p', { role: 'status', children: 'Loading…' }))
  } else append(content, empty?.() ?? element('p', { children: 'There is nothing here yet.' }))
  return element('div', { class: 'data-table-state', children: content })
}

function textOf<T>(column: TableColumn<T>, row: T): string {
  if (column.show !== undefined) return column.show(row)
  const value: unknown = Reflect.get(row as object, column.name) // a row with properties, or a column that shows it
  return value === null || value === undefined ? '' : String(value)
}
