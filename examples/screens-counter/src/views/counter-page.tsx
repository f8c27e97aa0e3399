/** @jsxImportSource @typestead/screens */
/** The counter. Only the text inside the output changes when the count does. */
import { page } from '@typestead/screens'
import { counterRoute, mirrorRoute } from '../constants/route-paths.ts'
import { CounterPageController, counterPageBindings } from './counter-page-controller.ts'

export const counterPage = page({
  route: counterRoute,
  title: 'Typestead Demo Home Page',
  controller: CounterPageController,
  bindings: counterPageBindings,
  view: ({ c }) => (
    <main>
      <header>
        <h1>Typestead Demo Home Page</h1>
      </header>
      <div class="center">
        <p>You have pushed the button this many times:</p>
        <output>{c.manager.count}</output>
      </div>
      <nav>
        <a href={mirrorRoute.href()}>Mirror</a>
      </nav>
      <button
        type="button"
        class="fab"
        aria-label="Increment"
        data-tooltip="Increment"
        onClick={c.manager.increment}
      >
        +
      </button>
    </main>
  ),
})
