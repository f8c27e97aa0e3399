/**
 * Children: what may stand between tags, and how it gets into the document. Text, nodes and lists of them stand as they
 * are; a cell or a function is followed: it becomes one text node that is written to, or a region that is replaced.
 */
import { warnUnread } from '@typestead/screens/diagnosis'
import { computed, currentOf, isReadable } from '../cell.ts'
import { fault } from '../fault.ts'
import { hasRead, Reaction, untracked } from '../reactive-graph.ts'
import type { Readable } from '../stream.ts'

/** A part that puts itself into the document, and may do so more simply where nothing else stands beside it. */
export interface View {
  mountIn(parent: Node, alone: boolean): void
}

export function isView(child: unknown): child is View {
  return (child as Partial<View> | null | undefined)?.mountIn !== undefined // asked of anything
}

export type Child =
  | Node
  | View
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Readable<unknown>
  | (() => Child)
  | readonly Child[]

/** Puts a child at the end of `parent`. @throws {ScreensError} `BAD_CHILD` */
export function append(parent: Node, child: Child): void {
  const text = textOf(child)
  if (text !== undefined) {
    if (text !== '') parent.appendChild(document.createTextNode(text))
  } else if (child instanceof Node) parent.appendChild(child)
  else if (typeof child === 'function' || isReadable(child)) new Region(parent, child).start()
  else if (isView(child)) child.mountIn(parent, false)
  else if (Array.isArray(child)) for (const one of child as readonly Child[]) append(parent, one)
  else throw fault('BAD_CHILD', child)
}

/**
 * A place in the document that follows a cell or a function. `end` stands after what it shows; while that is text, `end`
 * is the text. Other content stands between `begin` and `end`.
 */
class Region extends Reaction {
  readonly #source: Readable<unknown> | (() => unknown)
  readonly #end: Text
  #begin: Text | undefined

  constructor(parent: Node, source: Readable<unknown> | (() => unknown)) {
    super()
    this.#source = source
    this.#end = document.createTextNode('')
    parent.appendChild(this.#end)
  }

  protected execute(): void {
    const end = this.#end
    let text: string | undefined = ''
    let content: DocumentFragment | undefined
    try {
      const value = currentOf(this.#source)
      text = textOf(value)
      if (text === undefined) {
        text = ''
        const made = document.createDocumentFragment()
        untracked(() => append(made, value as Child)) // append refuses what is none
        content = made
      }
    } finally {
      // Also after an error: what it showed belonged to the run before, which is closed.
      if (this.#begin !== undefined) removeBetween(this.#begin, end)
      if (end.data !== text) end.data = text ?? ''
    }
    if (content === undefined) return
    if (this.#begin === undefined) {
      this.#begin = document.createTextNode('')
      content.prepend(this.#begin)
    }
    end.before(content)
  }
}

/** The text that a value is shown as, undefined when it is not text. */
function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined || typeof value === 'boolean') return ''
  return typeof value === 'object' || typeof value === 'function' ? undefined : String(value)
}

/** Takes away what stands between two nodes. */
export function removeBetween(begin: Node, end: Node): void {
  for (let next = begin.nextSibling; next !== null && next !== end; next = begin.nextSibling) {
    next.remove()
  }
}

/**
 * A part of a page that is rendered anew whenever something it read has changed. Make it small: what stands in it loses
 * focus and state. Most of the time `{count}` or `{() => count.value * 2}` is what you want. One that reads nothing
 * warns.
 */
export function Obx(render: (() => Child) | { readonly children: () => Child }): Child {
  const view = typeof render === 'function' ? render : render.children
  let warned = false
  return () => {
    const child = view()
    if (!hasRead() && !warned) {
      warned = true
      warnUnread(view)
    }
    return child
  }
}

/** Shows its children while `when` is truthy, keeping them while it stays so; `fallback` otherwise. */
export function Show<T>(props: {
  readonly when: Readable<T> | (() => T)
  readonly fallback?: () => Child
  readonly children: (value: () => NonNullable<T>) => Child
}): Child {
  const { when, fallback, children } = props
  const read = () => currentOf(when)
  const on = computed(() => Boolean(read()))
  return () => {
    const view = on.value ? () => children(() => read() as NonNullable<T>) : fallback // read while it is truthy
    return view === undefined ? null : untracked(view)
  }
}
