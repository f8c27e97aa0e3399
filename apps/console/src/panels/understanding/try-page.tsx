/** @jsxImportSource @typestead/screens */
/** A sentence as one types it: its intents with their confidences, its entities marked; and the way to teach it. */
import { cell, page } from '@typestead/screens'
import { type Child, For, Show } from '@typestead/screens/dom'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Empty, Failure } from '../../page-frame/states.tsx'
import { ServerManager } from '../../server/server-manager.ts'
import { MarkedText } from './marked-text.tsx'
import { ProjectBar, WithProjects } from './project-bar.tsx'
import type { FoundEntity, Understood } from './sentences.ts'
import { TeachForm } from './teach-form.tsx'
import { UnderstandingManager } from './understanding-manager.ts'
import { understandingPanel } from './understanding-panel.ts'
import { tryRoute } from './understanding-routes.ts'
import './understanding.css'

/** Characters that a model reads, at most. */
const longest = 16_384
const shownIntents = 8

export const tryPage = page({
  route: tryRoute,
  title: 'Try a sentence · Understanding',
  controller: UnderstandingManager,
  bindings: (s) =>
    s.lazyPut(UnderstandingManager, (s) => new UnderstandingManager(s.find(ServerManager))),
  view: ({ c, query, setQuery }) => {
    const replace = { replace: true }
    const project = c.project(() => query.value.project)
    const text = cell(query.peek().text)
    const understood = c.understand(project, text)
    return (
      <PageFrame title="Understanding" entries={understandingPanel.entries} at={tryRoute.href()}>
        <WithProjects c={c}>
          {() => (
            <>
              <ProjectBar
                c={c}
                project={() => project.value}
                onChoose={(name) => void setQuery({ project: name }, replace)}
              />
              <label class="sentence">
                Sentence
                <input
                  type="text"
                  value={text}
                  maxlength={longest}
                  autocomplete="off"
                  spellcheck="false"
                  placeholder="what somebody might write"
                  onInput={(event) => text.set(event.currentTarget.value)}
                  onChange={() => void setQuery({ text: text.peek() }, replace)}
                />
              </label>
              <Show
                when={() => understood.value.value ?? undefined}
                fallback={() => (
                  <Show
                    when={understood.error}
                    fallback={() => (
                      <Empty title="Type a sentence">
                        What the model takes it for, and what it is about, is shown as you type.
                      </Empty>
                    )}
                  >
                    {(problem) => <Failure problem={problem} onRetry={understood.reload} />}
                  </Show>
                )}
              >
                {(value) => (
                  <>
                    <p class="marked-sentence">
                      {() => <MarkedText text={value().text} spans={value().entities} />}
                    </p>
                    <div class="understood">
                      <Intents understood={value} />
                      <Entities entities={() => value().entities} />
                    </div>
                    <TeachForm c={c} project={() => project.value} understood={value} />
                  </>
                )}
              </Show>
            </>
          )}
        </WithProjects>
      </PageFrame>
    )
  },
})

function Intents({ understood }: { readonly understood: () => Understood }): Child {
  const chosen = () => understood().intent?.name
  return (
    <section class="card" aria-labelledby="intents-title">
      <h2 id="intents-title">Intents</h2>
      <ol class="intents">
        <For
          each={() => understood().intent_ranking.slice(0, shownIntents)}
          key={({ name }) => name}
          fallback={() => <li class="soft">none</li>}
        >
          {(intent) => (
            <li
              class={() => (intent.value.name === chosen() ? 'intent chosen' : 'intent')}
              aria-current={() => (intent.value.name === chosen() ? 'true' : undefined)}
            >
              <span class="intent-name">{() => intent.value.name}</span>
              <span class="intent-share">{() => percent(intent.value.confidence)}</span>
              <span class="bar" aria-hidden="true">
                <span style={() => ({ width: percent(intent.value.confidence) })} />
              </span>
            </li>
          )}
        </For>
      </ol>
    </section>
  )
}

function Entities({ entities }: { readonly entities: () => readonly FoundEntity[] }): Child {
  return (
    <section class="card" aria-labelledby="entities-title">
      <h2 id="entities-title">Entities</h2>
      <Show
        when={() => entities().length > 0}
        fallback={() => <p class="soft">The sentence has none.</p>}
      >
        {() => (
          <table class="entities">
            <thead>
              <tr>
                <th scope="col">Entity</th>
                <th scope="col">Value</th>
                <th scope="col">Place</th>
                <th scope="col">Found by</th>
              </tr>
            </thead>
            <tbody>
              {() =>
                entities().map(({ entity, role, value, start, end, extractor, confidence }) => (
                  <tr>
                    <td>{role === undefined ? entity : `${entity} (${role})`}</td>
                    <td>{typeof value === 'string' ? value : JSON.stringify(value)}</td>
                    <td class="soft">{`${start}–${end}`}</td>
                    <td class="soft">{`${extractor}, ${percent(confidence)}`}</td>
                  </tr>
                ))
              }
            </tbody>
          </table>
        )}
      </Show>
    </section>
  )
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share >= 0.1 ? 0 : 1)}%`
}
