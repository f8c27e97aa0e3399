/**
 * Elements: `element('button', { onClick, disabled: busy, children: 'Save' })`. A function or a cell as a property is
 * followed by one reaction that writes this property only. Errors of handlers go to the owner around the element.
 */
import { currentOf, isReadable } from '../cell.ts'
import { fail, getOwner } from '../owner.ts'
import { Reaction } from '../reactive-graph.ts'
import type { Readable } from '../stream.ts'
import { append, type Child, isView } from './child.ts'

/** What is state of an element rather than an attribute. */
const stateful =
  /^(value|checked|selected|indeterminate|muted|textContent|innerHTML|srcObject|scroll(Top|Left))$/

/** Tags that HTML does not know are made as SVG; `a`, `title`, `style` and `script` as HTML. */
const isSvg: Record<string, boolean> = {}

export function element(tag: string, props: Readonly<Record<string, unknown>>): Element {
  isSvg[tag] ??= document.createElement(tag) instanceof HTMLUnknownElement
  const made = isSvg[tag]
    ? document.createElementNS('http://www.w3.org/2000/svg', tag)
    : document.createElement(tag)
  const { children } = props
  // Before the properties: the value of a select is one of its options.
  if (typeof children === 'string') made.textContent = children
  else if (isView(children)) children.mountIn(made, true)
  else append(made, children as Child) // append refuses what is none
  for (const name in props) {
    const value = props[name]
    if (name === 'children' || value === undefined) continue
    if (name === 'ref')
      (value as (made: Element) => void)(made) // typed so in the JSX types
    else if (name.startsWith('on') && name.charCodeAt(2) < 91) {
      // A capital follows; the handler is typed so in the JSX types.
      listen(made, name.slice(2).toLowerCase(), value as Handler)
    } else if (typeof value === 'function' || isReadable(value)) {
      new PropertyBinding(made, name, value as Followed).start()
    } else assign(made, name, value)
  }
  return made
}

type Handler = (event: Event) => unknown

function listen(target: Element, type: string, handler: Handler): void {
  const owner = getOwner()
  target.addEventListener(type, async (event) => {
    try {
      await handler.call(target, event)
    } catch (error) {
      fail(owner, error)
    }
  })
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
    const value = currentOf(this.#source)
    if (value === this.#last) return
    // A class that is not there yet needs no writing.
    const nothing = this.#last === undefined && value === '' && this.#name === 'class'
    this.#last = value
    if (!nothing) assign(this.#target, this.#name, value)
  }
}

/** Writes one property or attribute. */
export function assign(target: Element, name: string, value: unknown): void {
  if (name === 'style') {
    assignStyle(target as HTMLElement | SVGElement, value) // an element with a style property
  } else if (stateful.test(name)) {
    const next = value ?? ''
    // Writing an equal value would move the caret.
    if (Reflect.get(target, name) !== next) Reflect.set(target, name, next)
  } else {
    const attribute = name === 'htmlFor' ? 'for' : name === 'className' ? 'class' : name
    // "true" and "false" are words to these.
    const words = /^(aria|data)-/.test(name)
    const text = words || value !== true ? value : ''
    if ((words || text !== false) && text !== null && text !== undefined) {
      target.setAttribute(attribute, String(text))
    } else target.removeAttribute(attribute)
  }
}

/** By the style object, which content security policies allow where they refuse the attribute. */
function assignStyle({ style }: ElementCSSInlineStyle, values: unknown): void {
  if (typeof values !== 'object' || values === null) style.cssText = String(values || '')
  else
    for (const [name, value] of Object.entries(values)) {
      const property = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
      // Text that is empty removes it.
      style.setProperty(property, value === false ? '' : String(value ?? ''))
    }
}
