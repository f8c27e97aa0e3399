/**
 * `await mountApp({ supervisor, pages, root })`: starts the supervisor, opens the page of the address, follows links and
 * the history. What it returns navigates and closes everything; `openBeside` opens more screens, `rememberScroll` keeps scroll positions.
 */
import type { Child } from './dom/child.ts'
import { followLinks } from './dom/links.ts'
import { defaultFailureView, domPageHost, type FailureView } from './dom/page-host.ts'
import { browserHistory, type HistoryPort } from './history.ts'
import type { NavigateOptions, NavigationResult, Page } from './page.ts'
import { createRouter, type Router } from './router.ts'
import type { Scope } from './scope.ts'
import type { Readable } from './stream.ts'
import { type Supervisor, startSupervisor } from './supervisor.ts'

export interface AppOptions {
  readonly supervisor: Supervisor
  readonly pages: readonly Page<Child>[]
  readonly root: Element
  /** What all addresses of the app begin with, such as `/console`. */
  readonly base?: string
  /** Where addresses are kept; the browser's history by default. */
  readonly history?: HistoryPort
  /** Shown where a page fails that has no error view of its own, and where no page has the address. */
  readonly failureView?: FailureView
  /** How long one `onClose` may take, in milliseconds; 5,000 by default. */
  readonly closeLimitMs?: number
}

export interface App extends AsyncDisposable {
  /** The app's scope. */
  readonly scope: Scope
  readonly address: Readable<URL>
  /** A page is being opened. */
  readonly opening: Readable<boolean>
  navigate(href: string, options?: NavigateOptions): Promise<NavigationResult>
  /** A page's address with the base, for links: `app.href(bookRoute.href({ id }))`. */
  href(href: string): string
  /** @internal */
  readonly router: Router
  close(): Promise<void>
}

export async function mountApp(options: AppOptions): Promise<App> {
  const { root, history = browserHistory() } = options
  const scope = await startSupervisor(options.supervisor, options)
  const close = () => scope.close()
  try {
    const host = domPageHost(root, options.failureView ?? defaultFailureView, scope.owner)
    const router = createRouter({ ...options, scope, host, history })
    scope.own(host.clear)
    scope.own(followLinks(root, router))
    await router.start()
    return {
      scope,
      address: router.address,
      opening: router.opening,
      navigate: router.navigate,
      href: router.href,
      router,
      close,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
