/**
 * A view of `@typestead/screens/dom` inside React: `<DomView>{() => FormView({ form })}</DomView>`. Forms and tables from
 * entities, virtual lists and own views are there for React pages too.
 */
import { createElement, type ReactNode, useContext, useLayoutEffect, useRef } from 'react'
import type { Child } from '../dom/child.ts'
import { mount } from '../dom/mount.ts'
import { ScopeContext } from './hooks.ts'

export interface DomViewProps {
  /** Called once, when the component is shown: what changes inside are the cells that it reads. */
  readonly children: () => Child
  readonly className?: string
}

export function DomView({ children, className }: DomViewProps): ReactNode {
  const host = useRef<HTMLDivElement>(null)
  const scope = useContext(ScopeContext)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the view is made once, whatever function the next render has
  useLayoutEffect(() => {
    const parent = host.current
    if (parent === null) return
    const view = mount(parent, children, scope?.owner)
    return () => view[Symbol.dispose]()
  }, [scope])
  return createElement('div', { ref: host, className })
}
