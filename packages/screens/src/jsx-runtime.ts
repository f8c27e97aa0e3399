/**
 * The automatic JSX runtime, without a compiler of our own: `jsxImportSource: "@typestead/screens"`. Elements are made
 * when the expression is evaluated; components are called once, and nothing they read makes them run again.
 */
import { append, type Child } from './dom/child.ts'
import { element } from './dom/element.ts'
import type { IntrinsicElements } from './dom/jsx-types.ts'
import { untracked } from './reactive-graph.ts'

/** A component: called once, with its properties. */
export type Component<P> = (props: P) => Child

export function jsx(
  type: string | Component<never>,
  props: Readonly<Record<string, unknown>>,
  key?: unknown,
): Child {
  if (typeof type === 'string') return element(type, props)
  // The compiler checked the properties against the component's own.
  return untracked(() =>
    (type as Component<unknown>)(key === undefined ? props : { ...props, key }),
  )
}

export { jsx as jsxDEV, jsx as jsxs }

/** `<>…</>` */
export function Fragment({ children }: { readonly children?: Child }): Child {
  const content = document.createDocumentFragment()
  append(content, children)
  return content
}

// A namespace, which the compiler looks for by this name; it holds types only.
export declare namespace JSX {
  type Element = Child
  // biome-ignore lint/suspicious/noExplicitAny: what a component takes is checked where it is used
  type ElementType = keyof IntrinsicElements | ((props: any) => Child)
  interface ElementChildrenAttribute {
    children: unknown
  }
  type IntrinsicElements = import('./dom/jsx-types.ts').IntrinsicElements
}
