/**
 * A list with one row for each key: `<For each={books} key={(book) => book.id}>{(book) => <li>{() => book.value.title}</li>}</For>`.
 * Guarantees: a row lives as long as its key; a change touches the rows that changed, with as few moves as there can be
 * (common ends, swapped ends, longest increasing subsequence); a row that moves keeps focus and selection.
 */
import { cell, toReadable } from '../cell.ts'
import { ScreensError } from '../errors.ts'
import { fail, Owner, runOwned } from '../owner.ts'
import { Reaction, untracked } from '../reactive-graph.ts'
import type { Cell, Readable } from '../stream.ts'
import type { Child, View } from './child.ts'
import { increasing } from './increasing.ts'

export interface ForProps<T, K> {
  readonly each: Readable<readonly T[]> | (() => readonly T[])
  readonly key: (item: T, index: number) => K
  /** Renders one row, as one element. The item is followed: another item under the same key changes the row in place. */
  readonly children: (item: Readable<T>, index: Readable<number>) => Child
  /** One element that is shown while there is no row. */
  readonly fallback?: () => Child
}

export function For<T, K>(props: ForProps<T, K>): Child {
  return new KeyedList(props)
}

class Row<T, K> extends Owner {
  readonly key: K
  readonly item: Cell<T>
  index: Cell<number> | undefined
  /** Its one node. */
  node: Node = none

  constructor(list: Owner, key: K, item: T) {
    super(list)
    this.key = key
    this.item = cell(item)
  }
}

/** Stands for the nodes of a row that is not rendered yet. */
const none = {} as Node

class KeyedList<T, K> extends Reaction implements View {
  readonly #each: Readable<readonly T[]>
  readonly #props: ForProps<T, K>
  /** Owns the rows, which outlive the runs of this reaction. */
  readonly #rowOwner: Owner
  /** The parent, where the list is all that it has. */
  #alone: (ParentNode & Node) | undefined
  /** Stands after the last row, where other children may follow. */
  #end: Text | null = null
  #rows: Row<T, K>[] = []
  #fallback: Row<T, K> | undefined

  constructor(props: ForProps<T, K>) {
    super()
    this.#props = props
    this.#each = toReadable(props.each)
    this.#rowOwner = new ListOwner(this)
  }

  mountIn(parent: Node, alone: boolean): void {
    if (alone)
      this.#alone = parent as ParentNode & Node // an element
    else this.#end = parent.appendChild(document.createTextNode(''))
    this.start()
  }

  override dispose(): void {
    super.dispose()
    this.#rowOwner.dispose()
  }

  protected execute(): void {
    const items = this.#each.value
    untracked(() => runOwned(this.#rowOwner, () => this.#update(items)))
  }

  #update(items: readonly T[]): void {
    const parent = this.#alone ?? this.#end?.parentNode ?? null
    if (parent === null) return
    const old = this.#rows
    if (items.length > 0 && this.#fallback !== undefined) this.#removeFallback()
    if (items.length === 0) this.#clear()
    else if (old.length === 0) this.#rows = this.#insert(parent, items, 0, items.length, this.#end)
    else this.#rows = this.#reconcileOrClear(parent, old, items)
    if (items.length === 0 && this.#fallback === undefined) this.#showFallback(parent)
  }

  /** After an error it shows nothing, rather than rows in some order; the next items are rendered anew. */
  #reconcileOrClear(parent: Node, old: Row<T, K>[], items: readonly T[]): Row<T, K>[] {
    try {
      return this.#reconcile(parent, old, items)
    } catch (error) {
      this.#clear()
      throw error
    }
  }

  #reconcile(parent: Node, old: Row<T, K>[], items: readonly T[]): Row<T, K>[] {
    const { key } = this.#props
    const keys = items.map(key)
    const rows: Row<T, K>[] = new Array(items.length)
    let start = 0
    let oldEnd = old.length - 1
    let newEnd = items.length - 1
    const keep = (row: Row<T, K>, at: number) => {
      rows[at] = row
      row.item.set(items[at] as T) // below the length
      row.index?.set(at)
    }
    for (;;) {
      while (start <= oldEnd && start <= newEnd && old[start]?.key === keys[start]) {
        keep(old[start] as Row<T, K>, start++)
      }
      while (start <= oldEnd && start <= newEnd && old[oldEnd]?.key === keys[newEnd]) {
        keep(old[oldEnd--] as Row<T, K>, newEnd--)
      }
      const [head, tail] = [old[start], old[oldEnd]]
      if (start >= oldEnd || start >= newEnd || head === undefined || tail === undefined) break
      if (head.key !== keys[newEnd] || tail.key !== keys[start]) break
      // The two ends have changed places.
      const afterTail = tail.node.nextSibling
      moveNode(parent, tail.node, head.node)
      moveNode(parent, head.node, afterTail)
      keep(tail, start++)
      keep(head, newEnd--)
      oldEnd--
    }
    const after = rows[newEnd + 1]?.node ?? this.#end
    if (start > oldEnd) {
      const added = this.#insert(parent, items, start, newEnd + 1, after)
      for (const [at, row] of added.entries()) rows[start + at] = row
    } else if (start > newEnd) {
      for (let at = start; at <= oldEnd; at++) removeRow(old[at] as Row<T, K>)
    } else
      this.#rearrange(parent, old.slice(start, oldEnd + 1), rows, start, newEnd, items, keys, keep)
    return rows
  }

  /** The general case, for what lies between the common ends. */
  #rearrange(
    parent: Node,
    old: readonly Row<T, K>[],
    rows: Row<T, K>[],
    start: number,
    end: number,
    items: readonly T[],
    keys: readonly K[],
    keep: (row: Row<T, K>, at: number) => void,
  ): void {
    const places = new Map<K, number>()
    for (let at = start; at <= end; at++) {
      const key = keys[at] as K // below the length
      if (places.has(key)) throw duplicate(key)
      places.set(key, at)
    }
    /** For each new place, where its row stood, counted from 1; 0 for a new row. */
    const sources = new Int32Array(end - start + 1)
    const leaving: Row<T, K>[] = []
    for (const [from, row] of old.entries()) {
      const at = places.get(row.key)
      if (at === undefined || sources[at - start] !== 0) leaving.push(row)
      else {
        sources[at - start] = from + 1
        keep(row, at)
      }
    }
    if (leaving.length === old.length) {
      this.#replace(parent, leaving, rows, start, end, items)
      return
    }
    for (const row of leaving) removeRow(row)
    const staying = increasing(sources)
    let stay = staying.length - 1
    for (let at = end; at >= start; at--) {
      const next = rows[at + 1]?.node ?? this.#end
      const row = rows[at]
      if (row === undefined)
        rows[at] = this.#insert(parent, items, at, at + 1, next)[0] as Row<T, K>
      else if (staying[stay] === at - start) stay--
      else moveNode(parent, row.node, next)
    }
  }

  /** Nothing stays: as one removal where nothing else stands in the parent. */
  #replace(
    parent: Node,
    leaving: readonly Row<T, K>[],
    rows: Row<T, K>[],
    start: number,
    end: number,
    items: readonly T[],
  ): void {
    if (start === 0 && leaving.length === this.#rows.length) this.#clear()
    else for (const row of leaving) removeRow(row)
    const next = rows[end + 1]?.node ?? this.#end
    for (const [at, row] of this.#insert(parent, items, start, end + 1, next).entries()) {
      rows[start + at] = row
    }
  }

  #insert(
    parent: Node,
    items: readonly T[],
    from: number,
    to: number,
    next: Node | null,
  ): Row<T, K>[] {
    const content = to - from > 1 ? document.createDocumentFragment() : undefined
    const rows: Row<T, K>[] = []
    for (let at = from; at < to; at++) {
      const item = items[at] as T // below the length
      const row = new Row(this.#rowOwner, this.#props.key(item, at), item)
      rows.push(row)
      const node = runOwned(row, () => this.#render(row, at))
      if (content === undefined) parent.insertBefore(node, next)
      else content.appendChild(node)
    }
    if (content !== undefined) parent.insertBefore(content, next)
    return rows
  }

  /** The element of a row; of a row that throws, which is reported, an empty text. */
  #render(row: Row<T, K>, at: number): Node {
    const { children } = this.#props
    if (children.length > 1) row.index = cell(at)
    try {
      // A function that names one parameter asks for no index.
      row.node = oneElement(children(row.item, row.index as Cell<number>))
    } catch (error) {
      fail(this.#rowOwner, error)
      row.node = document.createTextNode('')
    }
    return row.node
  }

  #clear(): void {
    const rows = this.#rows
    if (rows.length === 0) return
    this.#rows = []
    for (const row of rows) row.dispose()
    if (this.#alone !== undefined) {
      this.#alone.textContent = ''
      return
    }
    for (const row of rows) removeNode(row.node)
  }

  #showFallback(parent: Node): void {
    const { fallback } = this.#props
    if (fallback === undefined) return
    const row = new Row<T, K>(this.#rowOwner, undefined as K, undefined as T) // neither is ever read
    this.#fallback = row
    row.node = parent.insertBefore(
      runOwned(row, () => oneElement(fallback())),
      this.#end,
    )
  }

  #removeFallback(): void {
    if (this.#fallback !== undefined) removeRow(this.#fallback)
    this.#fallback = undefined
  }
}

/** Belongs to nobody's list, so that a run of the list does not close it; errors and depth are the list's. */
class ListOwner extends Owner {
  constructor(list: Owner) {
    super(list)
    this.detach()
    this.owner = list.owner
  }
}

/** Rows can be moved and taken away because each is one element. */
function oneElement(child: Child): Element {
  if (child instanceof Element) return child
  throw new ScreensError('BAD_CHILD', 'a row of <For> must be one element: put its parts into one')
}

function removeRow<T, K>(row: Row<T, K>): void {
  row.dispose()
  removeNode(row.node)
}

function removeNode(node: Node): void {
  node.parentNode?.removeChild(node)
}

/** `moveBefore` keeps focus, scroll and animations (Chromium 133, Firefox 144); elsewhere focus is given back. */
function moveNode(parent: Node, node: Node, next: Node | null): void {
  if (node.nextSibling === next && next !== null) return
  const { moveBefore } = parent as Node & {
    moveBefore?(node: Node, next: Node | null): void
  }
  if (moveBefore !== undefined && node.isConnected) {
    moveBefore.call(parent, node, next)
    return
  }
  const { activeElement } = document
  parent.insertBefore(node, next)
  if (activeElement instanceof HTMLElement && activeElement !== document.activeElement) {
    activeElement.focus({ preventScroll: true })
  }
}

function duplicate(key: unknown): ScreensError {
  return new ScreensError(
    'DUPLICATE_ROW',
    `two rows have the key ${String(key)}: give <For> a unique key`,
  )
}
