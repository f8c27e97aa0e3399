/** @jsxImportSource @typestead/screens */
/** The entities and their relations as a picture; of one of them, everything its class says. */
import { computed, page } from '@typestead/screens'
import { Show } from '@typestead/screens/dom'
import { plural } from '../../page-frame/format.ts'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Detail } from '../../page-frame/split.tsx'
import { Empty, Loaded } from '../../page-frame/states.tsx'
import { LiveManager } from '../../server/live-manager.ts'
import { ServerManager } from '../../server/server-manager.ts'
import { entityIn } from './entities.ts'
import { EntityView } from './entity-view.tsx'
import { ModelManager } from './model-manager.ts'
import { modelPanel } from './model-panel.ts'
import { ModelPicture } from './model-picture.tsx'
import { modelRoute } from './model-routes.ts'
import './model.css'

export const modelPage = page({
  route: modelRoute,
  title: 'Model',
  controller: ModelManager,
  bindings: (s) =>
    s.lazyPut(ModelManager, (s) => new ModelManager(s.find(ServerManager), s.find(LiveManager))),
  view: ({ c, query, setQuery }) => {
    const selected = computed(() => {
      const model = c.model.value.value
      const { entity } = query.value
      return model === undefined || entity === undefined ? undefined : entityIn(model, entity)
    })
    return (
      <PageFrame
        title="Model"
        entries={modelPanel.entries}
        at={modelRoute.href()}
        fills
        actions={
          <span class="soft">
            {() => plural(c.model.value.value?.entities.length ?? 0, 'entity', 'entities')}
          </span>
        }
      >
        <Loaded resource={c.model}>
          {(model) => (
            <div class="split model">
              <div class="split-list">
                {() =>
                  model().entities.length === 0 ? (
                    <Empty title="The model has no entity">
                      Write a class that extends <code>Entity(…)</code> and give it to{' '}
                      <code>defineModel({'{ … }'})</code>.
                    </Empty>
                  ) : (
                    <ModelPicture
                      model={model()}
                      selected={() => query.value.entity}
                      onSelect={(entity) => void setQuery({ entity }, { replace: true })}
                    />
                  )
                }
              </div>
              <Show when={selected}>
                {(entity) => (
                  <Detail
                    label="Entity"
                    onClose={() => void setQuery({ entity: undefined }, { replace: true })}
                  >
                    {() => <EntityView entity={entity()} />}
                  </Detail>
                )}
              </Show>
            </div>
          )}
        </Loaded>
      </PageFrame>
    )
  },
})
