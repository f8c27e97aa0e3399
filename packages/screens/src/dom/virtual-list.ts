/**
 * A list of any length of which only the rows in sight are in the document. Rows that come or go above what is in sight
 * don't move it: the first row in sight keeps its place, except at the very top, where new rows show. By keyboard: arrows,
 * Page Up and Down, Home, End move the active row, Enter opens it; the active row is kept by its key.
 */
import { cell, computed, toReadable } from '../cell.ts'
import { selector } from '../selector.ts'
import type { Cell, Readable } from '../stream.ts'
import type { Child } from './child.ts'
import { element } from './element.ts'
import { For } from './keyed-list.ts'
import { type ListScroll, type Placed, rowIds, virtualWindow } from './virtual-window.ts'

export interface VirtualListProps<T, K> {
  readonly each: Readable<readonly T[]> | (() => readonly T[])
  readonly key: (item: T) => K
  readonly children: (item: Readable<T>) => Child
  /** Height of every row, in CSS pixels. */
  readonly rowHeight: number
  /** Names the list for assistive technology. */
  readonly label: string
  /** Rows rendered outside of what is in sight, on each side; 6 by default. */
  readonly overscan?: number
  /** The key of the active row; give a cell to set or follow it. */
  readonly active?: Cell<K | undefined>
  /** Enter, or a double click. */
  readonly onOpen?: (item: T) => void
  /** Shown instead of rows while there are none. */
  readonly fallback?: () => Child
  /** Called once with what scrolls it from outside. */
  readonly ref?: (scroll: ListScroll<K>) => void
  readonly class?: string
}

export function VirtualList<T, K>(props: VirtualListProps<T, K>): Child {
  const { rowHeight, key, overscan = 6, onOpen } = props
  const items = toReadable(props.each)
  const active: Cell<K | undefined> = props.active ?? cell<K | undefined>(undefined)
  const isActive = selector(active)
  const ids = rowIds<K>('list')
  const rows = virtualWindow({ items, key, rowHeight, overscan, active, onOpen })

  function renderRow(row: Readable<Placed<T>>): Child {
    const mine = key(row.peek().item)
    return element('div', {
      id: ids(mine),
      role: 'option',
      'aria-selected': () => isActive(mine),
      'aria-posinset': () => row.value.at + 1,
      'aria-setsize': () => items.value.length,
      class: () => (isActive(mine) ? 'row active' : 'row'),
      style: () =>
        `position: absolute; inset-inline: 0; top: 0; height: ${rowHeight}px; box-sizing: border-box; transform: translateY(${row.value.at * rowHeight}px)`,
      onClick: () => active.set(mine),
      onDblClick: () => onOpen?.(row.peek().item),
      children: props.children(computed(() => row.value.item)),
    })
  }

  const viewport = element('div', {
    class: `virtual-list ${props.class ?? ''}`.trim(),
    // A list box has options; without any it is a group, which may hold the fallback.
    role: () => (items.value.length === 0 ? 'group' : 'listbox'),
    tabindex: 0,
    'aria-label': props.label,
    // Names a row that is in the document.
    'aria-activedescendant': () => {
      const now = active.value
      const shown = rows.inSight.value.some(({ item }) => Object.is(now, key(item)))
      return now !== undefined && shown ? ids(now) : null
    },
    style: 'overflow-y: auto; position: relative; overflow-anchor: none',
    onKeyDown: (event: KeyboardEvent) => {
      if (event.target === event.currentTarget) rows.press(event)
    },
    ref: (made: HTMLElement) => {
      rows.watch(made)
      props.ref?.(rows.scroll)
    },
    children: [
      element('div', {
        role: 'presentation',
        style: () => `height: ${items.value.length * rowHeight}px; position: relative`,
        children: For({
          each: rows.inSight,
          key: ({ item }) => key(item),
          children: (row) => renderRow(row),
        }),
      }),
      () => (items.value.length === 0 ? props.fallback?.() : undefined),
    ],
  })
  return viewport
}
