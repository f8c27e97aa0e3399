/** @jsxImportSource react */
/** The counter's managers and routes under React, for react.e2e.test.ts. */
import {
  cell,
  Manager,
  PageController,
  page,
  q,
  route,
  type Scope,
  Supervisor,
} from '@typestead/screens'
import { createForm, entityOf, FormView } from '@typestead/screens/forms'
import { DomView, mountReactApp, Obx, useFind, useReadable } from '@typestead/screens/react'
import { inspectScreens } from '@typestead/screens/testing'
import { useState } from 'react'
import { bookModel } from '../book-model.ts'

const log: string[] = []
let pageRenders = 0

class CounterManager extends Manager {
  readonly #count = cell(0)
  readonly count = this.#count.readonly()
  increment = () => this.#count.update((n) => n + 1)
}

class CounterPageController extends PageController {
  readonly manager: CounterManager
  constructor(manager: CounterManager) {
    super()
    this.manager = manager
    log.push('made')
  }
  protected override onReady(): void {
    log.push('ready')
  }
  protected override onClose(): void {
    log.push('closed')
  }
}

class AppSupervisor extends Supervisor {
  register(scope: Scope): void {
    scope.lazyPut(CounterManager, () => new CounterManager())
  }
  override onError(error: unknown): void {
    log.push(String(error))
  }
}

function Count() {
  const count = useReadable(useFind(CounterManager).count)
  return <output>{count}</output>
}

function CounterView({ c }: { readonly c: CounterPageController }) {
  pageRenders++
  const [local, setLocal] = useState('')
  return (
    <main>
      <h1>Counter</h1>
      <Count />
      <p className="double">
        <Obx>{() => c.manager.count.value * 2}</Obx>
      </p>
      <button type="button" onClick={c.manager.increment}>
        Increment
      </button>
      <input aria-label="local" value={local} onChange={(event) => setLocal(event.target.value)} />
      <a href="/list?page=2">List</a>
      <a href="/broken">Broken</a>
      <a href="/edit">Edit</a>
    </main>
  )
}

const counterPage = page({
  route: route('/'),
  title: ({ c }) => `Count ${c.manager.count.value}`,
  controller: CounterPageController,
  bindings: (scope) =>
    scope.lazyPut(CounterPageController, (s) => new CounterPageController(s.find(CounterManager))),
  view: ({ c }) => <CounterView c={c} />,
})

const listPage = page({
  route: route('/list', { query: { page: q.int().default(1) } }),
  title: 'List',
  view: function ListView({ query, setQuery }) {
    const { page: number } = useReadable(query)
    return (
      <main>
        <h1>List</h1>
        <output>{number}</output>
        <button type="button" onClick={() => setQuery({ page: number + 1 })}>
          Next
        </button>
      </main>
    )
  },
})

let broken = true
const brokenPage = page({
  route: route('/broken'),
  title: 'Broken',
  view: () => {
    if (broken) throw new Error('broken view')
    return <h1>Mended</h1>
  },
})

const sent: unknown[] = []
const editPage = page({
  route: route('/edit'),
  title: 'Edit',
  view: function EditView() {
    const [form] = useState(() =>
      createForm({
        entity: entityOf(bookModel, 'Author'),
        submit: async (values) => void sent.push(values),
      }),
    )
    const dirty = useReadable(form.dirty)
    return (
      <main>
        <h1>Edit</h1>
        <output>{dirty ? 'changed' : 'as it was'}</output>
        <DomView>{() => FormView({ form })}</DomView>
        <a href="/">Back</a>
      </main>
    )
  },
})

const app = mountReactApp({
  supervisor: new AppSupervisor(),
  pages: [counterPage, listPage, brokenPage, editPage],
  root: document.querySelector('#root') as HTMLElement,
})
Object.assign(window, {
  ready: app,
  log,
  sent,
  pageRenders: () => pageRenders,
  inspect: () => inspectScreens(),
  mend: () => {
    broken = false
  },
  close: async () => (await app).close(),
})
