/**
 * What long lists and tables share: which rows are in sight, the active row and its keys, and the place that is kept
 * while rows come or go above it. Rows have one height.
 */
import { cell, computed, reaction } from '../cell.ts'
import { onDispose } from '../owner.ts'
import { flush } from '../reactive-graph.ts'
import type { Cell, Readable } from '../stream.ts'

/** A row in sight. */
export interface Placed<T> {
  readonly item: T
  /** Its place in the whole list, from 0. */
  readonly at: number
}

/** What scrolls a long list from outside. */
export interface ListScroll<K> {
  /** Brings the row into sight; false when there is none with this key. */
  toKey(key: K): boolean
  /** Brings the last row into sight, also one that was added in this turn. */
  toEnd(): void
  /** Whether the last row is in sight, as for a tail that follows until one scrolls up. */
  readonly atEnd: boolean
}

export interface VirtualWindow<T, K> {
  readonly inSight: Readable<readonly Placed<T>[]>
  /** Rows before those in sight, and after them. */
  readonly before: Readable<number>
  readonly after: Readable<number>
  /** Call it with the element that scrolls, before it is in the document. */
  watch(viewport: HTMLElement): void
  /** Moves the active row, or opens it; true when the key was one of those. */
  press(event: KeyboardEvent): boolean
  readonly scroll: ListScroll<K>
}

export interface VirtualWindowOptions<T, K> {
  readonly items: Readable<readonly T[]>
  readonly key: (item: T) => K
  readonly rowHeight: number
  readonly overscan: number
  readonly active: Cell<K | undefined>
  /** Height of what covers the top of the viewport, such as a header that stays; 0 by default. */
  readonly covered?: number
  readonly onOpen?: ((item: T) => void) | undefined
}

/** Belongs to the owner that runs. */
export function virtualWindow<T, K>(options: VirtualWindowOptions<T, K>): VirtualWindow<T, K> {
  const { items, key, rowHeight, overscan, active, covered = 0 } = options
  const top = cell(0)
  const height = cell(0)
  const length = computed(() => items.value.length)
  const first = computed(() =>
    Math.max(0, Math.min(Math.floor(top.value / rowHeight), length.value - 1) - overscan),
  )
  const count = computed(() => Math.ceil(height.value / rowHeight) + 2 * overscan + 1)
  const inSight = computed(() =>
    items.value
      .slice(first.value, first.value + count.value)
      .map((item, at) => ({ item, at: first.value + at })),
  )
  let viewport: HTMLElement | undefined

  function bringIntoSight(at: number): void {
    if (viewport === undefined) return
    const above = at * rowHeight
    const below = above + rowHeight + covered - viewport.clientHeight
    if (viewport.scrollTop > above) viewport.scrollTop = above
    else if (viewport.scrollTop < below) viewport.scrollTop = below
    top.set(viewport.scrollTop)
    flush()
  }

  const scroll: ListScroll<K> = {
    toKey(wanted) {
      flush()
      const at = items.peek().findIndex((item) => Object.is(key(item), wanted))
      if (at >= 0) bringIntoSight(at)
      return at >= 0
    },
    toEnd() {
      flush()
      if (length.peek() > 0) bringIntoSight(length.peek() - 1)
    },
    get atEnd() {
      // Half a row, because browsers round.
      const seen = (viewport?.scrollTop ?? 0) + (viewport?.clientHeight ?? 0) - covered
      return seen > length.peek() * rowHeight - rowHeight / 2
    },
  }

  return {
    inSight,
    scroll,
    before: first,
    after: computed(() => Math.max(0, length.value - first.value - count.value)),
    watch(element) {
      viewport = element
      element.addEventListener('scroll', () => top.set(element.scrollTop), { passive: true })
      const observer = new ResizeObserver(() => height.set(element.clientHeight))
      observer.observe(element)
      onDispose(() => observer.disconnect())
      keepPlace(items, key, rowHeight, element, top)
    },
    press(event) {
      const list = items.peek()
      const at = list.findIndex((item) => Object.is(key(item), active.peek()))
      const page = Math.max(1, Math.floor(height.peek() / rowHeight) - 1)
      const next = nextPlace(event, at, list.length, page)
      const current = list[at]
      if (next !== undefined) {
        active.set(key(list[next] as T)) // within the list
        bringIntoSight(next)
      } else if (event.key === 'Enter' && current !== undefined && options.onOpen !== undefined) {
        options.onOpen(current)
      } else return false
      event.preventDefault()
      return true
    },
  }
}

function nextPlace(
  event: KeyboardEvent,
  at: number,
  length: number,
  page: number,
): number | undefined {
  if (length === 0 || event.altKey || event.ctrlKey || event.metaKey) return undefined
  const last = length - 1
  const places: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at < 0 ? last : at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: last,
  }
  const place = places[event.key]
  return place === undefined ? undefined : Math.min(Math.max(place, 0), last)
}

/** When rows come or go above the first one in sight, scrolls along; at the very top, new rows show instead. */
function keepPlace<T, K>(
  items: Readable<readonly T[]>,
  key: (item: T) => K,
  rowHeight: number,
  viewport: HTMLElement,
  top: Cell<number>,
): void {
  let before: readonly T[] = []
  reaction(() => {
    const now = items.value
    const old = before
    before = now
    const at = Math.floor(viewport.scrollTop / rowHeight)
    const anchor = old[at]
    if (anchor === undefined || viewport.scrollTop === 0) return
    const wanted = key(anchor)
    const same = now[at]
    if (same !== undefined && Object.is(key(same), wanted)) return
    const moved = now.findIndex((item) => Object.is(key(item), wanted))
    if (moved < 0) return
    const target = viewport.scrollTop + (moved - at) * rowHeight
    // The height must have grown before the browser lets it scroll there.
    queueMicrotask(() => {
      viewport.scrollTop = target
      top.set(viewport.scrollTop)
    })
  })
}

let named = 0

/** An id for each key; no spaces, so that it can be referred to. */
export function rowIds<K>(kind: string): (key: K) => string {
  const name = `${kind}-${++named}`
  return (key) => `${name}-${encodeURIComponent(String(key))}`
}
