/** @jsxImportSource @typestead/screens */
/** Another screen with the same number, live. */
import { page } from '@typestead/screens'
import { counterRoute, mirrorRoute } from '../constants/route-paths.ts'
import { CounterPageController, counterPageBindings } from './counter-page-controller.ts'

export const mirrorPage = page({
  route: mirrorRoute,
  title: ({ c }) => `${c.manager.count.value} in the mirror`,
  controller: CounterPageController,
  bindings: counterPageBindings,
  view: ({ c }) => (
    <main>
      <header>
        <h1>Mirror</h1>
      </header>
      <div class="center">
        <p>The other screen counts:</p>
        <output>{c.manager.count}</output>
      </div>
      <nav>
        <a href={counterRoute.href()}>Back to the counter</a>
      </nav>
    </main>
  ),
})
