/** @jsxImportSource @typestead/screens */
/** An app under a base address with tall pages, for app.e2e.test.ts. */
import { lazyPage, page, q, route, type Scope, Supervisor } from '@typestead/screens'
import { rebuildCounter } from '@typestead/screens/devtools'
import { mountApp, rememberScroll } from '@typestead/screens/dom'
import { AppStateManager } from '@typestead/screens/managers'

const errors: string[] = []

class AppSupervisor extends Supervisor {
  register(scope: Scope): void {
    scope.lazyPut(AppStateManager, () => new AppStateManager())
  }
  override onError(error: unknown): void {
    errors.push(String(error))
  }
}

const tall = { height: '3000px' }

const home = page({
  route: route('/', { query: { filter: q.string().default('') } }),
  title: 'Home',
  view: ({ query, setQuery, scope }) => (
    <main>
      <h1>Home</h1>
      <output>{() => String(scope.find(AppStateManager).online.value)}</output>
      <input
        aria-label="filter"
        value={() => query.value.filter}
        onInput={(event) => setQuery({ filter: event.currentTarget.value }, { replace: true })}
      />
      <div style={tall} />
      <a href="/console/other">Other</a>
      <a href="/console/lazy">Lazy</a>
      <a href="/outside">Outside</a>
      <a href="/console/other#part">Part</a>
      <button
        type="button"
        onClick={() => {
          throw new Error('clicked')
        }}
      >
        Throw
      </button>
    </main>
  ),
})

const other = page({
  route: route('/other'),
  title: 'Other',
  view: () => (
    <main>
      <h1>Other</h1>
      <div style={tall} />
      <h2 id="part">Part</h2>
      <div style={tall} />
    </main>
  ),
})

let loads = 0
const lazy = lazyPage(route('/lazy'), async () => {
  if (++loads === 1) throw new Error('the network is away')
  return page({ route: route('/lazy'), title: 'Lazy', view: () => <h1>Lazy, loaded</h1> })
})

const root = document.querySelector('#root') as HTMLElement
const app = mountApp({
  supervisor: new AppSupervisor(),
  pages: [home, other, lazy],
  root,
  base: '/console',
})
app.then(rememberScroll)
const counter = rebuildCounter()
Object.assign(window, { ready: app, errors, counter })
