/** Where the focus goes when what had it is gone: never to nowhere. */
import { flush } from '@typestead/screens'

/** To the heading of the page, from where Tab goes on. */
export function focusHeading(): void {
  focusFirst('main h1')
}

/** To the first element that fits, once what was just changed is in the document. */
export function focusFirst(selector: string, within: ParentNode = document): void {
  flush()
  const found = within.querySelector<HTMLElement>(selector)
  if (found === null) return
  if (found.tabIndex < 0) found.tabIndex = -1
  found.focus({ preventScroll: true })
  found.scrollIntoView({ block: 'nearest' })
}
