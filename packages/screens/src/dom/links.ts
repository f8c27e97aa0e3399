/** Links: a plain click on an address of the app opens its page without loading the document; any other is the browser's. */
import type { Router } from '../router.ts'

/** Follows clicks inside `root`; returns what stops it. */
export function followLinks(root: Element, router: Pick<Router, 'follow'>): () => void {
  const click = (event: Event) => {
    // What a click event of a document is.
    const address = linkOf(event as MouseEvent)
    if (address !== undefined && router.follow(address)) event.preventDefault()
  }
  root.addEventListener('click', click)
  return () => root.removeEventListener('click', click)
}

/** The address of a link that a plain click follows in this tab. */
function linkOf(event: MouseEvent): URL | undefined {
  if (event.defaultPrevented || event.button) return undefined
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined
  // Every target of a click is an element; in SVG, where `href` is no text, the browser follows it.
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[href]:not([download])')
  if (link === null || !/^(_self)?$/.test(link.target)) return undefined
  const address = new URL(link.href)
  // A fragment of this very page is the browser's to scroll to.
  const [there, here] = [address, location].map(({ href }) => href.split('#')[0])
  if (address.origin !== location.origin || (there === here && address.hash)) return undefined
  return address
}
