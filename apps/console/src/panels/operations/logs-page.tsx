/** @jsxImportSource @typestead/screens */
/** The tail of the log: filtered by level and text, following its end until one scrolls away from it. */
import { cell, computed, page, reaction } from '@typestead/screens'
import { Show } from '@typestead/screens/dom'
import { clock, plural } from '../../page-frame/format.ts'
import { List } from '../../page-frame/list.tsx'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Split } from '../../page-frame/split.tsx'
import { Empty } from '../../page-frame/states.tsx'
import type { LogEntry } from '../../server/activity.ts'
import { LiveManager } from '../../server/live-manager.ts'
import { followEnd } from './follow-end.ts'
import { OperationsManager } from './operations-manager.ts'
import { operationsPanel } from './operations-panel.ts'
import { levels, logsRoute } from './operations-routes.ts'

const rowHeight = 28

export const logsPage = page({
  route: logsRoute,
  title: 'Log · Operations',
  controller: OperationsManager,
  bindings: (s) => s.lazyPut(OperationsManager, (s) => new OperationsManager(s.find(LiveManager))),
  view: ({ c, query, setQuery }) => {
    const entries = c.entries(query)
    const active = cell<number | undefined>(undefined)
    const selected = computed(() => entries.value.find(({ id }) => id === active.value)?.value)
    const tail = followEnd()
    reaction(() => {
      entries.value
      tail.changed()
    })
    const change = { replace: true }
    return (
      <PageFrame
        title="Log"
        entries={operationsPanel.entries}
        at={logsRoute.href()}
        fills
        actions={
          <>
            <button type="button" class="quiet" aria-pressed={c.paused} onClick={c.pause}>
              {() =>
                c.paused.value
                  ? `Go on${c.waiting.value > 0 ? ` (${c.waiting.value} new)` : ''}`
                  : 'Pause'
              }
            </button>
            <button type="button" class="quiet" onClick={c.clear}>
              Clear
            </button>
          </>
        }
      >
        <search class="filters">
          <label>
            Level
            <select
              value={() => query.value.level}
              onChange={(event) => {
                const level = levels.find((one) => one === event.currentTarget.value)
                void setQuery({ level }, change)
              }}
            >
              {levels.map((level) => (
                <option value={level}>
                  {level === 'debug' ? 'all' : level === 'error' ? 'error' : `${level} and above`}
                </option>
              ))}
            </select>
          </label>
          <label class="grow">
            Text
            <input
              type="search"
              value={() => query.value.text}
              placeholder="part of a message, a route, a request id"
              onInput={(event) => void setQuery({ text: event.currentTarget.value }, change)}
            />
          </label>
          <label class="check">
            <input
              type="checkbox"
              checked={() => query.value.workbench}
              onChange={(event) =>
                void setQuery({ workbench: event.currentTarget.checked }, change)
              }
            />
            The console’s own requests
          </label>
          <output class="soft">{() => plural(entries.value.length, 'entry', 'entries')}</output>
        </search>
        <Split
          label="Entry"
          selected={() => selected.value}
          onClose={() => active.set(undefined)}
          list={
            <div class="log" ref={tail.watch}>
              <List
                each={entries}
                key={({ id }) => id}
                rowHeight={rowHeight}
                label="Log entries, newest last"
                active={active}
                class="fill"
                empty={() => (
                  <Show
                    when={() => c.live.log.value.length > 0}
                    fallback={() => (
                      <Empty title="Nothing logged yet">
                        Entries come as they are written. Open the application, or call{' '}
                        <code>app.log.info(…)</code> in it.
                      </Empty>
                    )}
                  >
                    {() => (
                      <Empty title="No entry fits these filters">
                        <button
                          type="button"
                          class="quiet"
                          onClick={() => void setQuery({ level: 'debug', text: '' })}
                        >
                          Show all
                        </button>
                      </Empty>
                    )}
                  </Show>
                )}
              >
                {(entry) => (
                  <>
                    <span class="log-time">{() => clock(entry.value.value.time)}</span>
                    <span class={() => `level ${entry.value.value.level}`}>
                      {() => entry.value.value.level}
                    </span>
                    <span class="log-text">
                      {() => said(entry.value.value)}{' '}
                      <span class="soft">{() => fieldsOf(entry.value.value)}</span>
                    </span>
                  </>
                )}
              </List>
              <button type="button" class="to-end" hidden={tail.following} onClick={tail.follow}>
                Follow the end ↓
              </button>
            </div>
          }
          detail={(entry) => (
            <dl class="facts">
              {() =>
                Object.entries(entry()).map(([name, value]) => (
                  <>
                    <dt>{name}</dt>
                    <dd>{detailOf(name, value)}</dd>
                  </>
                ))
              }
            </dl>
          )}
        />
      </PageFrame>
    )
  },
})

function detailOf(name: string, value: unknown) {
  if (name === 'error' && typeof value === 'object' && value !== null && 'stack' in value) {
    return <pre tabindex={0}>{String(value.stack)}</pre>
  }
  return typeof value === 'object' && value !== null ? (
    <pre tabindex={0}>{JSON.stringify(value, undefined, 2)}</pre>
  ) : (
    String(value)
  )
}

/** A request says what was asked and answered instead of "request". */
function said({ msg, method, route, status, ms }: LogEntry): string {
  return msg === 'request' ? `${method} ${route} → ${status} in ${ms} ms` : msg
}

/** The fields beside the message, in one line. */
function fieldsOf({ level, time, msg, requestId, error, ...fields }: LogEntry): string {
  if (msg === 'request') return fields.server === 'workbench' ? 'workbench' : ''
  const parts = Object.entries(fields).map(
    ([name, value]) =>
      `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
  )
  if (typeof error === 'object' && error !== null && 'message' in error)
    parts.unshift(String(error.message))
  return parts.join('  ')
}
