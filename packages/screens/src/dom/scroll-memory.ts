/** Where each entry of the history was scrolled to: a new page starts at the top, going back returns to where one was. */
import { reaction } from '../cell.ts'
import type { App } from '../mount-app.ts'

/** For as long as the app is open. Positions live in the history entries, so they survive a reload. */
export function rememberScroll({ scope, address, router }: App): void {
  const before = history.scrollRestoration
  history.scrollRestoration = 'manual'
  let path = location.pathname
  const save = () => {
    const state: unknown = history.state
    const kept = typeof state === 'object' && state !== null ? state : {}
    history.replaceState({ ...kept, scroll: [scrollX, scrollY] }, '')
  }
  let waiting: ReturnType<typeof setTimeout> | undefined
  const scrolled = () => {
    clearTimeout(waiting)
    waiting = setTimeout(save, 100)
  }
  addEventListener('scroll', scrolled, { passive: true })
  addEventListener('pagehide', save)
  scope.run(() =>
    reaction(() => {
      const { pathname, hash } = address.value
      const moved = pathname !== path
      path = pathname
      const back = router.returned
      if (!moved && !back) return
      clearTimeout(waiting)
      // The page is put into the document in this turn; scroll when it is there.
      requestAnimationFrame(() => {
        const state = history.state as { readonly scroll?: readonly [number, number] } | null // save() wrote it
        if (back && state?.scroll !== undefined) scrollTo(...state.scroll)
        else if (hash !== '')
          document.getElementById(decodeURIComponent(hash.slice(1)))?.scrollIntoView()
        else scrollTo(0, 0)
      })
    }),
  )
  scope.own(() => {
    history.scrollRestoration = before
    clearTimeout(waiting)
    removeEventListener('scroll', scrolled)
    removeEventListener('pagehide', save)
  })
}
