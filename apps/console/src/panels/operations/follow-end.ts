/** Keeps a list scrolled to its end while entries come, until one scrolls away from it. */
import { cell, onDispose, type Readable } from '@typestead/screens'

export interface EndFollower {
  readonly following: Readable<boolean>
  /** The element around the list that scrolls. */
  readonly watch: (around: HTMLElement) => void
  /** Entries have come. */
  readonly changed: () => void
  readonly follow: () => void
}

/** Nearer to the end than this, in CSS pixels, counts as at the end. */
const near = 24

export function followEnd(): EndFollower {
  const following = cell(true)
  let around: HTMLElement | undefined
  let frame = 0
  const viewport = () => around?.querySelector<HTMLElement>('.virtual-list')
  const toEnd = () => {
    const list = viewport()
    if (list !== null && list !== undefined) list.scrollTop = list.scrollHeight
  }
  const changed = () => {
    if (!following.peek()) return
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame(toEnd)
  }
  onDispose(() => cancelAnimationFrame(frame))
  return {
    following: following.readonly(),
    watch(element) {
      around = element
      // Scrolling by hand begins with one of these; scrolling by this file does not.
      const moved = () => {
        requestAnimationFrame(() => {
          const list = viewport()
          if (list === null || list === undefined) return
          following.set(list.scrollHeight - list.clientHeight - list.scrollTop < near)
        })
      }
      for (const type of ['wheel', 'touchmove', 'keyup', 'pointerup']) {
        element.addEventListener(type, moved, { passive: true })
      }
      // What is selected is being read.
      element.addEventListener('click', () => {
        if (element.querySelector('[aria-selected="true"]') !== null) following.set(false)
      })
    },
    changed,
    follow() {
      following.set(true)
      changed()
    },
  }
}
