/** Where the address is kept: the browser's history, or a list in memory for tests and embedded screens. */

export interface HistoryPort {
  readonly address: URL
  push(href: string): void
  replace(href: string): void
  /** Calls `moved` when the user goes back or forward; returns what stops it. */
  listen(moved: () => void): () => void
}

export function browserHistory(): HistoryPort {
  return {
    get address() {
      return new URL(location.href)
    },
    push: (href) => history.pushState(null, '', href),
    replace: (href) => history.replaceState(history.state, '', href),
    listen(moved) {
      addEventListener('popstate', moved)
      return () => removeEventListener('popstate', moved)
    },
  }
}

/** `back()` and `forward()` are the user's. */
export interface MemoryHistory extends HistoryPort {
  back(): void
  forward(): void
}

export function memoryHistory(start = '/'): MemoryHistory {
  const origin = 'http://screens.invalid'
  const entries = [start]
  const listeners = new Set<() => void>()
  let at = 0
  const move = (by: number) => {
    if (entries[at + by] === undefined) return
    at += by
    for (const moved of listeners) moved()
  }
  return {
    get address() {
      return new URL(entries[at] ?? start, origin)
    },
    push(href) {
      entries.length = at + 1
      at = entries.push(href) - 1
    },
    replace(href) {
      entries[at] = href
    },
    listen(moved) {
      listeners.add(moved)
      return () => listeners.delete(moved)
    },
    back: () => move(-1),
    forward: () => move(1),
  }
}
