/** @jsxImportSource react */
/** The same supervisor, manager, routes and controller, with a React view. */
import { page, route } from '@typestead/screens'
import { mountReactApp, useReadable } from '@typestead/screens/react'
import { AppSupervisor } from '../supervisor.ts'
import { CounterPageController, counterPageBindings } from '../views/counter-page-controller.ts'

function Count({ c }: { readonly c: CounterPageController }) {
  return <output>{useReadable(c.manager.count)}</output>
}

const counterPage = page({
  route: route('/react.html'),
  title: 'Typestead Demo Home Page, under React',
  controller: CounterPageController,
  bindings: counterPageBindings,
  view: ({ c }) => (
    <main>
      <header>
        <h1>Typestead Demo Home Page</h1>
      </header>
      <div className="center">
        <p>You have pushed the button this many times:</p>
        <Count c={c} />
      </div>
      <nav>
        <a href="/">The same in the own view</a>
      </nav>
      <button
        type="button"
        className="fab"
        aria-label="Increment"
        data-tooltip="Increment"
        onClick={c.manager.increment}
      >
        +
      </button>
    </main>
  ),
})

const root = document.querySelector('#root')
if (root === null) throw new Error('react.html has no element #root')
await mountReactApp({ supervisor: new AppSupervisor(), pages: [counterPage], root })
