/**
 * The router: opens the page of an address in a scope of its own, and closes the one before. The newest navigation
 * wins: what an older one was opening is closed unseen. A page that can't be opened shows its error view. It knows no
 * DOM; a host shows pages.
 */
import { cell } from './cell.ts'
import { ScreensError } from './errors.ts'
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
import { type Query, type QueryInput, type QueryValues, writeQuery } from './query.ts'
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

/** What is shown now. `page` is undefined after a failure. */
interface Shown<V> {
  readonly page: Page<V>
  readonly open: OpenPage<V>
  readonly query: Cell<QueryValues<Query>>
}

export class Router<V> {
  /** The address that is shown. */
  readonly address: Readable<URL>
  /** A page is being opened. */
  readonly opening: Readable<boolean>
  /** The last navigation was the user's way back or forward. */
  returned = false
  readonly #address: Cell<URL>
  readonly #opening = cell(false)
  readonly #pages: readonly Page<V>[]
  readonly #options: RouterOptions<V>
  readonly #base: string
  #newest = 0
  #shown: Shown<V> | undefined

  /** @throws {ScreensError} `DUPLICATE_ROUTE` */
  constructor(options: RouterOptions<V>) {
    this.#options = options
    this.#base = (options.base ?? '').replace(/\/$/, '')
    this.#pages = sorted(options.pages)
    this.#address = cell(options.history.address, { equals: (a, b) => a.href === b.href })
    this.address = this.#address.readonly()
    this.opening = this.#opening.readonly()
    options.scope.own(options.history.listen(() => void this.#go(options.history.address)))
  }

  /** Opens the page of the present address. */
  start(): Promise<NavigationResult> {
    return this.#go(this.#options.history.address)
  }

  /** Opens the page of an address inside the app, `/books?page=2`, without the base. */
  navigate(href: string, options: NavigateOptions = {}): Promise<NavigationResult> {
    const { history } = this.#options
    return this.#go(new URL(this.#base + href, history.address), options)
  }

  /** Whether a page has this address; others are left to the browser. */
  has(address: URL): boolean {
    return this.#find(address) !== undefined
  }

  /** The address with the base, for links. */
  href(href: string): string {
    return this.#base + href
  }

  async #go(address: URL, how?: NavigateOptions, redirects = 0): Promise<NavigationResult> {
    const { history } = this.#options
    const mine = ++this.#newest
    const write = () => {
      this.returned = how === undefined
      const href = address.pathname + address.search + address.hash
      if (how?.replace) history.replace(href)
      else if (how !== undefined && address.href !== history.address.href) history.push(href)
      this.#address.set(address)
    }
    const found = this.#find(address)
    const shown = this.#shown
    if (found !== undefined && shown !== undefined && samePlace(shown, found, address)) {
      write()
      shown.query.set(found.match.query)
      this.#opening.set(false)
      flush()
      return 'shown'
    }
    this.#opening.set(true)
    const opened =
      found === undefined ? notFound(address) : await this.#open(found.page, found.match, address)
    if (mine !== this.#newest) {
      if ('open' in opened) await opened.open.scope.close()
      return 'superseded'
    }
    if ('redirect' in opened) {
      if (redirects < 10) {
        const next = new URL(this.#base + opened.redirect, address)
        return this.#go(next, { replace: how === undefined || how.replace === true }, redirects + 1)
      }
      return this.#fail(loop(address), undefined, address, write)
    }
    if ('error' in opened) return this.#fail(opened.error, opened.definition, address, write)
    write()
    try {
      this.#options.host.show(opened.open)
    } catch (error) {
      await opened.open.scope.close()
      return this.#fail(error, opened.open.definition, address, () => {})
    }
    this.#shown = opened
    this.#opening.set(false)
    flush()
    opened.open.scope.shown()
    await shown?.open.scope.close()
    return 'shown'
  }

  async #fail(
    error: unknown,
    definition: PageDefinition<V> | undefined,
    address: URL,
    write: () => void,
  ): Promise<NavigationResult> {
    const { host, scope } = this.#options
    const before = this.#shown
    this.#shown = undefined
    write()
    const retry = () => this.#go(address)
    try {
      host.showFailure({ error, retry }, definition, address)
    } catch (worse) {
      fail(scope.owner, worse)
      host.showFailure({ error, retry }, undefined, address)
    }
    this.#opening.set(false)
    flush()
    await before?.open.scope.close()
    return 'failed'
  }

  #find(address: URL) {
    if (!`${address.pathname}/`.startsWith(`${this.#base}/`)) return undefined
    const inside = new URL(address)
    inside.pathname = address.pathname.slice(this.#base.length)
    for (const page of this.#pages) {
      const match = page.route.match(inside)
      if (match !== undefined) return { page, match }
    }
    return undefined
  }

  async #open(page: Page<V>, match: RouteMatch, address: URL): Promise<Opened<V>> {
    let definition: PageDefinition<V> | undefined
    let scope: Scope | undefined
    try {
      const loaded = page.load()
      definition = loaded instanceof Promise ? await loaded : loaded
      const { onError } = definition
      scope = this.#options.scope.child(
        `page ${page.route.pattern}`,
        onError === undefined ? {} : { onError },
      )
      const redirect = definition.redirect?.(scope, match)
      if (redirect !== undefined) {
        await scope.close()
        return { redirect }
      }
      const query = cell(match.query, { equals: sameValues })
      const opened = openPage(definition, scope, match, query, address, this)
      await scope.ready()
      return { page, open: opened, query }
    } catch (error) {
      await scope?.close()
      return { error, definition }
    }
  }
}

type Opened<V> =
  | Shown<V>
  | { readonly redirect: string }
  | { readonly error: unknown; readonly definition: PageDefinition<V> | undefined }

/** Binds and finds what the page needs. */
export function openPage<V>(
  definition: PageDefinition<V>,
  scope: Scope,
  match: RouteMatch,
  query: Readable<QueryValues<Query>>,
  address: URL,
  router: Pick<Router<V>, 'navigate'>,
): OpenPage<V> {
  definition.bindings?.(scope, match)
  const c = definition.controller === undefined ? undefined : scope.find(definition.controller)
  const props: PageProps<never, string, Query> = {
    c: c as never, // found under the key of the page's own controller type
    params: match.params,
    query,
    scope,
    signal: scope.signal,
    navigate: (href, options) => router.navigate(href, options),
    setQuery(changes: QueryInput<Query>, options) {
      const { route } = definition
      const path = route.href(match.params)
      const values = { ...query.peek(), ...changes }
      return router.navigate(path + writeQuery(route.query, values), options)
    },
  }
  return { definition, address, scope, props }
}

/** The more a route says, the earlier it is tried. */
function sorted<V>(pages: readonly Page<V>[]): readonly Page<V>[] {
  const seen = new Map<string, string>()
  for (const { route } of pages) {
    const shape = route.pattern.replace(/:\w+(?=<|\/|$)/g, ':').replace(/\*\w+$/, '*')
    const other = seen.get(shape)
    if (other !== undefined) {
      throw new ScreensError(
        'DUPLICATE_ROUTE',
        `"${route.pattern}" and "${other}" have the same addresses: remove one`,
      )
    }
    seen.set(shape, route.pattern)
  }
  return [...pages].sort((a, b) =>
    a.route.rank < b.route.rank ? -1 : a.route.rank > b.route.rank ? 1 : 0,
  )
}

/** Only the query or the fragment is another. */
function samePlace<V>(
  shown: Shown<V>,
  found: { readonly page: Page<V> },
  { pathname }: URL,
): boolean {
  return shown.page === found.page && shown.open.address.pathname === pathname
}

function sameValues(a: QueryValues<Query>, b: QueryValues<Query>): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function notFound(address: URL) {
  const message = `no page has the address ${address.pathname}`
  return { error: new ScreensError('PAGE_NOT_FOUND', message), definition: undefined }
}

function loop(address: URL): ScreensError {
  return new ScreensError('REDIRECT_LOOP', `${address.pathname} redirects in a circle`)
}
