/**
 * `await mountReactApp({ supervisor, pages, root })`: the same supervisor, scopes, routes and pages, with views that are
 * React components. A page's view gets the same properties as in the DOM view, and may use hooks.
 */
import { Component, createElement, type ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { createRoot, type Root } from 'react-dom/client'
import { reaction } from '../cell.ts'
import { type Arrival, arrivals } from '../dom/arrival.ts'
import { followLinks } from '../dom/links.ts'
import { browserHistory, type HistoryPort } from '../history.ts'
import { fail, Owner, runOwned } from '../owner.ts'
import type {
  NavigateOptions,
  NavigationResult,
  Page,
  PageDefinition,
  PageFailure,
} from '../page.ts'
import { createRouter, type OpenPage, type PageHost } from '../router.ts'
import type { Scope } from '../scope.ts'
import type { Readable } from '../stream.ts'
import { type Supervisor, startSupervisor } from '../supervisor.ts'
import { ScopeProvider } from './hooks.ts'

export interface ReactAppOptions {
  readonly supervisor: Supervisor
  readonly pages: readonly Page<ReactNode>[]
  readonly root: Element
  readonly base?: string
  readonly history?: HistoryPort
  /** Around every page, such as a layout or a StrictMode. */
  readonly wrap?: (page: ReactNode) => ReactNode
  readonly failureView?: (failure: PageFailure) => ReactNode
  readonly closeLimitMs?: number
}

export interface ReactApp extends AsyncDisposable {
  readonly scope: Scope
  readonly address: Readable<URL>
  readonly opening: Readable<boolean>
  navigate(href: string, options?: NavigateOptions): Promise<NavigationResult>
  href(href: string): string
  close(): Promise<void>
}

export async function mountReactApp(options: ReactAppOptions): Promise<ReactApp> {
  const { root, history = browserHistory() } = options
  const scope = await startSupervisor(options.supervisor, options)
  try {
    const host = new ReactPageHost(root, options, scope)
    const router = createRouter({ ...options, scope, host, history })
    scope.own(() => host.clear())
    scope.own(followLinks(root, router))
    await router.start()
    return {
      scope,
      address: router.address,
      opening: router.opening,
      navigate: router.navigate,
      href: router.href,
      close: () => scope.close(),
      [Symbol.asyncDispose]: () => scope.close(),
    }
  } catch (error) {
    await scope.close()
    throw error
  }
}

class ReactPageHost implements PageHost<ReactNode> {
  readonly #root: Root
  readonly #options: ReactAppOptions
  readonly #app: Scope
  readonly #arrival: Arrival
  /** Makes every opening a tree of its own. */
  #opened = 0

  constructor(element: Element, options: ReactAppOptions, app: Scope) {
    this.#options = options
    this.#app = app
    this.#arrival = arrivals(element)
    this.#root = createRoot(element)
  }

  show({ definition, props, scope }: OpenPage<ReactNode>): void {
    const view = () =>
      createElement(ScopeProvider, { scope }, createElement(View, { definition, props }))
    this.#render(view, scope)
    const owner = runOwned(scope.owner, () => new Owner())
    const { title } = definition
    runOwned(owner, () =>
      reaction(() => {
        document.title = typeof title === 'function' ? title(props) : title
      }),
    )
    this.#arrival.arrive()
  }

  showFailure(failure: PageFailure, definition: PageDefinition<ReactNode> | undefined): void {
    const view = definition?.errorView ?? this.#options.failureView ?? defaultFailureView
    this.#render(() => createElement(ScopeProvider, { scope: this.#app }, view(failure)), this.#app)
    this.#arrival.arriveAtFailure()
  }

  clear(): void {
    // React refuses to unmount while it renders.
    queueMicrotask(() => this.#root.unmount())
    this.#arrival.close()
  }

  /** @throws what the first render throws; later errors go to the page's scope, and leave it empty */
  #render(view: () => ReactNode, scope: Scope): void {
    let failed: { readonly error: unknown } | undefined
    let rendering = true
    const caught = (error: unknown) => {
      if (rendering) failed = { error }
      else fail(scope.owner, error)
    }
    const key = ++this.#opened
    const content = createElement(Boundary, { key, caught }, view())
    flushSync(() => this.#root.render(this.#options.wrap?.(content) ?? content))
    rendering = false
    if (failed !== undefined) throw failed.error
  }
}

/** A component of its own, so that a view may use hooks. */
function View({
  definition,
  props,
}: {
  readonly definition: PageDefinition<ReactNode>
  readonly props: OpenPage<ReactNode>['props']
}): ReactNode {
  return definition.view(props)
}

interface BoundaryProps {
  readonly caught: (error: unknown) => void
  readonly children?: ReactNode
}

class Boundary extends Component<BoundaryProps, { readonly failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override componentDidCatch(error: unknown): void {
    this.props.caught(error)
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children
  }
}

function defaultFailureView({ error, retry }: PageFailure): ReactNode {
  return createElement(
    'main',
    { className: 'page-failure' },
    createElement('h1', null, 'This page could not be shown'),
    createElement('p', { role: 'alert' }, error instanceof Error ? error.message : String(error)),
    createElement('button', { type: 'button', onClick: () => void retry() }, 'Try again'),
  )
}
