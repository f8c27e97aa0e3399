/**
 * What a loaded document does by itself and a page of an app must do on its own: the title, the focus on the heading,
 * and the title said to screen readers. Not for the first page, which the browser has announced.
 */
export interface Arrival {
  /** The view is in the document, and focus that was in the one before is gone. */
  arrive(): void
  /** The failure's heading is the title. */
  arriveAtFailure(): void
  close(): void
}

export function arrivals(root: Element): Arrival {
  const announcer = document.createElement('div')
  announcer.role = 'status'
  // Takes no room and is not seen, but is not hidden from assistive technology.
  announcer.style.cssText = 'position:fixed;top:0;clip-path:inset(50%)'

  const arrive = () => {
    if (announcer.parentNode === null) {
      document.body.append(announcer)
      return
    }
    announcer.textContent = document.title
    // The view has given the focus to something itself.
    if (root.contains(document.activeElement)) return
    const found = (selector: string) => root.querySelector<HTMLElement>(selector)
    const heading = found('[autofocus]') ?? found('h1') ?? found('main')
    if (heading === null) return
    // Nothing changes for what takes the focus already.
    if (heading.tabIndex < 0) heading.tabIndex = -1
    heading.focus({ preventScroll: true })
  }

  return {
    arrive,
    arriveAtFailure() {
      document.title = root.querySelector('h1')?.textContent ?? 'Error'
      arrive()
    },
    close: () => announcer.remove(),
  }
}
