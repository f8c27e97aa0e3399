/** Reading state and finding instances in React components; a component renders again only when what it reads changes. */
import {
  createContext,
  createElement,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
  useSyncExternalStore,
} from 'react'
import { computed, toReadable } from '../cell.ts'
import { ScreensError } from '../errors.ts'
import { runOwned } from '../owner.ts'
import type { Key, Scope } from '../scope.ts'
import type { Readable } from '../stream.ts'

/** @internal */
export const ScopeContext = createContext<Scope | undefined>(undefined)

/** Gives a scope to the components inside. `mountReactApp` does this for the app and for each page. */
export function ScopeProvider(props: {
  readonly scope: Scope
  readonly children?: ReactNode
}): ReactNode {
  return createElement(ScopeContext.Provider, { value: props.scope }, props.children)
}

/** The scope of the page around this component. @throws {ScreensError} `NO_SCOPE` */
export function useScope(): Scope {
  const scope = useContext(ScopeContext)
  if (scope !== undefined) return scope
  throw new ScreensError('NO_SCOPE', 'there is no scope here: put a <ScopeProvider> around it')
}

/** `const counter = useFind(CounterManager)` */
export function useFind<T>(key: Key<T>): T {
  return useScope().find(key)
}

/** The value of a cell, a computed value, or a view of one; renders again when it changes. */
export function useReadable<T>(readable: Readable<T>): T {
  const subscribe = useCallback(
    (changed: () => void) => {
      let first = true
      // Belongs to the component, which unsubscribes, whatever runs now.
      const subscription = runOwned(undefined, () =>
        readable.subscribe(() => {
          if (first) first = false
          else changed()
        }),
      )
      return () => subscription.unsubscribe()
    },
    [readable],
  )
  return useSyncExternalStore(
    subscribe,
    () => readable.peek(),
    () => readable.peek(),
  )
}

/** A value that follows from others: `useComputed(() => a.value + b.value, [a, b])`. */
export function useComputed<T>(read: () => T, deps: readonly unknown[]): T {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller names what `read` closes over
  return useReadable(useMemo(() => computed(read), deps))
}

/** Renders what its function returns, again whenever something the function read has changed; nothing around it does. */
export function Obx(props: {
  readonly children: (() => ReactNode) | Readable<ReactNode>
}): ReactNode {
  const { children } = props
  return useReadable(useMemo(() => toReadable(children), [children]))
}
