/**
 * Elements: `element('button', { onClick, disabled: busy, children: 'Save' })`. A function or a cell as a property is
 * followed by one reaction that writes this property only. Errors of handlers go to the owner around the element.
 */
import { isReadable } from '../cell.ts'
import { fail, getOwner, type Owner } from '../owner.ts'
import { Reaction } from '../reactive-graph.ts'
import type { Readable } from '../stream.ts'
import { append, type Child, isView } from './child.ts'

/** What is state of an element rather than an attribute. */
const stateful =
  /^(value|checked|selected|indeterminate|muted|textContent|innerHTML|srcObject|scroll(Top|Left))$/

/** Tags that HTML does not know are made as SVG; `a`, `title`, `style` and `script` as HTML. */
const isSvg = new Map<string, boolean>()

function create(tag: string): Element {
  let svg = isSvg.get(tag)
  if (svg === undefined) {
    svg = document.createElement(tag) instanceof HTMLUnknownElement
    isSvg.set(tag, svg)
  }
  return svg
    ? document.createElementNS('http://www.w3.org/2000/svg', tag)
    : document.createElement(tag)
}

export function element(tag: string, props: Readonly<Record<string, unknown>>): Element {
  const made = create(tag)
  const { children } = props
  // Before the properties: the value of a select is one of its options.
  if (typeof children === 'string') made.textContent = children
  else if (isView(children)) children.mountIn(made, true)
  else if (children !== undefined) append(made, children as Child) // append refuses what is none
  for (const name in props) {
    const value = props[name]
    if (name === 'children' || value === undefined) continue
    if (name === 'ref')
      (value as (made: Element) => void)(made) // typed so in the JSX types
    else if (isEvent(name)) listen(made, name.slice(2).toLowerCase(), value)
    else if (typeof value === 'function' || isReadable(value)) {
      new PropertyBinding(made, name, value as Followed).start()
    } else assign(made, name, value)
  }
  return made
}

function isEvent(name: string): boolean {
  return name.charCodeAt(0) === 111 && name.charCodeAt(1) === 110 && name.charCodeAt(2) < 91 // "on" and a capital
}

function listen(target: Element, type: string, handler: unknown): void {
  // Typed so in the JSX types.
  target.addEventListener(type, new Handler(handler as (event: Event) => unknown, getOwner()))
}

class Handler implements EventListenerObject {
  readonly #work: (event: Event) => unknown
  readonly #owner: Owner | undefined

  constructor(work: (event: Event) => unknown, owner: Owner | undefined) {
    this.#work = work
    this.#owner = owner
  }

  handleEvent(event: Event): void {
    try {
      const result = this.#work.call(event.currentTarget, event)
      if (result instanceof Promise) result.catch((error: unknown) => fail(this.#owner, error))
    } catch (error) {
      fail(this.#owner, error)
    }
  }
}

type Followed = Readable<unknown> | (() => unknown)

class PropertyBinding extends Reaction {
  readonly #target: Element
  readonly #name: string
  readonly #source: Followed
  #last: unknown = undefined

  constructor(target: Element, name: string, source: Followed) {
    super()
    this.#target = target
    this.#name = name
    this.#source = source
  }

  protected execute(): void {
    const value = typeof this.#source === 'function' ? this.#source() : this.#source.value
    if (value === this.#last) return
    // A class that is not there yet needs no writing.
    const nothing = this.#last === undefined && value === '' && this.#name === 'class'
    this.#last = value
    if (!nothing) assign(this.#target, this.#name, value)
  }
}

/** Writes one property or attribute. */
export function assign(target: Element, name: string, value: unknown): void {
  if (name === 'class' && target instanceof HTMLElement) {
    target.className = value ? String(value) : ''
  } else if (name === 'style' && typeof value === 'object' && value !== null) {
    assignStyle(target as HTMLElement | SVGElement, value) // an element with a style property
  } else if (stateful.test(name)) {
    const next = value ?? ''
    // Writing an equal value would move the caret.
    if (Reflect.get(target, name) !== next) Reflect.set(target, name, next)
  } else if (/^(aria|data)-/.test(name)) {
    if (value === null || value === undefined) target.removeAttribute(name)
    else target.setAttribute(name, String(value))
  } else if (value === null || value === undefined || value === false) {
    target.removeAttribute(attributeOf(name))
  } else target.setAttribute(attributeOf(name), value === true ? '' : String(value))
}

function attributeOf(name: string): string {
  return name === 'htmlFor' ? 'for' : name === 'className' ? 'class' : name
}

function assignStyle({ style }: ElementCSSInlineStyle, values: object): void {
  for (const [name, value] of Object.entries(values)) {
    const property = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    if (value === null || value === undefined || value === false) style.removeProperty(property)
    else style.setProperty(property, String(value))
  }
}
