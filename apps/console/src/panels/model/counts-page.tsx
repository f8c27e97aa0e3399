/** @jsxImportSource @typestead/screens */
/** Every entity with the number of its rows: the way to the rows. */
import { page } from '@typestead/screens'
import { For } from '@typestead/screens/dom'
import { plural } from '../../page-frame/format.ts'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Loaded } from '../../page-frame/states.tsx'
import { LiveManager } from '../../server/live-manager.ts'
import { ServerManager } from '../../server/server-manager.ts'
import { ModelManager } from './model-manager.ts'
import { modelPanel } from './model-panel.ts'
import { entitiesRoute, rowsRoute } from './model-routes.ts'
import './model.css'

export const countsPage = page({
  route: entitiesRoute,
  title: 'Rows · Model',
  controller: ModelManager,
  bindings: (s) =>
    s.lazyPut(ModelManager, (s) => new ModelManager(s.find(ServerManager), s.find(LiveManager))),
  view: ({ c }) => (
    <PageFrame title="Rows" entries={modelPanel.entries} at={entitiesRoute.href()}>
      <Loaded resource={c.counts()}>
        {(counts) => (
          <ul class="cards">
            <For each={counts} key={({ entity }) => entity}>
              {(one) => (
                <li>
                  <a class="card count" href={() => rowsRoute.href({ entity: one.value.entity })}>
                    <span class="card-title">{() => one.value.entity}</span>
                    <span class="soft">{() => plural(one.value.rows, 'row')}</span>
                  </a>
                </li>
              )}
            </For>
          </ul>
        )}
      </Loaded>
    </PageFrame>
  ),
})
