/** @jsxImportSource @typestead/screens */
/** Two pages with everything a page has, opened ten thousand times by leaks.e2e.test.ts. */
import {
  browserHistory,
  cell,
  debounce,
  EventStream,
  ever,
  type HistoryPort,
  latest,
  Manager,
  PageController,
  page,
  q,
  route,
  type Scope,
  Supervisor,
  selector,
} from '@typestead/screens'
import { For, mountApp, Obx, Show, VirtualList } from '@typestead/screens/dom'
import { inspectScreens } from '@typestead/screens/testing'

const alive = { controllers: 0, signals: 0 }
/** Every controller there was, to see which of them the collector could not take. */
const made: WeakRef<NewsController>[] = []

class NewsManager extends Manager {
  readonly #rows = cell([1, 2, 3].map((id) => ({ id, title: `News ${id}` })))
  readonly #arrivals = new EventStream<number>()
  readonly rows = this.#rows.readonly()
  readonly arrivals = this.#arrivals.readonly()
  readonly selected = cell(1)
  arrive = (id: number) => this.#arrivals.emit(id)
  get listeners() {
    return this.#arrivals.subscribers
  }
}

class NewsController extends PageController {
  readonly news: NewsManager
  readonly last = cell(0)
  readonly isSelected: (id: number) => boolean
  constructor(news: NewsManager) {
    super()
    this.news = news
    this.isSelected = selector(news.selected)
    alive.controllers++
    made.push(new WeakRef(this))
  }
  protected override onInit(): void {
    this.own(ever(this.news.arrivals, (id) => this.last.set(id)))
    this.own(debounce(this.news.selected, 1000, () => {}))
    latest(this.news.arrivals, 0)
    alive.signals++
    this.signal.addEventListener('abort', () => alive.signals--)
    const resized = () => {}
    addEventListener('resize', resized)
    this.own(() => removeEventListener('resize', resized))
  }
  protected override onClose(): void {
    alive.controllers--
  }
}

class AppSupervisor extends Supervisor {
  register(scope: Scope): void {
    scope.lazyPut(NewsManager, () => new NewsManager())
  }
}

const bindings = (scope: Scope) =>
  scope.lazyPut(NewsController, (s) => new NewsController(s.find(NewsManager)))

const listPage = page({
  route: route('/', { query: { page: q.int().default(1) } }),
  title: ({ query }) => `News ${query.value.page}`,
  controller: NewsController,
  bindings,
  view: ({ c }) => (
    <main>
      <h1>News</h1>
      <ul>
        <For each={c.news.rows} key={(row) => row.id}>
          {(row) => (
            <li class={() => (c.isSelected(row.value.id) ? 'selected' : '')}>
              <button type="button" onClick={() => c.news.selected.set(row.value.id)}>
                {() => row.value.title}
              </button>
            </li>
          )}
        </For>
      </ul>
      <Show when={() => c.last.value > 0}>{() => <p>{c.last}</p>}</Show>
      {Obx(() => (
        <output>{c.news.selected.value}</output>
      ))}
    </main>
  ),
})

const longPage = page({
  route: route('/long'),
  title: 'Long',
  controller: NewsController,
  bindings,
  view: ({ c }) => (
    <main>
      <h1>Long</h1>
      <VirtualList label="News" each={c.news.rows} key={(row) => row.id} rowHeight={20}>
        {(row) => <span>{() => row.value.title}</span>}
      </VirtualList>
    </main>
  ),
})

const kept = browserHistory()
let writes = 0
/** The browser's own, written by every tenth opening: a write costs 3 ms of Chromium's process and makes no object of ours. */
const history: HistoryPort = {
  get address() {
    return kept.address
  },
  push: kept.push,
  listen: kept.listen,
  replace(href) {
    if (writes++ % 10 === 0) kept.replace(href)
  },
}

const app = mountApp({
  history,
  supervisor: new AppSupervisor(),
  pages: [listPage, longPage],
  root: document.querySelector('#root') as HTMLElement,
})
Object.assign(window, {
  ready: app,
  opened: () => made.length,
  kept: () => made.filter((controller) => controller.deref() !== undefined).length,
  async openings(count: number) {
    const { navigate, scope } = await app
    const news = scope.find(NewsManager)
    for (let opening = 0; opening < count; opening++) {
      await navigate(opening % 2 === 0 ? '/long' : '/', { replace: true })
      news.arrive(opening)
    }
    await navigate('/', { replace: true })
    return { ...inspectScreens(), ...alive, listeners: news.listeners }
  },
})
