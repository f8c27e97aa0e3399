/** @jsxImportSource @typestead/screens */
/** The article's counter with everything counted, for counter.e2e.test.ts. */
import {
  cell,
  Manager,
  PageController,
  page,
  type Readable,
  route,
  type Scope,
  Supervisor,
} from '@typestead/screens'
import { mountApp, Obx, openBeside, Show } from '@typestead/screens/dom'
import { inspectScreens } from '@typestead/screens/testing'

const made: string[] = []

class CounterManager extends Manager {
  readonly #count = cell(0)
  readonly count: Readable<number> = this.#count.readonly()
  increment = () => this.#count.update((n) => n + 1)
  constructor() {
    super()
    made.push('manager')
  }
  protected override onClose(): void {
    made.push('manager closed')
  }
}

class CounterPageController extends PageController {
  readonly manager: CounterManager
  readonly draft = cell('')
  constructor(manager: CounterManager) {
    super()
    this.manager = manager
    made.push('controller')
  }
  protected override onReady(): void {
    made.push('controller ready')
  }
  protected override onClose(): void {
    made.push('controller closed')
  }
}

class AppSupervisor extends Supervisor {
  register(scope: Scope): void {
    scope.lazyPut(CounterManager, () => new CounterManager())
  }
}

let pageRuns = 0
const bindings = (scope: Scope) =>
  scope.lazyPut(CounterPageController, (s) => new CounterPageController(s.find(CounterManager)))

const counterPage = page({
  route: route('/'),
  title: 'Typestead Demo Home Page',
  controller: CounterPageController,
  bindings,
  view: ({ c }) => {
    pageRuns++
    return (
      <main>
        <h1>Typestead Demo Home Page</h1>
        <p>You have pushed the button this many times:</p>
        <output>{c.manager.count}</output>
        <button type="button" aria-label="Increment" onClick={() => c.manager.increment()}>
          +
        </button>
        <a href="/mirror">Mirror</a>
      </main>
    )
  },
})

const mirrorPage = page({
  route: route('/mirror'),
  title: ({ c }) => `Mirror of ${c.manager.count.value}`,
  controller: CounterPageController,
  bindings,
  view: ({ c }) => (
    <main>
      <h1>Mirror</h1>
      {Obx(() => (
        <output>{c.manager.count.value}</output>
      ))}
      <Show when={() => c.manager.count.value > 2}>{() => <p class="many">many</p>}</Show>
      <a href="/">Back</a>
    </main>
  ),
})

const root = document.querySelector('#root') as HTMLElement
const app = mountApp({ supervisor: new AppSupervisor(), pages: [counterPage, mirrorPage], root })

/** The article's own mistake, to be measured: everything in one Obx. */
const wholePage = page({
  route: route('/'),
  title: 'Whole',
  controller: CounterPageController,
  bindings,
  view: ({ c }) =>
    Obx(() => {
      pageRuns++
      return (
        <main>
          <output>{c.manager.count.value}</output>
          <button type="button" class="whole" onClick={() => c.manager.increment()}>
            +
          </button>
        </main>
      )
    }),
})

Object.assign(window, {
  ready: app,
  made,
  inspect: () => inspectScreens(),
  pageRuns: () => pageRuns,
  async openBeside(which: 'mirror' | 'whole') {
    const element = document.body.appendChild(document.createElement('section'))
    const opened = await openBeside(
      await app,
      which === 'mirror' ? mirrorPage : wholePage,
      element,
      which === 'mirror' ? '/mirror' : '/',
    )
    return Object.assign(window, { beside: opened }) && undefined
  },
  go: async (href: string) => (await app).navigate(href),
  close: async () => (await app).close(),
})
