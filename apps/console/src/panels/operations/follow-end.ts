/**
 * Keeps a list scrolled to its end while entries come, until one scrolls away from it; back at the end it follows again.
 * A gesture away from the end counts when it begins: an entry that comes in the same moment does not take the reader back.
 */
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
const upwards: ReadonlySet<string> = new Set(['ArrowUp', 'PageUp', 'Home'])

export function followEnd(): EndFollower {
  const following = cell(true)
  let around: HTMLElement | undefined
  let frame = 0
  /** Whether the last gesture may have led to the end. */
  let mayReturn = false
  /** A finger or a button is down: where it leads is known when it is up. */
  let isHeld = false
  const viewport = () => around?.querySelector<HTMLElement>('.virtual-list') ?? undefined
  const toEnd = () => {
    const list = viewport()
    if (list !== undefined && following.peek() && !isHeld) list.scrollTop = list.scrollHeight
  }
  const changed = () => {
    if (!following.peek()) return
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame(toEnd)
  }
  const away = () => {
    mayReturn = false
    if ((viewport()?.scrollTop ?? 0) > 0) following.set(false)
  }
  const measure = () => {
    const list = viewport()
    if (list === undefined || !mayReturn) return
    following.set(list.scrollHeight - list.clientHeight - list.scrollTop < near)
  }
  const anywhere = () => {
    mayReturn = true
    requestAnimationFrame(measure)
  }
  onDispose(() => cancelAnimationFrame(frame))
  return {
    following: following.readonly(),
    watch(element) {
      around = element
      const passive = { passive: true }
      const on = element.addEventListener.bind(element)
      on('wheel', ({ deltaY }) => (deltaY < 0 ? away() : anywhere()), passive)
      on('keydown', ({ key }) => (upwards.has(key) ? away() : anywhere()))
      on('pointerdown', () => {
        isHeld = true
      })
      on(
        'touchstart',
        () => {
          isHeld = true
        },
        passive,
      )
      // A button that is dragged along the scroll bar is let go anywhere.
      const release = () => {
        if (!isHeld) return
        isHeld = false
        anywhere()
      }
      for (const type of ['pointerup', 'touchend', 'touchcancel']) {
        window.addEventListener(type, release)
        onDispose(() => window.removeEventListener(type, release))
      }
      // Scrolling goes on after the gesture. It does not bubble.
      on('scrollend', measure, { capture: true })
      // What is selected is being read.
      on('click', () => {
        if (element.querySelector('[aria-selected="true"]') === null) return
        mayReturn = false
        following.set(false)
      })
    },
    changed,
    follow() {
      following.set(true)
      changed()
    },
  }
}
