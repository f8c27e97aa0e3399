/**
 * O(1) selection: of a thousand rows that ask `isSelected(id)`, only the one that was and the one that becomes selected
 * run again. A key is kept only while something watches it.
 */
import { reaction, toReadable, WatchedCell } from './cell.ts'
import { runOwned } from './owner.ts'
import { isTracking, untracked } from './reactive-graph.ts'
import type { Readable, Subscription } from './stream.ts'

/** `const isSelected = selector(selectedId)`, then `class={() => isSelected(row.id) ? 'selected' : ''}`. */
export function selector<K>(source: Readable<K> | (() => K)): (key: K) => boolean {
  const selected = toReadable(source)
  const watched = new Map<K, WatchedCell<K>>()
  let following: Subscription | undefined
  let current: K
  const follow = () =>
    reaction(() => {
      const previous = current
      current = selected.value
      untracked(() => {
        if (Object.is(previous, current)) return
        watched.get(previous)?.set(false)
        watched.get(current)?.set(true)
      })
    })
  const marks = {
    forget(key: K) {
      watched.delete(key)
      if (watched.size > 0) return
      following?.unsubscribe()
      following = undefined
    },
  }
  return (key) => {
    if (!isTracking()) return Object.is(selected.peek(), key)
    if (following === undefined) {
      current = selected.peek()
      following = untracked(() => runOwned(undefined, follow))
    }
    let mark = watched.get(key)
    if (mark === undefined) {
      mark = new WatchedCell(Object.is(selected.peek(), key), key, marks)
      watched.set(key, mark)
    }
    return mark.value
  }
}
