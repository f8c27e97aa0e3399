/** Links: a plain click on an address of the app opens its page without loading the document; any other is the browser's. */
import type { Router } from '../router.ts'

/** Follows clicks inside `root`; returns what stops it. */
export function followLinks<V>(
  root: Element,
  router: Pick<Router<V>, 'has' | 'navigate'>,
  base: string,
): () => void {
  const click = (event: Event) => {
    const address = event instanceof MouseEvent ? linkOf(event) : undefined
    if (address === undefined || !router.has(address)) return
    event.preventDefault()
    const inside = address.pathname.slice(base.length) || '/'
    void router.navigate(inside + address.search + address.hash)
  }
  root.addEventListener('click', click)
  return () => root.removeEventListener('click', click)
}

/** The address of a link that a plain click follows in this tab. */
function linkOf(event: MouseEvent): URL | undefined {
  if (event.defaultPrevented || event.button !== 0) return undefined
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (!(link instanceof HTMLAnchorElement) || link.href === '') return undefined
  if ((link.target !== '' && link.target !== '_self') || link.hasAttribute('download')) {
    return undefined
  }
  const address = new URL(link.href)
  if (address.origin !== location.origin) return undefined
  // A fragment of this very page is the browser's to scroll to.
  const here = new URL(location.href)
  const sameDocument = address.pathname === here.pathname && address.search === here.search
  return sameDocument && address.hash !== '' ? undefined : address
}
