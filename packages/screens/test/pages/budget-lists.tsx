/** @jsxImportSource @typestead/screens */
/** A small app with a list: the core, keyed lists and conditions, and its own code; for budgets.e2e.test.ts. */
import {
  cell,
  Manager,
  PageController,
  page,
  route,
  type Scope,
  Supervisor,
} from '@typestead/screens'
import { For, mountApp, Show } from '@typestead/screens/dom'

class ListManager extends Manager {
  readonly #items = cell<readonly { id: number; name: string }[]>([])
  readonly items = this.#items.readonly()
  add = (name: string) => this.#items.update((items) => [...items, { id: items.length + 1, name }])
}

class ListController extends PageController {
  readonly manager: ListManager
  constructor(manager: ListManager) {
    super()
    this.manager = manager
  }
}

class AppSupervisor extends Supervisor {
  register(scope: Scope): void {
    scope.lazyPut(ListManager, () => new ListManager())
  }
}

const listPage = page({
  route: route('/:id<int>'),
  title: 'List',
  controller: ListController,
  bindings: (scope) =>
    scope.lazyPut(ListController, (s) => new ListController(s.find(ListManager))),
  view: ({ c, params }) => (
    <main>
      <h1>{params.id}</h1>
      <button type="button" onClick={() => c.manager.add('x')}>
        Add
      </button>
      <Show when={() => c.manager.items.value.length > 0}>
        {() => (
          <ul>
            <For each={c.manager.items} key={(item) => item.id}>
              {(item) => <li class={() => item.value.name}>{() => item.value.name}</li>}
            </For>
          </ul>
        )}
      </Show>
    </main>
  ),
})

const root = document.querySelector('#root')
if (root !== null) await mountApp({ supervisor: new AppSupervisor(), pages: [listPage], root })
