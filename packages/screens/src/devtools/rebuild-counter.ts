/**
 * An overlay that counts: reactions run, changes of the document, reactions alive; what has changed is outlined for a
 * moment. A page that redraws more than it should shows at once. Toggle it with Alt-Shift-R; it takes no focus.
 */
import { graphStats } from '../reactive-graph.ts'

export interface RebuildCounterOptions {
  /** What is watched; the body by default. */
  readonly root?: Element
  /** How long a change stays outlined, in milliseconds; 400 by default. */
  readonly outlineMs?: number
}

export function rebuildCounter(options: RebuildCounterOptions = {}): Disposable {
  const { root = document.body, outlineMs = 400 } = options
  const panel = document.createElement('div')
  panel.setAttribute('aria-hidden', 'true')
  panel.className = 'screens-rebuild-counter'
  panel.style.cssText =
    'position:fixed;inset-block-end:8px;inset-inline-start:8px;z-index:2147483647;padding:4px 8px;border-radius:4px;background:#111;color:#fff;font:12px/1.5 ui-monospace,monospace;pointer-events:none;opacity:.85'
  document.body.append(panel)
  const before = { ...graphStats }
  let mutations = 0
  let scheduled = false
  const write = () => {
    scheduled = false
    const { runs, flushes, reactions } = graphStats
    panel.textContent = `${runs - before.runs} runs · ${mutations} changes · ${flushes - before.flushes} flushes · ${reactions} alive`
    observer.takeRecords() // its own text
  }
  const outlined = new Map<HTMLElement, string>()
  const outline = (element: Element) => {
    if (!(element instanceof HTMLElement) || outlined.has(element)) return
    outlined.set(element, element.style.outline)
    element.style.outline = '2px solid #e5484d'
    setTimeout(() => {
      element.style.outline = outlined.get(element) ?? ''
      observer.takeRecords()
      outlined.delete(element)
    }, outlineMs)
  }
  const observer = new MutationObserver((records) => {
    for (const { target } of records) {
      const element = target instanceof Element ? target : target.parentElement
      if (element === null || panel.contains(element)) continue
      mutations++
      outline(element)
    }
    observer.takeRecords() // the outlines
    if (scheduled) return
    scheduled = true
    requestAnimationFrame(write)
  })
  observer.observe(root, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
  })
  const press = (event: KeyboardEvent) => {
    if (event.altKey && event.shiftKey && event.code === 'KeyR') panel.hidden = !panel.hidden
  }
  addEventListener('keydown', press)
  write()
  return {
    [Symbol.dispose]() {
      observer.disconnect()
      removeEventListener('keydown', press)
      for (const [element, style] of outlined) element.style.outline = style
      panel.remove()
    },
  }
}
