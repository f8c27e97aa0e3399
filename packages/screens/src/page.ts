/**
 * Pages: a route, what is bound in the page's scope, and a view. What a view returns is the business of its host (the
 * DOM's `mountApp`, or React's); this file is the same for both.
 */
import type { Query, QueryInput, QueryValues } from './query.ts'
import type { Route, RouteMatch, RouteParameters } from './route-pattern.ts'
import type { Key, Scope } from './scope.ts'
import type { Readable } from './stream.ts'

/** What a view and a title get. */
export interface PageProps<C, P extends string, Q extends Query> {
  /** The page's controller. */
  readonly c: C
  readonly params: RouteParameters<P>
  /** Changes in place when only the query of the address changes; the page stays open. */
  readonly query: Readable<QueryValues<Q>>
  /** Changes some of the query in the address; `undefined` takes one out. */
  setQuery(changes: QueryInput<Q>, options?: NavigateOptions): Promise<NavigationResult>
  readonly scope: Scope
  /** Aborted when the page begins to close. */
  readonly signal: AbortSignal
  navigate(href: string, options?: NavigateOptions): Promise<NavigationResult>
}

export interface NavigateOptions {
  /** Put the address in the place of the present one in the history. */
  readonly replace?: boolean
}

/** `superseded`: a newer navigation has won. */
export type NavigationResult = 'shown' | 'failed' | 'superseded'

export interface PageOptions<C, P extends string, Q extends Query, V> {
  readonly route: Route<P, Q>
  /** The document's title; a function may read cells, and is followed. */
  readonly title: string | ((props: PageProps<C, P, Q>) => string)
  /** Found in the page's scope before the view is made; what its `onInit` returns is awaited. */
  readonly controller?: Key<C>
  /**
   * Registers what belongs to the page, the controller first of all: `(s, at, page) => s.lazyPut(C, () => new C(page.query))`
   * for one that follows the query.
   */
  readonly bindings?: (
    scope: Scope,
    at: RouteMatch<P, Q>,
    page: Omit<PageProps<C, P, Q>, 'c'>,
  ) => void
  readonly view: (props: PageProps<C, P, Q>) => V
  /** Shown when the page could not be opened; by default the error's message and a button that tries again. */
  readonly errorView?: (failure: PageFailure) => V
  /** An address to go to instead, such as the sign-in's. */
  readonly redirect?: (scope: Scope, at: RouteMatch<P, Q>) => string | undefined
  /** Errors of the page's reactions and life cycles; by default they go to the supervisor. */
  readonly onError?: (error: unknown) => void
}

export interface PageFailure {
  readonly error: unknown
  retry(): Promise<NavigationResult>
}

/** A page of any controller and route, as a host has it. */
export interface Page<V> {
  readonly route: Route
  /** Pages whose code is loaded when they are first opened. */
  readonly load: () => PageDefinition<V> | Promise<PageDefinition<V>>
}

/** @internal What a host and a router call; the types of controller and route were checked by `page`. */
export type PageDefinition<V> = PageOptions<never, string, Query, V>

/** `page({ route, title, controller, bindings, view })` */
export function page<V, P extends string, Q extends Query, C = undefined>(
  options: PageOptions<C, P, Q, V>,
): Page<V> {
  // Functions of a page are only ever called with what its own route and controller gave.
  const definition = options as unknown as PageDefinition<V>
  return { route: definition.route, load: () => definition }
}

/** A page whose module is loaded when it is opened: `lazyPage(chartRoute, () => import('./chart-page.tsx').then(m => m.chartPage))`. */
export function lazyPage<V, P extends string, Q extends Query>(
  of: Route<P, Q>,
  load: () => Promise<Page<V>>,
): Page<V> {
  let loading: Promise<PageDefinition<V>> | undefined
  return {
    route: of as unknown as Route, // as in page()
    load() {
      // A failed load is tried anew the next time.
      loading ??= load()
        .then((loaded) => loaded.load())
        .catch((error: unknown) => {
          loading = undefined
          throw error
        })
      return loading
    },
  }
}
