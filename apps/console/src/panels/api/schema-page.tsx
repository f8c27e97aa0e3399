/** @jsxImportSource @typestead/screens */
/** The schema: all types in a list, one of them with its fields, arguments and deprecations; found by any name in it. */
import { computed, page } from '@typestead/screens'
import { type Child, Show } from '@typestead/screens/dom'
import { plural } from '../../page-frame/format.ts'
import { List } from '../../page-frame/list.tsx'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Empty, Loaded } from '../../page-frame/states.tsx'
import { LiveManager } from '../../server/live-manager.ts'
import { ServerManager } from '../../server/server-manager.ts'
import { activeType } from './active-type.ts'
import { ApiManager } from './api-manager.ts'
import { apiPanel } from './api-panel.ts'
import { schemaRoute } from './api-routes.ts'
import type { SdlType } from './read-sdl.ts'
import { TypeView } from './type-view.tsx'
import './api.css'

export const schemaPage = page({
  route: schemaRoute,
  title: ({ query }) => `${query.value.type ?? 'Schema'} · API`,
  controller: ApiManager,
  bindings: (s) =>
    s.lazyPut(ApiManager, (s) => new ApiManager(s.find(ServerManager), s.find(LiveManager))),
  view: ({ c, query, setQuery }) => {
    const shown = computed(() => {
      const { text, deprecated } = query.value
      const typed = text.trim().toLowerCase()
      return inOrder(c.schema.value.value ?? []).filter(
        (type) => (!deprecated || hasDeprecated(type)) && hasName(type, typed),
      )
    })
    const active = activeType(
      query,
      (type) => void setQuery({ type, field: undefined }, { replace: true }),
    )
    const selected = computed(() => {
      const { type } = query.value
      return c.schema.value.value?.find(({ name }) => name === (type ?? 'Query'))
    })
    return (
      <PageFrame title="Schema" entries={apiPanel.entries} at={schemaRoute.href()} fills>
        <search class="filters">
          <label class="grow">
            Find
            <input
              type="search"
              value={() => query.value.text}
              placeholder="a type, a field, an argument"
              onInput={(event) =>
                void setQuery({ text: event.currentTarget.value }, { replace: true })
              }
            />
          </label>
          <label class="check">
            <input
              type="checkbox"
              checked={() => query.value.deprecated}
              onChange={(event) =>
                void setQuery({ deprecated: event.currentTarget.checked }, { replace: true })
              }
            />
            Deprecated only
          </label>
          <output class="soft">{() => plural(shown.value.length, 'type')}</output>
        </search>
        <Loaded resource={c.schema}>
          {(): Child => (
            <div class="split schema">
              <div class="split-list">
                <List
                  each={shown}
                  key={({ name }) => name}
                  rowHeight={32}
                  label="Types"
                  active={active}
                  class="fill"
                  empty={() => (
                    <Empty title="No type has that name in it">
                      Look for a type, a field or an argument.
                    </Empty>
                  )}
                >
                  {(type) => (
                    <>
                      <span class="type-name">{() => type.value.name}</span>
                      <span class="soft">{() => type.value.kind}</span>
                    </>
                  )}
                </List>
              </div>
              <section class="split-detail" aria-label="Type">
                <Show
                  when={selected}
                  fallback={() => <p class="soft">Choose a type on the left.</p>}
                >
                  {(type) => (
                    <div>
                      {() => (
                        <TypeView
                          type={type()}
                          known={new Set(c.schema.value.value?.map(({ name }) => name))}
                          field={query.value.field}
                          typed={query.value.text}
                        />
                      )}
                    </div>
                  )}
                </Show>
              </section>
            </div>
          )}
        </Loaded>
      </PageFrame>
    )
  },
})

const roots = ['Query', 'Mutation', 'Subscription']

/** What one asks first stands first. */
function inOrder(types: readonly SdlType[]): readonly SdlType[] {
  const place = ({ name }: SdlType) => (roots.includes(name) ? roots.indexOf(name) : roots.length)
  return [...types].sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1))
}

function hasName({ name, fields }: SdlType, typed: string): boolean {
  if (typed === '' || name.toLowerCase().includes(typed)) return true
  return fields.some(
    (field) =>
      field.name.toLowerCase().includes(typed) ||
      field.args.some((argument) => argument.name.toLowerCase().includes(typed)),
  )
}

function hasDeprecated({ fields }: SdlType): boolean {
  return fields.some(
    ({ deprecated, args }) =>
      deprecated !== undefined || args.some((argument) => argument.deprecated !== undefined),
  )
}
