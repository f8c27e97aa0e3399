/**
 * A list with one row for each key: `<For each={books} key={(book) => book.id}>{(book) => <li>{() => book.value.title}</li>}</For>`.
 * Guarantees: a row lives as long as its key; a change touches the rows that changed, with as few moves as there can be
 * (common ends, swapped ends, longest increasing subsequence); a row that moves keeps focus and selection.
 */
import { cell, toReadable } from '../cell.ts'
import { fault } from '../fault.ts'
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
    const parent = this.#alone ?? this.#end?.parentNode
    if (parent === undefined || parent === null) return
    if (items.length === 0) this.#clear()
    else {
      if (this.#fallback !== undefined) removeRow(this.#fallback)
      this.#fallback = undefined
      try {
        this.#rows = this.#reconcile(parent, this.#rows, items)
      } catch (error) {
        // It shows nothing, rather than rows in some order; the next items are rendered anew.
        this.#clear()
        throw error
      }
    }
    if (items.length === 0 && this.#fallback === undefined) this.#showFallback(parent)
  }

  #reconcile(parent: Node, old: Row<T, K>[], items: readonly T[]): Row<T, K>[] {
    const keys = items.map(this.#props.key)
    const rows: Row<T, K>[] = new Array(items.length)
    let start = 0
    let oldEnd = old.length - 1
    let newEnd = items.length - 1
    // Places that are asked for are below the lengths.
    const keep = (row: Row<T, K> | undefined, at: number) => {
      rows[at] = row as Row<T, K>
      row?.item.set(items[at] as T)
      row?.index?.set(at)
    }
    const insert = (from: number, to: number) => {
      const next = rows[to]?.node ?? this.#end
      const content = to - from > 1 ? document.createDocumentFragment() : undefined
      for (let at = from; at < to; at++) {
        const row = new Row(this.#rowOwner, keys[at] as K, items[at] as T)
        rows[at] = row
        const node = runOwned(row, () => this.#render(row, at))
        if (content === undefined) parent.insertBefore(node, next)
        else content.appendChild(node)
      }
      if (content !== undefined) parent.insertBefore(content, next)
    }
    for (;;) {
      while (start <= oldEnd && start <= newEnd && old[start]?.key === keys[start]) {
        keep(old[start], start++)
      }
      while (start <= oldEnd && start <= newEnd && old[oldEnd]?.key === keys[newEnd]) {
        keep(old[oldEnd--], newEnd--)
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
    const between = old.slice(start, oldEnd + 1)
    if (start > newEnd) between.forEach(removeRow)
    else if (between.length === 0) insert(start, newEnd + 1)
    else {
      const places = placesOf(keys, start, newEnd)
      /** For each new place, where its row stood, counted from 1; 0 for a new row. */
      const sources = new Int32Array(newEnd - start + 1)
      const leaving = between.filter((row, from) => {
        const at = places.get(row.key)
        if (at === undefined || sources[at - start] !== 0) return true
        sources[at - start] = from + 1
        keep(row, at)
        return false
      })
      // All of them at once, where nothing else stands in the parent.
      if (leaving.length === old.length) this.#clear()
      else leaving.forEach(removeRow)
      if (leaving.length === between.length) insert(start, newEnd + 1)
      else this.#rearrange(parent, rows, start, sources, insert)
    }
    return rows
  }

  /** New rows are inserted, and others moved, around those that need not move. */
  #rearrange(
    parent: Node,
    rows: Row<T, K>[],
    start: number,
    sources: Int32Array,
    insert: (from: number, to: number) => void,
  ): void {
    const staying = increasing(sources)
    let stay = staying.length - 1
    for (let place = sources.length - 1; place >= 0; place--) {
      const at = start + place
      const row = rows[at]
      if (row === undefined) insert(at, at + 1)
      else if (staying[stay] === place) stay--
      else moveNode(parent, row.node, rows[at + 1]?.node ?? this.#end)
    }
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
  throw fault('BAD_CHILD', child)
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

/** The place of each key in a part of the list. @throws {ScreensError} `DUPLICATE_ROW` */
function placesOf<K>(keys: readonly K[], from: number, to: number): ReadonlyMap<K, number> {
  const places = new Map<K, number>()
  for (let at = from; at <= to; at++) {
    const key = keys[at] as K // below the length
    if (places.has(key)) throw fault('DUPLICATE_ROW', key)
    places.set(key, at)
  }
  return places
}
