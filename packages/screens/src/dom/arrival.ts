/**
 * What a loaded document does by itself and a page of an app must do on its own: the title, the focus on the heading,
 * and the title said to screen readers. Not for the first page, which the browser has announced.
 */
export class Arrival {
  readonly #root: Element
  readonly #announcer = document.createElement('div')
  #first = true

  constructor(root: Element) {
    this.#root = root
    this.#announcer.setAttribute('role', 'status')
    this.#announcer.style.cssText =
      'position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap'
  }

  /** The view is in the document, and focus that was in the one before is gone. */
  arrive(title: string): void {
    if (this.#first) {
      this.#first = false
      document.body.append(this.#announcer)
      return
    }
    this.#announcer.textContent = title
    // The view has given the focus to something itself.
    if (this.#root.contains(document.activeElement)) return
    const heading = ['[autofocus]', 'h1', 'main']
      .map((selector) => this.#root.querySelector<HTMLElement>(selector))
      .find((found) => found !== null)
    if (heading === undefined || heading === null) return
    if (heading.tabIndex < 0 && !heading.hasAttribute('tabindex')) heading.tabIndex = -1
    heading.focus({ preventScroll: true })
  }

  /** The failure's heading is the title. */
  arriveAtFailure(): void {
    document.title = this.#root.querySelector('h1')?.textContent ?? 'Error'
    this.arrive(document.title)
  }

  close(): void {
    this.#announcer.remove()
  }
}
