/** @jsxImportSource @typestead/screens */
/** How the app is: each part's health, and the last minutes as small charts. */
import { page } from '@typestead/screens'
import { For, Show } from '@typestead/screens/dom'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Empty } from '../../page-frame/states.tsx'
import { LiveManager } from '../../server/live-manager.ts'
import { ChartCard } from './chart-card.tsx'
import { charts } from './charts.ts'
import { OperationsManager } from './operations-manager.ts'
import { operationsPanel } from './operations-panel.ts'
import { overviewRoute } from './operations-routes.ts'

export const overviewPage = page({
  route: overviewRoute,
  title: 'Operations',
  controller: OperationsManager,
  bindings: (s) => s.lazyPut(OperationsManager, (s) => new OperationsManager(s.find(LiveManager))),
  view: ({ c: { live } }) => (
    <PageFrame title="Operations" entries={operationsPanel.entries} at={overviewRoute.href()}>
      <h2>Health</h2>
      <Show
        when={() => live.health.value !== undefined}
        fallback={() => <p class="soft">Asking each part…</p>}
      >
        {() => (
          <ul class="cards health">
            <For each={() => live.health.value?.parts ?? []} key={({ name }) => name}>
              {(part) => (
                <li class="card">
                  <span
                    class={() => `dot ${part.value.problem === null ? 'good' : 'bad'}`}
                    aria-hidden="true"
                  />
                  <div>
                    <p class="card-title">{() => part.value.name}</p>
                    <p class="soft">{() => part.value.problem ?? 'works'}</p>
                  </div>
                </li>
              )}
            </For>
          </ul>
        )}
      </Show>
      <h2>Last five minutes</h2>
      <Show
        when={() => live.metrics.value.length > 1}
        fallback={() => (
          <Empty title="No sample yet">
            The server takes one each second; the first charts are there in a moment.
          </Empty>
        )}
      >
        {() => (
          <ul class="cards charts">
            {charts.map((chart) => (
              <li class="card">
                <ChartCard
                  chart={chart}
                  samples={() => live.metrics.value.map(({ value }) => value)}
                />
              </li>
            ))}
          </ul>
        )}
      </Show>
    </PageFrame>
  ),
})
