/**
 * Children: what may stand between tags, and how it gets into the document. Text, nodes and lists of them stand as they
 * are; a cell or a function is followed: it becomes one text node that is written to, or a region that is replaced.
 */
import { computed, isReadable } from '../cell.ts'
import { ScreensError } from '../errors.ts'
import { hasRead, Reaction, untracked } from '../reactive-graph.ts'
import type { Readable } from '../stream.ts'

/** A part that puts itself into the document, and may do so more simply where nothing else stands beside it. */
export interface View {
  mountIn(parent: Node, alone: boolean): void
}

export function isView(child: unknown): child is View {
  return typeof child === 'object' && child !== null && 'mountIn' in child
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
  if (typeof child === 'string' || typeof child === 'number' || typeof child === 'bigint') {
    parent.appendChild(document.createTextNode(String(child)))
  } else if (typeof child === 'function') {
    new Region(parent, child).start()
  } else if (typeof child !== 'object' || child === null) {
    return // nothing, or a condition
  } else if (child instanceof Node) {
    parent.appendChild(child)
  } else if (isReadable(child)) {
    new Region(parent, child).start()
  } else if (isView(child)) {
    child.mountIn(parent, false)
  } else if (Array.isArray(child)) {
    for (const one of child as readonly Child[]) append(parent, one)
  } else {
    throw new ScreensError(
      'BAD_CHILD',
      `${Object.prototype.toString.call(child)} can't be shown: make it text or an element`,
    )
  }
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
    let value: unknown
    try {
      value = typeof this.#source === 'function' ? this.#source() : this.#source.value
      const text = textOf(value)
      if (text !== undefined) {
        this.#clear()
        if (this.#end.data !== text) this.#end.data = text
        return
      }
      const content = document.createDocumentFragment()
      untracked(() => append(content, value as Child)) // append refuses what is none
      this.#clear()
      if (this.#end.data !== '') this.#end.data = ''
      this.#show(content)
    } catch (error) {
      // What it showed belonged to the run before, which is closed.
      this.#clear()
      this.#end.data = ''
      throw error
    }
  }

  #show(content: DocumentFragment): void {
    const parent = this.#end.parentNode
    if (parent === null) return
    if (this.#begin === undefined) {
      this.#begin = document.createTextNode('')
      content.prepend(this.#begin)
    }
    parent.insertBefore(content, this.#end)
  }

  #clear(): void {
    if (this.#begin !== undefined) removeBetween(this.#begin, this.#end)
  }
}

/** The text that a value is shown as, undefined when it is not text. */
function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'bigint':
      return String(value)
    case 'undefined':
    case 'boolean':
      return ''
    default:
      return value === null ? '' : undefined
  }
}

function removeBetween(begin: Node, end: Node): void {
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
      console.warn(
        'Obx read no cell, so it will never change: read .value inside it, or do without Obx',
        view,
      )
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
  const read = typeof when === 'function' ? when : () => when.value
  const on = computed(() => Boolean(read()))
  return () => {
    const view = on.value ? () => children(() => read() as NonNullable<T>) : fallback // read while it is truthy
    return view === undefined ? null : untracked(view)
  }
}
