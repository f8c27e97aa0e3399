/** @jsxImportSource @typestead/screens */
/** One bot: its design, its picture, its versions and aliases, and a chat to try it. */
import { page } from '@typestead/screens'
import { For, Show } from '@typestead/screens/dom'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Loaded } from '../../page-frame/states.tsx'
import { LiveManager } from '../../server/live-manager.ts'
import { ServerManager } from '../../server/server-manager.ts'
import { BotsManager } from './bots-manager.ts'
import { botRoute, botsRoute, views } from './bots-routes.ts'
import { DesignView } from './design-view.tsx'
import { TestChat } from './test-chat.tsx'
import { VersionsView } from './versions-view.tsx'
import './bots.css'

const names = {
  design: 'Design',
  picture: 'Picture',
  versions: 'Versions',
  chat: 'Try it',
} as const

export const botPage = page({
  route: botRoute,
  title: ({ params }) => `${params.bot} · Bots`,
  controller: BotsManager,
  bindings: (s) =>
    s.lazyPut(BotsManager, (s) => new BotsManager(s.find(ServerManager), s.find(LiveManager))),
  view: ({ c, params, query, setQuery }) => {
    const replace = { replace: true }
    const bot = () => params.bot
    const details = c.bot(bot, () => query.value.alias)
    const picture = () =>
      `/_typestead/bots/${encodeURIComponent(bot())}/picture?alias=${encodeURIComponent(query.value.alias)}`
    return (
      <PageFrame
        title={params.bot}
        actions={
          <a class="quiet" href={botsRoute.href()}>
            All bots
          </a>
        }
      >
        <Loaded resource={details}>
          {(found) => (
            <>
              <div class="filters">
                <fieldset class="choices" aria-label="Show">
                  {views.map((view) => (
                    <button
                      type="button"
                      class="quiet"
                      aria-pressed={() => query.value.view === view}
                      onClick={() => void setQuery({ view }, replace)}
                    >
                      {names[view]}
                    </button>
                  ))}
                </fieldset>
                <label>
                  Version
                  <select
                    onChange={(event) =>
                      void setQuery({ alias: event.currentTarget.value }, replace)
                    }
                  >
                    <option value="$LATEST" selected={() => query.value.alias === '$LATEST'}>
                      draft
                    </option>
                    <For each={() => found().aliases} key={({ alias }) => alias}>
                      {(one) => (
                        <option
                          value={() => one.value.alias}
                          selected={() => query.value.alias === one.value.alias}
                        >
                          {() => `${one.value.alias} (${one.value.version})`}
                        </option>
                      )}
                    </For>
                    <For each={() => found().versions} key={({ version }) => version}>
                      {(one) => (
                        <option
                          value={() => one.value.version}
                          selected={() => query.value.alias === one.value.version}
                        >
                          {() => one.value.version}
                        </option>
                      )}
                    </For>
                  </select>
                </label>
              </div>
              <Show when={() => query.value.view === 'design'}>
                {() => (
                  <DesignView
                    c={c}
                    found={found}
                    editable={() => found().version === '$LATEST'}
                    intent={() => query.value.intent}
                    onChoose={(intent) => void setQuery({ intent }, replace)}
                  />
                )}
              </Show>
              <Show when={() => query.value.view === 'picture'}>
                {() => (
                  <figure class="bot-picture" tabindex={0} aria-label="Picture">
                    <img
                      src={picture}
                      alt={() => `The states of ${bot()} and the ways between them`}
                    />
                    <figcaption>
                      <a href={picture} download={`${bot()}.svg`}>
                        Save the picture
                      </a>
                    </figcaption>
                  </figure>
                )}
              </Show>
              <Show when={() => query.value.view === 'versions'}>
                {() => <VersionsView c={c} found={found} />}
              </Show>
              <Show when={() => query.value.view === 'chat'}>
                {() => <TestChat c={c} bot={bot} alias={() => query.value.alias} />}
              </Show>
            </>
          )}
        </Loaded>
      </PageFrame>
    )
  },
})
