/**
 * The router: opens the page of an address in a scope of its own, and closes the one before. The newest navigation
 * wins: what an older one was opening is closed unseen. A page that can't be opened shows its error view. It knows no
 * DOM; a host shows pages.
 */
import { checkRoutes } from '@typestead/screens/diagnosis'
import { cell } from './cell.ts'
import { ScreensError } from './errors.ts'
import { fault } from './fault.ts'
import type { HistoryPort } from './history.ts'
import { fail } from './owner.ts'
import type {
  NavigateOptions,
  NavigationResult,
  Page,
  PageDefinition,
  PageFailure,
  PageProps,
} from './page.ts'
import type { Query, QueryInput, QueryValues } from './query.ts'
import { flush } from './reactive-graph.ts'
import type { RouteMatch } from './route-pattern.ts'
import type { Scope } from './scope.ts'
import type { Cell, Readable } from './stream.ts'

/** A page that is open. */
export interface OpenPage<V> {
  readonly definition: PageDefinition<V>
  readonly address: URL
  readonly scope: Scope
  readonly props: PageProps<never, string, Query>
}

/** Shows pages; both methods replace what is shown. */
export interface PageHost<V> {
  /** @throws when the view throws; the router then asks for its error view */
  show(open: OpenPage<V>): void
  /** `definition` is undefined where no page has the address. */
  showFailure(failure: PageFailure, definition: PageDefinition<V> | undefined, address: URL): void
}

export interface RouterOptions<V> {
  readonly scope: Scope
  readonly pages: readonly Page<V>[]
  readonly host: PageHost<V>
  readonly history: HistoryPort
  /** What all addresses begin with, such as `/console`. */
  readonly base?: string
}

/** What is shown now; undefined after a failure. */
interface Shown<V> extends OpenPage<V> {
  readonly page: Page<V>
  readonly query: Cell<QueryValues<Query>>
}

export interface Router {
  /** The address that is shown. */
  readonly address: Readable<URL>
  /** A page is being opened. */
  readonly opening: Readable<boolean>
  /** The last navigation was the user's way back or forward. */
  readonly returned: boolean
  /** Opens the page of the present address. */
  start(): Promise<NavigationResult>
  /** Opens the page of an address inside the app, `/books?page=2`, without the base. */
  navigate(href: string, options?: NavigateOptions): Promise<NavigationResult>
  /** Opens the page of a whole address; false when no page has it, which is left to the browser. */
  follow(address: URL): boolean
  /** The address with the base, for links. */
  href(href: string): string
}

interface Found<V> {
  readonly page: Page<V>
  readonly match: RouteMatch
}

/** @throws {ScreensError} `DUPLICATE_ROUTE` (not in production, where this was tried before) */
export function createRouter<V>(options: RouterOptions<V>): Router {
  const { history, host, scope: app } = options
  const base = (options.base ?? '').replace(/\/$/, '')
  checkRoutes(options.pages)
  // The more a route says, the earlier it is tried.
  const pages = [...options.pages].sort((a, b) => a.route.rank.localeCompare(b.route.rank))
  const address = cell(history.address, { equals: (a, b) => a.href === b.href })
  const opening = cell(false)
  let returned = false
  let newest = 0
  let shown: Shown<V> | undefined

  function find(to: URL): Found<V> | undefined {
    if (!`${to.pathname}/`.startsWith(`${base}/`)) return undefined
    const inside = new URL(to)
    inside.pathname = to.pathname.slice(base.length)
    for (const page of pages) {
      const match = page.route.match(inside)
      if (match !== undefined) return { page, match }
    }
    return undefined
  }

  /** `how` is undefined where the history has the address already. */
  async function go(to: URL, how?: NavigateOptions, redirects = 0): Promise<NavigationResult> {
    const mine = ++newest
    const before = shown
    const write = () => {
      returned = how === undefined
      if (how?.replace) history.replace(to.href)
      else if (how !== undefined && to.href !== history.address.href) history.push(to.href)
      address.set(to)
    }
    const finish = async (result: NavigationResult, next: Shown<V> | undefined) => {
      shown = next
      opening.set(false)
      flush()
      next?.scope.shown()
      await before?.scope.close()
      return result
    }
    const failed = (error: unknown, definition?: PageDefinition<V>) => {
      const failure = { error, retry: () => go(to) }
      try {
        host.showFailure(failure, definition, to)
      } catch (worse) {
        fail(app.owner, worse)
        host.showFailure(failure, undefined, to)
      }
      return finish('failed', undefined)
    }
    const found = find(to)
    // Only the query or the fragment is another.
    const samePath = before?.address.pathname === to.pathname
    if (samePath && found !== undefined && found.page === before.page) {
      write()
      before.query.set(found.match.query)
      opening.set(false)
      flush()
      return 'shown'
    }
    opening.set(true)
    let scope: Scope | undefined
    let definition: PageDefinition<V> | undefined
    let opened: Shown<V> | undefined
    let redirect: string | undefined
    let error: unknown
    try {
      if (found === undefined) {
        // People see this one, in production too.
        throw new ScreensError('PAGE_NOT_FOUND', `no page has the address ${to.pathname}`)
      }
      const { page, match } = found
      const loaded = page.load()
      definition = loaded instanceof Promise ? await loaded : loaded
      scope = app.child(`page ${page.route.pattern}`, definition)
      redirect = definition.redirect?.(scope, match)
      if (redirect === undefined) {
        const query = cell(match.query, { equals: sameValues })
        opened = { ...openPage(definition, scope, match, query, to, navigate), page, query }
        await scope.ready()
      } else if (redirects === 10) throw fault('REDIRECT_LOOP', to.pathname)
    } catch (thrown) {
      opened = redirect = undefined
      error = thrown
    }
    // What is not shown is closed.
    if (opened === undefined || mine !== newest) await scope?.close()
    if (mine !== newest) return 'superseded'
    if (redirect !== undefined) {
      const replace = how === undefined || how.replace === true
      return go(new URL(base + redirect, to), { replace }, redirects + 1)
    }
    write()
    if (opened === undefined) return failed(error, definition)
    try {
      host.show(opened)
    } catch (thrown) {
      const result = failed(thrown, definition)
      await opened.scope.close()
      return result
    }
    return finish('shown', opened)
  }

  function navigate(href: string, how: NavigateOptions = {}): Promise<NavigationResult> {
    return go(new URL(base + href, history.address), how)
  }

  app.own(history.listen(() => void go(history.address)))
  return {
    address: address.readonly(),
    opening: opening.readonly(),
    get returned() {
      return returned
    },
    start: () => go(history.address),
    navigate,
    follow(to) {
      const found = find(to) !== undefined
      if (found) void go(to, {})
      return found
    },
    href: (href) => base + href,
  }
}

/** Binds and finds what the page needs. */
export function openPage<V>(
  definition: PageDefinition<V>,
  scope: Scope,
  match: RouteMatch,
  query: Readable<QueryValues<Query>>,
  address: URL,
  navigate: PageProps<never, string, Query>['navigate'],
): OpenPage<V> {
  const page: Omit<PageProps<never, string, Query>, 'c'> = {
    params: match.params,
    query,
    scope,
    signal: scope.signal,
    navigate,
    setQuery(changes: QueryInput<Query>, options) {
      const values = { ...query.peek(), ...changes }
      return navigate(definition.route.href(match.params, values), options)
    },
  }
  definition.bindings?.(scope, match, page)
  const c = definition.controller && scope.find(definition.controller)
  // Found under the key of the page's own controller type.
  const props = { ...page, c: c as never }
  return { definition, address, scope, props }
}

function sameValues(a: QueryValues<Query>, b: QueryValues<Query>): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
